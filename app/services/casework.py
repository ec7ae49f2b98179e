"""What every verb on a case ends with: move it along the one table, keep clock and trail true."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import Refused
from app.domain.lifecycle import Move, move_named, names
from app.domain.messages import Message
from app.models.cases import NEVER, Case, ClockFact
from app.queries.reading import clock_of, moves_for
from app.work import Work


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
    if move.target == "closed":
        record_fact(work, case, "stopped")
        case.outcome = outcome
    case.status = move.target or case.status
    case.version += 1
    extra = {"outcome": outcome} if outcome else {}
    work.audit(f"case:{name}", case=case, facts={**extra, **(facts or {})}, personal=personal)
    return move


def record_fact(work: Work, case: Case, kind: str, data: Mapping[str, Any] | None = None) -> None:
    """Add a clock fact and bring the stored due date (a projection for sorting the queue) in step with the facts."""
    at = case.received_at if kind == "received" else work.now
    work.session.add(ClockFact(case_id=case.id, kind=kind, at=at, data=dict(data or {}), recorded_at=work.now))
    work.flush()
    clock = clock_of(work, case)
    case.due_on = clock.due if clock.state == "running" else None
    case.due_order = case.due_on or NEVER
