"""Which contacts the systems hold for whom a request names, for staff alone and never in full (LAW 6)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.call_backs import PAPER
from app.domain.contacts import masked, oddities
from app.domain.errors import NotFound
from app.domain.identity import comparable
from app.domain.messages import Message
from app.domain.permissions import can
from app.domain.policy import Text
from app.models.cases import Case
from app.models.proof import OnFile
from app.queries.policies import policy_of
from app.queries.reading import address_of, facts_of, identities_of, load
from app.work import Work


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact on file; `same`: it is one that the request names too."""

    kind: str
    shown: str
    claimed: str
    system: Text  # none for what stands in the company's papers
    same: bool
    told_at: datetime | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Odd:
    """An address in which some letters may not be what they seem."""

    address: str
    why: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Contacts:
    """What staff see of a case's contacts. `disputed`: a contact on file says that the request is not theirs."""

    looked_up_at: datetime | None
    rows: tuple[ContactRow, ...]
    odd: tuple[Odd, ...]

    @property
    def disputed(self) -> bool:
        return any(row.answer == "not_mine" for row in self.rows)


def contacts_of(work: Work, reference: str) -> Contacts:
    """The contacts of that case; NotFound for who may not see it, and for the person, who is never shown them."""
    case = load(work, reference, lock=False)
    if work.actor.kind == "person" or not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    if case.data_key is None:
        return Contacts(case.looked_up_at, (), ())
    named = [(row.kind, value) for row, value in identities_of(work, case)]
    if (given := address_of(work, case)) is not None:
        named.append(("email", given))
    rows = work.session.scalars(select(OnFile).where(OnFile.case_id == case.id).order_by(OnFile.id))
    known = {(kind, comparable(kind, value)) for kind, value in named}
    addresses = dict.fromkeys(value for kind, value in named if kind == "email")
    return Contacts(
        case.looked_up_at,
        tuple(_row(work, case, row, known) for row in rows),
        tuple(Odd(one, why) for one in addresses if (why := oddities(one))),
    )


def _row(work: Work, case: Case, row: OnFile, known: set[tuple[str, str]]) -> ContactRow:
    value = str(work.unseal_for(case, row.value, place=f"on_file/{row.digest.hex()}"))
    return ContactRow(
        kind=row.kind,
        shown=masked("email" if row.kind == "email" else "phone" if row.kind == "phone" else "post", value),
        claimed=row.claimed,
        system="" if row.connection == PAPER else policy_of(work, case).datasets[row.connection].title,
        same=(row.kind, comparable(row.kind, value)) in known,
        told_at=row.told_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )
