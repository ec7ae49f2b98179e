"""SoftFirm's procedures as its file has them: signed by hand, ten working days by the Russian calendar, three
consents that end each by itself.

What the notice leaves open is open here too: a number that nobody gave would be a promise that nobody made.
"""

from datetime import UTC, date, datetime
from typing import cast

import pytest

from app.domain.ages import strictest
from app.domain.clock import Clock, Fact
from app.domain.deadlines import reckon
from app.domain.disclosure import category_facts
from app.domain.policy import RightName, say
from app.domain.rights_forms import forms_of
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.queries.policies import Policy
from app.queries.proof import suffices

READ = read_controller(CONTROLLERS / "softfirm.yaml")
FILE, LAW = READ.file, load_regimes()["ru_152fz"]
NAMED = ("access", "disclosure_information", "rectification", "erasure", "consent_withdrawal")
SIGNED = NAMED[:-1]
HELD = ("user.name", "user.contact.phone_number", "user.contact.email", "user.device.ip_address")
WINTER, FORM_OF_WINTER = date(2025, 2, 3), date(2025, 2, 10)
SPRING, FORM_OF_SPRING = date(2025, 4, 21), date(2025, 4, 28)  # then 1 to 4 and 8 to 11 May are off
AUTUMN, FORM_OF_AUTUMN = date(2025, 10, 20), date(2025, 10, 27)  # Saturday 1 November is worked, 2 to 4 are off


def clock(right: str, received: date, *, signed: date | None = None) -> Clock:
    facts = [Fact("received", at(received)), *([Fact("duly_executed", at(signed))] if signed else [])]
    place, promise = FILE.controller, FILE.rights[cast("RightName", right)].respond_within
    return reckon(
        facts, rule=LAW.rule(right), promise=promise, country=place.country, timezone=place.timezone,
        signed_form=promise is not None and promise.from_ == "duly_executed",
    )  # fmt: skip


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def test_what_the_notice_names_is_offered_and_so_is_what_the_law_gives() -> None:
    assert {*NAMED} <= FILE.rights.keys()
    assert LAW.rights_of_subjects().keys() <= FILE.rights.keys()


@pytest.mark.parametrize("right", FILE.rights)
def test_what_the_notice_names_is_signed_by_hand_except_where_no_paper_may_be_asked_for(right: str) -> None:
    ways = suffices(Policy(1, 1, FILE, READ.datasets, LAW), right, capacity="self")
    if right in SIGNED:
        assert ways == (frozenset({"signed_form"}),)
    else:
        assert frozenset({"email_code"}) in ways
        assert not any("signed_form" in one for one in ways)


@pytest.mark.parametrize("right", ["access", "disclosure_information"])
@pytest.mark.parametrize(
    ("received", "signed", "law", "due"),
    [
        (WINTER, FORM_OF_WINTER, date(2025, 2, 17), date(2025, 2, 24)),
        (SPRING, FORM_OF_SPRING, date(2025, 5, 7), date(2025, 5, 16)),
        (AUTUMN, FORM_OF_AUTUMN, date(2025, 11, 1), date(2025, 11, 11)),
    ],
)
def test_ten_working_days_begin_with_the_signed_form(
    right: str, received: date, signed: date, law: date, due: date
) -> None:
    waiting, counted = clock(right, received), clock(right, received, signed=signed)
    assert (waiting.due, waiting.promised_due) == (law, None)  # nothing is promised before, and the law runs
    assert (counted.due, counted.statutory_due) == (due, law)


@pytest.mark.parametrize("right", ["rectification", "erasure"])
@pytest.mark.parametrize(
    ("received", "signed", "law", "due"),
    [
        (WINTER, FORM_OF_WINTER, date(2025, 2, 12), date(2025, 2, 19)),
        (SPRING, FORM_OF_SPRING, date(2025, 4, 30), date(2025, 5, 13)),
    ],
)
def test_where_the_law_gives_seven_working_days_it_is_seven_from_the_form(
    right: str, received: date, signed: date, law: date, due: date
) -> None:
    assert clock(right, received).promised_due is None
    counted = clock(right, received, signed=signed)
    assert (counted.due, counted.statutory_due) == (due, law)


@pytest.mark.parametrize(
    ("received", "law", "due"),
    [(WINTER, date(2025, 3, 5), date(2025, 2, 17)), (FORM_OF_SPRING, date(2025, 5, 28), date(2025, 5, 16))],
)
def test_a_consent_needs_no_form_so_its_time_begins_with_the_request(
    received: date, law: date, due: date
) -> None:
    found = clock("consent_withdrawal", received)
    assert (found.due, found.statutory_due) == (due, law)


@pytest.mark.parametrize(
    ("right", "due"),
    [
        ("confirmation", date(2025, 5, 16)), ("objection", date(2025, 5, 16)),
        ("automated_decision_review", date(2025, 5, 16)), ("restriction", FORM_OF_SPRING),
    ],
)  # fmt: skip
def test_what_only_the_law_gives_is_answered_when_the_law_says(right: str, due: date) -> None:
    assert clock(right, FORM_OF_SPRING).due == due


def test_three_consents_each_by_itself() -> None:
    asked = next(one for one in forms_of(LAW, FILE)["consent_withdrawal"].questions if one.name == "consents")
    assert [one.value for one in asked.options] == ["processing", "transfer", "cookies", "other"]
    assert asked.kind == "choices"


def test_the_strictest_age_holds_whatever_country_somebody_lives_in() -> None:
    assert FILE.controller.no_use_under == {"US": 13, "EU": 16}
    assert strictest(LAW.ages, FILE.controller.no_use_under, FILE.controller.country) == 16


@pytest.mark.parametrize("language", FILE.controller.languages)
def test_all_that_is_held_was_given_by_the_user_and_nobody_says_for_how_long(language: str) -> None:
    facts = category_facts(FILE, list(HELD), language)
    assert {str(one.source) for one in facts} == {
        {"ru": "Вы указали это сами.", "en": "You gave it yourself."}[language]
    }
    assert {one.keep for one in facts} == {""}


def test_whoever_gets_data_gets_it_by_consent_or_because_a_law_demands_it() -> None:
    by_law = {name for name, one in FILE.purposes.items() if one.legal_basis == "legal_obligation"}
    assert by_law == {"required_by_law"}
    assert "решений суда" in say(FILE.purposes["required_by_law"].law or "", "ru")
    for category in HELD:
        assert {"transfer", "required_by_law"} <= {*FILE.categories[category].purposes}
