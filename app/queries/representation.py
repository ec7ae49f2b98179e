"""Who acts for whom in a case, and whether they still do: counted at every look, so that a mandate that has ended or a
child that has come of age needs no job (LAW 6; Art. 8)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.identity import comparable
from app.domain.representation import KINDS, stands
from app.models.cases import Case, Identity
from app.models.proof import OnFile, Representation
from app.queries.policies import local_day, policy_of
from app.work import Work

EMAIL_PLACE = "identity/representative/email"
# What a code is for decides whom it goes to: the person at a contact that is known to be theirs, the same at one that
# somebody else typed, and the person alone once nobody acts for them any more.
COSIGN, COSIGN_TYPED, SUBJECT = "cosign", "cosign_typed", "subject"
# Mails and letters that carry an answer, or lead to one.
ANSWERS = frozenset({
    "case-released", "access", "complaint", "partial", "no_data", "rectified", "erased", "restricted", "lifting",
    "portability", "objection", "automated_decision", "consent_withdrawn", "answer",
})  # fmt: skip
# How a request ended, where that is the answer already: whether anything was found.
ANSWERED = frozenset({"granted", "partly_granted", "no_data"})


@dataclass(frozen=True, slots=True)
class Contact:
    """An address of the subject; `known`: it is on file with the organisation, or proven, and not just typed by
    somebody else."""

    address: str
    known: bool


@dataclass(frozen=True, slots=True)
class Represented:
    """Who acts for the person, as pages show it. `stands`: they still do; `ended`: the last day has passed;
    `reachable`: the person has a contact that an answer can go to; `by_reader`: who reads acts; `filed`: how many
    requests they have made here."""

    kind: str
    name: str
    email: str
    stands_as: str
    organisation: str
    born_on: date | None
    post: str
    statement: str
    scope: tuple[str, ...]
    filed_at: datetime
    ends_on: date | None
    cosigned_at: datetime | None
    accepted_at: datetime | None
    answer_to: str
    revoked_at: datetime | None
    revoked_by: str | None
    stands: bool
    ended: bool
    reachable: bool
    by_reader: bool
    filed: int

    @property
    def to_subject(self) -> bool:
        """Whether the answer goes to the person: always when in doubt."""
        return not self.stands or self.answer_to == "subject"


def row_of(work: Work, case: Case) -> Representation | None:
    """The representation of this case, whether or not it still stands."""
    if case.capacity not in KINDS:
        return None
    return work.session.scalars(select(Representation).where(Representation.case_id == case.id)).one_or_none()


def standing(work: Work, case: Case) -> Representation | None:
    """The same, if it stands today."""
    row = row_of(work, case)
    return row if row is not None and _stands(row, _today(work, case)) else None


def told(work: Work, case: Case) -> dict[str, Any]:
    """What who acts said of themselves."""
    row = row_of(work, case)
    return _personal(work, case, row) if row is not None else {}


def of_case(work: Work, case: Case) -> Represented | None:
    """Everything about it for a page; None for who asks for themselves."""
    row = row_of(work, case)
    if row is None:
        return None
    said, today = _personal(work, case, row), _today(work, case)
    contact = subject_contact(work, case)
    return Represented(
        kind=row.kind,
        name=said.get("name", ""),
        email=_email(work, case, "representative") or "",
        stands_as=said.get("stands_as", ""),
        organisation=said.get("organisation", ""),
        born_on=date.fromisoformat(said["born_on"]) if said.get("born_on") else None,
        post=said.get("post", ""),
        statement=said.get("statement", ""),
        scope=tuple(row.scope),
        filed_at=row.filed_at,
        ends_on=row.ends_on,
        cosigned_at=row.cosigned_at,
        accepted_at=row.accepted_at,
        answer_to=row.answer_to,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        stands=_stands(row, today),
        ended=row.ends_on is not None and today > row.ends_on,
        reachable=contact is not None and contact.known,
        by_reader=case.reference in work.actor.representing,
        filed=0 if work.actor.kind == "person" else filed_by(work, row.contact_digest),
    )


def filed_by(work: Work, contact_digest: bytes, *, since: datetime | None = None) -> int:
    """How many requests were made from that address for others, once it was shown to be theirs: nobody fills the
    count of somebody else by typing their address. Those who gave none are many people."""
    if not contact_digest:
        return 0
    counted = (
        select(func.count(Representation.id))
        .join(Case, Case.id == Representation.case_id)
        .where(Representation.contact_digest == contact_digest, Case.status != "unverified")
    )
    if since is not None:
        counted = counted.where(Representation.filed_at > since)
    return work.session.scalars(counted).one()


def still_let_in(work: Work, references: Collection[str]) -> frozenset[str]:
    """Of cases that somebody was let into for somebody else: those where they still act. The one place that asks."""
    rows = work.session.scalars(select(Case).where(Case.reference.in_(references)))
    return frozenset(case.reference for case in rows if standing(work, case) is not None)


def with_representative(work: Work, references: Iterable[str]) -> frozenset[str]:
    """Those of them that somebody makes for somebody else."""
    return frozenset(
        work.session.scalars(
            select(Case.reference).where(Case.reference.in_(tuple(references)), Case.capacity.in_(KINDS))
        )
    )


def address_of(work: Work, case: Case) -> str | None:
    """Where mail about the request goes: to who acts as long as they do, then to the person's own contact."""
    if standing(work, case) is not None:
        return _email(work, case, "representative")
    return known_contact(work, case)


