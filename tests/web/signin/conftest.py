"""What the tests of signing in share."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.portal import Portal
from tests.offices import PASSWORD, code_now, hired
from tests.web.checker import Page
from tests.web.conftest import Browser

EMAIL = "vera@acme.example"


@pytest.fixture
def vera(portal: Portal) -> int:
    """Somebody who can sign in."""
    return hired(portal, EMAIL)


@pytest.fixture
def first_step(browser: Browser, vera: int) -> Callable[..., Page]:
    """E-mail address and password, in this browser."""

    def enter(password: str = PASSWORD, *, email: str = EMAIL, url: str = "/signin/", status: int = 200) -> Page:
        return browser.post(url, {"email": email, "password": password}, status=status)

    return enter


@pytest.fixture
def signed_in(browser: Browser, first_step: Callable[..., Page], portal: Portal) -> Browser:
    """A browser with Vera in it."""
    first_step()
    browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})
    return browser


def sid(client: FlaskClient) -> str | None:
    """The opaque id that the browser carries."""
    with client.session_transaction() as session:
        return session.get("_user_id")


def form_token(client: FlaskClient) -> str:
    """The proof in this browser's forms, read without following anything."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/signin/").get_data(as_text=True))
    assert found
    return found[1]
