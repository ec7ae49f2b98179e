"""A member of staff adds a passkey in real Chromium, signs in with nothing else, and proves with it again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import waitress
from playwright.sync_api import Browser, CDPSession, Page, expect

from app import create_app
from app.portal import Portal
from app.services.sessions import PROOF_LASTS
from tests import servers
from tests.journeys.conftest import WIDE
from tests.offices import PASSWORD, clock_of, code_now, hired
from tests.web.conftest import make_portal

EMAIL = "vera@acme.example"
UNLOCKED = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@contextmanager
def served(folder: Path) -> Iterator[tuple[Portal, str]]:
    """The portal under a name, as passkeys need it."""
    held, port = servers.listening()
    portal = make_portal(folder, HABEAS_BASE_URL=f"http://localhost:{port}")
    hired(portal, EMAIL, role="dpo")
    server = waitress.create_server(create_app(portal), sockets=[held], threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield portal, f"http://localhost:{port}"
    finally:
        server.close()
        thread.join(10)
        portal.ground.engine.dispose()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of the browser that all journeys share."""
    context = chromium.new_context(viewport=WIDE, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_passkey_from_the_first_to_the_last(page: Page, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    number = device.send("WebAuthn.addVirtualAuthenticator", {"options": UNLOCKED})["authenticatorId"]
    with served(tmp_path) as (portal, base):
        _by_password(page, portal, base)
        page.goto(f"{base}/signin/safety/")
        expect(page.get_by_text("The browser gave no passkey")).to_be_hidden()
        page.get_by_label("A name for the new passkey").fill("Desk computer")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey was added")).to_be_visible()
        expect(page.get_by_text("Desk computer", exact=True)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()

        page.goto(f"{base}/signin/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{base}/desk/acme/")
        clock_of(portal).advance(PROOF_LASTS + timedelta(seconds=1))
        page.goto(f"{base}/signin/safety/")
        page.get_by_role("button", name="Make ten new codes").click()
        expect(page.get_by_role("heading", name="Show your second factor again")).to_be_visible()
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        expect(page.locator(".habeas-codes li")).to_have_count(10)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

        page.get_by_role("button", name="Sign out").click()
        device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})
        _without_its_owner(page, device, base)


def _without_its_owner(page: Page, device: CDPSession, base: str) -> None:
    """Another device, which nobody unlocks, has nothing to show: the page says so and stays."""
    page.goto(f"{base}/signin/")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**UNLOCKED, "isUserVerified": False}})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The browser gave no passkey")).to_be_visible()


def _by_password(page: Page, portal: Portal, base: str) -> None:
    page.goto(f"{base}/signin/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code from your app").fill(code_now(portal))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{base}/desk/acme/")
