"""How a request ends (Art. 12(3), 12(4)): done item by item, refused with reasons, complaint and court, referred,
withdrawn, lapsed - and how it begins again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import Invalid, Refused
from app.domain.grounds import checked_reason
from app.domain.identity import TEXT_LENGTH
from app.domain.items import Item, asked_items
from app.domain.messages import Message
from app.domain.policy import say
from app.domain.regime import Ground, LetterKind
from app.gateways.speech import speech
from app.models.cases import Case
from app.queries.policies import policy_of
from app.queries.reading import personal_of
from app.services import again, collection, conversation, letters, review, stationery
from app.services.casework import advance, moment_of
from app.services.stationery import language_of
from app.work import Work

MISSING = Message("State the reasons: a refusal without them cannot be sent.")
# The letter that says that it was done, by right; the rights without one of their own get a plain answer.
_LETTER_OF: Mapping[str, LetterKind] = {
    "objection": "objection",
    "automated_decision_review": "automated_decision",
    "consent_withdrawal": "consent_withdrawn",
    "complaint": "complaint",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on each thing: what is granted, and what is withheld on which ground and why."""

    granted: tuple[str, ...]
    withheld: tuple[Mapping[str, str], ...]

    @property
    def outcome(self) -> str:
        return "partly_granted" if self.withheld else "granted"


def grant(work: Work, case: Case, *, items: Sequence[Mapping[str, str]], **said: Any) -> None:
    """Do what was asked where no package answers it: the letter of that right says so."""
    kind = _LETTER_OF.get(case.right, "answer")
    verdict = decided(work, case, items)
    if kind == "consent_withdrawn":
        said["consent"] = list(verdict.granted)
    answer(work, case, "grant", kind, verdict=verdict, said=said)


def answer(work: Work, case: Case, move: str, kind: LetterKind, *, verdict: Verdict, said: Mapping[str, Any]) -> None:
    """Close with the letter of what was done; where something is withheld, with the one that says what and why."""
    review.check_eyes(work, case)
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items() if value}
    let_go(work, case)
    grounds = [one["key"] for one in verdict.withheld]
    advance(
        work, case, move, outcome=verdict.outcome, personal=told,
        facts={"granted": len(verdict.granted), "withheld": len(verdict.withheld), "grounds": grounds},
    )  # fmt: skip
    if verdict.withheld:
        parts = {"granted": [*verdict.granted, *_done(work, case, said)], "withheld": list(verdict.withheld)}
        letters.send(work, case, "partial", {**told, **parts, "reasons": _reasons(verdict)})
    else:
        letters.send(work, case, kind, told)


def _done(work: Work, case: Case, said: Mapping[str, Any]) -> list[str]:
    """What staff said of what was done, each under the name that the law has for it."""
    law, language = policy_of(work, case).right(case.right), case.language
    told = []
    for element in law.answer_must_contain:
        value = said.get(element.key)
        if isinstance(value, date):
            value = speech(language).day(value)
        elif element.key == "restriction_ground" and value in law.grounds:
            value = say(law.grounds[str(value)].title, language)
        if value and element.key != "consent":
            told.append(f"{say(element.title, language)}: {value}")
    return told


def _reasons(verdict: Verdict) -> str:
    return "\n\n".join(f"{one['item']}: {one['reason']}" for one in verdict.withheld)


def decided(work: Work, case: Case, rows: Sequence[Mapping[str, str]]) -> Verdict:
    """The decisions on what was asked; without any, all of it is granted. Invalid names each wrong one."""
    policy = policy_of(work, case)
    law = policy.right(case.right)
    things = asked_items(personal_of(work, case), law, case.language)
    language = language_of(case.language, policy.file)
    called = [stationery.of(work).renderer.say(thing.label, language) for thing in things]
    faults: dict[str, Message] = {}
    granted, withheld = [], []
    for number, thing in enumerate(things):
        row = rows[number] if number < len(rows) else {"decision": "granted"}
        if row.get("decision") != "withheld":
            granted.append(called[number])
            continue
        wrong = _faults_of(thing, row, law.refusal_grounds)
        faults.update({f"items.{number}.{name}": words for name, words in wrong.items()})
        if not wrong:
            ground = law.refusal_grounds[row["ground"]]
            withheld.append({
                "item": called[number], "key": row["ground"], "ground": say(ground.title, language),
                "article": ground.article, "reason": row["reason"].strip(),
            })  # fmt: skip
    if faults:
        raise Invalid(faults)
    if not granted:
        raise Refused("Nothing is granted by this. Refuse the request instead: its letter says why.")
    return Verdict(tuple(granted), tuple(withheld))


