"""What the person does with a request on its page: answer, write, withdraw, complain; nothing typed is lost."""

import re

import pytest

from app.domain.lifecycle import TRANSITIONS
from app.domain.permissions import SYSTEM
from app.policies.loader import read_controller
from app.services import policies
from tests.web.conftest import CONTROLLER

QUESTION = {"unclear_part": "There is much.", "options": "Invoices or notes.", "answered_meanwhile": "Nothing."}
PROOF = {"doubt": "Another address.", "items_asked": "Your customer number.", "alternatives": "Call us."}


def move(reference: str, name: str) -> str:
    return f"/case/{reference}/moves/{name}/"


def test_a_question_is_answered_on_the_page(browser, entered, desk):
    desk(entered, "ask_clarification", **QUESTION)
    page = browser.get(f"/case/{entered}/")
    assert "waits for an answer from you" in page.main
    assert "stands still while your answer is awaited" in page.main
    assert "We wait for your answer" in page.main
    assert move(entered, "clarify") in page.links()
    page = browser.get(move(entered, "clarify"))
    page = browser.post(move(entered, "clarify"), {"message": ""}, status=422)
    assert page.problems == [("#message", "Write the answer.")]
    page = browser.post(move(entered, "clarify"), {"message": "Only the <notes>."})
    assert "Your answer is there." in page.main
    assert "Only the <notes>." in page.main
    browser.post(move(entered, "clarify"), {"message": "And again."}, status=409)


def test_proof_is_asked_for_and_talked_about(browser, entered, desk):
    desk(entered, "ask_proof", **PROOF)
    page = browser.get(f"/case/{entered}/")
    assert "show that it is you" in page.main
    assert "We wait for your proof" in page.main
    page = browser.post(f"/case/{entered}/messages", {"body": "I have no customer number."})
    assert "Your message is there." in page.main
    assert "I have no customer number." in page.main
    for body in ("", " \n", "x" * 4001, "a\u202eb"):
        page = browser.post(f"/case/{entered}/messages", {"body": body}, status=422)
        assert page.problems[0][0] == "#body"


def test_withdrawing_asks_first(browser, entered, desk):
    page = browser.get(f"/case/{entered}/")
    assert move(entered, "withdraw") in page.links()
    page = browser.get(move(entered, "withdraw"))
    assert "Do you want to withdraw your request?" in page.main
    page = browser.post(move(entered, "withdraw"))
    assert "You withdrew the request." in page.main
    page = browser.post(move(entered, "withdraw"), status=409)
    assert "has moved on meanwhile" in page.main
    page = browser.post(f"/case/{entered}/messages", {"body": "I changed my mind."})
    assert "I changed my mind." in page.main, "also of a closed request one can write"


def test_the_desks_moves_are_not_there(browser, entered):
    for name in [row.name for row in TRANSITIONS if not row.of_person] + ["nothing", "withdraw%00"]:
        browser.get(move(entered, name), status=404)
        browser.post(move(entered, name), status=404)


def test_where_the_law_has_no_complaint_to_the_organisation_there_is_none(browser, entered):
    assert move(entered, "complain") not in browser.get(f"/case/{entered}/").links()
    browser.get(move(entered, "complain"), status=409)
    browser.post(move(entered, "complain"), {"complaint": "It takes too long."}, status=409)


def test_nobody_else_does_anything(another, entered):
    for name in ("withdraw", "clarify"):
        another.get(move(entered, name), status=404)
        another.post(move(entered, name), {"message": "x"}, status=404)
    another.post(f"/case/{entered}/messages", {"body": "x"}, status=404)


def test_without_our_token_nothing_happens_and_nothing_is_lost(browser, entered):
    page = browser.post(f"/case/{entered}/messages", {"body": "Typed with care."}, token=False, status=422)
    assert page.value("body") == "Typed with care."
    page = browser.post(move(entered, "withdraw"), token=False, status=422)
    assert "open for too long" in page.main
    assert "You withdrew" not in browser.get(f"/case/{entered}/").main


@pytest.fixture
def english(portal, tmp_path):
    """Acme, in England: there the organisation hears a complaint first."""
    text = CONTROLLER.format(slug="acme", name="ACME")
    for old, new in (("country: LV", "country: GB-ENG"), ("regime: gdpr", "regime: uk_gdpr")):
        text = text.replace(old, new)
    (tmp_path / "acme.yaml").write_text(text)
    policies.apply(portal, SYSTEM, read_controller(tmp_path / "acme.yaml"))


def test_who_complains_is_let_into_the_complaint(english, browser, another, entered):
    """It is the same person, who has proven that just now."""
    page = browser.post(move(entered, "complain"), {"complaint": "It takes too long."})
    known = [link for link in page.links() if re.fullmatch(r"/case/[-2-9A-Z]{14}/", link)]
    complaint = next(link for link in known if entered not in link)
    assert "It takes too long." in browser.get(complaint).main
    assert browser.get(f"/case/{entered}/").h1.startswith("Your request"), "and still into the request itself"
    assert another.get(complaint).h1 == "Open your request"
