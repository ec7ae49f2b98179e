"""A closed request that is taken up again (Art. 12(2)): a new clock beside the old one, and everything is looked at
afresh."""

from app.domain.errors import Refused
from app.models.cases import Case
from app.services import collection
from app.services.casework import advance, record_fact
from app.work import Work


def begin(work: Work, case: Case, *, reason: str = "") -> None:
    """Open it again, from where nobody knew yet who the person is, else from the beginning."""
    if case.data_key is None:
        raise Refused("What the person gave is destroyed, so the request cannot be taken up again.")
    collection.forget_findings(work, case)
    personal = {"reason": reason} if reason else None
    advance(work, case, "reopen", facts={"by": work.actor.kind}, personal=personal)
    record_fact(work, case, "reopened")
