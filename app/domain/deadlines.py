"""When an answer is due, and every step of the counting in plain words (GDPR Art. 12(3); Regulation 1182/71).

A clock is computed from facts and never stored. The law's date and the controller's own promise are counted apart;
the earlier one is the due date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from app.domain.calendars import Day, working_day_from, working_days_after
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.domain.policy import Period, Rule, Span

ClockState = Literal["not_started", "running", "paused", "stopped"]
Lateness = Literal["overdue", "due_soon", "on_time"]
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a case and that a clock may hang on: `received`, `stopped`."""

    kind: str
    at: datetime  # aware, UTC
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the counting: the date it leads to, the rule's name and the reason with its article."""

    date: date
    rule: str
    why: Message


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time stands. `due` is the earlier of `statutory_due` and `promised_due`; days end at 24:00 local time.

    A paused clock has no due date, only an earliest one.
    """

    state: ClockState
    due: date | None = None
    earliest_due: date | None = None
    statutory_due: date | None = None
    promised_due: date | None = None
    steps: tuple[Step, ...] = ()


def reckon(facts: Iterable[Fact], *, rule: Rule, promise: Period | None, country: str, timezone: str) -> Clock:
    """The clock that these facts give under a right of the law and, where there is one, a controller's promise."""
    first = _first_of_each(facts)
    days = {kind: fact.at.astimezone(ZoneInfo(timezone)).date() for kind, fact in first.items()}
    start = days.get("received")
    if start is None:
        return Clock("not_started")
    law = _by_law(start, rule, country=country, timezone=timezone)
    own = _by_promise(days.get(promise.from_), promise, country) if promise else ()
    statutory, promised = law[-1].date, own[-1].date if own else None
    due = min(statutory, promised) if promised else statutory
    steps = (*law, *own, *_end(due, statutory, promised))
    if "stopped" in days:
        steps = (*steps, Step(days["stopped"], "stopped", Message(
            "Answered on %(day)s: the time stopped running then.", {"day": Day.of(days["stopped"])})))  # fmt: skip
    state: ClockState = "stopped" if "stopped" in days else "running"
    return Clock(state, due=due, statutory_due=statutory, promised_due=promised, steps=steps)


def lateness(clock_due: date | None, state: str, today: date) -> Lateness | None:
    """How a running clock stands today; nothing can be late that has not begun, waits or has ended."""
    if state != "running" or clock_due is None:
        return None
    if today > clock_due:
        return "overdue"
    return "due_soon" if clock_due - today <= SOON else "on_time"


def check_receipt(received_at: datetime, *, now: datetime, holds_from: date, timezone: str) -> None:
    """Refuses a day of receipt that cannot be: in the future, or before the law held."""
    if received_at.tzinfo is None:
        raise Invalid({"received_at": "The time of receipt needs its time zone, such as 2026-11-22T10:00:00+02:00."})
    if received_at > now:
        raise Invalid(
            {"received_at": "The day of receipt is in the future. Give the day on which the request came in."}
        )
    if received_at.astimezone(ZoneInfo(timezone)).date() < holds_from:
        text = "The law under which this request is filed holds only from %(day)s. Check the year of receipt."
        raise Invalid({"received_at": Message(text, {"day": Day.of(holds_from)})})


def _first_of_each(facts: Iterable[Fact]) -> dict[str, Fact]:
    first: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.at.astimezone(UTC)):
        first.setdefault(fact.kind, fact)
    return first


def _by_law(start: date, rule: Rule, *, country: str, timezone: str) -> tuple[Step, ...]:
    """Art. 3(1): the day itself is not counted; 3(2)(c): same number or end of month; 3(4): rolls once, at the end."""
    received = Step(start, "received", Message(
        "Received on %(day)s (%(city)s time). That day itself is not counted (Regulation 1182/71, Art. 3(1)).",
        {"day": Day.of(start), "city": _city(timezone)}))  # fmt: skip
    ends = add(start, rule.length, country)
    period = Step(ends, "period", _period(start, ends, rule))
    last, skipped = working_day_from(ends, country)
    if not skipped:
        return received, period
    rolled = Message(
        "%(reasons)s. The time therefore runs until the end of the next working day, %(day)s"
        " (Regulation 1182/71, Art. 3(4)).",
        {"reasons": Reasons(skipped), "day": Day.of(last)},
    )
    return received, period, Step(last, "next_working_day", rolled)


def _by_promise(start: date | None, promise: Period, country: str) -> tuple[Step, ...]:
    """A promise is kept as it was given: it does not roll past days off, so its date is never later than promised."""
    if start is None:
        return ()
    ends = add(start, promise, country)
    text = "The organisation promises an answer within %(length)s of receipt: by %(day)s."
    if promise.from_ == "duly_executed":
        text = "The organisation promises an answer within %(length)s of the complete request: by %(day)s."
    return (Step(ends, "promise", Message(text, {"length": length(promise), "day": Day.of(ends)})),)


def _end(due: date, statutory: date, promised: date | None) -> tuple[Step, ...]:
    text = "The answer is due by the end of %(day)s."
    if promised is not None and promised < statutory:
        text = "The promise is earlier than the law asks, so it counts: the answer is due by the end of %(day)s."
    elif promised is not None and promised > statutory:
        text = "The law is stricter than the promise, so it counts: the answer is due by the end of %(day)s."
    return (Step(due, "due", Message(text, {"day": Day.of(due)})),)


def _period(start: date, ends: date, rule: Rule) -> Message:
    span = rule.length
    values = {"length": length(span), "day": Day.of(ends), "article": rule.article, "number": start.day}
    if span.unit not in {"months", "years"}:
        return Message("The law gives %(length)s (%(article)s): until %(day)s.", values)
    if ends.day == start.day:
        return Message(
            "The law gives %(length)s (%(article)s): until the day with the same number, %(day)s"
            " (Regulation 1182/71, Art. 3(2)(c)).", values)  # fmt: skip
    return Message(
        "The law gives %(length)s (%(article)s). That month has no day number %(number)s, so the time runs until"
        " its last day, %(day)s (Regulation 1182/71, Art. 3(2)(c)).", values)  # fmt: skip


def add(start: date, span: Span, country: str) -> date:
    """The day on which a span ends that begins on `start`; of months that lack the day, their last day."""
    if span.unit == "working_days":
        return working_days_after(start, span.count, country)
    if span.unit == "hours":
        raise ValueError("a span of hours ends at an instant, not on a day")
    return start + relativedelta(**{span.unit: span.count})  # type: ignore[arg-type]  # days, weeks, months or years


def length(span: Span) -> Message:
    """`one month`, `30 days`: the span in words."""
    one, many = _LENGTHS[span.unit]
    return Message(one) if span.count == 1 else Message(many, {"count": span.count})


_LENGTHS = {
    "hours": ("one hour", "%(count)s hours"),
    "days": ("one day", "%(count)s days"),
    "working_days": ("one working day", "%(count)s working days"),
    "weeks": ("one week", "%(count)s weeks"),
    "months": ("one month", "%(count)s months"),
    "years": ("one year", "%(count)s years"),
}


@dataclass(frozen=True, slots=True)
class Reasons:
    """Several sentences inside another one; a reader's own language joins its translations of them."""

    messages: tuple[Message, ...]

    def __str__(self) -> str:
        return "; ".join(str(message) for message in self.messages)


def _city(timezone: str) -> str:
    return timezone.rpartition("/")[2].replace("_", " ")
