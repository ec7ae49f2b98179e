"""Somebody makes a sign-in of their own in real Chromium, asks without a code, comes back with a passkey, and closes
it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser

from app.gateways.mail import MemoryMailer
from app.portal import Portal
from app.services.sessions import PROOF_LASTS
from tests.journeys.conftest import WIDE
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
    person.press("Sign out")
    sees(person, "You are signed out")

    person.open(f"/case/{reference}/")
    sees(person, "Open your request")
    person.open("/you/signin/")
    person.press("Sign in with a passkey")
    assert person.path == "/you/"
    person.press(re.compile("^Open"))
    assert person.path == f"/case/{reference}/"
    sees(person, "Your request has arrived")

    _set_up_app(person, portal)
    _close(person, portal)
    person.settle()


def _make_it(person: Walker, portal: Portal) -> None:
    person.open("/")
    person.follow("Make a sign-in")
    person.page.get_by_label("E-mail address").fill(EMAIL)
    person.press("Send me a code")
    person.page.get_by_label("Code").fill("000000")
    person.press("Sign in")
    sees(person, "That is not the code")
    person.page.get_by_label("Code").fill(newest_code(portal))
    person.press("Sign in")
    sees(person, "How old are you?")
    person.page.get_by_label("or older").check()
    person.press("Continue")
    sees(person, "You have a sign-in")
    person.page.get_by_label("Choose a password").fill("short")
    person.press("Set the password")
    sees(person, "Use at least 12 characters")
    person.page.get_by_label("Choose a password").fill(PASSWORD)
    person.press("Set the password")
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
    person.page.get_by_label("A name for the new passkey").fill("My telephone")
    person.press("Add a passkey")
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
    person.follow("What goes, and what stays")
    person.press("Close my sign-in")
    sees(person, "Show again that it is you")
    person.press("Use a passkey")
    sees(person, "Your sign-in is closed")
    person.open("/you/password/")
    person.page.get_by_label("E-mail address").fill(EMAIL)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.press("Sign in")
    sees(person, "The e-mail address or the password is not right")
