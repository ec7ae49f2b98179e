"""What a clock is made of (Art. 12(3)): facts that were written down, the course of events that they tell, and the
clock that is computed from them and never stored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from app.domain.messages import Message
from app.domain.policy_values import Span

ClockState = Literal["not_started", "running", "paused", "stopped"]

# Facts written down in one moment are told in this order, whatever order they were written in.
KINDS = (
    "received", "id_received", "fee_paid", "duly_executed", "verified", "paused", "resumed", "extended", "stopped",
    "reopened",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a case and that a clock may hang on; `kind` is one of KINDS.

    `data`: of `paused` and `resumed` {reason: identity|clarification|fee}, of `extended` {by: {months: 2}, reason}.
    """

    kind: str
    at: datetime  # aware, UTC
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the counting: the day it leads to (for hours the moment too), the rule's name, and why."""

    date: date
    rule: str
    why: Message
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time stands. `due` is the earlier of `statutory_due` and `promised_due`; days end at 24:00 local time.

    `base_due` is when the law's time ends as it is without an extension: the last day on which one may be told, or a
    refusal sent. A paused clock has no due date, only an earliest one. A time in hours ends at `due_at`. Of a request
    that was taken up again, `earlier` keeps the clocks before.
    """

    state: ClockState
    due: date | None = None
    earliest_due: date | None = None
    statutory_due: date | None = None
    promised_due: date | None = None
    base_due: date | None = None
    due_at: datetime | None = None
    paused_since: date | None = None
    extended: bool = False
    steps: tuple[Step, ...] = ()
    earlier: tuple["Clock", ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A time of waiting for the person: the day of asking, the day of the answer (None: it has not come), for what."""

    start: date
    end: date | None
    reason: str

    def within(self, start: date) -> Self | None:
        """The part of it since that day, if there is one."""
        if self.start >= start:
            return self
        return type(self)(start, self.end, self.reason) if self.end is None or self.end > start else None


@dataclass(frozen=True, slots=True)
class Lengthened:
    """An extension that was told; `by` None is one that says no length that can be read."""

    day: date
    by: Span | None


@dataclass(frozen=True, slots=True)
class Course:
    """What the facts tell, in days of the controller's time zone."""

    received: datetime | None = None  # in that zone
    restarts: Mapping[str, date] = field(default_factory=dict)  # the last day of each
    duly_executed: date | None = None
    verified: date | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Lengthened, ...] = ()
    stopped: date | None = None

    @classmethod
    def of(cls, facts: Iterable[Fact], timezone: str) -> Self:
        """The course of these facts since the request was last taken up, in whatever order they stand."""
        zone = ZoneInfo(timezone)
        ordered = rounds(facts)[-1]
        days: dict[str, list[date]] = {}
        for fact in ordered:
            days.setdefault(fact.kind, []).append(fact.at.astimezone(zone).date())
        stopped = days.get("stopped", [None])[0]
        return cls(
            received=next((fact.at.astimezone(zone) for fact in ordered if fact.kind == "received"), None),
            restarts={kind: days[kind][-1] for kind in ("id_received", "fee_paid") if kind in days},
            duly_executed=days.get("duly_executed", [None])[0],
            verified=days.get("verified", [None])[0],
            pauses=tuple(_pauses(ordered, zone, stopped)),
            extensions=tuple(
                Lengthened(fact.at.astimezone(zone).date(), span_of(fact.data.get("by")))
                for fact in ordered if fact.kind == "extended"
            ),
            stopped=stopped,
        )  # fmt: skip

    def waits_for(self) -> frozenset[str]:
        """What the person is asked for and has not answered."""
        return frozenset(pause.reason for pause in self.pauses if pause.end is None)


def rounds(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts in order, apart for each time that the request was taken up; taken up again it is received anew."""
    found: list[list[Fact]] = [[]]
    for fact in sorted(facts, key=_order):
        if fact.kind != "reopened":
            found[-1].append(fact)
            continue
        # What was complete before is complete still.
        complete = [Fact(one.kind, fact.at, one.data) for one in found[-1] if one.kind == "duly_executed"][:1]
        found.append([Fact("received", fact.at), *complete])
    return found


def span_of(value: object) -> Span | None:
    """`{months: 2}` as a span; None for what is none."""
    if isinstance(value, Span):
        return value
    try:
        return Span.model_validate(value)
    except ValidationError:
        return None


def reason_of(fact: Fact) -> str | None:
    """For what the person was asked, or answered; None: for whatever they were asked."""
    reason = fact.data.get("reason")
    return str(reason) if reason else None


def _order(fact: Fact) -> tuple[Any, ...]:
    rank = KINDS.index(fact.kind) if fact.kind in KINDS else len(KINDS)
    return fact.at.astimezone(UTC), rank, fact.kind, reason_of(fact) or "", str(sorted(fact.data.items(), key=str))


def _pauses(ordered: Iterable[Fact], zone: ZoneInfo, stopped: date | None) -> Iterable[Pause]:
    """Each reason's times of waiting; where the same was asked twice, it is answered when both answers are there."""
    asked: Counter[str] = Counter()
    since: dict[str, date] = {}
    found: list[Pause] = []
    for fact in ordered:
        day = fact.at.astimezone(zone).date()
        if fact.kind == "paused":
            reason = reason_of(fact) or "clarification"
            since.setdefault(reason, day)
            asked[reason] += 1
        elif fact.kind == "resumed":
            wanted = reason_of(fact)
            for reason in [wanted] if wanted else list(since):
                asked[reason] = asked[reason] - 1 if wanted else 0
                if asked[reason] <= 0 and reason in since:
                    found.append(Pause(since.pop(reason), day, reason))
                    asked[reason] = 0
                asked[reason] = max(asked[reason], 0)
    found += [Pause(start, stopped, reason) for reason, start in since.items()]
    return sorted(found, key=lambda pause: (pause.start, pause.end or date.max, pause.reason))


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Times that overlap or touch become one: a day of waiting counts once, whatever is waited for."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: (one.start, one.end or date.max)):
        last = found[-1] if found else None
        if last is None or (last.end is not None and pause.start > last.end):
            found.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            found[-1] = Pause(last.start, pause.end, last.reason if last.end > last.start else pause.reason)
    return tuple(found)
