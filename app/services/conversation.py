"""What staff and person write to each other about a request, kept with it (Art. 12(1), 12(2)): a question, its answer,
a word about the proof."""

import secrets
from datetime import date
from typing import Final, Literal

from app.domain.errors import Forbidden, Invalid, NotFound, Stale
from app.domain.identity import text_fault, tidy
from app.domain.messages import Message
from app.domain.permissions import can
from app.models.cases import Case
from app.models.cases import Message as MessageRow
from app.queries.reading import address_of, asked_last, facts_of, load
from app.services import again, clocks
from app.services.casework import advance
from app.work import Work

Direction = Literal["to_person", "from_person"]
LONGEST: Final = 4000


def write(work: Work, reference: str, text: str, *, version: int | None = None) -> str:
    """A message by whoever acts: staff to the person, who gets a mail, or the person to staff. Gives its id."""
    case = load(work, reference)
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    if not can(work.actor, "case:message", facts_of(case)):
        raise Forbidden("Your role does not allow to write messages.")
    if version is not None and version != case.version:
        raise Stale("Somebody else has changed this request since you opened it. Look at it again, then decide.")
    row = keep(work, case, text, kind="message", field="body")
    if row.direction == "to_person":
        work.audit("message:sent", case=case, facts={"message": row.public_id})
    else:
        work.audit("message:received", case=case, facts={"message": row.public_id})
        if case.outcome == "lapsed":  # as its letter says: who writes again still wants it
            again.begin(work, case)
    return row.public_id


def note_read(work: Work, reference: str) -> None:
    """Staff have read what the person wrote: it is new no longer, although nothing else is done about it."""
    case = load(work, reference)
    if not can(work.actor, "case:message", facts_of(case)) or work.actor.kind != "staff":
        raise NotFound
    work.audit("message:read", case=case)


def keep(work: Work, case: Case, text: str, *, kind: str, field: str, direction: Direction | None = None) -> MessageRow:
    """Seal a message into the case; what staff write to the person is told by a mail that points to the page."""
    said = tidy(text)
    fault = text_fault(said, max_length=LONGEST, lines=True)
    if fault is not None or not said:
        raise Invalid({field: fault or Message("Write something first.")})
    towards = direction or ("from_person" if work.actor.kind == "person" else "to_person")
    public_id = secrets.token_urlsafe(16)
    row = MessageRow(
        public_id=public_id,
        case_id=case.id,
        direction=towards,
        kind=kind,
        body=work.seal_for(case, said, place=f"message/{public_id}"),
        login_id=work.actor.login_id if towards == "to_person" else None,
        written_at=work.now,
    )
    work.session.add(row)
    work.flush()
    if towards == "to_person" and address_of(work, case) is not None:
        work.enqueue("mail", case=case, template="case-message")
    return row


def clarify(work: Work, case: Case, *, message: str, received_on: date | None) -> None:
    """The answer to a question; the desk may record one that came by letter or in a call."""
    if work.actor.kind == "person" and received_on is not None:
        raise Invalid({"received_on": Message("Only staff give a day here.")})
    if asked_last(work, case) == "case:ask_clarification":
        clocks.clarified(work, case, received_on)
    keep(work, case, message, kind="answer", field="message", direction="from_person")
    advance(work, case, "clarify", facts={"by": work.actor.kind})
