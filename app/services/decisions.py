"""Decisions against the person: a refusal states its reasons, the way to complain and the way to court (Art. 12(4))."""

import secrets
from typing import Any

from app.domain.errors import Refused
from app.domain.grounds import checked_reason
from app.domain.identity import TEXT_LENGTH
from app.domain.messages import Message
from app.domain.policy import say
from app.models.cases import Case, Letter
from app.queries.policies import Policy, policy_of
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
    grounds = policy_of(work, case).right(case.right).refusal_grounds
    missing = Message("State the reasons: a refusal without them cannot be sent.")
    text = checked_reason(grounds, ground, reason, max_length=TEXT_LENGTH, missing=missing)
    said = {"ground": ground, "reason": text}
    refusal_facts(work, case, said)  # a letter that could not say everything must not be found out only by its job
    return said


def refusal_facts(work: Work, case: Case, inputs: dict[str, str]) -> dict[str, Any]:
    """Everything Art. 12(4) demands: reasons, complaint, court. Refused when one of them is not there to be said."""
    policy: Policy = policy_of(work, case)
    regime, language = policy.regime, case.language
    ground = policy.right(case.right).refusal_grounds[inputs["ground"]]
    authority = regime.complaint.lead(policy.file.controller.country)
    said = {
        "reason": inputs["reason"],
        "ground_title": say(ground.title, language),
        "ground_article": ground.article,
        "ground_explanation": say(ground.explanation, language),
        "complaint": say(regime.complaint.explanation, language),
        "complaint_article": regime.complaint.article,
        "court": say(regime.court.explanation, language),
        "court_article": regime.court.article,
        "refusal_article": regime.refusal_article,
    }
    missing = [name for name, text in said.items() if not text.strip()]
    if missing or authority is None:
        names = ", ".join(missing) or "authority"
        raise Refused(Message("The letter lacks %(missing)s and cannot be sent.", {"missing": names}))
    return {**said, "authority": authority}
