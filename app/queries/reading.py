"""What every use of a case begins with: find it, and read what stands sealed or is computed from its facts."""

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import LargeBinary, Select, String, bindparam, cast, literal, null, select, true, union_all
from sqlalchemy.orm import aliased

from app.domain.deadlines import Clock, Fact, reckon
from app.domain.errors import NotFound
from app.domain.identity import comparable, read_reference
from app.domain.items import unrefusable
from app.domain.lifecycle import ASKING, PACKAGED, Move, possible
from app.domain.permissions import CaseFacts, can
from app.models.base import Id, Json
from app.models.cases import Case, ClockFact, Identity, Restriction
from app.models.ledger import TrailEntry
from app.queries.policies import Policy, local_day, policy_of
from app.work import Work


class Known(NamedTuple):
    """A name of the person as it is kept: sealed."""

    kind: str
    proven_by: str | None
    sealed: bytes


class Happened(NamedTuple):
    """An entry of the trail as a timeline needs it."""

    event: str
    at: datetime
    actor_kind: str
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A case with everything that each page about it shows."""

    case: Case
    facts: tuple[Fact, ...]
    identities: tuple[Known, ...]
    trail: tuple[Happened, ...]


def whole(work: Work, reference: str) -> Whole:
    """As `load`, for reading: the case and what belongs to it in one statement, since each costs a way and back."""
    rows = work.session.standing(_WHOLE, reference=read_reference(reference))
    if not rows:
        raise NotFound
    return Whole(
        case=typing.cast("Case", rows[0]),  # it has all columns of one; what only reads needs no more
        facts=tuple(Fact(row.word, row.at, row.data) for row in rows if row.part == _FACT),
        identities=tuple(Known(row.word, row.more, row.sealed) for row in rows if row.part == _IDENTITY),
        trail=tuple(Happened(row.word, row.at, row.more, row.actor_id) for row in rows if row.part == _ENTRY),
    )


_FACT, _IDENTITY, _ENTRY = range(3)


def _whole() -> Select[Any]:
    """The case beside one list of its facts, identities and entries, which lend their columns to each other."""
    this = select(Case).where(Case.reference == bindparam("reference", type_=String)).cte("this")
    case_id = select(this.c.id).scalar_subquery()
    words, sealed, actor, data = cast(null(), String), cast(null(), LargeBinary), cast(null(), Id), cast(null(), Json)
    parts = union_all(
        select(
            literal(_FACT).label("part"), ClockFact.id.label("number"), ClockFact.kind.label("word"),
            words.label("more"), ClockFact.at.label("at"), actor.label("actor_id"), ClockFact.data.label("data"),
            sealed.label("sealed"),
        ).where(ClockFact.case_id == case_id),
        select(
            literal(_IDENTITY), Identity.id, Identity.kind, Identity.proven_by, Identity.proven_at, actor, data,
            Identity.value,
        ).where(Identity.case_id == case_id),
        select(
            literal(_ENTRY), TrailEntry.id, TrailEntry.event, TrailEntry.actor_kind, TrailEntry.at,
            TrailEntry.actor_id, data, sealed,
        ).where(TrailEntry.case_id == case_id),
    ).subquery()  # fmt: skip
    return select(aliased(Case, this), parts).outerjoin(parts, true()).order_by(parts.c.part, parts.c.number)


_WHOLE: Final = _whole()


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
    able = [move for move in possible(case.status) if can(work.actor, move.permission, facts_of(case))]
    return tuple(move for move in able if fits(work, case, move) and _in_time(work, case, move))


def _in_time(work: Work, case: Case, move: Move) -> bool:
    """An extension is for a time that runs, once, and only as long as it may be told (Art. 12(3))."""
    if move.name != "extend":
        return True
    policy = policy_of(work, case)
    clock = clock_of(work, case, policy)
    today = local_day(work.now, policy.file.controller.timezone)
    lengthens = policy.regime.rule(case.right).extension is not None and not clock.extended
    return lengthens and clock.state == "running" and (clock.base_due is None or today <= clock.base_due)


def fits(work: Work, case: Case, move: Move) -> bool:
    """Whether a move is for such a request at all: for its right, its grounds, its law, and what was asked last."""
    policy = policy_of(work, case)
    against = policy.right(case.right).refusal_grounds.values()
    match move.name:
        case "refuse":
            return not _unrefusable(work, case, policy)
        case "quote_fee":
            return not _unrefusable(work, case, policy) and any(one.evidence for one in against)
        case "cannot_identify":
            return any(one.unidentified for one in against)
        case "complain":
            return policy.regime.complaint.to_controller is not None and case.right != "complaint"
        case "approve":
            return case.right in PACKAGED or policy.offer(case.right).approvers > 1
    return move.fits(case.right) and _stands(work, case, move)


def _stands(work: Work, case: Case, move: Move) -> bool:
    """Whether there is what the move is about: a fee that was asked for, data that is set aside, what was given."""
    match move.name:
        case "record_fee":
            return asked_last(work, case) == "case:quote_fee"
        case "lift_restriction":
            return standing_restriction(work, case) is not None
        case "reopen":
            return case.data_key is not None
    return True


def _unrefusable(work: Work, case: Case, policy: Policy) -> bool:
    return case.data_key is not None and unrefusable(personal_of(work, case), policy.right(case.right))


def personal_of(work: Work, case: Case) -> dict[str, Any]:
    """What the person gave: name, details, grounds, items."""
    given: dict[str, Any] = work.unseal_for(case, case.personal, place="personal")
    return given


def asked_last(work: Work, case: Case) -> str | None:
    """What the person was asked last, as the trail names it."""
    return work.session.scalars(
        select(TrailEntry.event)
        .where(TrailEntry.case_id == case.id, TrailEntry.event.in_(ASKING))
        .order_by(TrailEntry.id.desc())
        .limit(1)
    ).first()


def standing_restriction(work: Work, case: Case) -> Restriction | None:
    """The restriction that this case brought about, as long as it holds (Art. 18)."""
    return work.session.scalars(
        select(Restriction).where(Restriction.case_id == case.id, Restriction.lifted_at.is_(None))
    ).first()


def clock_of(work: Work, case: Case, policy: Policy | None = None) -> Clock:
    """The clock as the pinned policy and the facts give it."""
    rows = work.session.scalars(select(ClockFact).where(ClockFact.case_id == case.id).order_by(ClockFact.id))
    facts = [Fact(row.kind, row.at, row.data) for row in rows]
    return reckoned(facts, case, policy or policy_of(work, case))


def reckoned(facts: Iterable[Fact], case: Case, policy: Policy) -> Clock:
    """The same where the facts are at hand."""
    return reckon(
        facts,
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
