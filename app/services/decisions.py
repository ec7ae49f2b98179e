"""Decisions against the person: a refusal states its reasons, the way to complain and the way to court (Art. 12(4))."""

import secrets

from app.domain.errors import Invalid
from app.domain.identity import TEXT_LENGTH, text_fault, tidy
from app.domain.messages import Message
from app.models.cases import Case, Letter
from app.queries.policies import pinned
from app.services import collection
from app.services.casework import advance
from app.work import Work


def refuse(work: Work, case: Case, *, ground: str, reason: str) -> None:
    """Refuse with a ground of the case's law and reasons in words; the letter is written and sent by a job."""
    checked = check_refusal(work, case, ground=ground, reason=reason)
    objects = collection.discard_objects(work, case)
    case.spool_key = None
    letter = Letter(
        public_id=secrets.token_urlsafe(16),
        case_id=case.id,
        kind="refusal",
        inputs=work.seal_for(case, checked, place="letter"),
        written_at=work.now,
    )
    work.session.add(letter)
    work.flush()
    advance(work, case, "refuse", outcome="refused", facts={"ground": ground}, personal={"reason": checked["reason"]})
    if objects:
        work.enqueue("shred", case=case, objects=objects)
    work.enqueue("letter", case=case, letter=letter.id)


def check_refusal(work: Work, case: Case, *, ground: str, reason: str) -> dict[str, str]:
    """Ground and reasons as they will stand in the letter; Invalid names what is missing."""
    grounds = pinned(work, case.policy_version_id).right(case.right).refusal_grounds
    faults: dict[str, Message] = {}
    if ground not in grounds:
        faults["ground"] = Message("Choose one of the grounds that the law gives for this right.")
    text = tidy(reason)
    fault = text_fault(text, max_length=TEXT_LENGTH, lines=True)
    if not text or fault is not None:
        faults["reason"] = fault or Message("State the reasons: a refusal without them cannot be sent.")
    if faults:
        raise Invalid(faults)
    return {"ground": ground, "reason": text}