def _faults_of(thing: Item, row: Mapping[str, str], grounds: Mapping[str, Ground]) -> Mapping[str, Message]:
    """What is wrong with withholding one thing."""
    if thing.absolute:
        return {"decision": Message("Nobody may refuse this: the law gives no ground against it.")}
    try:
        checked_reason(grounds, row.get("ground", ""), row.get("reason", ""), max_length=TEXT_LENGTH, missing=MISSING)
    except Invalid as fault:
        return fault.fields
    return {}


def refuse(work: Work, case: Case, *, ground: str, reason: str, evidence: str = "") -> None:
    """Refuse with a ground of the case's law and reasons in words; the letter names complaint and court."""
    grounds: Mapping[str, Ground] = policy_of(work, case).right(case.right).refusal_grounds
    text = checked_reason(grounds, ground, reason, max_length=TEXT_LENGTH, missing=MISSING)
    if grounds[ground].evidence and not evidence.strip():
        raise Invalid(
            {"evidence": Message("Say what proves it: without evidence nobody may refuse for this (Art. 12(5)).")}
        )
    _deny(work, case, "refuse", outcome="refused", ground=ground, reason=text, evidence=evidence)


def cannot_identify(work: Work, case: Case, *, reason: str) -> None:
    """Say that nobody can tell whose data it is (Art. 11(2)); more information takes the request up again."""
    grounds: Mapping[str, Ground] = policy_of(work, case).right(case.right).refusal_grounds
    ground = next((key for key, one in grounds.items() if one.unidentified), None)
    if ground is None:
        raise Refused("The law gives no such ground for this right.")
    text = checked_reason(grounds, ground, reason, max_length=TEXT_LENGTH, missing=MISSING)
    _deny(work, case, "cannot_identify", outcome="unidentified", ground=ground, reason=text)


def _deny(work: Work, case: Case, move: str, *, outcome: str, ground: str, reason: str, evidence: str = "") -> None:
    let_go(work, case)
    advance(work, case, move, outcome=outcome, facts={"ground": ground}, personal={"reason": reason})
    letters.send(work, case, "refusal", {"ground": ground, "reasons": reason, "evidence": evidence})


def refer(work: Work, case: Case, *, responsible: str, passed_on: str, passed_on_at: date | None) -> None:
    """Another organisation is responsible: the person learns which one, and what was passed on."""
    at = moment_of(work, case, passed_on_at, since=case.received_at, field="passed_on_at")
    told = {"responsible": responsible, "passed_on": passed_on, "passed_on_at": at.date().isoformat()}
    let_go(work, case)
    advance(work, case, "refer", outcome="referred", personal=told)
    letters.send(work, case, "referral", told)


def withdraw(work: Work, case: Case, *, note: str) -> None:
    """The person no longer wants it, by their own hand or as staff heard it from them."""
    if work.actor.kind != "person" and not note.strip():
        raise Invalid({"note": Message("Say how and when the person withdrew the request.")})
    let_go(work, case)
    advance(work, case, "withdraw", outcome="withdrawn", facts={"by": work.actor.kind}, personal={"note": note})
    letters.send(work, case, "withdrawn", {})


def close(work: Work, case: Case, *, reason: str) -> None:
    """Nothing came of it: the proof or the answer that was asked for never arrived. Whoever gets nothing reads why, and
    what can be done about it (Art. 12(4))."""
    let_go(work, case)
    advance(work, case, "close", outcome="lapsed", personal={"reason": reason})
    letters.send(work, case, "lapsed", {"reasons": reason})


def reopen(work: Work, case: Case, *, reason: str) -> None:
    """Take a closed request up again, and tell the person why."""
    again.begin(work, case, reason=reason)
    conversation.keep(work, case, reason, kind="reopened", field="reason", direction="to_person")


def let_go(work: Work, case: Case) -> None:
    """What was found and is not released goes: nobody needs it any more."""
    objects = collection.discard_objects(work, case)
    case.spool_key = None
    if objects:
        work.enqueue("shred", case=case, objects=objects)
