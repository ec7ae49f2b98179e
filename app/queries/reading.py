"""What every use of a case begins with: find it, and read what stands sealed or is computed from its facts."""

from sqlalchemy import select

from app.domain.deadlines import Clock, Fact, reckon
from app.domain.errors import NotFound
from app.domain.identity import comparable, read_reference
from app.domain.lifecycle import Move, possible
from app.domain.permissions import CaseFacts, can
from app.models.cases import Case, ClockFact, Identity
from app.queries.policies import Policy, pinned
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


def clock_of(work: Work, case: Case, policy: Policy | None = None) -> Clock:
    """The clock as the pinned policy and the facts give it."""
    policy = policy or pinned(work, case.policy_version_id)
    rows = work.session.scalars(select(ClockFact).where(ClockFact.case_id == case.id).order_by(ClockFact.id))
    return reckon(
        [Fact(row.kind, row.at, row.data) for row in rows],
        rule=policy.regime.rule(case.right),
        promise=policy.offer(case.right).respond_within,
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


def spool_key(work: Work, case: Case) -> bytes:
    """The key of what was found; Tampered once it was destroyed."""
    return work.keyring.unwrap(case.spool_key or b"", bound_to=spool_place(case))


def spool_place(case: Case) -> bytes:
    """What the spool's key is bound to."""
    return f"spool/{case.reference}".encode()


def identity_digest(work: Work, kind: str, value: str) -> bytes:
    """The keyed digest under which staff find cases of one exact identity."""
    return work.keyring.digest("identity", f"{kind}:{comparable(kind, value)}".encode())
