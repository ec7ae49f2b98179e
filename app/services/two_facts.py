"""Proof by two facts that both sides know (Art. 12(6); LAW 6): asked of everybody alike, compared in constant time,
counted for each claimed identity whoever tries and in however many requests."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.connectors.base import ConnectorFault, System
from app.domain.errors import Invalid, NotFound, Refused, TooMany
from app.domain.facts import READINGS, TRIES, TRIES_A_DAY, TRIES_A_MONTH, FactsResult, readings
from app.domain.identity import read_reference
from app.domain.messages import Message
from app.domain.permissions import SYSTEM, Actor, can
from app.models.cases import Case
from app.portal import Portal
from app.queries.policies import Policy, policy_of
from app.queries.proof import standing
from app.queries.reading import facts_of
from app.queries.two_facts import NAMES, Question, questions_of
from app.services import facts_drawing, ladder, limits
from app.services.collection import connected_systems
from app.services.facts_drawing import Claim, claim_of, digest_of, drawn, ready
from app.services.jobs import MOST_ATTEMPTS
from app.work import Attempt, Work

WAY: Final = "two_facts"
# The person, and staff to whom the person speaks: these could record another proof that they saw as well.
_MAY_ANSWER: Final = ("case:confirm", "case:accept_proof")
DAY: Final = 24 * 60 * 60
NOT_NOW: Final = Message("These questions are not asked any more. Look at your request to see what is next.")
NOT_YET: Final = Message("Your questions are still being prepared. Look again in a minute.")
EMPTY: Final = Message("Answer this question, or choose another way.")


def prepare(portal: Portal, attempt: Attempt) -> None:
    """The job: draw the questions for all that was asked together. A system that is away is asked again; in the end the
    next rung opens, so that nobody waits for a system in vain."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        waiting = _undrawn(work, attempt.case_id or 0)
        policy = policy_of(work, waiting[0]) if waiting else None
        systems = connected_systems(portal, policy) if policy else {}
        claim = claim_of(work, waiting[0], policy, systems) if policy else None
    asked_at = datetime.fromisoformat(str(attempt.arguments["asked_at"]))
    found, why = _found(systems, claim, last=attempt.number >= MOST_ATTEMPTS)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        for case in _undrawn(work, attempt.case_id or 0):
            if claim is not None and found is not None and policy is not None:
                shown_from = facts_drawing.next_beat(asked_at, work.now)
                facts_drawing.write(work, case, policy, claim=claim, found=found, shown_from=shown_from)
            else:
                ladder.close(work, case, WAY, facts={"why": why})
        work.finish(attempt)


def _found(
    systems: Mapping[str, System], claim: Claim | None, *, last: bool
) -> tuple[Mapping[str, frozenset[object]] | None, str]:
    if claim is None:
        return None, "no_questions"
    try:
        return facts_drawing.read(systems, claim), ""
    except ConnectorFault as fault:
        if fault.retry and not last:
            raise
        return None, "unreachable"


def _undrawn(work: Work, case_id: int) -> list[Case]:
    return [one for one in _together(work, case_id) if _asked(work, one) and not drawn(work, one)]


def _together(work: Work, case_id: int) -> Sequence[Case]:
    """The requests of one submission, held in one order: they name the same person, who answers once for all."""
    submission = select(Case.submission).where(Case.id == case_id).scalar_subquery()
    statement = select(Case).where(Case.submission == submission, Case.data_key.is_not(None)).order_by(Case.id)
    return work.session.scalars(statement if work.reads_only else statement.with_for_update()).all()


def _asked(work: Work, case: Case) -> bool:
    return case.status == "proof_needed" and standing(work, case).asked == WAY


@dataclass(frozen=True, slots=True)
class _Try:
    """One try before it is counted."""

    case_id: int
    submission: str
    claim: Claim | None
    policy: Policy


def asked_now(work: Work, reference: str, *, language: str | None) -> tuple[Question, ...]:
    """The questions for whoever puts them to the person; Refused when they are not asked now."""
    case = _of(work, reference)
    if not _asked(work, case):
        raise Refused(NOT_NOW)
    if not ready(work, case):
        raise Refused(NOT_YET)
    return questions_of(work, case, policy_of(work, case), language=language or case.language)


