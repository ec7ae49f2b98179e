"""How each law counts a time to its last day or hour, and the words that say so (Regulation 1182/71 and its kin).

Months and years run to the day with the same number, or the last one of a month that lacks it; days and working days
begin on the day after; hours run through weekends and holidays.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from app.domain.calendars import (
    City,
    Day,
    Moment,
    Place,
    holidays_between,
    working_day_from,
    working_days_after,
)  # fmt: skip
from app.domain.clock import Step
from app.domain.messages import Listed, Message
from app.domain.policy_values import Span
from app.domain.regime import Rule


def add(start: date, span: Span, country: str) -> date:
    """The day on which a span ends that begins on `start`; of months that lack the day, their last day.

    What would end after the last year that there are dates for ends on its last day.
    """
    if span.unit == "hours":
        raise ValueError("a span of hours ends at an instant, not on a day")
    if span.unit == "working_days":
        return working_days_after(start, span.count, country)
    try:
        return start + relativedelta(**{span.unit: span.count})  # type: ignore[arg-type]  # days, weeks, months or years
    except (OverflowError, ValueError):
        return date.max


def add_both(start: date, first: Span, second: Span, country: str) -> date:
    """One span and another, from the same start: a month and two months are three months from it, not 28 days more."""
    if not first.count:
        return add(start, second, country)
    if first.unit == second.unit:
        return add(start, Span.model_validate({first.unit: first.count + second.count}), country)
    return add(add(start, first, country), second, country)


def last_day(start: date, raw: date, rule: Rule, country: str) -> tuple[date, tuple[Message, ...]]:
    """Where a time that ends on `raw` really ends, and why the days between do not count."""
    if not rule.rolls and rule.length.unit != "working_days":
        return raw, ()
    ends, skipped = working_day_from(raw, country)
    # Art. 3(5): a time of two days or more holds at least two working days.
    if rule.counted_by == "eu_1182_71" and rule.length.unit == "days" and rule.length.count >= 2:
        least = working_days_after(start, 2, country)
        if least > ends:
            return least, (Message("A time of two days or more holds at least two working days"),)
    return ends, skipped


def begins(start: date, rule: Rule, city: City) -> Step:
    """The first step: the day of receipt, and whether it counts."""
    values = {"day": Day.of(start), "city": city}
    if not rule.length.count:
        return Step(start, "received", Message("Received on %(day)s (%(city)s time).", values))
    if rule.counted_by == "ru_civil_code":
        return Step(start, "received", Message(
            "Received on %(day)s (%(city)s time). Counting begins on the day after (Civil Code of Russia, Art. 191).",
            values))  # fmt: skip
    if rule.counted_by == "california":
        return Step(start, "received", Message(
            "Received on %(day)s (%(city)s time). That day is not counted, the last day is (California Government Code,"
            " section 6800).", values))  # fmt: skip
    if rule.counted_by == "brazil":
        return Step(start, "received", Message(
            "Received on %(day)s (%(city)s time). That day is not counted, the last day is (Civil Code of Brazil, Art."
            " 132).", values))  # fmt: skip
    return Step(start, "received", Message(
        "Received on %(day)s (%(city)s time). That day itself is not counted (Regulation 1182/71, Art. 3(1)).",
        values))  # fmt: skip


def period(start: date, ends: date, rule: Rule, country: str) -> Step:
    """The law's time as it is, before anything moves it."""
    span = rule.length
    values = {"length": length(span), "day": Day.of(ends), "article": rule.article, "number": start.day}
    if not span.count:
        return Step(ends, "period", Message("The law wants this done at once (%(article)s).", values))
    if span.unit == "working_days":
        return Step(ends, "period", _working_days(start, ends, country, values))
    if span.unit not in {"months", "years"}:
        return Step(ends, "period", Message("The law gives %(length)s (%(article)s): until %(day)s.", values))
    if ends.day == start.day:
        return Step(ends, "period", Message(
            "The law gives %(length)s (%(article)s): until the day with the same number, %(day)s"
            " (Regulation 1182/71, Art. 3(2)(c)).", values))  # fmt: skip
    return Step(ends, "period", Message(
        "The law gives %(length)s (%(article)s). That month has no day number %(number)s, so the time runs until"
        " its last day, %(day)s (Regulation 1182/71, Art. 3(2)(c)).", values))  # fmt: skip