def address_of_representative(work: Work, case: Case) -> str | None:
    """Where who acts, or did, is written to."""
    return _email(work, case, "representative")


def answer_address(work: Work, case: Case) -> str | None:
    """Where the answer goes: to the person when in doubt; to who acts where their authority was seen to cover it."""
    row = standing(work, case)
    if row is not None and row.answer_to == "representative" and row.accepted_at is not None:
        return _email(work, case, "representative")
    return known_contact(work, case)


def known_contact(work: Work, case: Case) -> str | None:
    """The person's own contact, if it is known to be theirs."""
    contact = subject_contact(work, case)
    return contact.address if contact is not None and contact.known else None


def subject_contact(work: Work, case: Case) -> Contact | None:
    """The person's address: the one on file where there is one, else what was typed, which proves nothing by itself.

    It has to be one to which every name leads that leads anywhere: where somebody mixes names of several people, no
    address is taken for the person's.
    """
    row = _row(work, case, "subject")
    typed = str(work.unseal_for(case, row.value, place="identity/email")) if row is not None else None
    rows = on_file(work, case)
    common = _common(rows)
    if typed is not None and comparable("email", typed) in common:
        return Contact(typed, known=True)
    if rows:
        shared = [address for _, address in rows if comparable("email", address) in common]
        return Contact((shared or [rows[0][1]])[0], known=len(common) == 1)
    return Contact(typed, known=row is not None and row.proven_by is not None) if typed is not None else None


def _common(rows: Sequence[tuple[OnFile, str]]) -> frozenset[str]:
    """The addresses to which each of the names leads."""
    led: dict[str, set[str]] = {}
    for row, address in rows:
        led.setdefault(row.claimed, set()).add(comparable("email", address))
    return frozenset(set.intersection(*led.values())) if led else frozenset()


def on_file(work: Work, case: Case) -> list[tuple[OnFile, str]]:
    """The e-mail addresses that the organisation's systems hold for whom the request names."""
    rows = work.session.scalars(
        select(OnFile).where(OnFile.case_id == case.id, OnFile.kind == "email").order_by(OnFile.id)
    )
    return [(row, str(work.unseal_for(case, row.value, place=f"on_file/{row.digest.hex()}"))) for row in rows]


def address_for(work: Work, case: Case, *, mail: str, purpose: str) -> str | None:
    """Where a mail goes, by what it is: an answer and its code, a word for the person alone, or what is for whoever
    made the request. Settled by the purpose that the code was made for, so that no code reaches two people."""
    if purpose == COSIGN_TYPED:
        contact = subject_contact(work, case)
        return contact.address if contact is not None else None
    if purpose in {COSIGN, SUBJECT} or mail == "representation-ended":
        return known_contact(work, case)
    return answer_address(work, case) if purpose == "download" or mail in ANSWERS else address_of(work, case)


def receives(work: Work, case: Case) -> bool:
    """Whether this reader is the one whom the answer goes to."""
    if case.capacity not in KINDS or case.reference not in work.actor.representing:
        return True
    row = standing(work, case)
    return row is not None and row.answer_to == "representative" and row.accepted_at is not None


def name_for(work: Work, case: Case, address: str | None, name: str) -> str:
    """Who is greeted at that address: who acts for the person, else the person."""
    if case.capacity in KINDS and address is not None and address == _email(work, case, "representative"):
        return str(told(work, case).get("name") or name)
    return name


def page_for(work: Work, case: Case, address: str | None) -> str:
    """Where whoever reads mail at that address sees the request: the person for whom somebody acts has a door of
    their own, where no code goes to anybody else."""
    page = f"/case/{case.reference}/"
    if case.capacity not in KINDS or address == _email(work, case, "representative"):
        return page
    return f"{page}cosign/"


def can_be_answered(work: Work, case: Case) -> bool:
    """Whether an answer that goes out now reaches anybody: else staff have to see to it."""
    return case.capacity not in KINDS or answer_address(work, case) is not None


def _email(work: Work, case: Case, of: str) -> str | None:
    row = _row(work, case, of)
    return None if row is None else str(work.unseal_for(case, row.value, place=EMAIL_PLACE))


def _row(work: Work, case: Case, of: str) -> Identity | None:
    return work.session.scalars(
        select(Identity).where(Identity.case_id == case.id, Identity.of == of, Identity.kind == "email")
    ).first()


def _personal(work: Work, case: Case, row: Representation) -> dict[str, Any]:
    said: dict[str, Any] = work.unseal_for(case, row.personal, place="representation")
    return said


def _stands(row: Representation, today: date) -> bool:
    return stands(revoked=row.revoked_at is not None, ends_on=row.ends_on, today=today)


def _today(work: Work, case: Case) -> date:
    return local_day(work.now, policy_of(work, case).file.controller.timezone)
