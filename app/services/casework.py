"""What every verb on a case ends with: move it along the one table, keep clock and trail true."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.clock import Fact
from app.domain.errors import Invalid, Refused
from app.domain.lifecycle import AGAIN, ASKING, RETURNS, TRANSITIONS, Move, move_named, names
from app.domain.messages import Message
from app.models.cases import NEVER, Case, ClockFact
from app.models.ledger import TrailEntry
from app.queries.policies import policy_of
from app.queries.reading import clock_of, moves_for
from app.services import evidence_end
from app.work import Work

_CLOSING = tuple(f"case:{move.name}" for move in TRANSITIONS if move.target == "closed")


def advance(
    work: Work,
    case: Case,
    name: str,
    *,
    outcome: str | None = None,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> Move:
    """Make one move of the table: status, outcome, version, trail. Refused when the status does not let it."""
    move = move_named(name)
    if move is None or case.status not in move.sources:
        raise Refused(
            Message("This is not possible while the request is “%(status)s”.", {"status": case.status}),
            allowed=names(moves_for(work, case)),
        )
    extra: dict[str, Any] = {"outcome": outcome} if outcome else {}
    if f"case:{name}" in ASKING or move.target == "closed":
        extra["from"] = case.status
    status = _before(work, case) if move.returns else move.target or case.status
    if move.target == "closed":
        record_fact(work, case, "stopped")
        case.outcome = outcome
    elif status != "closed":
        case.outcome = None
    case.status = status
    case.version += 1
    work.audit(f"case:{name}", case=case, facts={**extra, **(facts or {})}, personal=personal)
    evidence_end.after(work, case, move)
    return move


def _before(work: Work, case: Case) -> str:
    """Where the request goes on, as the trail says: once the person has answered, from where they were asked; when it
    is taken up again, from where nobody knew yet who they are, else from the beginning."""
    if case.status == "unverified":
        return RETURNS["unverified"]
    if case.status == "closed":
        return AGAIN.get(_left(work, case, _CLOSING), "open")
    return RETURNS[_left(work, case, ASKING)]


def _left(work: Work, case: Case, events: Collection[str]) -> str:
    """Where the request was when the last of these happened."""
    last = work.session.scalars(
        select(TrailEntry)
        .where(TrailEntry.case_id == case.id, TrailEntry.event.in_(events))
        .order_by(TrailEntry.id.desc())
        .limit(1)
    ).first()
    return str(last.facts.get("from", "open")) if last is not None else "open"


def record_fact(
    work: Work, case: Case, kind: str, data: Mapping[str, Any] | None = None, *, at: datetime | None = None
) -> None:
    """Add a clock fact and bring the stored due date (a projection for sorting the queue) in step with the facts."""
    when = at or (case.received_at if kind == "received" else work.now)
    if kind in ("stopped", "reopened"):  # a round ends before the next begins, also within one moment of a rehearsal
        when = max([when, *(fact.at + timedelta(microseconds=1) for fact in facts_so_far(work, case))])
    work.session.add(ClockFact(case_id=case.id, kind=kind, at=when, data=dict(data or {}), recorded_at=work.now))
    count_again(work, case)


def count_again(work: Work, case: Case) -> None:
    """Bring the stored due date in step with the facts and with the right that is asked for."""
    work.flush()
    clock = clock_of(work, case)
    case.due_on = clock.due if clock.state == "running" else None
    case.due_order = case.due_on or NEVER


def facts_so_far(work: Work, case: Case) -> tuple[Fact, ...]:
    """What was written down of the case's clock."""
    rows = work.session.scalars(select(ClockFact).where(ClockFact.case_id == case.id).order_by(ClockFact.id))
    return tuple(Fact(row.kind, row.at, row.data) for row in rows)


def today_of(work: Work, case: Case) -> date:
    """What day it is where the organisation is."""
    return work.now.astimezone(_zone(work, case)).date()


def moment_of(work: Work, case: Case, day: date | None, *, since: datetime, field: str) -> datetime:
    """When something came in that is recorded today: now, or at the end of a day between `since` and today."""
    zone = _zone(work, case)
    today = work.now.astimezone(zone).date()
    if day is None or day == today:
        return work.now
    if day > today:
        raise Invalid({field: Message("This day is still to come. Give the day on which it came in.")})
    if day < since.astimezone(zone).date():
        raise Invalid({field: Message("The answer cannot have come before the question was asked.")})
    return max(datetime.combine(day, time(23, 59), tzinfo=zone), since)


def _zone(work: Work, case: Case) -> ZoneInfo:
    return ZoneInfo(policy_of(work, case).file.controller.timezone)