def _working_days(start: date, ends: date, country: str, values: Mapping[str, object]) -> Message:
    unusual = holidays_between(start + timedelta(days=1), ends, country)
    place = Place(country)
    if not unusual:
        return Message(
            "The law gives %(length)s (%(article)s), by the calendar of %(country)s: until %(day)s.",
            {**values, "country": place})  # fmt: skip
    return Message(
        "The law gives %(length)s (%(article)s), by the calendar of %(country)s: until %(day)s. Besides the weekends:"
        " %(reasons)s.", {**values, "country": place, "reasons": Listed(unusual, "; ")})  # fmt: skip


def rolled(last: date, skipped: tuple[Message, ...], rule: Rule) -> Step:
    """The last day is a day off: the next working day takes its place, once and at the end of all counting."""
    values = {"reasons": Listed(skipped, "; "), "day": Day.of(last)}
    if rule.counted_by == "ru_civil_code":
        return Step(last, "next_working_day", Message(
            "%(reasons)s. The time therefore runs until the end of the next working day, %(day)s (Civil Code of Russia,"
            " Art. 193).", values))  # fmt: skip
    if rule.counted_by == "brazil":
        return Step(last, "next_working_day", Message(
            "%(reasons)s. The time therefore runs until the end of the next working day, %(day)s (Civil Code of Brazil,"
            " Art. 132).", values))  # fmt: skip
    if rule.counted_by == "california":
        return Step(last, "next_working_day", Message(
            "%(reasons)s. The time therefore runs until the end of the next working day, %(day)s (California Civil"
            " Code, section 10).", values))  # fmt: skip
    return Step(last, "next_working_day", Message(
        "%(reasons)s. The time therefore runs until the end of the next working day, %(day)s"
        " (Regulation 1182/71, Art. 3(4)).", values))  # fmt: skip


def by_hours(since: datetime, rule: Rule) -> tuple[datetime, tuple[Step, ...]]:
    """A time in hours ends at an instant; it runs through nights, days off and changes of the clock."""
    hours = timedelta(hours=rule.length.count)
    whole = since.replace(minute=0, second=0, microsecond=0)
    part = since - whole if rule.counted_by == "full_hours" else timedelta()
    begin = (whole.astimezone(UTC) + timedelta(hours=1)).astimezone(since.tzinfo) if part else since
    ends = (begin.astimezone(UTC) + hours).astimezone(since.tzinfo)
    values = {"length": length(rule.length), "article": rule.article, "since": Moment.of(since), "at": Moment.of(ends)}
    known = Step(since.date(), "received", Message("It became known on %(since)s.", values), at=since)
    if not part:
        counted = Step(ends.date(), "period", Message(
            "The law gives %(length)s (%(article)s), through weekends and holidays: until %(at)s.",
            values), at=ends)  # fmt: skip
        return ends, (known, counted)
    target = (since.astimezone(UTC) + hours).astimezone(since.tzinfo)
    counted = Step(ends.date(), "period", Message(
        "The law gives %(length)s (%(article)s), through weekends and holidays. The hour in which it became known is"
        " not counted (Regulation 1182/71, Art. 3(1)): until %(at)s.", values), at=ends)  # fmt: skip
    aim = Step(target.date(), "target", Message(
        "Aim at %(target)s: who counts from the very minute ends there, so it is in time under every reading.",
        {"target": Moment.of(target)}), at=target)  # fmt: skip
    return ends, (known, counted, aim)


def length(span: Span) -> Message:
    """`one month`, `30 days`: the span in words."""
    one, many = _LENGTHS[span.unit]
    return one if span.count == 1 else Message(many.text, {"count": span.count}, many.plural)


_LENGTHS: Final[Mapping[str, tuple[Message, Message]]] = {
    "hours": (Message("one hour"), Message("%(count)s hour", {"count": 0}, "%(count)s hours")),
    "days": (Message("one day"), Message("%(count)s day", {"count": 0}, "%(count)s days")),
    "working_days": (
        Message("one working day"), Message("%(count)s working day", {"count": 0}, "%(count)s working days"),
    ),
    "weeks": (Message("one week"), Message("%(count)s week", {"count": 0}, "%(count)s weeks")),
    "months": (Message("one month"), Message("%(count)s month", {"count": 0}, "%(count)s months")),
    "years": (Message("one year"), Message("%(count)s year", {"count": 0}, "%(count)s years")),
}  # fmt: skip
