"""Every right by its own form, without scripts: the least is enough, each mistake is named, nobody is turned away."""

import re

import pytest
from sqlalchemy import select

from app.domain.permissions import Actor
from app.models.cases import Case
from app.queries import cases, policies
from tests.web.conftest import EMAIL

pytestmark = pytest.mark.usefixtures("every_right")
ABOUT = {"name": "Ana Ionescu", "email": EMAIL}
CORRECTION = {
    "corrections.0.field": "Phone", "corrections.0.wrong": "1", "corrections.0.right": "2",
    "corrections.0.evidence": "My bill",
}  # fmt: skip
# For each right: what is typed, and what the check page and the case then say.
TYPED = {
    "access": ({"scope": "some", "wish": "Orders\nof 2025"}, ["Orders of 2025"]),
    "confirmation": ({}, []),
    "portability": ({"wish": "My photos", "to": "Other SIA"}, ["My photos", "Other SIA"]),
    "rectification": (CORRECTION, ["Phone", "My bill"]),
    "erasure": ({"grounds": ["unlawful", "not_necessary"], "wish": "My photo"},
                ["The data should not have been used", "Art. 17(1)(d)", "My photo"]),
    "restriction": ({"grounds": ["needed_for_claims"]}, ["I need the data for a legal dispute", "Art. 18(1)(c)"]),
    "objection": ({"grounds": "direct_marketing", "situation": "not asked for"}, ["I do not want advertising"]),
    "consent_withdrawal": ({"consents": ["news", "other"], "wish": "The fair"}, ["News about the product", "The fair"]),
    "automated_decision_review": ({"wish": "My loan", "view": "I earn enough"}, ["My loan", "I earn enough"]),
    "disclosure_information": ({"wish": "Banks"}, ["Banks"]),
    "transfer_mechanism_copy": ({}, ["All"]),
    "instruction": ({"wish": "Merge the lists"}, ["Merge the lists"]),
    "other": ({"wish": "I am not sure: where is my data?"}, ["where is my data?"]),
}  # fmt: skip
RIGHTS = pytest.mark.parametrize("right", TYPED)


def path(right: str) -> str:
    return f"/c/acme/{right}/"


def stored(portal) -> list[cases.CaseView]:
    number = policies.find(portal, "acme")
    with portal.unscoped("test", reads_only=True) as work:
        references = list(work.session.scalars(select(Case.reference).order_by(Case.id)))
    with portal.reading(Actor("person", references=frozenset(references)), number) as work:
        return [cases.view(work, reference) for reference in references]


def test_the_organisation_lists_every_right_and_free_words_last(browser):
    links = browser.get("/c/acme/").links()
    shown = [link.split("/")[3] for link in links if re.fullmatch(r"/c/acme/\w+/", link)]
    assert shown[-4:] == ["other", "several", "catalogue", "complain"]
    assert set(shown) == {*TYPED, "several", "catalogue", "complain"}


@RIGHTS
def test_each_right_is_filed_in_three_pages(browser, portal, right):
    typed, told = TYPED[right]
    assert browser.get(path(right)).h1
    page = browser.post(path(right), {**typed, **ABOUT})
    assert page.h1 == "Check your answers"
    for words in told:
        assert words in page.main
    assert browser.post(f"{path(right)}check/").h1 == "Your request is on its way"
    (case,) = stored(portal)
    assert case.right == right
    assert "not asked for" not in str(case.details), "what does not follow is not kept"


@RIGHTS
def test_back_finds_everything_typed(browser, right):
    typed, _ = TYPED[right]
    browser.post(path(right), {**typed, **ABOUT})
    page = browser.get(path(right))
    for name, value in {**typed, **ABOUT}.items():
        if isinstance(value, str) and name not in {"scope", "grounds", "situation"}:
            assert page.value(name) == value
    for value in typed.get("grounds", []) if isinstance(typed.get("grounds"), list) else []:
        assert re.search(rf'value="{value}"[^>]*checked', page.html)


@RIGHTS
def test_an_old_page_loses_nothing_and_sends_nothing(browser, portal, right):
    typed, _ = TYPED[right]
    page = browser.post(path(right), {**typed, **ABOUT}, token=False, status=422)
    assert "Everything you typed is still here" in page.problems[0][1]
    assert page.value("name") == "Ana Ionescu"
    assert stored(portal) == []


@RIGHTS
def test_another_language_loses_nothing(browser, right):
    typed, _ = TYPED[right]
    page = browser.post(path(right), {**typed, **ABOUT, "lang": "lv"})
    assert page.value("name") == "Ana Ionescu"
    for name, value in typed.items():
        if isinstance(value, str) and name in {"wish", "to", "view", *CORRECTION}:
            assert page.value(name) == value


