"""A new member of staff: link, name and password, app, first code. And changing one's password later."""

import re
from datetime import timedelta

import pytest

from tests.offices import PASSWORD, clock_of, code_now, invited
from tests.web.signin.conftest import EMAIL, sid


@pytest.fixture
def link(portal):
    return f"/signin/invitation/{invited(portal, EMAIL).token}/"


def test_from_the_link_to_the_desk(browser, link, portal):
    for _ in range(2):
        page = browser.get(link)
        assert EMAIL in page.main, "looking uses nothing up: mail scanners look too"
    page = browser.post(link, {"name": "Vera Ozola", "password": PASSWORD})
    assert browser.url == "/signin/code/"
    assert page.h1 == "Set up your second factor"
    secret = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", page.main)
    assert secret
    assert page.tree.find(".//{http://www.w3.org/2000/svg}svg") is not None
    again = browser.get("/signin/code/")
    assert secret[1] in again.main, "a reload shows the same secret"
    code = code_now(portal, secret=secret[1].replace(" ", ""))
    answer = browser.client.post("/signin/code/", data={"csrf_token": browser.token(), "code": code})
    assert answer.headers["Location"] == "/signin/safety/", "there are no recovery codes yet"
    assert "This invitation does not work any more" in browser.get(link, status=404).h1


def test_what_is_wrong_is_named_and_the_name_is_kept(browser, link):
    page = browser.post(link, {"name": "Vera 🦊", "password": "short"}, status=422)
    assert page.problems[0][0] == "#password"
    assert page.value("name") == "Vera 🦊"
    page = browser.post(link, {"name": "\u202eareV", "password": PASSWORD}, status=422)
    assert page.problems[0][0] == "#name"
    page = browser.post(link, {"name": "Vera", "password": EMAIL}, status=422)
    assert "something else than your name" in page.main
    assert "open for too long" in browser.post(link, {"name": "V", "password": PASSWORD}, token=False, status=422).main
    assert browser.post(link, {"name": "Vera", "password": PASSWORD}).h1 == "Set up your second factor"


def test_a_used_old_or_made_up_link_looks_the_same(browser, link, portal):
    clock_of(portal).advance(timedelta(hours=72))
    old = browser.get(link, status=404)
    made_up = browser.get("/signin/invitation/no-such-thing/", status=404)
    assert old.main == made_up.main
    assert browser.post(link, {"name": "Vera", "password": PASSWORD}, status=404).h1 == old.h1


def test_a_password_alone_opens_no_desk(browser, link):
    browser.post(link, {"name": "Vera", "password": PASSWORD})
    assert sid(browser.client)
    assert browser.client.get("/desk/acme/").headers["Location"].startswith("/signin/")


def test_changing_the_password_signs_all_other_browsers_out(signed_in, another, portal, first_step):
    clock_of(portal).advance(timedelta(seconds=30))
    another.client.post("/signin/", data={"csrf_token": another.token(), "email": EMAIL, "password": PASSWORD})
    another.client.post("/signin/code/", data={"csrf_token": another.token(), "code": code_now(portal)})
    assert another.client.get("/desk/").headers["Location"] == "/desk/acme/"
    page = signed_in.post(
        "/signin/password/", {"current": "not this one here", "password": "new four words now"}, status=422
    )
    assert page.problems == [("#current", "This is not your password now. Type it again.")]
    assert signed_in.post("/signin/password/", {"current": PASSWORD, "password": "short"}, status=422).problems
    page = signed_in.post("/signin/password/", {"current": PASSWORD, "password": "new four words now"})
    assert "Your new password holds" in page.main
    assert another.client.get("/desk/").headers["Location"].startswith("/signin/")
    assert signed_in.client.get("/desk/").headers["Location"] == "/desk/acme/"


def test_there_are_no_demo_codes_outside_the_demo(browser):
    browser.get("/demo/codes/", status=404)
