"""Somebody makes a sign-in of their own in real Chromium, asks without a code, comes back with a passkey, and closes
it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from app.gateways.mail import MemoryMailer
from app.portal import Portal
from app.services.sessions import PROOF_LASTS
from tests.journeys.conftest import WIDE
from tests.journeys.keys import choose, enter, write
from tests.journeys.steps import answer_about, reference_on
from tests.journeys.test_passkey import UNLOCKED, served
from tests.journeys.walker import Walker, sees
from tests.offices import clock_of
from workers.idle import run_until_idle

EMAIL = "ana@example.com"
PASSWORD = "ride the quiet tram home"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Portal, str]]:
    with served(tmp_path) as (portal, base):
        yield portal, base


def newest_code(portal: Portal) -> str:
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    found = re.search(r"^\s+(\d{6})\s*$", portal.mailer.sent[-1].text, re.MULTILINE)
    assert found, portal.mailer.sent[-1].text
    return found[1]


@pytest.mark.parametrize("width", [360, 1280])
def test_from_making_it_to_closing_it(chromium: Browser, office: tuple[Portal, str], width: int) -> None:
    portal, base = office
    context = chromium.new_context(viewport={**WIDE, "width": width}, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    person = Walker(context, base)
    device = context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": UNLOCKED})

    _make_it(person, portal)
    reference = _ask(person)
    person.open("/you/")
    sees(person, reference)
    _add_passkey(person)
    enter(person, "Sign out")
    expect(person.page.locator("[role=alert]:focus")).to_contain_text("You are signed out")

    person.open(f"/case/{reference}/")
    sees(person, "Open your request")
    person.open("/you/signin/")
    enter(person, "Sign in with a passkey")
    assert person.path == "/you/"
    person.press(re.compile("^Open"))
    assert person.path == f"/case/{reference}/"
    sees(person, "Your request has arrived")

    _set_up_app(person, portal)
    _close(person, portal)
    person.settle()


def _make_it(person: Walker, portal: Portal) -> None:
    """Without a mouse."""
    page = person.page
    person.open("/")
    enter(person, "Make a sign-in")
    write(page.get_by_label("E-mail address"), EMAIL)
    enter(person, "Send me a code")
    write(page.get_by_label("Code"), "000000")
    enter(person, "Sign in")
    sees(person, "That is not the code")
    write(page.get_by_label("Code"), newest_code(portal))
    enter(person, "Sign in")
    sees(person, "How old are you?")
    choose(page.get_by_label("or older"))
    enter(person, "Continue")
    sees(person, "You have a sign-in")
    write(page.get_by_label("Choose a password"), "short")
    enter(person, "Set the password")
    sees(person, "Use at least 12 characters")
    write(page.get_by_label("Choose a password"), PASSWORD)
    enter(person, "Set the password")
    sees(person, "Your password is set")


def _ask(person: Walker) -> str:
    person.open("/c/acme/access/")
    assert person.page.get_by_label("E-mail address").input_value() == EMAIL
    person.page.get_by_label("Everything", exact=False).first.check()
    answer_about(person, name="Ana Ionescu", email=EMAIL)
    person.press("Continue")
    sees(person, "no code is needed")
    person.press("Send my request")
    sees(person, "somebody takes your request on")
    return reference_on(person)


def _add_passkey(person: Walker) -> None:
    person.open("/you/safety/")
    write(person.page.get_by_label("A name for the new passkey"), "My telephone")
    enter(person, "Add a passkey")
    sees(person, "The passkey was added")


def _set_up_app(person: Walker, portal: Portal) -> None:
    person.open("/you/safety/")
    person.press("Set up an app")
    secret = person.page.locator(".habeas-enrol__secret").inner_text().replace(" ", "")
    person.page.get_by_label("Code from your app").fill(pyotp.TOTP(secret).at(portal.clock.real()))
    person.press("Use the app from now on")
    sees(person, "The app is set up")
    person.press("Make ten new codes")
    assert person.page.locator(".habeas-codes li").count() == 10


def _close(person: Walker, portal: Portal) -> None:
    clock_of(portal).advance(PROOF_LASTS + timedelta(seconds=1))
    person.open("/you/safety/")
    enter(person, "What goes, and what stays")
    enter(person, "Close my sign-in")
    sees(person, "Show again that it is you")
    enter(person, "Use a passkey")
    expect(person.page.locator("[role=alert]:focus")).to_contain_text("Your sign-in is closed")
    person.open("/you/password/")
    person.page.get_by_label("E-mail address").fill(EMAIL)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.press("Sign in")
    sees(person, "The e-mail address or the password is not right")
