"""What every use of a case begins with: find it, and read what stands sealed or is computed from its facts."""

import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, LargeBinary, Select, String, bindparam, cast, literal, null, select, true, union_all
from sqlalchemy import case as either
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from app.domain.customers import CUSTOMER
from app.domain.deadlines import Clock, Fact, reckon
from app.domain.errors import NotFound
from app.domain.identity import comparable, read_reference
from app.domain.items import unrefusable
from app.domain.lifecycle import ASKING, PACKAGED, Move, possible
from app.domain.permissions import CaseFacts, can
from app.domain.representation import KINDS
from app.models.base import Id, Json, UtcDateTime
from app.models.cases import Case, ClockFact, Identity, Letter, Restriction
from app.models.cases import Message as Written
from app.models.ledger import TrailEntry
from app.queries import representation
from app.queries.policies import Policy, local_day, policy_of
from app.queries.registered import may_record
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


class Lettered(NamedTuple):
    """A letter without its parts, which are large and sealed; what it was made of, as long as it is not printed."""

    public_id: str
    kind: str
    sha256: str | None
    mail_sha256: str | None
    written_at: datetime
    sent_at: datetime | None
    sealed: bytes | None


class Wrote(NamedTuple):
    """A message as it is kept: sealed."""

    public_id: str
    direction: str
    kind: str
    login_id: int | None
    written_at: datetime
    sealed: bytes


class Sister(NamedTuple):
    """Another case of the same submission."""

    reference: str
    right: str
    status: str
    due_on: date | None
    policy_version_id: int
    regime_version: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A case with everything that each page about it shows."""

    case: Case
    facts: tuple[Fact, ...]
    identities: tuple[Known, ...]
    trail: tuple[Happened, ...]
    letters: tuple[Lettered, ...]
    messages: tuple[Wrote, ...]
    sisters: tuple[Sister, ...]


def whole(work: Work, reference: str) -> Whole:
    """As `load`, for reading: the case and what belongs to it in one statement, since each costs a way and back."""
    rows = work.session.standing(_WHOLE, reference=read_reference(reference))
    if not rows:
        raise NotFound
    parts: list[list[Any]] = [[] for _ in range(6)]
    for row in rows:
        if row.part is not None:
            parts[row.part].append(row)
    facts, names, entries, letters, messages, sisters = parts
    return Whole(
        case=typing.cast("Case", rows[0]),  # it has all columns of one; what only reads needs no more
        facts=tuple(Fact(row.word, row.at, row.data) for row in facts),
        identities=tuple(Known(row.word, row.more, row.sealed) for row in names),
        trail=tuple(Happened(row.word, row.at, row.more, row.who) for row in entries),
        letters=tuple(
            Lettered(row.word, row.more, row.third, row.fourth, row.at, row.until, row.sealed) for row in letters
        ),
        messages=tuple(Wrote(row.word, row.more, row.third, row.who, row.at, row.sealed) for row in messages),
        sisters=tuple(Sister(row.word, row.more, row.third, row.day, row.who, row.fourth) for row in sisters),
    )


# The parts lend each other their columns; what one does not need is empty there.
_COLUMNS: Final[Mapping[str, TypeEngine[Any]]] = {
    "word": String(), "more": String(), "third": String(), "fourth": String(), "at": UtcDateTime(),
    "until": UtcDateTime(), "day": Date(), "who": Id, "data": Json, "sealed": LargeBinary(),
}  # fmt: skip


def _whole() -> Select[Any]:
    """The case beside one list of all that belongs to it."""
    this = select(Case).where(Case.reference == bindparam("reference", type_=String)).cte("this")
    case_id, submission = select(this.c.id).scalar_subquery(), select(this.c.submission).scalar_subquery()
    fact, name, entry, letter, message = ClockFact, Identity, TrailEntry, Letter, Written
    parts = union_all(
        _part(0, fact.id, word=fact.kind, at=fact.at, data=fact.data).where(fact.case_id == case_id),
        _part(1, name.id, word=name.kind, more=name.proven_by, sealed=name.value)
        .where(name.case_id == case_id, name.of == "subject"),
        _part(2, entry.id, word=entry.event, more=entry.actor_kind, at=entry.at, who=entry.actor_id)
        .where(entry.case_id == case_id),
        _part(3, letter.id, word=letter.public_id, more=letter.kind, third=letter.sha256, fourth=letter.mail_sha256,
              at=letter.written_at, until=letter.sent_at,
              sealed=either((letter.sent_at.is_(None), letter.inputs))).where(letter.case_id == case_id),
        _part(4, message.id, word=message.public_id, more=message.direction, third=message.kind,
              at=message.written_at, who=message.login_id, sealed=message.body).where(message.case_id == case_id),
        _part(5, Case.id, word=Case.reference, more=Case.right, third=Case.status, day=Case.due_on,
              who=Case.policy_version_id, fourth=Case.regime_version)
        .where(Case.submission == submission, Case.id != case_id),
    ).subquery()  # fmt: skip
    return select(aliased(Case, this), parts).outerjoin(parts, true()).order_by(parts.c.part, parts.c.number)


def _part(part: int, number: Any, **given: Any) -> Select[Any]:
    empty = {name: cast(null(), kind) for name, kind in _COLUMNS.items()}
    columns = [column.label(name) for name, column in {**empty, **given}.items()]
    return select(literal(part).label("part"), number.label("number"), *columns)


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
    return tuple(move for move in able if fits(work, case, move) and _is_due(work, case, move))


def _is_due(work: Work, case: Case, move: Move) -> bool:
    """Whether now is the time for it; a move whose time has passed or is still to come says so by itself."""
    match move.name:
        case "extend":
            return _may_extend(work, case)
        case "record_contact":
            return may_record(work, case)
    return True


def _may_extend(work: Work, case: Case) -> bool:
    """An extension is for a time that runs, once, and only as long as it may be told (Art. 12(3))."""
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
    searchable = move.name != "collect" or bool(policy.file.connections)
    return move.fits(case.right) and searchable and _stands(work, case, move)


def _stands(work: Work, case: Case, move: Move) -> bool:
    """Whether there is what the move is about: a system, a fee that was asked for, data set aside, what was given."""
    there = _THERE.get(move.name)
    return there is None or there(work, case)


def by_letter(work: Work, case: Case) -> bool:
    """Whether an official letter can be asked for here (M-8): of a company, or where the controller's file names it."""
    named = policy_of(work, case).offer(case.right).proof
    return case.capacity == CUSTOMER or any("official_letter" in ways.all_of for ways in named)


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


