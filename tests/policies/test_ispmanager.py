"""ispmanager's procedures as its file has them: when it answers, why it holds what, who gets it, what is left open."""

from datetime import UTC, date, datetime
from typing import cast

import pytest

from app.domain.clock import Fact
from app.domain.deadlines import reckon
from app.domain.disclosure import category_facts
from app.domain.policy import ControllerFile, Regime, RightName, say
from app.domain.rights_forms import forms_of
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.queries.policies import Policy
from app.queries.proof import suffices

READ = read_controller(CONTROLLERS / "ispmanager.yaml")
FILE: ControllerFile = READ.file
LAW: Regime = load_regimes()["gdpr"]
POLICY = Policy(1, 1, FILE, READ.datasets, LAW)
NAMED = {  # I-1; the complaint to an authority is on every page and in every letter, whatever the file says
    "access", "rectification", "erasure", "restriction", "objection", "portability", "consent_withdrawal",
}  # fmt: skip


def test_every_right_of_the_notice_and_of_the_law_is_offered() -> None:  # I-1
    assert NAMED | LAW.rights_of_subjects().keys() <= FILE.rights.keys()


@pytest.mark.parametrize("right", sorted(FILE.rights.keys() - {"consent_withdrawal"}))
@pytest.mark.parametrize(
    ("received", "extended", "due"),
    [
        # From a month of 31 days the promise of 30 days ends before the law's month does, and rolls past no holiday.
        (date(2026, 11, 23), False, date(2026, 12, 23)),
        (date(2026, 12, 7), False, date(2027, 1, 6)),  # Epiphany; the law's month ends on 7 January
        (date(2026, 12, 2), False, date(2027, 1, 1)),  # New Year; the law's ends on 4 January, a Monday
        (
            date(2027, 1, 29),
            False,
            date(2027, 2, 28),
        ),  # a Sunday; the law's month, cut short by February, ends on 1 March
        (date(2027, 2, 10), False, date(2027, 3, 10)),  # 28 days: February is shorter than the promise
        # Longer for a reason that is told in time: the law's two months more.
        (date(2026, 11, 23), True, date(2027, 2, 23)),
    ],
)
def test_answers_within_30_days_or_the_month_whichever_ends_first(
    right: str, received: date, *, extended: bool, due: date
) -> None:  # I-4
    assert clock(right, received, extended=extended) == due


def test_a_consent_ends_on_the_day_on_which_it_is_taken_back() -> None:  # I-1
    assert clock("consent_withdrawal", date(2026, 12, 25)) == date(2026, 12, 25)


def clock(right: str, received: date, *, extended: bool = False) -> date | None:
    at = datetime(received.year, received.month, received.day, 9, tzinfo=UTC)
    facts = [Fact("received", at)]
    if extended:
        facts.append(Fact("extended", at.replace(day=at.day + 1), {"by": {"months": 2}, "reason": "complexity"}))
    place, offer = FILE.controller, FILE.rights[cast("RightName", right)]
    return reckon(
        facts, rule=LAW.rule(right), promise=offer.respond_within, country=place.country, timezone=place.timezone
    ).due


@pytest.mark.parametrize("right", FILE.rights)
def test_who_is_signed_in_shows_nothing_more_and_nobody_needs_papers(right: str) -> None:  # I-1
    least = frozenset({"account_session"}), frozenset({"email_code"})
    assert suffices(POLICY, right, capacity="self") == least


@pytest.mark.parametrize("right", ["access", "erasure"])
def test_who_asks_for_a_child_shows_that_they_may(right: str) -> None:  # I-5
    assert suffices(POLICY, right, capacity="guardian") == (frozenset({"email_code", "representative"}),)


def test_the_age_of_a_child_is_left_to_the_law_of_the_country() -> None:  # I-5
    assert not FILE.controller.no_use_under
    assert FILE.purposes["children"].legal_basis == "consent"


def test_each_purpose_has_one_of_four_legal_bases_and_data() -> None:  # I-8
    assert {one.legal_basis for one in FILE.purposes.values()} == {
        "consent", "contract", "legal_obligation", "legitimate_interest",
    }  # fmt: skip
    assert {name for rule in FILE.categories.values() for name in rule.purposes} == FILE.purposes.keys()


def test_no_length_of_time_is_promised_where_the_notice_names_none() -> None:  # I-10
    held = {name for data in READ.datasets.values() for one in data.collections.values() for name in one.categories}
    facts = category_facts(FILE, held, "en")
    assert not any(rule.keep for rule in FILE.categories.values())
    assert all(str(one.keep) for one in facts)
    assert say(FILE.categories["user.name"].criteria or "", "en").startswith("Removed without delay")
    assert (FILE.backups, FILE.accounts) == ((), {})


def test_three_kinds_of_cookies_can_be_withdrawn_and_the_two_that_are_needed_cannot() -> None:  # I-9
    options = next(one for one in forms_of(LAW, FILE)["consent_withdrawal"].questions if one.name == "consents").options
    offered = [one.value for one in options if one.value.endswith("_cookies")]
    assert offered == ["settings_cookies", "marketing_cookies", "analytics_cookies"]
    assert FILE.purposes["needed_cookies"].legal_basis == "contract"
    note = FILE.rights["consent_withdrawal"].note or ""
    assert "does not work without them" in say(note, "en")
    assert "кабинет не работает" in " ".join(say(note, "ru").split())


def test_processors_are_named_with_their_country_and_instructions() -> None:  # I-7
    processors = [one for one in FILE.recipients if one.role == "processor"]
    assert len(processors) >= 2
    assert all(isinstance(one.safeguards, dict) and one.safeguards.keys() == {"en", "ru"} for one in processors)


def test_the_eight_cases_of_disclosure_are_named_in_both_languages() -> None:  # I-7
    note = FILE.rights["disclosure_information"].note or ""
    for language in FILE.controller.languages:
        assert len(say(note, language).partition(": ")[2].split(";")) == 8
