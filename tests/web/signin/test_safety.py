"""One's own sign-in on one page: recovery codes shown once, sessions ended singly, the proof asked for again."""

import re
from datetime import timedelta

from app.services import sessions
from app.services.sessions import PROOF_LASTS
from tests.offices import PASSWORD, clock_of, code_now, hired
from tests.web.signin.conftest import EMAIL, sid

SAFETY = "/signin/safety/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CODE = re.compile(r"\b\d{4} \d{4} \d{4}\b")


def enter(browser, portal) -> None:
    """Both steps, in that browser."""
    clock_of(portal).advance(timedelta(seconds=30))
    browser.post("/signin/", {"email": EMAIL, "password": PASSWORD})
    browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})


def test_the_page_needs_somebody_signed_in(browser):
    assert browser.client.get(SAFETY).headers["Location"] == "/signin/?next=/signin/safety/"


def test_recovery_codes_are_shown_once_and_one_signs_in(signed_in, another):
    page = signed_in.get(SAFETY)
    assert "You have none" in page.main
    codes = CODE.findall(signed_in.post(f"{SAFETY}recovery/").main)
    assert len(set(codes)) == 10
    page = signed_in.get(SAFETY)
    assert "You have 10 unused codes" in page.main
    assert not CODE.findall(page.html)
    assert signed_in.client.get(f"{SAFETY}recovery/").status_code == 405
    another.post("/signin/", {"email": EMAIL, "password": PASSWORD})
    answer = another.client.post("/signin/code/", data={"csrf_token": another.token(), "code": codes[0]})
    assert answer.headers["Location"] == "/desk/"
    assert "You have 9 unused codes" in another.get(SAFETY).main


def test_sessions_are_listed_in_words_and_ended_one_by_one(signed_in, another, portal):
    another.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    enter(another, portal)
    page = signed_in.get(SAFETY)
    assert "Firefox, Windows" in page.main
    assert "Network 127.0.0.x" in page.main
    assert "140" not in page.main, "no fingerprint"
    key = page.value("session")
    assert "That session is ended" in signed_in.post(f"{SAFETY}sessions/end/", {"session": key}).main
    assert another.client.get("/desk/").headers["Location"].startswith("/signin/")
    assert "had ended already" in signed_in.post(f"{SAFETY}sessions/end/", {"session": key}, status=409).main


def test_all_other_sessions_are_ended_at_once(signed_in, another, portal):
    enter(another, portal)
    assert "All your other sessions are ended" in signed_in.post(f"{SAFETY}sessions/end-others/").main
    assert another.client.get("/desk/").headers["Location"].startswith("/signin/")
    assert signed_in.client.get("/desk/").headers["Location"] == "/desk/acme/"


def test_nobody_elses_session_is_ended_by_its_key(signed_in, another, portal):
    hired(portal, "oscar@acme.example")
    another.post("/signin/", {"email": "oscar@acme.example", "password": PASSWORD})
    another.client.post("/signin/code/", data={"csrf_token": another.token(), "code": code_now(portal)})
    assert signed_in.get(SAFETY).value("session") is None, "only one's own are listed"
    key = sessions.key_of(sid(another.client))
    signed_in.post(f"{SAFETY}sessions/end/", {"session": key}, status=409)
    assert another.client.get("/desk/").headers["Location"] == "/desk/acme/"


def test_after_a_while_new_codes_ask_for_the_second_factor_first(signed_in, portal):
    clock_of(portal).advance(PROOF_LASTS)
    held = sid(signed_in.client)
    page = signed_in.post(f"{SAFETY}recovery/")
    assert page.h1 == "Show your second factor again"
    assert not CODE.findall(page.html)
    for typed in ("", "000000"):
        page = signed_in.post(f"{SAFETY}recovery/", {"proof_code": typed}, status=422)
        assert page.problems[0][0] == "#proof_code"
    page = signed_in.post(f"{SAFETY}recovery/", {"proof_code": code_now(portal)})
    assert len(CODE.findall(page.html)) == 10
    assert sid(signed_in.client) != held, "the id changes with the authority"
    assert len(CODE.findall(signed_in.post(f"{SAFETY}recovery/").html)) == 10, "for a while it is not asked again"


def test_wrong_proofs_end_the_session(signed_in, portal):
    clock_of(portal).advance(PROOF_LASTS)
    for _ in range(5):
        signed_in.post(f"{SAFETY}recovery/", {"proof_code": "000000"}, status=422)
    answer = signed_in.client.post(
        f"{SAFETY}recovery/", data={"csrf_token": signed_in.token(), "proof_code": code_now(portal)}
    )
    assert answer.headers["Location"].startswith("/signin/")
    assert signed_in.client.get("/desk/").headers["Location"].startswith("/signin/")
