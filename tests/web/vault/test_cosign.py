"""The door of the person for whom somebody else asks: the same page for everybody, and only a typed code acts."""

import re

import pytest

from app.gateways.mail import MemoryMailer
from tests.web.conftest import ANSWERS, EMAIL
from workers.idle import run_until_idle

AGENT = "ilze@example.org"
NOBODYS = "7K2M-9QXF-4TRB"


def mails(portal, to):
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    return [mail for mail in portal.mailer.sent if mail.to == to]


def code_for(portal, to):
    return re.findall(r"^\s+(\d{6})\s*$", mails(portal, to)[-1].text, re.MULTILINE)[-1]


@pytest.fixture
def acting(browser, portal) -> str:
    """An organisation asks for Ana, and has confirmed its own address."""
    browser.post("/c/acme/access/", {**ANSWERS, "name": "Ilze Ozola", "email": AGENT, "capacity": "agent"})
    browser.post("/c/acme/access/who/", {"subject_name": "Ana Ionescu", "subject_email": EMAIL, "stands_as": "person",
                                         "agrees": "yes"})  # fmt: skip
    page = browser.post("/c/acme/access/check/")
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)
    assert found
    browser.post(f"/case/{found[0]}/confirm", {"code": code_for(portal, AGENT)})
    return found[0]


def test_yes_by_a_typed_code_lets_the_person_in(acting, browser, another, portal):
    assert "Show that you may act for the person" in browser.get(f"/case/{acting}/").main
    page = another.get(f"/case/{acting}/cosign/")
    assert page.h1 == "Does somebody ask for you?"
    page = another.post(f"/case/{acting}/cosign/", {"code": code_for(portal, EMAIL), "agrees": "yes"})
    assert page.h1 == "Your answer is there"
    assert "Ilze Ozola makes this request for Ana Ionescu" in another.get(f"/case/{acting}/").main


def test_no_shuts_the_door_on_who_acted(acting, browser, another, portal, desk):
    another.post(f"/case/{acting}/cosign/", {"code": code_for(portal, EMAIL), "agrees": "no"})
    assert "acts no more" in another.get(f"/case/{acting}/").main
    page = browser.get(f"/case/{acting}/")
    assert page.h1 == another.get(f"/case/{NOBODYS}/").h1 or "code" in page.main
    assert "Ionescu" not in page.main
    browser.get(f"/case/{acting}/moves/withdraw/", status=404)
    before = len(mails(portal, AGENT))
    browser.post(f"/case/{acting}/code")
    assert len(mails(portal, AGENT)) == before


@pytest.mark.parametrize("by", ["who acts", "the person"])
def test_either_ends_it_on_the_page(acting, browser, another, portal, by):
    another.post(f"/case/{acting}/cosign/", {"code": code_for(portal, EMAIL), "agrees": "yes"})
    who = browser if by == "who acts" else another
    assert who.get(f"/case/{acting}/moves/revoke_representation/").status == 200
    who.post(f"/case/{acting}/moves/revoke_representation/")
    assert "Ionescu" not in browser.get(f"/case/{acting}/").main
    assert "acts no more" in another.get(f"/case/{acting}/").main


def test_the_page_is_the_same_for_a_request_that_does_not_exist(acting, another, portal):
    code_for(portal, EMAIL)
    answers = []
    for reference in (acting, NOBODYS):
        pages = [another.get(f"/case/{reference}/cosign/"),
                 another.post(f"/case/{reference}/cosign/code"),
                 *(another.post(f"/case/{reference}/cosign/", {"code": "000001", "agrees": "yes"}, status=422)
                   for _ in range(7))]  # fmt: skip
        answers.append([page.main.replace(reference, "…") for page in pages])
    assert answers[0] == answers[1]


def test_a_code_for_who_acts_is_none_for_the_person(acting, another, portal):
    another.post(f"/case/{acting}/code")
    page = another.post(f"/case/{acting}/cosign/", {"code": code_for(portal, AGENT), "agrees": "yes"}, status=422)
    assert "That is not the code we sent" in page.main


def test_without_an_answer_nothing_is_spent(acting, another, portal):
    code = code_for(portal, EMAIL)
    another.post(f"/case/{acting}/cosign/", {"code": code}, status=422)
    page = another.post(f"/case/{acting}/cosign/", {"code": code, "agrees": "see"})
    assert "Ilze Ozola makes this request" in page.main
