"""A person's own sign-in in the browser: made with a code, requests in one place, filing without a code, the end."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from app.domain.permissions import ANONYMOUS, SYSTEM
from app.gateways.mail import MemoryMailer
from app.models.ledger import TrailEntry
from app.models.people import Login
from app.portal import Portal
from app.services import intake, policies, sessions
from app.services.sessions import PROOF_LASTS
from tests.factories import a_filing
from tests.offices import PASSWORD, code_now, hired
from tests.web.conftest import ANSWERS, EMAIL, Browser
from tests.web.signin.conftest import sid
from workers.idle import run_until_idle

DOOR = "/you/signin/"
SAFETY = "/you/safety/"


def enter(browser: Browser, mailbox, email: str = EMAIL) -> None:
    """A code was asked for and typed."""
    browser.post(DOOR, {"email": email})
    assert browser.url.startswith("/you/code/")
    page = browser.post(browser.url, {"code": mailbox()})
    if "How old are you?" in page.main:
        browser.post(f"{browser.url}age", {"code": page.value("code"), "age": "older"})


@pytest.fixture
def own(browser: Browser, mailbox) -> Browser:
    """A browser in which Ana is signed in."""
    enter(browser, mailbox)
    assert browser.url == "/you/welcome/"
    return browser


def reference_on(page) -> str:
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)
    assert found, page.main
    return found[0]


def test_pages_need_somebody_signed_in(browser):
    assert browser.client.get("/you/").headers["Location"] == "/you/signin/?next=/you/"
    assert browser.client.get(SAFETY).headers["Location"] == "/you/signin/?next=/you/safety/"


def test_who_is_turned_away_with_an_own_sign_in_is_not_told_as_staff(own, portal):
    with portal.work(ANONYMOUS, 1) as work:
        (reference,) = intake.file(
            work, policies.current(work), a_filing(identities={"email": "b@example.com"})
        ).references
    own.client.get(f"/case/{reference}/moves/withdraw/")
    with portal.reading(SYSTEM, 1) as work:
        row = work.session.scalars(select(TrailEntry).where(TrailEntry.event == "door:refused")).one()
        assert (row.facts["by"], row.facts.get("login")) == ("person", None)


def test_known_and_unknown_see_the_same_pages(browser, another, mailbox, own):
    answers = []
    for email in (EMAIL, "nobody@example.com"):
        page = another.post(DOOR, {"email": email})
        page = another.post(another.url, {"code": "000000"}, status=422)
        answers.append(
            re.sub(r"/you/code/[^/\"]+|value=\"[^\"]+\"|nonce=\"[^\"]+\"|data-options='[^']+'", "", page.html)
        )
    assert answers[0] == answers[1]


def test_an_own_sign_in_never_opens_the_desk(own):
    assert own.client.get("/desk/").headers["Location"] == "/signin/?next=/desk/"
    assert own.client.get("/signin/safety/").headers["Location"].startswith("/signin/")


def test_staff_session_is_not_an_own_one(browser, portal):
    hired(portal, "vera@acme.example")
    browser.post("/signin/", {"email": "vera@acme.example", "password": PASSWORD})
    browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})
    assert browser.client.get("/you/").headers["Location"].startswith(DOOR)


def test_filing_when_signed_in_needs_no_code(own, mailbox, portal):
    page = own.get("/c/acme/access/")
    assert f'value="{EMAIL}"' in page.html
    own.post("/c/acme/access/", ANSWERS)
    assert "no code is needed" in own.get("/c/acme/access/check/").main
    page = own.post("/c/acme/access/check/")
    reference = reference_on(page)
    assert own.url == f"/case/{reference}/"
    assert "Next: somebody takes your request on" in page.main
    page = own.get("/you/")
    assert reference in page.main
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    assert not re.search(r"^\s+\d{6}\s*$", portal.mailer.sent[-1].text, re.MULTILINE)


def test_filing_for_another_address_needs_the_code_all_the_same(own):
    own.post("/c/acme/access/", {**ANSWERS, "email": "other@example.com"})
    page = own.post("/c/acme/access/check/")
    assert "show that the address is yours" in page.main


def test_requests_open_without_another_code_and_only_ones_own(browser, another, mailbox, filed):
    browser.post(f"/case/{filed}/confirm", {"code": mailbox()})
    enter(another, mailbox)
    page = another.get("/you/")
    assert filed in page.main
    assert another.client.get(f"/case/{filed}/").get_data(as_text=True).count("Open your request"), "a code, so far"
    page = another.post("/you/requests/", {"reference": filed})
    assert another.url == f"/case/{filed}/"
    assert "You opened this page when signed in" in another.get(f"/case/{filed}/").main
    another.post("/you/requests/", {"reference": "2222-2222-2222"}, status=404)
    another.post("/you/requests/", {"reference": "nonsense"}, status=404)


def test_somebody_elses_requests_are_not_there(browser, another, mailbox, filed):
    browser.post(f"/case/{filed}/confirm", {"code": mailbox()})
    enter(another, mailbox, "bob@example.com")
    assert filed not in another.get("/you/").main
    another.post("/you/requests/", {"reference": filed}, status=404)


def test_a_password_chosen_signs_in_and_can_be_given_up(own, another):
    assert "Choose" in own.post(f"{SAFETY}password/", {"password": ""}, status=422).main
    own.post(f"{SAFETY}password/", {"password": "short"}, status=422)
    assert "Your password is set" in own.post(f"{SAFETY}password/", {"password": PASSWORD}).main
    another.post("/you/password/", {"email": EMAIL, "password": "wrong"}, status=422)
    another.post("/you/password/", {"email": EMAIL, "password": PASSWORD})
    assert another.url == "/you/"
    assert "no password any more" in own.post(f"{SAFETY}password/forget/").main
    another.post("/signout/")
    another.post("/you/password/", {"email": EMAIL, "password": PASSWORD}, status=422)


def test_an_app_is_set_up_and_asked_for(own, another, mailbox, portal, clock):
    page = own.post(f"{SAFETY}app/")
    assert "recovery" not in page.main, "no other code stands in for the first one"
    secret = re.search(r"habeas-enrol__secret\">([A-Z2-7 ]+)<", page.html)[1].replace(" ", "")
    assert "not the code" in own.post(f"{SAFETY}app/confirm/", {"code": "000000"}, status=422).main
    code = pyotp.TOTP(secret).at(portal.clock.real())
    assert "The app is set up" in own.post(f"{SAFETY}app/confirm/", {"code": code}).main
    codes = re.findall(r"\b\d{4} \d{4} \d{4}\b", own.post(f"{SAFETY}recovery/").main)
    assert len(codes) == 10
    clock.advance(timedelta(minutes=1))
    enter(another, mailbox)
    assert another.url == "/you/app/"
    another.post("/you/app/", {"code": "000000"}, status=422)
    another.post("/you/app/", {"code": codes[0]})
    assert another.url == "/you/"
    assert "not asked for any more" in own.post(f"{SAFETY}app/remove/").main


def test_what_cannot_be_taken_back_asks_again_after_a_while(own, mailbox, clock, portal):
    clock.advance(PROOF_LASTS + timedelta(seconds=1))
    page = own.post("/you/close/")
    assert "Show again that it is you" in page.main
    assert "recovery" not in page.main, "without an app there are none"
    mailed = page.value("proof_mail")
    page = own.post("/you/close/", {"proof_mail": mailed, "proof_code": "000000"}, status=422)
    assert page.value("proof_mail") == mailed
    own.post("/you/close/", {"proof_mail": mailed, "proof_code": mailbox()})
    assert own.url == "/you/signin/?closed=1"
    with portal.unscoped("the test looks", reads_only=True) as work:
        assert work.session.scalars(select(Login).where(Login.email == EMAIL)).one_or_none() is None


def test_a_password_alone_takes_nothing_back(own, another, mailbox):
    """Who found out a password has not the mailbox: they lock nobody out for good."""
    own.post(f"{SAFETY}password/", {"password": PASSWORD})
    another.post("/you/password/", {"email": EMAIL, "password": PASSWORD})
    for path in ("/you/close/", f"{SAFETY}app/", f"{SAFETY}password/forget/"):
        page = another.post(path)
        assert "Show again that it is you" in page.main
    mailed = page.value("proof_mail")
    another.post(f"{SAFETY}password/forget/", {"proof_mail": mailed, "proof_code": mailbox()})
    assert "no password any more" in another.get(f"{SAFETY}?done=no-password").main


def test_sessions_are_listed_and_ended(own, another, mailbox):
    enter(another, mailbox)
    key = own.get(SAFETY).value("session")
    assert "That session is ended" in own.post(f"{SAFETY}sessions/end/", {"session": key}).main
    assert another.client.get("/you/").headers["Location"].startswith(DOOR)
    enter(another, mailbox)
    assert "All your other sessions" in own.post(f"{SAFETY}sessions/end-others/").main
    assert another.client.get("/you/").headers["Location"].startswith(DOOR)


def test_signing_out_is_a_post_and_ends_the_session(own, portal):
    token = sid(own.client)
    assert own.client.get("/signout/").status_code == 405
    assert "You are signed out" in own.post("/signout/").main
    with portal.unscoped("the test looks", reads_only=True) as work:
        assert sessions.find(work, token) is None


def test_every_rise_gives_a_new_id(browser, mailbox):
    browser.get(DOOR)
    before = sid(browser.client)
    enter(browser, mailbox)
    first = sid(browser.client)
    assert first not in {None, before}


def test_a_member_of_staff_changes_nothing_here(browser, mailbox, portal: Portal, clock):
    hired(portal, EMAIL, role="dpo")
    enter(browser, mailbox)
    assert browser.url == "/you/app/"
    browser.post("/you/app/", {"code": code_now(portal)})
    browser.get("/you/")
    page = browser.get(SAFETY)
    assert "changed where staff sign in" in page.main
    for path, data in (("password/", {"password": PASSWORD}), ("app/", {}), ("recovery/", {}), ("app/remove/", {})):
        browser.post(f"{SAFETY}{path}", data, status=409)
    assert browser.client.get("/desk/").headers["Location"].startswith("/signin/")


def test_another_code_goes_to_the_same_address(browser, mailbox):
    browser.post(DOOR, {"email": EMAIL})
    first, page = browser.url, browser.get(browser.url)
    assert "Type the code" in page.main
    browser.post(f"{first}again")
    assert browser.url != first
    browser.post(f"{browser.url}age", {"code": mailbox(), "age": "older"})
    assert browser.url == "/you/welcome/"
    browser.post("/you/code/made-up/again")
    assert browser.url == "/you/"
