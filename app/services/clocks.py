"""What makes the time for an answer stand still, go on or last longer (Art. 12(3), 12(6), recital 63): asking for proof
or for words, the answer to it, an extension that is told in time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from app.domain.clock import Fact, rounds
from app.domain.clock_checks import check_extension, check_pause, check_resume
from app.domain.errors import Invalid, Refused
from app.domain.ladder import least_more
from app.domain.ladder_words import NO_PAPERS, less_would_do
from app.domain.messages import Message
from app.domain.policy_values import Way
from app.domain.regime import PauseReason, Restart
from app.models.cases import Case
from app.queries.policies import policy_of
from app.queries.proof import standing
from app.queries.reading import clock_of, identities_of
from app.services import (
    collection,
    facts_drawing,
    form_verdicts,
    letters,
    official_letter,
    representation,
    review,
    rungs,
)
from app.services.casework import advance, facts_so_far, moment_of, record_fact, today_of
from app.work import Work

# What begins the time anew, where a law wants that, once this has come.
RESTARTS: dict[str, Restart] = {"identity": "id_received", "fee": "fee_paid"}


def ask_proof(
    work: Work, case: Case, *, doubt: str, items_asked: str, alternatives: str, way: str = "", why_not_less: str = ""
) -> None:
    """Ask for the least that removes a reasonable doubt about who the person is (Art. 12(6)); for more than the least
    only with a reason that is kept."""
    chosen = _least(work, case, way, why_not_less)
    said = {"doubt": doubt, "items_asked": items_asked, "alternatives": alternatives}
    _ask(work, case, "ask_proof", reason="identity", personal={**said, "why_not_less": why_not_less},
         facts={"way": chosen})  # fmt: skip
    if chosen is not None:
        rungs.ask_for(work, case, chosen, reason="\n".join(filter(None, (doubt, why_not_less))))
    if standing(work, case).asked == "two_facts":
        facts_drawing.begin(work, case)
    letters.send(work, case, "identity_request", said)


def _least(work: Work, case: Case, way: str, why_not_less: str) -> Way | None:
    """The rung that is asked for: the one that the ladder asks for anyway, else the least one beyond it."""
    now = standing(work, case)
    if now.asked is not None and way in ("", now.asked):
        return None
    ways = least_more(now.demand, now.shown, now.closed)
    if not ways and now.demand.no_papers:
        raise Refused(NO_PAPERS)
    least = now.asked or next(iter(ways), None)
    if way and least is not None and way != least and not why_not_less:
        raise Invalid({"why_not_less": less_would_do(least)})
    return next((one for one in ways if one == way), ways[0] if ways else None)


def wait_for_proof(work: Work, case: Case, *, facts: dict[str, Any]) -> None:
    """The ladder asks for more than the first code: the case waits, and the time stands still where the law lets it."""
    _ask(work, case, "ask_proof", reason="identity", personal={}, facts=facts)


def proof_is_here(work: Work, case: Case, received_on: date | None = None) -> datetime:
    """The time goes on, since the person has shown who they are; since when."""
    at = _answered(work, case, "identity", received_on)
    record_fact(work, case, "id_received", at=at)
    return at


def reject_proof(
    work: Work, case: Case, *, defects: tuple[str, ...] = (), doubt: str = "", items_asked: str = "",
    alternatives: str = "",
) -> None:  # fmt: skip
    """Say what is wrong with what was sent, and what would do; the time goes on standing still.

    Of a signed form the `defects` are named, each with the way to mend it; then `doubt` is what staff add to them.
    """
    said = {"doubt": doubt, "items_asked": items_asked, "alternatives": alternatives}
    told: Mapping[str, str] = {**said, "defect": doubt}
    if defects:
        told = form_verdicts.defective(work, case, defects, more=doubt)
    advance(work, case, "reject_proof", facts={"defects": list(defects)} if defects else None, personal=said)
    letters.send(work, case, "identity_request", told)


def accept_proof(
    work: Work, case: Case, *, method: str, note: str, identities: tuple[str, ...], received_on: date | None,
    answer_to: str = "",
) -> None:  # fmt: skip
    """The person is known: exactly the chosen identities are proven by it, and the time goes on."""
    identities = official_letter.proves(work, case, method, identities)
    if method == "representative":
        representation.accepted(work, case, answer_to=answer_to)
    on_paper = method == "signed_form"
    if on_paper:
        came = form_verdicts.arrived_on(work, case)
        received_on = received_on or came
    rungs.record(work, case, cast("Way", method), identities=identities, to=work.actor.login_id)
    if not any(row.proven_by for row, _ in identities_of(work, case)):
        raise Invalid({"identities": Message("Choose what is proven now: only that can be searched for.")})
    at = proof_is_here(work, case, received_on)
    if on_paper:
        form_verdicts.executed(work, case, at=at)
    advance(work, case, "accept_proof", facts={"method": method, "identities": sorted(identities)},
            personal={"note": note})  # fmt: skip
    collection.start_by_itself(work, case)


def ask_clarification(work: Work, case: Case, *, unclear_part: str, options: str, answered_meanwhile: str) -> None:
    """Ask which data or uses a request is about (recital 63)."""
    said = {"unclear_part": unclear_part, "options": options, "answered_meanwhile": answered_meanwhile}
    _ask(work, case, "ask_clarification", reason="clarification", personal=said)
    letters.send(work, case, "clarification", said)


def clarified(work: Work, case: Case, received_on: date | None) -> None:
    """The time goes on, since the person has answered what they were asked."""
    _answered(work, case, "clarification", received_on)


def quote_fee(
    work: Work, case: Case, *, ground: str, evidence: str, amount: str, currency: str, cost_basis: str
) -> None:
    """Say what a request without basis or an excessive one would cost, before it does (Art. 12(5)(a))."""
    known = policy_of(work, case).right(case.right).refusal_grounds.get(ground)
    if known is None or not known.evidence:
        raise Invalid({"ground": Message("A fee may be asked only for a request without basis or an excessive one.")})
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Invalid({"currency": Message("Give the currency by its three letters, such as EUR.")})
    sum_ = f"{amount.replace(',', '.')} {currency.upper()}"
    facts = {"ground": ground, "amount": sum_}
    _ask(work, case, "quote_fee", reason="fee", personal={"evidence": evidence, "cost_basis": cost_basis}, facts=facts)
    letters.send(work, case, "fee_notice", {**facts, "evidence": evidence, "cost_basis": cost_basis})


def record_fee(work: Work, case: Case, *, received_on: date | None) -> None:
    """The fee was paid: the request is handled, and where the law says so the time begins anew."""
    at = _answered(work, case, "fee", received_on)
    record_fact(work, case, "fee_paid", at=at)
    advance(work, case, "record_fee")


def extend(work: Work, case: Case, *, reason: str, reasons: str, delivered_now: str) -> None:
    """Lengthen the time once, for a reason of the law, told before it ends (Art. 12(3))."""
    policy = policy_of(work, case)
    rule, country = policy.regime.rule(case.right), policy.file.controller.country
    if rule.extension is None:
        raise Refused("This law gives no extension of the time for an answer.")
    if reason not in rule.extension.reasons:
        raise Invalid({"reason": Message("Choose one of the reasons that the law gives for an extension.")})
    by, clock = rule.extension.by, clock_of(work, case, policy)
    if clock.state == "paused":
        raise Refused("The time stands still. It can be extended once it goes on.")
    check_extension(
        clock, rule=rule, facts=facts_so_far(work, case), today=today_of(work, case), by=by,
        country=country,
    )  # fmt: skip
    length = by.model_dump(exclude_none=True)
    record_fact(work, case, "extended", {"by": length, "reason": reason})
    advance(work, case, "extend", facts={"by": length, "reason": reason}, personal={"reasons": reasons})
    letters.send(work, case, "extension", {"ground": reason, "reasons": reasons, "delivered_now": delivered_now})


def stands_still(work: Work, case: Case, reason: str) -> bool:
    """Whether asking for this stops the time, or makes it begin anew once the answer is there."""
    rule = policy_of(work, case).regime.rule(case.right)
    return cast("PauseReason", reason) in rule.pauses or RESTARTS.get(reason) in rule.restarts


def _ask(
    work: Work, case: Case, move: str, *, reason: str, personal: dict[str, Any], facts: dict[str, Any] | None = None
) -> None:
    """What was found or agreed so far may be wrong after the answer: a search begins anew, approvals are void."""
    if stands_still(work, case, reason):
        policy = policy_of(work, case)
        check_pause(
            clock_of(work, case, policy), facts=facts_so_far(work, case), at=work.now,
            timezone=policy.file.controller.timezone, reason=reason,
        )  # fmt: skip
        record_fact(work, case, "paused", {"reason": reason})
    if case.status == "in_progress":
        collection.forget_findings(work, case)
    review.forget_approvals(work, case)
    advance(work, case, move, facts=facts, personal=personal)


def _answered(work: Work, case: Case, reason: str, received_on: date | None) -> datetime:
    """When the answer came; where the time stood still for it, it goes on from then."""
    policy = policy_of(work, case)
    so_far = rounds(facts_so_far(work, case))[-1]  # a question of before it was taken up again waits no more
    asked = [fact.at for fact in so_far if fact.kind == "paused" and fact.data.get("reason") == reason]
    since = max(asked, default=so_far[0].at)
    at = max(moment_of(work, case, received_on, since=since, field="received_on"), since)
    if _waits(so_far, reason):
        check_resume(facts=so_far, at=at, timezone=policy.file.controller.timezone, reason=reason)
        record_fact(work, case, "resumed", {"reason": reason}, at=at)
    return at


def _waits(facts: Sequence[Fact], reason: str) -> bool:
    since = [fact.kind for fact in facts if fact.kind in ("paused", "resumed") and fact.data.get("reason") == reason]
    return bool(since) and since[-1] == "paused"
