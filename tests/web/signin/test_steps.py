"""Signing in as staff do it: two steps, plain errors, nothing given away, and a new id at each rise."""

from datetime import timedelta

import pytest

from app.services import limits
from app.services.signing_in import CODES_PER_SESSION, TRIES_PER_ADDRESS
from tests.offices import PASSWORD, clock_of, code_now, invited
from tests.web.signin.conftest import EMAIL, sid

WRONG = "The e-mail address or the password is not right"


def test_password_then_code_then_the_desk(browser, first_step, portal):
    page = first_step()
    assert browser.url == "/signin/code/"
    assert EMAIL in page.main
    answer = browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert browser.client.get("/signin/").headers["Location"] == "/desk/", "who is in goes on"


def test_a_wrong_password_keeps_the_address_and_shows_no_password(first_step):
    page = first_step("wrong password here", status=422)
    assert page.problems == [("#password", f"{WRONG}. Check both and try again.")]
    assert page.value("email") == EMAIL
    assert page.value("password") is None
    assert "wrong password here" not in page.html


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@acme.example", PASSWORD),
        ("new@acme.example", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("vera@acme.example\x00", "x" * 12),
        ("\u202evera@acme.example", PASSWORD),
        ("🦊@acme.example", "🦊" * 12),
    ],
)
def test_whoever_is_meant_the_answer_is_the_same(first_step, portal, email, password):
    invited(portal, "new@acme.example")
    assert WRONG in first_step(password, email=email, status=422).main


def test_empty_and_overlong_answers_are_named(first_step):
    assert [where for where, _ in first_step("", email="", status=422).problems] == ["#email", "#password"]
    page = first_step("x" * 1001, email="a" * 255, status=422)
    assert [where for where, _ in page.problems] == ["#email", "#password"]


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/desk/acme/?status=open", "/desk/acme/?status=open"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("/\\evil.example/", "/desk/"),
        ("/\t/evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("desk/acme/", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_next_leads_to_own_pages_only(browser, vera, portal, wanted, lands):
    client = browser.client
    entered = {"csrf_token": browser.token(), "email": EMAIL, "password": PASSWORD}
    answer = client.post("/signin/", query_string={"next": wanted}, data=entered)
    assert answer.status_code == 303
    answer = client.post(answer.headers["Location"], data={"csrf_token": browser.token(), "code": code_now(portal)})
    assert answer.headers["Location"] == lands


def test_a_page_of_the_desk_comes_back_after_signing_in(client, vera):
    assert client.get("/desk/acme/?sort=-due").headers["Location"] == "/signin/?next=/desk/acme/%3Fsort%3D-due"


def test_each_step_gives_a_new_id_and_a_stolen_earlier_one_is_useless(browser, another, first_step, portal):
    client, thief = browser.client, another.client
    seen = [sid(client)]
    first_step()
    seen.append(sid(client))
    planted = seen[-1]
    browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})
    seen.append(sid(client))
    assert len(set(seen)) == 3
    with thief.session_transaction() as session:
        session["_user_id"] = planted
    assert thief.get("/desk/").headers["Location"] == "/signin/?next=/desk/"
    assert thief.get("/signin/code/").headers["Location"] == "/signin/"
    with thief.session_transaction() as session:
        session["_user_id"] = seen[2]
    assert thief.get("/desk/").status_code == 303, "the right one opens the desk: it leads on to the only organisation"
    assert thief.get("/desk/").headers["Location"] == "/desk/acme/"


def test_the_form_token_changes_with_the_session(browser, first_step):
    before = browser.token()
    first_step()
    page = browser.post("/signin/code/", {"csrf_token": before, "code": "000000"}, status=422)
    assert "open for too long" in page.main


def test_without_our_token_nothing_is_even_counted(browser, vera, portal):
    page = browser.post("/signin/", {"email": EMAIL, "password": PASSWORD}, token=False, status=422)
    assert "open for too long" in page.main
    assert page.value("email") == EMAIL
    assert limits.peek(portal, "sign-in", f"{EMAIL}|127.0.0.1") == 0


