"""A closed request that is taken up again (Art. 12(2)): a new clock beside the old one, and everything is looked at
afresh."""

from datetime import timedelta

from app.domain.errors import Refused
from app.models.cases import Case
from app.services import collection
from app.services.casework import advance, facts_so_far, record_fact
from app.services.clocks import stands_still
from app.work import Work


def begin(work: Work, case: Case, *, reason: str = "") -> None:
    """Open it again, from where nobody knew yet who the person is, else from the beginning."""
    if case.data_key is None:
        raise Refused("What the person gave is destroyed, so the request cannot be taken up again.")
    collection.forget_findings(work, case)
    personal = {"reason": reason} if reason else None
    advance(work, case, "reopen", facts={"by": work.actor.kind}, personal=personal)
    record_fact(work, case, "reopened")
    if case.status == "proof_needed" and stands_still(work, case, "identity"):
        _wait(work, case)


def _wait(work: Work, case: Case) -> None:
    """What the person was asked stands and is not answered: the new time stands still from its beginning, as the old
    one did (Art. 12(6)). Else it would run out on somebody whom nobody can answer, and could not be stopped any more.
    """
    begun = facts_so_far(work, case)[-1].at
    record_fact(work, case, "paused", {"reason": "identity"}, at=max(work.now, begun + timedelta(microseconds=1)))
