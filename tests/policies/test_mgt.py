"""MGT Connect's procedures as its file has them: who sees which data for how long, why it is held, when it is answered.

What the notice leaves open is open here too: a number that nobody gave would be a promise that nobody made.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import cast

import pytest

from app.domain.clock import Fact
from app.domain.deadlines import reckon
from app.domain.disclosure import category_facts, is_abroad
from app.domain.permissions import Actor, sees
from app.domain.policy import ControllerFile, Regime, RightName, say
from app.domain.rights_forms import forms_of
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.queries.policies import Policy
from app.queries.proof import suffices

READ = read_controller(CONTROLLERS / "mgt.yaml")
FILE: ControllerFile = READ.file
LAW: Regime = load_regimes()["gdpr"]
DESK = {"operations", "customer_service", "security"}
FUNCTIONS = {*DESK, "marketing", "legal"}
ACCOUNT = ("user.account", "user.name", "user.contact", "user.authorization", "user.privacy_preferences")
SEEN_BY: Mapping[str, set[str]] = {
    "user.workplace": FUNCTIONS,  # the notice names nobody: nobody is shut out
    **dict.fromkeys(ACCOUNT, DESK),
    "user.content": DESK,
    "user.payment": DESK,
    "user.behavior": DESK,
    "user.device": {"operations", "security"},
    "user.social": {"operations", "marketing"},
    "user.financial": {"operations", "security", "legal"},
}


@pytest.mark.parametrize(("category", "functions"), SEEN_BY.items())
def test_a_member_of_staff_sees_what_their_function_needs(category: str, functions: set[str]) -> None:  # G-1
    may = {one for one in FUNCTIONS if sees(Actor("staff", role="handler", functions=(one,)), FILE.categories[
        category].functions)}  # fmt: skip
    assert may == functions


@pytest.mark.parametrize(
    ("category", "kept"),
    [
        ("user.content", {"years": 2}),
        ("user.payment", {"years": 10}),
        ("user.financial", {"years": 10}),
        ("user.social", {"days": 90, "from": "purpose_end"}),
        *((name, None) for name in ("user.workplace", "user.behavior", "user.device", *ACCOUNT)),
    ],
)
def test_data_is_kept_as_long_as_the_notice_says(category: str, kept: dict[str, object] | None) -> None:  # G-1
    keep = FILE.categories[category].keep
    assert (keep and keep.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)) == kept


def test_logs_are_kept_between_two_times_and_devices_for_one_that_is_open() -> None:  # G-1
    logs, devices = category_facts(FILE, ["user.behavior", "user.device.ip_address"], "en")
    assert "90 days to 1 year" in str(logs.keep)
    assert devices.keep == ""


def test_every_column_is_looked_after_by_the_category_of_its_table() -> None:  # G-1
    for data in READ.datasets.values():
        for collection in data.collections.values():
            (table,) = set.intersection(*(set(one.categories) for one in collection.fields.values()))
            assert table in FILE.categories, collection.name


def test_each_purpose_has_data_and_a_legal_basis() -> None:  # G-2
    used = {name for rule in FILE.categories.values() for name in rule.purposes}
    assert used == FILE.purposes.keys()
    assert {one.legal_basis for one in FILE.purposes.values()} == {
        "contract", "consent", "legitimate_interest", "legal_obligation",
    }  # fmt: skip
    assert all(rule.purposes for rule in FILE.categories.values())


def test_two_consents_and_no_third() -> None:  # G-6
    options = next(one for one in forms_of(LAW, FILE)["consent_withdrawal"].questions if one.name == "consents").options
    assert [one.value for one in options] == ["third_party_offers", "news", "other"]


def test_who_objects_is_offered_that_the_data_is_set_aside() -> None:  # G-4
    (offered,) = (one for one in forms_of(LAW, FILE)["objection"].questions if one.name == "restrict")
    assert offered.kind == "tick"


def test_whoever_is_abroad_has_signed_something_of_which_there_is_a_copy() -> None:  # G-7
    abroad = [one for one in FILE.recipients if is_abroad(FILE.controller.country, one.country)]
    assert {say(one.safeguards or "", "en") for one in abroad} == {
        "Standard contractual clauses", "Binding corporate rules",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("erasure", {"en": "You can erase your own account yourself at any time", "bg": "сами по всяко време"}),
        ("instruction", {"en": "within 90 days and handed over in a secured archive", "bg": "в срок от 90 дни"}),
        ("rectification", {"en": "in your profile", "bg": "поправя поддръжката"}),
        ("disclosure_information", {"en": "the business partners of your company", "bg": "търговските партньори"}),
    ],
)
def test_a_note_says_what_is_special_here(right: str, words: Mapping[str, str]) -> None:  # G-3, G-5, G-8
    note = FILE.rights[cast("RightName", right)].note
    assert all(text in say(note or "", language) for language, text in words.items())


def test_no_right_of_the_law_is_left_out() -> None:
    assert LAW.rights_of_subjects().keys() <= FILE.rights.keys()


@pytest.mark.parametrize("right", sorted(LAW.rights_of_subjects().keys() - {"consent_withdrawal"}))
@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 23), date(2026, 12, 23)),
        (date(2026, 11, 24), date(2026, 12, 29)),  # Christmas; of its days the Saturday moves to Monday
        (date(2026, 12, 1), date(2027, 1, 4)),  # New Year and a weekend
        (date(2027, 2, 3), date(2027, 3, 4)),  # 3 March, the national day
    ],
)
def test_the_month_of_the_law_ends_on_a_working_day_of_bulgaria(right: str, received: date, due: date) -> None:
    assert clock(right, received) == due


def test_a_consent_ends_on_the_day_on_which_it_is_taken_back() -> None:  # G-6
    assert clock("consent_withdrawal", date(2026, 11, 23)) == date(2026, 11, 23)


def clock(right: str, received: date) -> date | None:
    at = datetime(received.year, received.month, received.day, 9, tzinfo=UTC)
    place = FILE.controller
    offer = FILE.rights[cast("RightName", right)]
    return reckon(
        [Fact("received", at)], rule=LAW.rule(right), promise=offer.respond_within, country=place.country,
        timezone=place.timezone,
    ).due  # fmt: skip


@pytest.mark.parametrize("right", FILE.rights)
def test_a_code_by_mail_suffices_of_a_person_and_papers_of_a_company(right: str) -> None:  # G-3, G-5
    policy = Policy(1, 1, FILE, READ.datasets, LAW)
    if right == "instruction":
        assert suffices(policy, right, capacity="customer") == (frozenset({"email_code", "official_letter"}),)
    else:
        assert frozenset({"email_code"}) in suffices(policy, right, capacity="self")