# What each of these moves is about, and whether it is there.
_THERE: Final[Mapping[str, Callable[[Work, Case], bool]]] = {
    "collect": lambda work, case: bool(policy_of(work, case).file.connections),
    "call_back": by_letter,
    "record_contact": by_letter,
    "record_fee": lambda work, case: asked_last(work, case) == "case:quote_fee",
    "lift_restriction": lambda work, case: standing_restriction(work, case) is not None,
    "reopen": lambda _, case: case.data_key is not None,
    "revoke_representation": lambda work, case: representation.standing(work, case) is not None,
}


def clock_of(work: Work, case: Case, policy: Policy | None = None) -> Clock:
    """The clock as the pinned policy and the facts give it."""
    rows = work.session.scalars(select(ClockFact).where(ClockFact.case_id == case.id).order_by(ClockFact.id))
    facts = [Fact(row.kind, row.at, row.data) for row in rows]
    return reckoned(facts, case, policy or policy_of(work, case))


def reckoned(facts: Iterable[Fact], case: Case, policy: Policy) -> Clock:
    """The same where the facts are at hand.

    Where the law itself asks for a signature, a request counts from the signed paper on if so promised (R-3); the law's
    own time, from the first receipt, is shown beside it.
    """
    promise = policy.offer(case.right).respond_within
    on_paper = policy.regime.signed_form is not None and promise is not None and promise.from_ == "duly_executed"
    return reckon(
        facts,
        rule=policy.regime.rule(case.right),
        promise=promise,
        signed_form=on_paper,
        country=policy.file.controller.country,
        timezone=policy.file.controller.timezone,
    )


def identities_of(work: Work, case: Case) -> list[tuple[Identity, str]]:
    """Each identity of the person whose data it is, with its plain value; never one of who asks for them."""
    rows = work.session.scalars(
        select(Identity).where(Identity.case_id == case.id, Identity.of == "subject").order_by(Identity.id)
    )
    return [(row, work.unseal_for(case, row.value, place=f"identity/{row.kind}")) for row in rows]


def address_of(work: Work, case: Case) -> str | None:
    """Where mail about a request goes: the e-mail of who made it, named at filing, which no later request changes."""
    if case.capacity in KINDS:
        return representation.address_of(work, case)
    return next((value for row, value in identities_of(work, case) if row.kind == "email"), None)


def address_for(work: Work, case: Case, *, mail: str, purpose: str = "") -> str | None:
    """Where one mail or letter goes, which is not always to who made the request; None where it goes on paper."""
    if case.capacity in KINDS:
        return representation.address_for(work, case, mail=mail, purpose=purpose)
    return address_of(work, case)


def spool_key(work: Work, case: Case) -> bytes:
    """The key of what was found; Tampered once it was destroyed."""
    return work.keyring.unwrap(case.spool_key or b"", bound_to=spool_place(case))


def spool_place(case: Case) -> bytes:
    """What the spool's key is bound to."""
    return f"spool/{case.reference}".encode()


def identity_digest(work: Work, kind: str, value: str) -> bytes:
    """The keyed digest under which staff find cases of one exact identity."""
    return work.keyring.digest("identity", f"{kind}:{comparable(kind, value)}".encode())
