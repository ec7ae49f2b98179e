"""What every verb on a case does: find it under a lock, move it along the one table, keep the clock and the trail true."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.domain.deadlines import Clock, Fact, reckon
from app.domain.errors import NotFound, Refused
from app.domain.identity import read_reference
from app.domain.lifecycle import Move, move_named, names, possible
from app.domain.messages import Message
from app.domain.permissions import CaseFacts, can
from app.models.cases import Case, ClockFact, Identity
from app.services.policies import Policy, pinned
from app.work import Work


def load(work: Work, reference: str, *, lock: bool = True) -> Case:
    """The case of that reference at this controller; NotFound for unknown and foreign ones alike."""
    canonical = read_reference(reference)
    statement = select(Case).where(Case.reference == canonical)
    if lock and not work.reads_only:
        statement = statement.with_for_update()
    case = work.session.scalars(statement).one_or_none()
    if case is None:
        raise NotFound
    return case


def load_by_id(work: Work, case_id: int) -> Case:
    """As `load`, for jobs, which carry the internal number."""
    return work.session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()


def facts_of(case: Case) -> CaseFacts:
    """What `can()` needs to know."""
    return CaseFacts(reference=case.reference, controller_id=case.controller_id, status=case.status)


def moves_for(work: Work, case: Case) -> tuple[Move, ...]:
    """The moves that this actor may make now: what buttons, API and refusals name."""
    return tuple(move for move in possible(case.status) if can(work.actor, move.permission, facts_of(case)))


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
    case.status = move.target or case.status
    if case.status == "closed":
        case.outcome = outcome
        record_fact(work, case, "stopped")
    case.version += 1
    extra = {"outcome": outcome} if outcome else {}
    work.audit(f"case:{name}", case=case, facts={**extra, **(facts or {})}, personal=personal)
    return move


def record_fact(work: Work, case: Case, kind: str, data: Mapping[str, Any] | None = None) -> None:
    """Add a clock fact and bring the stored due date (a projection for sorting the queue) in step with the facts."""
    at = case.received_at if kind == "received" else work.now
    work.session.add(ClockFact(case_id=case.id, kind=kind, at=at, data=dict(data or {}), recorded_at=work.now))
    work.flush()
    case.due_on = clock_of(work, case).due


def clock_of(work: Work, case: Case, policy: Policy | None = None) -> Clock:
    """The clock as the pinned policy and the facts give it."""
    policy = policy or pinned(work, case.policy_version_id)
    rows = work.session.scalars(select(ClockFact).where(ClockFact.case_id == case.id).order_by(ClockFact.id))
    return reckon(
        [Fact(row.kind, row.at, row.data) for row in rows],
        right=policy.regime.rights[case.right],
        promise=policy.file.rights[case.right].respond_within,
        country=policy.file.controller.country,
        timezone=policy.file.controller.timezone,
    )


def identities_of(work: Work, case: Case) -> list[tuple[Identity, str]]:
    """Each identity with its plain value."""
    rows = work.session.scalars(select(Identity).where(Identity.case_id == case.id).order_by(Identity.id))
    return [(row, work.unseal_for(case, row.value, place=f"identity/{row.kind}")) for row in rows]


def address_of(work: Work, case: Case) -> str | None:
    """Where mail to the person goes: the e-mail named at filing, which no later request changes."""
    return next((value for row, value in identities_of(work, case) if row.kind == "email"), None)
