"""Due dates by Regulation 1182/71 (LAW 2.1, 2.3), the promise beside them, and the steps that explain them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendars import calendar_ends, day_off, is_working_day
from app.domain.deadlines import Clock, Fact, add, check_receipt, lateness, length, reckon
from app.domain.errors import Invalid
from app.domain.policy import Keep, Period, Rule, Span

RULE = Rule.model_validate({
    "title": "Answer", "length": {"months": 1}, "article": "GDPR, Art. 12(3)", "counted_by": "eu_1182_71",
    "rolls": True,
})  # fmt: skip
ZONES = {"LV": "Europe/Riga", "RO": "Europe/Bucharest", "BG": "Europe/Sofia", "DE": "Europe/Berlin"}


def received(day: date, zone: str = "Europe/Riga") -> Fact:
    return Fact("received", datetime(day.year, day.month, day.day, 15, tzinfo=ZoneInfo(zone)).astimezone(UTC))


def clock(day: date, *facts: Fact, promise: Period | None = None, country: str = "LV") -> Clock:
    zone = ZONES[country]
    return reckon([received(day, zone), *facts], rule=RULE, promise=promise, country=country, timezone=zone)


def test_steps_tell_a_lay_person_how_it_was_counted() -> None:
    steps = clock(date(2026, 11, 22)).steps
    assert [(str(step.date), step.rule) for step in steps] == [
        ("2026-11-22", "received"), ("2026-12-22", "period"), ("2026-12-22", "due"),
    ]  # fmt: skip
    assert [str(step.why) for step in steps] == [
        "Received on 22 November 2026 (Riga time). That day itself is not counted (Regulation 1182/71, Art. 3(1)).",
        (
            "The law gives one month (GDPR, Art. 12(3)): until the day with the same number, 22 December 2026"
            " (Regulation 1182/71, Art. 3(2)(c))."
        ),
        "The answer is due by the end of 22 December 2026.",
    ]


def test_days_off_at_the_end_are_named_one_by_one() -> None:
    rolled = clock(date(2025, 10, 31), country="RO").steps[-2]
    assert rolled.rule == "next_working_day"
    assert str(rolled.why) == (
        "30 November 2025 is a public holiday in Romania (Saint Andrew's Day); 1 December 2025 is a public holiday in"
        " Romania (National Day). The time therefore runs until the end of the next working day, 2 December 2025"
        " (Regulation 1182/71, Art. 3(4))."
    )


def test_a_month_that_lacks_the_day_ends_on_its_last_one() -> None:
    why = str(clock(date(2024, 1, 31)).steps[1].why)
    assert "has no day number 31" in why
    assert "its last day, 29 February 2024" in why


def test_a_law_that_counts_days() -> None:
    days = RULE.model_copy(update={"length": Span(days=15), "article": "Art. 19"})
    found = reckon([received(date(2024, 3, 5))], rule=days, promise=None, country="LV", timezone="Europe/Riga")
    assert found.due == date(2024, 3, 20)
    assert str(found.steps[1].why) == "The law gives 15 days (Art. 19): until 20 March 2024."


def test_the_day_of_receipt_is_the_controllers_own() -> None:
    before_midnight = Fact("received", datetime(2026, 8, 31, 20, 59, tzinfo=UTC))
    after_midnight = Fact("received", datetime(2026, 8, 31, 21, 1, tzinfo=UTC))
    due = [
        reckon([fact], rule=RULE, promise=None, country="LV", timezone="Europe/Riga").due
        for fact in (before_midnight, after_midnight)
    ]
    assert due == [date(2026, 9, 30), date(2026, 10, 1)]


@pytest.mark.parametrize(("promise", "due", "words"), [
    (Period(days=10), date(2024, 3, 15), "earlier than the law asks"),
    (Period(days=60), date(2024, 4, 5), "stricter than the promise"),
    (Period(weeks=1), date(2024, 3, 12), "earlier than the law asks"),
    (Period(working_days=10), date(2024, 3, 19), "earlier than the law asks"),
    (Period(months=1), date(2024, 4, 5), "The answer is due"),
    (Period(years=1), date(2024, 4, 5), "stricter than the promise"),
])  # fmt: skip
def test_the_earlier_of_law_and_promise_counts(promise: Period, due: date, words: str) -> None:
    found = clock(date(2024, 3, 5), promise=promise)
    assert found.due == due
    assert found.statutory_due == date(2024, 4, 5)
    assert words in str(found.steps[-1].why)


def test_a_promise_does_not_roll() -> None:
    assert clock(date(2026, 7, 3), promise=Period(days=1)).promised_due == date(2026, 7, 4)  # a Saturday


def test_a_promise_from_the_complete_request_waits_for_it() -> None:
    promise = Period(days=5, from_="duly_executed")
    assert clock(date(2024, 3, 5), promise=promise).promised_due is None
    complete = Fact("duly_executed", datetime(2024, 3, 10, 9, tzinfo=UTC))
    found = clock(date(2024, 3, 5), complete, promise=promise)
    assert found.promised_due == found.due == date(2024, 3, 15)
    assert "of the complete request" in str(found.steps[-2].why)


@pytest.mark.parametrize(("days", "due"), [(5, date(2024, 3, 15)), (10, date(2024, 3, 20)), (60, date(2024, 4, 10))])
def test_where_a_form_is_signed_the_promise_never_gives_more_than_the_law_from_then_on(days: int, due: date) -> None:
    complete = Fact("duly_executed", datetime(2024, 3, 10, 9, tzinfo=UTC))
    promise = Period(days=days, from_="duly_executed")
    facts = [received(date(2024, 3, 5)), complete]
    found = reckon(facts, rule=RULE, promise=promise, country="LV", timezone="Europe/Riga", signed_form=True)
    assert (found.due, found.statutory_due) == (due, date(2024, 4, 5))


def test_no_receipt_no_clock() -> None:
    assert reckon([], rule=RULE, promise=None, country="LV", timezone="Europe/Riga") == Clock("not_started")


def test_a_stopped_clock_still_tells_when_the_answer_was_due() -> None:
    found = clock(date(2024, 3, 5), Fact("stopped", datetime(2024, 3, 20, 10, tzinfo=UTC)))
    assert (found.state, found.due) == ("stopped", date(2024, 4, 5))
    assert str(found.steps[-1].why) == "Answered on 20 March 2024: the time stopped running then."
    assert lateness(found.due, found.state, date(2025, 1, 1)) is None


def test_the_order_in_which_facts_were_written_down_does_not_matter() -> None:
    facts = [received(date(2024, 3, 5)), Fact("received", datetime(2024, 5, 5, tzinfo=UTC))]
    assert len({reckon(order, rule=RULE, promise=None, country="LV", timezone="Europe/Riga").due
                for order in (facts, facts[::-1])}) == 1  # fmt: skip


@pytest.mark.parametrize(("state", "due", "expected"), [
    ("running", date(2024, 3, 4), "overdue"),
    ("running", date(2024, 3, 5), "due_soon"),
    ("running", date(2024, 3, 12), "due_soon"),
    ("running", date(2024, 3, 13), "on_time"),
    ("paused", date(2024, 3, 4), None),
    ("not_started", None, None),
    ("running", None, None),
])  # fmt: skip
def test_lateness_is_of_running_clocks_only(state: str, due: date | None, expected: str | None) -> None:
    assert lateness(due, state, date(2024, 3, 5)) == expected


NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(("at", "words"), [
    (NOW + timedelta(seconds=1), "in the future"),
    (datetime(2126, 1, 1, tzinfo=UTC), "in the future"),
    (datetime(2018, 5, 24, 12, tzinfo=UTC), "holds only from 25 May 2018"),
    (datetime(1926, 11, 22, tzinfo=UTC), "holds only from 25 May 2018"),
    (datetime(2026, 11, 22), "time zone"),  # noqa: DTZ001  # that is the fault
])  # fmt: skip
def test_a_day_of_receipt_that_cannot_be(at: datetime, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_receipt(at, now=NOW, holds_from=date(2018, 5, 25), timezone="Europe/Riga")
    assert words in str(caught.value.fields["received_at"])


def test_a_day_of_receipt_that_can_be() -> None:
    # 24 May in UTC is 25 May already in Riga.
    for at in (NOW, datetime(2018, 5, 24, 21, 30, tzinfo=UTC)):
        check_receipt(at, now=NOW, holds_from=date(2018, 5, 25), timezone="Europe/Riga")


@pytest.mark.parametrize(("start", "span", "end"), [
    (date(2026, 1, 31), Span(months=1), date(2026, 2, 28)),
    (date(2024, 2, 29), Span(years=2), date(2026, 2, 28)),
    (date(2026, 3, 1), Span(days=7), date(2026, 3, 8)),
    (date(2026, 3, 31), Span(days=90), date(2026, 6, 29)),
    (date(2024, 12, 23), Span(working_days=1), date(2024, 12, 27)),
    (date(2024, 2, 29), Keep(weeks=1), date(2024, 3, 7)),
])  # fmt: skip
def test_spans(start: date, span: Span, end: date) -> None:
    assert add(start, span, "LV") == end


def test_hours_end_at_an_instant_not_on_a_day() -> None:
    with pytest.raises(ValueError, match="instant"):
        add(date(2024, 1, 1), Span(hours=72), "LV")


@pytest.mark.parametrize(("span", "words"), [
    (Span(months=1), "one month"), (Span(days=30), "30 days"), (Span(working_days=10), "10 working days"),
    (Span(hours=72), "72 hours"), (Span(weeks=1), "one week"), (Span(years=2), "2 years"),
])  # fmt: skip
def test_lengths_in_words(span: Span, words: str) -> None:
    assert str(length(span)) == words


def test_an_unknown_country_has_no_calendar() -> None:
    with pytest.raises(Invalid, match="another look") as caught:
        day_off(date(2024, 1, 1), "XX")
    assert str(caught.value.fields["country"]) == "There is no calendar for XX."


@pytest.mark.parametrize("country", ["LV", "RO", "BG", "GB-ENG"])
def test_the_calendars_reach_far_enough(country: str) -> None:
    assert calendar_ends(country) > date(2040, 12, 31)


DAYS = st.dates(date(2018, 5, 25), date(2040, 12, 31))
COUNTRIES = st.sampled_from(sorted(ZONES))
PROMISES = st.none() | st.builds(Period, days=st.integers(1, 60)) | st.builds(Period, working_days=st.integers(1, 30))


@given(day=DAYS, country=COUNTRIES)
def test_the_laws_date_is_never_a_day_off(day: date, country: str) -> None:
    found = clock(day, country=country)
    assert found.statutory_due is not None
    assert is_working_day(found.statutory_due, country)
    # One month and the longest run of days off: never less than the law gives, never long past it.
    assert timedelta(days=28) <= found.statutory_due - day <= timedelta(days=31 + 7)


@given(day=DAYS, later=st.integers(0, 400), country=COUNTRIES, promise=PROMISES)
def test_a_later_receipt_is_never_due_earlier(day: date, later: int, country: str, promise: Period | None) -> None:
    first = clock(day, country=country, promise=promise)
    second = clock(day + timedelta(days=later), country=country, promise=promise)
    assert first.due is not None
    assert second.due is not None
    assert first.due <= second.due


@given(day=DAYS, country=COUNTRIES, promise=PROMISES)
def test_every_step_reads_as_a_sentence_and_the_last_one_is_the_due_date(
    day: date, country: str, promise: Period | None
) -> None:
    found = clock(day, country=country, promise=promise)
    assert found.steps[-1].date == found.due
    for step in found.steps:
        assert str(step.why).endswith(".")
        assert "%(" not in str(step.why)