def test_too_many_tries_say_when_to_come_back(first_step, another):
    for _ in range(TRIES_PER_ADDRESS):
        first_step("wrong password here", status=422)
    page = first_step(status=429)
    assert "Try again in 15 minutes" in page.main
    assert page.response.headers["Retry-After"] == "900"


def test_a_code_works_once(browser, first_step, portal, signed_in):
    browser.post("/signout/")
    first_step()
    page = browser.post("/signin/code/", {"code": code_now(portal)}, status=422)
    assert page.problems[0][0] == "#code"
    clock_of(portal).advance(timedelta(seconds=30))
    answer = browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})
    assert answer.headers["Location"] == "/desk/"


def test_the_sixth_code_leads_back_to_the_first_step(browser, first_step, portal):
    first_step()
    for typed in ["", "12345", "000000", "abcdef", "9" * 41, "1 2 3 4 5 6", "000001"]:
        browser.post("/signin/code/", {"code": typed}, status=422)
    page = browser.post("/signin/code/", {"code": code_now(portal)}, status=409)
    assert page.h1 == "Sign in"
    assert "The code was wrong 5 times" in page.main
    assert CODES_PER_SESSION == 5


def test_the_second_page_needs_the_first(browser, client):
    assert client.get("/signin/code/").headers["Location"] == "/signin/"
    assert browser.post("/signin/code/", {"code": "123456"}, status=409).h1 == "Sign in"


def test_signing_out_ends_the_session_itself(signed_in, another):
    held = sid(signed_in.client)
    assert signed_in.client.get("/signout/").status_code == 405, "no picture in a mail signs anybody out"
    assert signed_in.client.post("/signout/").status_code == 400
    assert signed_in.client.get("/desk/").headers["Location"] == "/desk/acme/"
    page = signed_in.post("/signout/")
    assert "You are signed out" in page.main
    with another.client.session_transaction() as session:
        session["_user_id"] = held
    assert another.client.get("/desk/").headers["Location"].startswith("/signin/")


def test_cookies_carry_no_authority_and_no_script_reads_them(browser, first_step, portal):
    first_step()
    answer = browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code_now(portal)})
    cookies = answer.headers.getlist("Set-Cookie")
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    known = next(cookie for cookie in cookies if cookie.startswith("habeas-known="))
    assert "Path=/signin/" in known
    with browser.client.session_transaction() as session:
        assert set(session) <= {"_user_id", "_fresh", "csrf_token"}


def test_a_known_browser_still_gets_in_when_others_used_the_tries_up(signed_in, another, first_step):
    signed_in.post("/signout/")
    for _ in range(TRIES_PER_ADDRESS):
        another.post("/signin/", {"email": EMAIL, "password": "wrong password here"}, status=422)
    another.post("/signin/", {"email": EMAIL, "password": PASSWORD}, status=429)
    assert first_step().h1 == "Enter the code from your app"


def test_idling_leads_back_to_signing_in(signed_in, portal):
    clock_of(portal).advance(timedelta(minutes=29))
    assert signed_in.client.get("/desk/").headers["Location"] == "/desk/acme/"
    clock_of(portal).advance(timedelta(minutes=29))
    assert signed_in.client.get("/desk/").headers["Location"] == "/desk/acme/", "a look is a sign of life"
    clock_of(portal).advance(timedelta(minutes=30))
    assert signed_in.client.get("/desk/").headers["Location"].startswith("/signin/")


def test_who_works_for_several_organisations_chooses(signed_in, portal):
    invited(portal, EMAIL, role="auditor", slug="borealis")
    page = signed_in.get("/desk/")
    assert "ACME" in page.main
    assert "Auditor" in page.main
    assert {"/desk/acme/", "/desk/borealis/"} <= set(page.links())
