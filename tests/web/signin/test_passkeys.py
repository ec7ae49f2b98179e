"""Passkeys on the pages: added, used in place of password and code, shown again as a proof, removed."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.models.ledger import TrailEntry
from app.services.sessions import PROOF_LASTS
from tests.authenticator import Authenticator
from tests.offices import clock_of

BASE = "https://desk.acme.example"
SAFETY = "/signin/safety/"


@pytest.fixture
def portal(portal):
    """The same, reached under a name."""
    return replace(portal, settings=replace(portal.settings, base_url=BASE))


def options(page, kind: str = "get") -> str:
    """What the page asks the browser for."""
    return next(form.get("data-options") for form in page.all("form") if form.get("data-passkey") == kind)


@pytest.fixture
def device(signed_in):
    """A device with a passkey of Vera's."""
    made = Authenticator(BASE)
    answer = made.create(options(signed_in.get(SAFETY), "create"))
    page = signed_in.post(f"{SAFETY}passkeys/", {"credential": answer, "name": "Blue key"})
    assert "The passkey was added" in page.main
    assert "Blue key" in page.main
    return made


def test_a_passkey_leads_to_the_desk(device, another):
    answer = device.get(options(another.get("/signin/?next=/desk/acme/?sort=-due")))
    sent = {"csrf_token": another.token(), "credential": answer}
    entered = another.client.post("/signin/passkey/?next=/desk/acme/?sort=-due", data=sent)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/desk/acme/?sort=-due")
    assert "habeas-known" in "".join(entered.headers.getlist("Set-Cookie"))


def test_what_is_refused_leads_back_to_the_password(device, another):
    for answer in ("", "{}", device.get(json.dumps({"challenge": "AAAA", "rpId": "desk.acme.example"}))):
        page = another.post("/signin/passkey/", {"credential": answer}, status=422)
        assert page.h1 == "Sign in"
        assert "was not accepted" in page.main


def test_without_our_token_a_passkey_is_not_even_looked_at(device, another):
    answer = device.get(options(another.get("/signin/")))
    another.post("/signin/passkey/", {"credential": answer}, status=400, token=False)
    another.client.post("/signin/passkey/", data={"credential": answer, "csrf_token": another.token()})
    assert another.client.get("/desk/").headers["Location"] == "/desk/acme/"


def test_a_passkey_is_a_proof_and_what_is_removed_is_none(device, signed_in, another, portal):
    clock_of(portal).advance(PROOF_LASTS)
    number = signed_in.get(SAFETY).value("passkey")
    page = signed_in.post(f"{SAFETY}passkeys/remove/", {"passkey": number})
    assert page.h1 == "Show your second factor again"
    assert page.value("passkey") == number, "what was asked for is kept"
    sent = {"passkey": number, "proof_passkey": "{}"}
    assert "was not accepted" in signed_in.post(f"{SAFETY}passkeys/remove/", sent, status=422).main
    with portal.unscoped("test", reads_only=True) as work:
        events = list(work.session.scalars(select(TrailEntry.event).order_by(TrailEntry.id)))
    assert events[-1] == "login:code_refused"
    sent["proof_passkey"] = device.get(options(page))
    assert "does not sign you in any more" in signed_in.post(f"{SAFETY}passkeys/remove/", sent).main
    another.post("/signin/passkey/", {"credential": device.get(options(another.get("/signin/")))}, status=422)
    signed_in.post(f"{SAFETY}passkeys/remove/", {"passkey": number}, status=404)
    signed_in.post(f"{SAFETY}passkeys/remove/", {"passkey": "x"}, status=404)


def test_a_refused_passkey_keeps_the_page(signed_in):
    page = signed_in.post(f"{SAFETY}passkeys/", {"credential": "{}", "name": "Key"}, status=422)
    assert page.h1 == "Your sign-in"
    assert "was not accepted" in page.main