MISSING = [
    ("rectification", {}, ["#corrections.0.field", "#corrections.0.right"]),
    ("rectification", {"corrections.1.field": "Name"}, ["#corrections.1.right"]),
    ("restriction", {}, ["#grounds"]),
    ("objection", {}, ["#grounds"]),
    ("objection", {"grounds": "own_situation"}, ["#situation"]),
    ("consent_withdrawal", {}, ["#consents"]),
    ("consent_withdrawal", {"consents": ["other"]}, ["#wish"]),
    ("automated_decision_review", {}, ["#wish"]),
    ("instruction", {}, ["#wish"]),
    ("other", {"wish": " "}, ["#wish"]),
    ("erasure", {"grounds": ["made_up"]}, ["#grounds"]),
    ("erasure", {"grounds": ["accuracy_contested"]}, ["#grounds"]),
    ("objection", {"grounds": "sale"}, ["#grounds"]),
    ("other", {"wish": "a\u202eb"}, ["#wish"]),
    ("portability", {"to": "x" * 501}, ["#to"]),
]


@pytest.mark.parametrize(("right", "typed", "where"), MISSING)
def test_what_is_missing_is_named_beside_its_field(browser, portal, right, typed, where):
    page = browser.post(path(right), {**typed, **ABOUT, "customer_number": "C-7"}, status=422)
    assert [place for place, _ in page.problems] == where
    assert page.value("customer_number") == "C-7"
    assert stored(portal) == []


def test_another_correction_is_added_without_scripts_up_to_five(browser):
    sent = {**CORRECTION, **ABOUT, "add": "1"}
    for rows in range(2, 6):
        page = browser.post(path("rectification"), sent)
        assert page.h1 == "Have wrong data corrected"
        assert page.problems == []
        assert page.value(f"corrections.{rows - 1}.right") == ""
        assert page.value("corrections.0.right") == "2"
        sent |= {f"corrections.{rows - 1}.field": "Name", f"corrections.{rows - 1}.right": "Ana"}
    assert 'name="add"' not in page.html
    assert "Correction 5" in browser.post(path("rectification"), {**sent, "add": ""} | {"add": "1"}).main
    del sent["add"]
    page = browser.post(path("rectification"), sent)
    assert page.h1 == "Check your answers"
    assert "Correction 5" in page.main


def test_rows_left_empty_count_for_nothing(browser, portal):
    browser.post(path("rectification"), {
        "corrections.0.field": " ", "corrections.0.right": "", "corrections.1.field": "Name",
        "corrections.1.right": "Ana", "corrections.2.field": "", **ABOUT,
    })  # fmt: skip
    browser.post(f"{path('rectification')}check/")
    (case,) = stored(portal)
    assert dict(case.details) == {"corrections.0.field": "Name", "corrections.0.right": "Ana"}


def test_an_objection_may_ask_for_setting_aside_in_the_same_breath(browser, portal):
    typed = {"grounds": "own_situation", "situation": "I am ill.", "restrict": ["yes"]}
    page = browser.post(path("objection"), {**typed, **ABOUT})
    assert "Keep my data" in page.main
    page = browser.post(f"{path('objection')}check/")
    assert page.h1 == "Your requests are on their way"
    assert "Have data set aside" in page.main
    objection, restriction = stored(portal)
    assert (objection.right, restriction.right, restriction.grounds) == (
        "objection", "restriction", ("objection_pending",),
    )  # fmt: skip


def test_advertising_is_asked_nothing_more(browser):
    page = browser.get(path("objection"))
    assert "nobody may refuse that" in page.main
    options = re.findall(r'<input[^>]*name="grounds"[^>]*>', page.html)
    asks = {re.search(r'value="(\w+)"', option)[1]: "data-asks" in option for option in options}
    assert asks == {"own_situation": True, "direct_marketing": False, "research": True}


def test_a_right_without_a_form_here_is_no_dead_end(browser, portal):
    page = browser.get("/c/borealis/erasure/", status=404)
    assert page.h1 == "Have data erased"
    for words in ("no form of its own", "privacy@borealis.example", "What would you like?"):
        assert words in page.main
    assert 'action="/c/borealis/other/"' in page.html
    page = browser.post("/c/borealis/other/", {"wish": "Erase my photo", **ABOUT})
    assert page.h1 == "Check your answers"
    assert browser.post("/c/borealis/other/check/").h1 == "Your request is on its way"
    assert browser.get("/c/acme/complaint/", status=404).h1 == "This has no form here"


def test_the_persons_page_and_the_desks_page_say_what_was_asked(browser, mailbox):
    browser.post(path("erasure"), {"grounds": ["unlawful"], "wish": "<b>My</b>\nphoto", **ABOUT})
    page = browser.post(f"{path('erasure')}check/")
    reference = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)[0]
    page = browser.post(f"/case/{reference}/confirm", {"code": mailbox()})
    for words in ("The data should not have been used", "Art. 17(1)(d)", "<b>My</b> photo"):
        assert words in page.main
