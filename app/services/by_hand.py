"""Answering a request for a copy by letter, where no package can be made (Art. 12(3), 15(1) to (3), 20): data on paper,
or in a system that is not connected."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from app.domain.by_hand import needed
from app.domain.errors import Invalid
from app.domain.grounds import checked_reason
from app.domain.identity import TEXT_LENGTH
from app.domain.letters import lines
from app.domain.messages import Message
from app.domain.policy import say
from app.domain.regime import LetterKind
from app.models.cases import Case
from app.models.fulfilment import Collected
from app.queries.policies import policy_of
from app.services import letters, review, stationery
from app.services.casework import advance, moment_of
from app.services.decisions import MISSING, let_go
from app.services.stationery import language_of
from app.work import Work

_OF_PART = ("left_out", "ground", "reason")
_LETTER_OF: Mapping[str, LetterKind] = {"access": "access", "portability": "portability"}


def answer_by_hand(work: Work, case: Case, *, held: str, searched_on: date | None, **said: str) -> None:
    """Close with the letter of that right, or with the one that says that nothing is held; what a search found and
    nobody released goes."""
    review.check_eyes(work, case)
    withheld = _withheld(work, case, said) if held == "yes" else []
    faults = {spec.name: spec.needed for spec in needed(case.right, held) if not said.get(spec.name, "").strip()}
    if held == "no" and _found(work, case):
        faults["held"] = Message("The search found data about this person. Look through it, or search again.")
    if faults:
        raise Invalid(faults)
    searched = moment_of(work, case, searched_on, since=case.received_at, field="searched_on")
    told = {name: words for name, words in said.items() if words.strip() and name not in _OF_PART}
    told["searched_on"] = searched.date().isoformat()
    let_go(work, case)
    outcome = "no_data" if held == "no" else "partly_granted" if withheld else "granted"
    # The copy itself is in the letter as it was sent; the trail need not hold it once more (Art. 5(1)(c)).
    noted = {name: words for name, words in told.items() if name != "copy"}
    grounds = [one["key"] for one in withheld]
    advance(work, case, "answer_by_hand", outcome=outcome, facts={"grounds": grounds}, personal=noted)
    for one in withheld:
        parts = {"granted": _given(work, case, said), "withheld": [one], "reasons": one["reason"]}
        letters.send(work, case, "partial", parts)
        told["excluded"] = f"{one['item']}: {one['ground']}"
    letters.send(work, case, _LETTER_OF[case.right] if held == "yes" else "no_data", told)


def _withheld(work: Work, case: Case, said: Mapping[str, str]) -> list[dict[str, str]]:
    """What is left out, with its ground and reasons; Invalid where one of them lacks (Art. 12(4))."""
    if not any(said.get(name, "").strip() for name in _OF_PART):
        return []
    policy = policy_of(work, case)
    grounds, language = policy.right(case.right).refusal_grounds, language_of(case.language, policy.file)
    reason = checked_reason(grounds, said["ground"], said["reason"], max_length=TEXT_LENGTH, missing=MISSING)
    if not said["left_out"].strip():
        raise Invalid({"left_out": Message("Say what is left out.")})
    ground = grounds[said["ground"]]
    told = {"item": said["left_out"].strip(), "key": said["ground"], "reason": reason}
    return [{**told, "ground": say(ground.title, language), "article": ground.article}]


def _given(work: Work, case: Case, said: Mapping[str, str]) -> list[object]:
    """What the person gets all the same, by name."""
    renderer = stationery.of(work).renderer
    return lines(said.get("data_sets")) or [renderer.say(Message("The copy of your data"), case.language)]


def _found(work: Work, case: Case) -> int:
    return work.session.scalars(
        select(func.coalesce(func.sum(Collected.rows), 0)).where(Collected.case_id == case.id)
    ).one()
