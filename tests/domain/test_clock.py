"""What moves a deadline: pauses, restarts, the extension, the signed form; and what may not be written down of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendars import Moment, calendar_ends, is_working_day
from app.domain.corrections import CORRECTIONS
from app.domain.deadlines import (
    Clock,
    Fact,
    check_extension,
    check_pause,
    check_resume,
    lateness,
    reckon,
)
from app.domain.errors import Invalid, Refused
from app.domain.policy import Period, Rule, Span

RIGA = ZoneInfo("Europe/Riga")
TOLD = {"article": "Art. 12(6)", "explanation": "x"}
MONTH: dict[str, Any] = {
    "title": "Answer", "length": {"months": 1}, "article": "GDPR, Art. 12(3)", "counted_by": "eu_1182_71",
    "rolls": True, "pauses": {"identity": TOLD, "clarification": TOLD},
    "extension": {"by": {"months": 2}, "article": "GDPR, Art. 12(3)", "reasons": {"complexity": "x"}},
}  # fmt: skip
GDPR = Rule.model_validate(MONTH)
UK = Rule.model_validate({
    **MONTH, "pauses": {"clarification": {**TOLD, "both_days": True}},
    "restarts": {"id_received": TOLD, "fee_paid": TOLD},
})  # fmt: skip
TEN_DAYS = Rule.model_validate({
    "title": "Answer", "length": {"working_days": 10}, "article": "152-FZ", "counted_by": "ru_civil_code",
    "extension": {"by": {"working_days": 5}, "article": "152-FZ", "reasons": {"complexity": "x"}},
})  # fmt: skip
TWO_DAYS = Rule.model_validate(
    {"title": "x", "length": {"days": 2}, "article": "x", "counted_by": "eu_1182_71", "rolls": True}
)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), RIGA).astimezone(UTC)


def fact(kind: str, day: date, **data: object) -> Fact:
    return Fact(kind, at(day), data)


def wait(first: date, last: date | None = None, reason: str = "clarification") -> list[Fact]:
    asked = [fact("paused", first, reason=reason)]
    return asked + ([fact("resumed", last, reason=reason)] if last else [])


def clock(day: date, *facts: Fact, rule: Rule = GDPR, country: str = "LV", promise: Period | None = None) -> Clock:
    return reckon([fact("received", day), *facts], rule=rule, promise=promise, country=country, timezone="Europe/Riga")


MARCH_5 = date(2024, 3, 5)


def test_a_paused_clock_has_only_an_earliest_date() -> None:
    found = clock(MARCH_5, *wait(date(2024, 3, 7)))
    assert (found.state, found.due, found.statutory_due, found.base_due) == ("paused", None, None, None)
    assert (found.earliest_due, found.paused_since) == (date(2024, 4, 5), date(2024, 3, 7))
    assert "at the earliest" in str(found.steps[-1].why)
    assert lateness(found.earliest_due, found.state, date(2030, 1, 1)) is None


def test_one_answer_of_two_does_not_start_it_again() -> None:
    both = [*wait(date(2024, 3, 7), reason="identity"), *wait(date(2024, 3, 8), date(2024, 3, 9))]
    assert clock(MARCH_5, *both).state == "paused"
    assert clock(MARCH_5, *both, Fact("resumed", at(date(2024, 3, 12)), {"reason": "identity"})).due == date(
        2024, 4, 10
    )
    # An answer that does not say to what is one to everything.
    assert clock(MARCH_5, *both, Fact("resumed", at(date(2024, 3, 12)))).state == "running"


def test_whoever_gives_up_while_waiting_is_answered() -> None:
    found = clock(MARCH_5, *wait(date(2024, 3, 7)), fact("stopped", date(2024, 3, 17)))
    assert (found.state, found.due) == ("stopped", date(2024, 4, 15))


def test_a_law_that_knows_no_such_pause_runs_on() -> None:
    found = clock(MARCH_5, *wait(date(2024, 3, 7)), rule=TEN_DAYS)
    assert found.state == "running"
    assert "no_pause" in [step.rule for step in found.steps]


def test_waiting_for_identity_comes_before_the_start_where_the_law_says_so() -> None:
    waiting = clock(MARCH_5, *wait(date(2024, 3, 7), reason="identity"), rule=UK)
    assert (waiting.state, waiting.earliest_due) == ("paused", date(2024, 4, 8))  # 7 April is a Sunday
    known = clock(MARCH_5, *wait(date(2024, 3, 7), date(2024, 3, 11), reason="identity"), rule=UK)
    assert known.due == date(2024, 4, 11)
    fee = clock(MARCH_5, *wait(date(2024, 3, 7), date(2024, 3, 12), reason="fee"), rule=UK)
    assert fee.due == date(2024, 4, 12)
    assert "the fee was paid" in str(fee.steps[1].why)
    assert "fee is awaited" in str(clock(MARCH_5, *wait(date(2024, 3, 7), reason="fee"), rule=UK).steps[-1].why)


def test_identity_asked_when_the_time_was_over_begins_nothing() -> None:
    late = clock(MARCH_5, *wait(date(2024, 4, 20), reason="identity"), rule=UK)
    assert (late.state, late.due) == ("running", date(2024, 4, 5))


def test_the_other_reading_is_told_and_not_relied_on() -> None:
    found = clock(date(2024, 2, 15), *wait(date(2024, 2, 20), date(2024, 2, 27)), rule=UK)
    assert found.due == date(2024, 3, 22)
    (other,) = [step for step in found.steps if step.rule == "other_reading"]
    assert other.date == date(2024, 3, 25)  # 23 March is a Saturday


def test_an_extension_without_a_readable_length_is_the_laws() -> None:
    for by in ({}, {"by": "long"}, {"by": {"months": 9}}, {"by": {"months": 2}}):
        assert clock(MARCH_5, fact("extended", date(2024, 3, 20), **by)).due == date(2024, 6, 5)


def test_a_late_extension_is_not_saved_by_a_later_pause() -> None:
    late = fact("extended", date(2024, 4, 8), by={"months": 2})
    found = clock(MARCH_5, late, *wait(date(2024, 4, 9), date(2024, 4, 30)))
    assert (found.due, found.extended) == (date(2024, 4, 5), False)


def test_two_days_hold_two_working_days() -> None:
    # Thursday before Easter 2024: Saturday at first, Tuesday by rolling, Wednesday by Art. 3(5).
    assert clock(date(2024, 3, 28), rule=TWO_DAYS).due == date(2024, 4, 3)


def test_a_promise_from_the_complete_request() -> None:
    promise = Period(working_days=10, from_="duly_executed")
    waiting = clock(MARCH_5, promise=promise)
    assert (waiting.due, waiting.promised_due) == (date(2024, 4, 5), None)
    assert "has not begun" in " ".join(str(step.why) for step in waiting.steps)
    done = clock(MARCH_5, fact("duly_executed", date(2024, 3, 7)), promise=promise)
    assert (done.due, done.promised_due, done.statutory_due) == (
        date(2024, 3, 21), date(2024, 3, 21), date(2024, 4, 5),
    )  # fmt: skip


def test_taken_up_again_a_new_clock_stands_beside_the_old_one() -> None:
    promise = Period(days=10, from_="duly_executed")
    before = [
        fact("duly_executed", MARCH_5), fact("extended", date(2024, 3, 6), by={"months": 2}),
        *wait(date(2024, 3, 7), date(2024, 3, 9)), fact("stopped", date(2024, 3, 20)),
    ]  # fmt: skip
    again = fact("reopened", date(2024, 5, 6))
    found = clock(MARCH_5, *before, again, promise=promise)
    assert (found.state, found.statutory_due, found.due) == ("running", date(2024, 6, 6), date(2024, 5, 16))
    assert not found.extended
    assert found.steps[0].rule == "reopened"
    (old,) = found.earlier
    assert old == clock(MARCH_5, *before, promise=promise)
    facts = [fact("received", MARCH_5), *before, again]
    extend(found, *facts, today=date(2024, 5, 20))
    with pytest.raises(Refused, match="does not stand still"):
        check_resume(facts=facts, at=at(date(2024, 5, 20)), timezone="Europe/Riga")


HOURS = Rule.model_validate(
    {"title": "x", "length": {"hours": 72}, "article": "GDPR, Art. 33(1)", "counted_by": "full_hours"}
)


@pytest.mark.parametrize("promise", [Period(years=9000), Period(days=100_000), Period(months=100_000)])
def test_a_promise_for_after_the_end_of_days_changes_nothing(promise: Period) -> None:
    assert clock(MARCH_5, promise=promise).due == date(2024, 4, 5)


def test_hours() -> None:
    known = datetime(2020, 12, 22, 11, 17, tzinfo=UTC)
    found = reckon([Fact("received", known)], rule=HOURS, promise=None, country="DE", timezone="Europe/Berlin")
    assert found.due_at == datetime(2020, 12, 25, 12, tzinfo=UTC)
    assert [str(step.at) for step in found.steps] == [
        "2020-12-22 12:17:00+01:00", "2020-12-25 13:00:00+01:00", "2020-12-25 12:17:00+01:00",
    ]  # fmt: skip
    assert "25 December 2020, 13:00" in str(found.steps[1].why)
    stopped = reckon([Fact("received", known), Fact("stopped", known + timedelta(hours=1))],
                     rule=HOURS, promise=None, country="DE", timezone="Europe/Berlin")  # fmt: skip
    assert stopped.state == "stopped"


@pytest.mark.parametrize(("hours", "expected"), [
    (0, "on_time"), (48, "on_time"), (49, "due_soon"), (72, "due_soon"), (73, "overdue"),
])  # fmt: skip
def test_a_time_in_hours_is_late_the_moment_after(hours: int, expected: str) -> None:
    known = datetime(2024, 5, 3, 12, tzinfo=UTC)
    due = known + timedelta(hours=72, minutes=30)
    now = known + timedelta(hours=hours)
    assert lateness(due.date(), "running", now.date(), due_at=due, now=now) == expected


def test_a_moment_in_a_sentence_is_still_a_moment() -> None:
    moment = Moment.of(datetime(2024, 10, 27, 3, 30, tzinfo=RIGA, fold=1))
    assert (str(moment), moment.utcoffset()) == ("27 October 2024, 03:30", timedelta(hours=2))


def extend(
    found: Clock, *facts: Fact, today: date = date(2024, 3, 20), by: Span | None = None, rule: Rule = GDPR
) -> None:
    check_extension(found, rule=rule, facts=facts, today=today, by=by or Span(months=2), country="LV")


def test_extensions_that_can_be_told() -> None:
    extend(clock(MARCH_5))
    extend(clock(MARCH_5), today=date(2024, 4, 5), by=Span(days=30))
    extend(clock(MARCH_5, *wait(date(2024, 3, 7))), today=date(2024, 5, 1))  # it stands still: the end is not reached


@pytest.mark.parametrize(("facts", "today", "words"), [
    ([], date(2024, 4, 6), "only until 5 April 2024"),
    ([fact("extended", date(2024, 3, 6), by={"months": 1})], date(2024, 3, 20), "only once"),
    ([fact("stopped", date(2024, 3, 6))], date(2024, 3, 20), "is answered"),
])  # fmt: skip
def test_extensions_that_cannot(facts: list[Fact], today: date, words: str) -> None:
    with pytest.raises(Refused, match=words):
        extend(clock(MARCH_5, *facts), *facts, today=today)


def test_an_extension_longer_than_the_law_gives() -> None:
    for by in (Span(months=3), Span(days=90), Span(hours=2)):
        with pytest.raises(Invalid) as caught:
            extend(clock(MARCH_5), by=by)
        assert set(caught.value.fields) == {"by"}
    with pytest.raises(Refused, match="no extension"):
        extend(clock(MARCH_5, rule=TWO_DAYS), rule=TWO_DAYS)
    with pytest.raises(Refused, match="has not begun"):
        extend(Clock("not_started"))


def test_a_pause_before_receipt_twice_or_after_the_end() -> None:
    received = [fact("received", MARCH_5)]
    running = clock(MARCH_5)
    check_pause(running, facts=received, at=at(date(2024, 3, 6)), timezone="Europe/Riga", reason="identity")
    with pytest.raises(Invalid, match="another look"):
        check_pause(running, facts=received, at=at(date(2024, 3, 4)), timezone="Europe/Riga", reason="identity")
    asked = [*received, *wait(date(2024, 3, 6), reason="identity")]
    with pytest.raises(Refused, match="asked already"):
        check_pause(running, facts=asked, at=at(date(2024, 3, 7)), timezone="Europe/Riga", reason="identity")
    check_pause(running, facts=asked, at=at(date(2024, 3, 7)), timezone="Europe/Riga", reason="clarification")
    with pytest.raises(Refused, match="is answered"):
        check_pause(Clock("stopped"), facts=asked, at=at(MARCH_5), timezone="Europe/Riga", reason="fee")


def test_a_resume_without_a_pause() -> None:
    received = [fact("received", MARCH_5)]
    asked = [*received, *wait(date(2024, 3, 6), reason="identity")]
    now = at(date(2024, 3, 9))
    check_resume(facts=asked, at=now, timezone="Europe/Riga", reason="identity")
    check_resume(facts=asked, at=now, timezone="Europe/Riga")
    for facts, reason in (
        (received, None),
        (asked, "clarification"),
        ([*asked, fact("resumed", date(2024, 3, 7))], None),
    ):
        with pytest.raises(Refused, match="does not stand still"):
            check_resume(facts=facts, at=now, timezone="Europe/Riga", reason=reason)
    with pytest.raises(Invalid):
        check_resume(facts=asked, at=at(MARCH_5), timezone="Europe/Riga")


def test_the_russian_production_calendar_is_known_for_the_years_that_were_decreed() -> None:
    assert date(2027, 12, 31) <= calendar_ends("RU") < date(2100, 1, 1)
    assert is_working_day(date(2024, 11, 2), "RU")  # a Saturday
    assert not is_working_day(date(2024, 12, 28), "LV")  # exchanged there, but a Saturday for Regulation 1182/71


def test_corrections_hold_and_say_why() -> None:
    assert is_working_day(date(2024, 2, 15), "US-CA")
    assert not is_working_day(date(2027, 2, 15), "US-CA")  # Presidents' Day
    assert all(one.source and one.since <= date(2026, 11, 22) for one in CORRECTIONS)


DAYS = st.dates(date(2019, 1, 1), date(2040, 12, 31))
RULES = st.sampled_from([GDPR, UK, TEN_DAYS, TWO_DAYS])
COUNTRIES = st.sampled_from(["LV", "RO", "BG", "DE", "RU", "GB-SCT", "US-CA"])


@st.composite
def courses(draw: st.DrawFn) -> tuple[date, list[Fact]]:
    """A request and what happens within the first weeks: questions, answers, an extension, a fee, a document."""
    day = draw(DAYS)
    facts: list[Fact] = []
    for first, length, reason in draw(st.lists(
        st.tuples(st.integers(0, 25), st.integers(0, 40), st.sampled_from(["identity", "clarification"])), max_size=3
    )):  # fmt: skip
        asked = day + timedelta(days=first)
        facts += wait(asked, asked + timedelta(days=length), reason)
    if draw(st.booleans()):
        facts.append(fact("extended", day + timedelta(days=draw(st.integers(0, 60))), by={"months": 1}))
    for kind in ("id_received", "fee_paid", "duly_executed", "verified"):
        if draw(st.booleans()):
            facts.append(fact(kind, day + timedelta(days=draw(st.integers(0, 30)))))
    return day, facts


def due(found: Clock) -> date:
    assert found.due is not None
    return found.due


@given(course=courses(), later=st.integers(0, 400), rule=RULES, country=COUNTRIES)
def test_a_later_receipt_is_never_due_earlier(
    course: tuple[date, list[Fact]], later: int, rule: Rule, country: str
) -> None:
    day, _ = course
    bare = clock(day, rule=rule, country=country)
    assert due(bare) <= due(clock(day + timedelta(days=later), rule=rule, country=country))
    # With a wait of the same length from the day of receipt on.
    waits = [clock(one, *wait(one, one + timedelta(days=9)), rule=rule, country=country)
             for one in (day, day + timedelta(days=later))]  # fmt: skip
    assert due(waits[0]) <= due(waits[1])


@given(course=courses(), first=st.integers(0, 60), length=st.integers(0, 60), rule=RULES, country=COUNTRIES)
def test_a_pause_never_shortens(
    course: tuple[date, list[Fact]], first: int, length: int, rule: Rule, country: str
) -> None:
    day, facts = course
    asked = day + timedelta(days=first)
    more = wait(asked, asked + timedelta(days=length))
    assert due(clock(day, *facts, rule=rule, country=country)) <= due(
        clock(day, *facts, *more, rule=rule, country=country)
    )


@given(course=courses(), told=st.integers(0, 60), rule=RULES, country=COUNTRIES)
def test_an_extension_never_shortens(course: tuple[date, list[Fact]], told: int, rule: Rule, country: str) -> None:
    day, facts = course
    without = [one for one in facts if one.kind != "extended"]
    more = [*without, fact("extended", day + timedelta(days=told), by={"working_days": 5})]
    first, second = (clock(day, *course, rule=rule, country=country) for course in (without, more))
    assert due(first) <= due(second)
    assert first.base_due == second.base_due


@given(course=courses(), rule=RULES, country=COUNTRIES, data=st.data())
def test_the_order_of_facts_does_not_matter_nor_does_what_no_clock_knows(
    course: tuple[date, list[Fact]], rule: Rule, country: str, data: st.DataObject
) -> None:
    day, facts = course
    found = clock(day, *facts, rule=rule, country=country)
    assert found == clock(day, *data.draw(st.permutations(facts)), rule=rule, country=country)
    stray = fact("moon", day + timedelta(days=3), phase="full")
    assert found == clock(day, *facts, stray, rule=rule, country=country)


@given(course=courses(), rule=RULES, country=COUNTRIES)
def test_where_the_law_rolls_no_date_is_a_day_off_and_each_step_is_a_sentence(
    course: tuple[date, list[Fact]], rule: Rule, country: str
) -> None:
    day, facts = course
    found = clock(day, *facts, rule=rule, country=country)
    assert is_working_day(due(found), country)
    assert found.base_due is not None
    assert is_working_day(found.base_due, country)
    assert found.base_due <= due(found)
    assert found.steps[-1].date == found.due
    for step in found.steps:
        assert str(step.why).endswith(".")
        assert "%(" not in str(step.why)
