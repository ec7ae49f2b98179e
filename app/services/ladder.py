"""The ladder of proof at work (Art. 12(6)): after each rung the case goes on, or the person is asked for the next least
one, in plain words and with another way beside it."""

from collections.abc import Collection, Mapping
from typing import Any

from app.domain.ladder_words import asked_for, instead, why
from app.domain.policy_values import Way
from app.models.cases import Case
from app.queries.policies import policy_of
from app.queries.proof import Standing, standing
from app.services import clocks, collection, facts_drawing, letters, rungs, stationery
from app.services.casework import advance
from app.services.stationery import language_of
from app.work import Work

__all__ = ["Standing", "close", "settle", "show", "standing"]


def show(
    work: Work, case: Case, way: Way, *, identities: Collection[str] = (), to: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """A rung was shown: when nothing more is needed the case goes on by itself, else the next rung is asked for."""
    before = standing(work, case).asked
    rungs.record(work, case, way, identities=identities, to=to, facts=facts)
    work.flush()
    if case.status != "proof_needed":
        return
    now = standing(work, case)
    if now.met:
        clocks.proof_is_here(work, case)
        advance(work, case, "accept_proof", facts={"method": way, "identities": sorted(identities)})
        collection.start_by_itself(work, case)
    elif now.asked is not None and now.asked != before:
        _write(work, case, now)


def close(work: Work, case: Case, way: Way, *, facts: Mapping[str, Any] | None = None) -> None:
    """A rung is no longer open: the next one is asked for. Nobody is refused by that."""
    if not rungs.shut(work, case, way, facts=facts):
        return
    work.flush()
    now = standing(work, case)
    if case.status == "proof_needed" and now.asked is not None:
        _write(work, case, now)


def settle(work: Work, case: Case) -> None:
    """After the first code: the case stays open when that suffices, else it waits for the next least rung, and the time
    stands still where the law lets it."""
    now = standing(work, case)
    if case.status != "open" or now.met:
        return
    clocks.wait_for_proof(work, case, facts={"way": now.asked})
    _write(work, case, now)


def _write(work: Work, case: Case, now: Standing) -> None:
    """Tell the person what to do next. A letter that would lack something is held back: the page says the same."""
    if now.asked is None:
        return
    if now.asked == "two_facts":
        facts_drawing.begin(work, case)
    policy = policy_of(work, case)
    paper, language = stationery.of(work), language_of(case.language, policy.file)
    said = {
        "doubt": "\n".join(paper.renderer.say(one, language) for one in why(now.demand, now.asked)),
        "items_asked": paper.renderer.say(asked_for(now.asked), language),
        "alternatives": "\n".join(
            paper.renderer.say(one, language) for one in instead(now.demand, now.asked, now.closed)
        ),
    }
    if lacking := letters.missing(work, case, "identity_request", said):
        facts = {"letter": "identity_request", "lacks": [one.key for one in lacking]}
        work.audit("letter:held_back", case=case, facts=facts)
        return
    letters.send(work, case, "identity_request", said)
