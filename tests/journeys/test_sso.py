"""A member of staff signs in with their organisation's account, by way of a provider that runs beside the portal."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import waitress
from playwright.sync_api import Browser, Page, expect

from app import create_app
from app.portal import Portal
from tests import oidc, servers
from tests.journeys.conftest import WIDE
from tests.journeys.keys import tab_to
from tests.journeys.walker import Walker, sees
from tests.offices import PASSWORD, code_now, hired
from tests.web.conftest import make_portal

EMAIL = "vera@acme.example"


@contextmanager
def served(folder: Path, provider: oidc.Provider) -> Iterator[tuple[Portal, str]]:
    """The portal with that provider, by its settings."""
    held, port = servers.listening()
    base = f"http://127.0.0.1:{port}"
    portal = make_portal(
        folder, HABEAS_BASE_URL=base, HABEAS_OIDC_ISSUER=provider.issuer, HABEAS_OIDC_CLIENT_ID=oidc.CLIENT,
        HABEAS_OIDC_CLIENT_SECRET=oidc.SECRET,
    )  # fmt: skip
    provider.clock = lambda: portal.clock.real().timestamp()
    hired(portal, EMAIL, role="dpo")
    server = waitress.create_server(create_app(portal), sockets=[held], threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield portal, base
    finally:
        server.close()
        thread.join(10)
        portal.ground.engine.dispose()


@pytest.mark.parametrize("scripts", [True, False])
def test_there_and_back(chromium: Browser, tmp_path: Path, scripts: bool) -> None:
    with oidc.running() as provider, served(tmp_path, provider) as (portal, base):
        provider.person = {"sub": "vera-1", "email": EMAIL, "email_verified": True, "amr": ["pwd", "otp"]}
        context = chromium.new_context(viewport=WIDE, locale="en-GB", java_script_enabled=scripts)
        context.set_default_timeout(15_000)
        vera = Walker(context, base, scripts=scripts)
        vera.open("/desk/acme/")
        assert vera.path == "/signin/"
        _go(vera, provider, base)
        if not scripts:
            vera.press("Go on")
        vera.page.wait_for_url(f"{base}/desk/acme/")
        vera.look()
        vera.press("Sign out")

        provider.person["amr"] = ["pwd"]
        vera.open("/signin/")
        _go(vera, provider, base)
        if not scripts:
            vera.press("Go on")
        vera.page.wait_for_url(f"{base}/signin/code/**")
        vera.look()
        vera.page.get_by_label("Code from your app").fill(code_now(portal))
        vera.press("Sign in")
        assert vera.path == "/desk/acme/"
        vera.press("Sign out")
        _by_password(vera)
        elsewhere = [fault for fault in vera.faults if "a request left for" in fault]
        assert all(provider.issuer in fault for fault in elsewhere), elsewhere
        vera.faults = [fault for fault in vera.faults if fault not in elsewhere]
        vera.settle()


def _go(vera: Walker, provider: oidc.Provider, base: str) -> None:
    page: Page = vera.page
    tab_to(page, "Sign in with your organisation’s account")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(provider.issuer)))
    expect(page.get_by_role("heading", name="Id")).to_be_visible()
    page.get_by_role("button", name="Go on as Vera").click()
    page.wait_for_url(re.compile(re.escape(base)))


def _by_password(vera: Walker) -> None:
    """Who turns back at the provider comes in as ever."""
    vera.open("/signin/")
    vera.page.get_by_role("button", name="Sign in with your organisation’s account").click()
    vera.page.get_by_role("heading", name="Id").wait_for()
    vera.page.go_back()
    vera.page.get_by_label("E-mail address").fill(EMAIL)
    vera.page.get_by_label("Password", exact=True).fill(PASSWORD)
    vera.press("Continue")
    sees(vera, "Enter the code from your app")
