"""Calling a company back (M-8, G-3): at a contact that the organisation's systems hold for its number, or that stands
in its contract; never at one that came with the letter."""

from sqlalchemy import func, select

from app.domain import call_backs as words
from app.domain.contacts import LONGEST, ContactKind, sound
from app.domain.customers import NUMBER
from app.domain.errors import Invalid, Refused
from app.domain.messages import Message
from app.models.cases import Case
from app.models.proof import CallBack, OnFile
from app.queries.policies import policy_of
from app.queries.registered import may_record, registered_of
from app.services import conversation, ladder, stationery
from app.services.casework import advance
from app.services.look_up import Contact, on_file_digest
from app.services.official_letter import WAY
from app.services.stationery import language_of
from app.work import Work

CALLED = "call_back/note"


def call_back(work: Work, case: Case, *, contact: str, result: str, note: str) -> None:
    """Record what they said. When they deny it, the letter proves nothing any more, and who sent it learns only that
    it did not suffice: whoever pretends to be a company is not told how they were found out."""
    row = next((one for one in registered_of(work, case) if str(one.id) == contact), None)
    login = work.actor.login_id
    if row is None or login is None:
        raise Invalid({"contact": Message("Choose a contact that is on file.")})
    sealed = work.seal_for(case, note, place=CALLED)
    work.session.add(
        CallBack(case_id=case.id, on_file_id=row.id, login_id=login, result=result, note=sealed, called_at=work.now)
    )
    facts = {"result": result, "kind": row.kind, "connection": row.connection}
    advance(work, case, "call_back", facts=facts, personal={"note": note})
    if result == "denied":
        ladder.close(work, case, WAY, facts={"call_back": "denied"})
        _tell(work, case)


def _tell(work: Work, case: Case) -> None:
    paper, language = stationery.of(work), language_of(case.language, policy_of(work, case).file)
    conversation.keep(
        work, case, paper.renderer.say(words.NOT_ENOUGH, language), kind="message", field="note", direction="to_person"
    )


def record_contact(work: Work, case: Case, *, kind: ContactKind, value: str, source: str, reason: str) -> None:
    """Where no system knows how to reach the company, or nobody answers there: a contact from its papers, with where
    it stands and why it is taken from there."""
    if not may_record(work, case):
        raise Refused(Message("There is a contact on file at which nobody has been asked yet. Call back there first."))
    text = sound(kind, value)
    if text is None:
        long = Message(
            "Shorten this to %(count)s character or fewer.", {"count": LONGEST},
            "Shorten this to %(count)s characters or fewer.",
        )  # fmt: skip
        empty = Message("Enter a contact by which the company can be reached.")
        raise Invalid({"value": long if len(value) > LONGEST else empty})
    digest = on_file_digest(work, Contact(kind, text, NUMBER, words.PAPER))
    there = select(func.count(OnFile.id)).where(OnFile.case_id == case.id, OnFile.kind == kind, OnFile.digest == digest)
    if work.session.scalars(there).one():
        raise Invalid({"value": Message("This contact is on file already.")})
    work.session.add(
        OnFile(
            case_id=case.id, kind=kind, claimed=NUMBER, connection=words.PAPER,
            value=work.seal_for(case, text, place=f"on_file/{digest.hex()}"), digest=digest, found_at=work.now,
        )
    )  # fmt: skip
    told = {"contact": text, "source": source, "reason": reason}
    advance(work, case, "record_contact", facts={"kind": kind}, personal=told)
