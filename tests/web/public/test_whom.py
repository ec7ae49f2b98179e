"""For whom somebody asks: the question, the page about the other person, and a page for those who are young."""

import pytest
from sqlalchemy import select

from app.domain.permissions import SYSTEM
from app.models.cases import Case, Identity
from app.models.proof import Representation
from app.policies.loader import read_controller
from app.services import policies
from tests.web.conftest import ANSWERS, CONTROLLER, EMAIL, offer_every_right

MINE = {**ANSWERS, "name": "Lauma Liepa", "email": "lauma@example.org"}
CHILD = {"subject_name": "Ana Liepa", "born_on": "2015-03-27", "stands_as": "parent", "subject_account": "ana",
         "agrees": "yes"}  # fmt: skip
PERSON = {"subject_name": "Ana Liepa", "stands_as": "organisation", "organisation": "Help SIA", "subject_email": EMAIL,
          "until": "2026-12-31", "agrees": "yes"}  # fmt: skip


def stored(portal):
    with portal.unscoped("test", reads_only=True) as work:
        case = work.session.scalars(select(Case)).one()
        kinds = sorted((row.of, row.kind) for row in work.session.scalars(select(Identity)))
        acting = work.session.scalars(select(Representation)).one_or_none()
        work.session.expunge_all()
    return case, kinds, acting


def test_nobody_has_to_say_that_they_ask_for_themselves(browser, portal):
    page = browser.get("/c/acme/access/")
    assert "For whom do you ask?" in page.main
    assert browser.post("/c/acme/access/", ANSWERS).h1 == "Check your answers"
    browser.post("/c/acme/access/check/")
    case, kinds, acting = stored(portal)
    assert (case.capacity, kinds, acting) == ("self", [("subject", "email")], None)


@pytest.mark.parametrize(
    ("capacity", "answers", "kind"), [("guardian", CHILD, "account_name"), ("agent", PERSON, "email")]
)
def test_the_whole_way_for_somebody_else(browser, portal, capacity, answers, kind):
    page = browser.post("/c/acme/access/", {**MINE, "capacity": capacity})
    assert page.h1 in {"About the child", "About the person for whom you ask"}
    assert browser.get("/c/acme/access/check/").h1 == page.h1
    page = browser.post("/c/acme/access/who/", answers)
    assert page.h1 == "Check your answers"
    assert "Ana Liepa" in page.main
    assert "Lauma Liepa" in page.main
    assert browser.post("/c/acme/access/check/").h1 == "Your request is on its way"
    case, kinds, acting = stored(portal)
    assert (case.capacity, kinds) == (capacity, [("representative", "email"), ("subject", kind)])
    assert acting is not None
    assert (acting.kind, acting.scope, acting.answer_to) == (capacity, ["access"], "subject")
    with portal.reading(SYSTEM, case.controller_id) as work:
        told = work.unseal_for(case, acting.personal, place="representation")
    assert told["statement"]
    assert told["name"] == "Lauma Liepa"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject_name": ""}, "Enter the name of the person."),
        ({"born_on": "1990-01-01"}, "At this age they are no child any more"),
        ({"born_on": ""}, "Enter the date of birth."),
        ({"agrees": None}, "Confirm the statement to go on."),
        ({"stands_as": ""}, "Choose what you are to the child."),
        ({"subject_account": ""}, "Give at least one thing by which the person can be found"),
        ({"subject_email": "lauma@example.org"}, "This is your own address."),
        ({"subject_email": "ana"}, "Enter an e-mail address like"),
    ],
)
def test_what_is_missing_about_the_child_is_said_there(browser, portal, changes, words):
    browser.post("/c/acme/access/", {**MINE, "capacity": "guardian"})
    answers = {name: text for name, text in {**CHILD, **changes}.items() if text is not None}
    page = browser.post("/c/acme/access/who/", answers, status=422)
    assert words in page.main
    assert browser.get("/c/acme/access/check/").h1 == "About the child"


def test_a_mandate_that_has_ended_is_refused_at_once(browser):
    browser.post("/c/acme/access/", {**MINE, "capacity": "agent"})
    page = browser.post("/c/acme/access/who/", {**PERSON, "until": "2026-11-22"}, status=422)
    assert "This mandate has ended." in page.main


def test_several_rights_for_a_child(browser, portal, tmp_path):
    offer_every_right(portal, tmp_path)
    browser.post("/c/acme/several/", {"rights": "access"})
    browser.post("/c/acme/several/ask/access/", {"scope": "everything"})
    page = browser.post("/c/acme/several/you/", {"name": "Lauma", "email": "lauma@example.org", "capacity": "guardian"})
    assert page.h1 == "About the child"
    assert browser.post("/c/acme/several/who/", CHILD).h1 == "Check your answers"
    assert browser.post("/c/acme/several/check/").h1 == "Your request is on its way"


def test_a_company_says_which_one_on_its_own_page(browser, portal, tmp_path):
    offer_every_right(portal, tmp_path)
    mine = {"name": "Bea Berzina", "email": "bea@bigco.example", "customer_number": "C-1", "capacity": "customer"}
    page = browser.post("/c/acme/instruction/", {**mine, "wish": "Delete our archive."})
    assert page.h1 == "About the company"
    page = browser.post("/c/acme/instruction/who/", {"company_name": "Bigco SIA"}, status=422)
    assert "Say what you are in the company." in page.main
    page = browser.post("/c/acme/instruction/who/", {"company_name": "Bigco SIA", "company_role": "Director"})
    assert page.h1 == "Check your answers"
    assert "Bigco SIA" in page.main
    browser.post("/c/acme/instruction/check/")
    case, kinds, acting = stored(portal)
    assert (case.capacity, kinds, acting) == (
        "customer", [("subject", "customer_number"), ("subject", "email")], None)  # fmt: skip


@pytest.fixture
def sixteen(portal, tmp_path):
    """Nobody under 16 in the EU and under 13 in the US uses it alone (R-4)."""
    path = tmp_path / "acme.yaml"
    text = CONTROLLER.format(slug="acme", name="ACME")
    path.write_text(text.replace("  about: We sell", "  no_use_under: {EU: 16, US: 13}\n  about: We sell"))
    policies.apply(portal, SYSTEM, read_controller(path))


def test_the_young_are_told_in_plain_words_and_may_still_ask(browser, portal, sixteen):
    """R-4: no use under 16; the rights over one's own data have no age."""
    page = browser.post("/c/acme/access/", {**ANSWERS, "age": "younger"})
    assert page.h1 == "If you are younger than 16"
    assert "For a child" in page.main
    assert browser.get("/c/acme/access/check/").h1 == "Check your answers"
    browser.post("/c/acme/access/check/")
    case, _, _ = stored(portal)
    with portal.reading(SYSTEM, case.controller_id) as work:
        assert work.unseal_for(case, case.personal, place="personal")["under"] == 16


def test_whoever_is_old_enough_sees_no_such_page(browser, sixteen):
    assert browser.post("/c/acme/access/", {**ANSWERS, "age": "older"}).h1 == "Check your answers"
    assert browser.post("/c/acme/access/", ANSWERS).h1 == "Check your answers"


def test_no_age_is_asked_where_none_is_promised(browser):
    assert "How old are you?" not in browser.get("/c/acme/access/").main
