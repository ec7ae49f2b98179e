"""The way to one's organisation's sign-in and back, in the browser: bound to it, pressed once, and a password beside
it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from flask import Flask

from app.gateways.oidc import OidcSignOn
from app.portal import Portal
from tests import oidc
from tests.offices import PASSWORD, code_now, hired
from tests.web.conftest import Browser
from tests.web.signin.conftest import EMAIL

SSO = "/signin/sso/"


@pytest.fixture(scope="module")
def server() -> Iterator[oidc.Provider]:
    with oidc.running() as provider:
        yield provider


@pytest.fixture
def provider(server: oidc.Provider, portal: Portal, app: Flask) -> oidc.Provider:
    server.person = {"sub": "vera-1", "email": EMAIL, "email_verified": True, "amr": ["mfa"]}
    server.changes, server.down = {}, False
    server.clock = lambda: portal.clock.real().timestamp()
    app.extensions["habeas"] = replace(portal, sso=OidcSignOn(server.issuer, oidc.CLIENT, oidc.SECRET))
    return server


def there(browser: Browser, url: str = SSO) -> str:
    """Off to the provider and back to the page with the button; where it is."""
    answer = browser.client.get(url)
    assert answer.status_code == 303
    address, _, query = answer.headers["Location"].partition("?")
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', requests.get(f"{address}?{query}", timeout=10).text))
    back = requests.post(address, data=fields, allow_redirects=False, timeout=10).headers["Location"]
    return back.partition("/signin/")[2]


def finish(browser: Browser, back: str, *, status: int = 303):
    page = browser.get(f"/signin/{back}")
    sent = {name: page.value(name) for name in ("code", "state", "iss")}
    answer = browser.client.post(f"{SSO}finish/", data={"csrf_token": browser.token(), **sent})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def test_without_a_provider_there_is_no_button(browser):
    assert "organisation’s account" not in browser.get("/signin/").main
    assert browser.client.get(SSO).headers["Location"] == "/signin/"


def test_there_and_back_again(browser, provider, portal):
    hired(portal, EMAIL)
    assert "Sign in with your organisation’s account" in browser.get("/signin/").main
    answer = finish(browser, there(browser, f"{SSO}?next=/desk/acme/"))
    assert answer.headers["Location"] == "/desk/acme/"
    assert browser.get("/desk/acme/").status == 200


def test_our_own_second_step_keeps_where_one_wanted_to_go(browser, provider, portal):
    hired(portal, EMAIL)
    provider.person["amr"] = ["pwd"]
    answer = finish(browser, there(browser, f"{SSO}?next=/desk/acme/"))
    assert answer.headers["Location"] == "/signin/code/?next=/desk/acme/"
    sent = {"csrf_token": browser.token(), "code": code_now(portal)}
    assert browser.client.post(answer.headers["Location"], data=sent).headers["Location"] == "/desk/acme/"


def test_the_way_back_is_for_the_browser_that_left(browser, another, provider, portal):
    """Nobody can be signed in as somebody else by a link."""
    hired(portal, EMAIL)
    back = there(browser)
    page = finish(another, back, status=422).get_data(as_text=True)
    assert "began in another browser" in page
    assert another.client.get("/desk/").headers["Location"].startswith("/signin/")


def test_looking_at_the_way_back_uses_nothing_up(browser, provider, portal):
    hired(portal, EMAIL)
    back = there(browser)
    for _ in range(3):
        browser.get(f"/signin/{back}")
    finish(browser, back)
    assert "Begin again" in finish(browser, back, status=422).get_data(as_text=True)


def test_next_leads_nowhere_else(browser, provider, portal):
    hired(portal, EMAIL)
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert finish(browser, there(browser, f"{SSO}?next={elsewhere}")).headers["Location"] == "/desk/"
        browser.post("/signout/")


def test_what_went_wrong_is_said_and_the_password_stays(browser, provider, portal):
    hired(portal, EMAIL)
    assert "did not let you in" in browser.get(f"{SSO}return/?error=access_denied&state=x", status=422).main
    provider.person["email_verified"] = False
    assert "not on the staff here" in finish(browser, there(browser), status=422).get_data(as_text=True)
    back = there(browser)
    provider.down = True
    assert "does not answer" in finish(browser, back, status=503).get_data(as_text=True)
    fresh = OidcSignOn(provider.issuer, oidc.CLIENT, oidc.SECRET)
    browser.client.application.extensions["habeas"] = replace(portal, sso=fresh)
    page = browser.get(SSO, status=503)
    assert "does not answer" in page.main
    assert "Password" in page.main
    browser.post("/signin/", {"email": EMAIL, "password": PASSWORD})
    assert browser.url == "/signin/code/"


def test_the_address_bar_and_the_page_lead_nowhere_but_here(browser, provider, portal):
    hired(portal, EMAIL)
    page = browser.client.get(f"/signin/{there(browser)}")
    assert page.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert page.headers["Cache-Control"] == "no-store"
    assert browser.client.get(f"{SSO}return/").headers["Location"] == "/signin/"
