"""What may not be written down of a clock (Art. 12(3)): each is refused with the way out before it becomes a fact."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain import counting
from app.domain.calendars import Day
from app.domain.clock import Clock, Course, Fact, rounds
from app.domain.errors import Invalid, Refused
from app.domain.messages import Message
from app.domain.policy_values import Span
from app.domain.regime import Rule


def check_receipt(received_at: datetime, *, now: datetime, holds_from: date, timezone: str) -> None:
    """Refuses a day of receipt that cannot be: in the future, or before the law held."""
    if received_at.tzinfo is None:
        raise Invalid({"received_at": "The time of receipt needs its time zone, such as 2026-11-22T10:00:00+02:00."})
    if received_at > now:
        raise Invalid(
            {"received_at": "The day of receipt is in the future. Give the day on which the request came in."}
        )
    if received_at.astimezone(ZoneInfo(timezone)).date() < holds_from:
        raise Invalid({"received_at": Message(
            "The law under which this request is filed holds only from %(day)s. Check the year of receipt.",
            {"day": Day.of(holds_from)})})  # fmt: skip


def check_extension(clock: Clock, *, rule: Rule, facts: Iterable[Fact], today: date, by: Span, country: str) -> None:
    """An extension is told once, in time, and for no longer than the law lets (Art. 12(3))."""
    _check_runs(clock)
    if rule.extension is None:
        raise Refused("This law gives no extension of the time for an answer.")
    if clock.extended or any(fact.kind == "extended" for fact in rounds(facts)[-1]):
        raise Refused("The time was lengthened already. It can be lengthened only once.")
    if clock.base_due is not None and today > clock.base_due:
        raise Refused(Message(
            "An extension could be told only until %(day)s (%(article)s). Answer now; the person may complain.",
            {"day": Day.of(clock.base_due), "article": rule.extension.article}))  # fmt: skip
    most = rule.extension.by
    if by.unit == "hours" or rule.length.unit == "hours":
        raise Invalid({"by": Message("Give the extension in days, not in hours.")})
    longest = counting.add_both(today, rule.length, most, country)
    if counting.add_both(today, rule.length, by, country) > longest:
        raise Invalid({"by": Message(
            "The law lets the time be lengthened by %(length)s at most (%(article)s).",
            {"length": counting.length(most), "article": rule.extension.article})})  # fmt: skip


def check_pause(clock: Clock, *, facts: Iterable[Fact], at: datetime, timezone: str, reason: str) -> None:
    """The time can stand still once it runs, and not twice for the same."""
    course = Course.of(facts, timezone)
    _check_runs(clock)
    if reason in course.waits_for():
        raise Refused("This was asked already and is not answered yet: the time stands still.")
    if course.received is None or at < course.received:
        raise Invalid({"at": Message("The time cannot stand still before the request came in.")})


def check_resume(*, facts: Iterable[Fact], at: datetime, timezone: str, reason: str | None = None) -> None:
    """Only a time that stands still can go on, and not before it stopped."""
    known = rounds(facts)[-1]
    waits = Course.of(known, timezone).waits_for()
    if not waits or (reason is not None and reason not in waits):
        raise Refused("The time does not stand still: nothing is being waited for.")
    asked = [fact.at for fact in known if fact.kind == "paused"]
    if at < max(asked):
        raise Invalid({"at": Message("The answer cannot have come before the question was asked.")})


def _check_runs(clock: Clock) -> None:
    if clock.state == "stopped":
        raise Refused("The request is answered: its time does not run any more.")
    if clock.state == "not_started":
        raise Refused("The time has not begun: the request is not received yet.")