def answer(
    portal: Portal, actor: Actor, controller_id: int, reference: str, *, typed: Mapping[str, str],
    language: str | None,
) -> FactsResult:  # fmt: skip
    """Both answers must be right. A result, not an exception: each try is counted before it is looked at, so that two
    at once are two. Used up, the next rung opens; nobody is refused by that. `language`: the request's own if None."""
    tried = _try(portal, actor, controller_id, reference)
    if empty := [name for name in NAMES if not typed.get(name, "").strip()]:
        raise Invalid(dict.fromkeys(empty, EMPTY))
    left = _count(portal, controller_id, tried)
    with portal.work(actor, controller_id) as work:
        together = _together(work, tried.case_id)
        waiting = [one for one in together if _asked(work, one)]
        case = next((one for one in together if one.id == tried.case_id), None)
        if case is None or case not in waiting:
            shown = case is not None and WAY in standing(work, case).shown
            return FactsResult.RIGHT if shown else FactsResult.USED_UP
        right = _agree(work, case, tried.policy, typed=typed, language=language) if left >= 0 else False
        if right and tried.claim is not None:
            _end(work, waiting, "facts:right", kind=tried.claim.kind)
            return FactsResult.RIGHT
        work.audit("facts:wrong", case=case, facts={"left": max(left, 0)})
        if left > 0:
            return FactsResult.WRONG
        _end(work, waiting, "facts:used_up")
        return FactsResult.USED_UP


def pass_by(work: Work, reference: str) -> None:
    """The person does not know these: the next rung opens, for all that was asked together."""
    case = _of(work, reference)
    waiting = [one for one in _together(work, case.id) if _asked(work, one)]
    if not waiting:
        raise Refused(NOT_NOW)
    _end(work, waiting, "facts:passed")


def _end(work: Work, cases: Sequence[Case], event: str, *, kind: str | None = None) -> None:
    """Shown with an identity that is proven by it, or closed; the digests are of no more use."""
    for case in cases:
        work.audit(event, case=case)
        facts_drawing.forget(work, case)
        if kind is not None:
            ladder.show(work, case, WAY, identities=(kind,))
        else:
            ladder.close(work, case, WAY, facts={"why": event.partition(":")[2]})


def _of(work: Work, reference: str) -> Case:
    statement = select(Case).where(Case.reference == read_reference(reference), Case.data_key.is_not(None))
    case = work.session.scalars(statement).one_or_none()
    if case is None or not any(can(work.actor, one, facts_of(case)) for one in _MAY_ANSWER):
        raise NotFound
    return case


def _try(portal: Portal, actor: Actor, controller_id: int, reference: str) -> _Try:
    with portal.reading(actor, controller_id) as work:
        case = _of(work, reference)
        if not _asked(work, case):
            raise Refused(NOT_NOW)
        if not ready(work, case):
            raise Refused(NOT_YET)
        policy = policy_of(work, case)
        claim = claim_of(work, case, policy, connected_systems(portal, policy))
        return _Try(case.id, case.submission, claim, policy)


def _count(portal: Portal, controller_id: int, tried: _Try) -> int:
    """How many tries are left after this one; below zero it is one too many and is not looked at."""
    name = tried.claim.name if tried.claim else ""
    together = f"{controller_id}/{tried.submission}"
    return min(
        _hit(portal, "facts-together", together, limit=TRIES, seconds=365 * DAY),
        _hit(portal, "facts-a-day", name, limit=TRIES_A_DAY, seconds=DAY),
        _hit(portal, "facts-a-month", name, limit=TRIES_A_MONTH, seconds=30 * DAY),
    )


def _hit(portal: Portal, name: str, key: str, *, limit: int, seconds: int) -> int:
    try:
        return limit - limits.hit(portal, name, key, limit=limit, seconds=seconds)
    except TooMany:
        return -1


def _agree(work: Work, case: Case, policy: Policy, *, typed: Mapping[str, str], language: str | None) -> bool:
    """Whether both agree. All is compared, whatever was found so far and whether or not there is anything to find."""
    facts = facts_drawing.places_of(policy)
    agree = True
    for name, question in zip(NAMES, drawn(work, case), strict=True):
        forms = sorted(readings(facts[question.place][0].kind, typed[name], language or case.language))
        tries = [digest_of(work, case, question.place, form) for form in forms]
        tries += [secrets.token_bytes(facts_drawing.DIGEST_BYTES) for _ in range(READINGS - len(tries))]
        agree &= _any_same(tries, [bytes.fromhex(one) for one in question.answers])
    return agree


def _any_same(tries: Sequence[bytes], answers: Sequence[bytes]) -> bool:
    same = False
    for answer_there in answers:
        for one in tries:
            same |= hmac.compare_digest(one, answer_there)
    return same
