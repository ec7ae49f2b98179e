"""Codes that somebody asks for without being let in yet (FIELD, attacks 8 and 9): asking is one small write, whatever
the reference leads to, and what it leads to is looked at afterwards, by a job.

So a request that exists, one that does not, and one of a person whom the systems know take the same time and show the
same page.
"""

from sqlalchemy import select

from app.domain.errors import TooMany
from app.domain.permissions import ANONYMOUS
from app.models.cases import Case
from app.portal import Portal
from app.queries.representation import COSIGN
from app.services import cosigning, limits, on_file
from app.services.verification import ON_FILE, TRIES_AT_NOTHING, send_code
from app.work import Attempt, Work

ENTER = "enter"


def ask(work: Work, reference: str, purpose: str = ENTER) -> None:
    """Ask for a code: to be let in, or for the contact on file."""
    work.enqueue("code", reference=reference, purpose=purpose)


def answer(portal: Portal, attempt: Attempt) -> None:
    """The job: send the code that was asked for, if there is such a request."""
    reference = str(attempt.arguments["reference"])
    with portal.work(ANONYMOUS, attempt.controller_id) as work:
        status = work.session.scalars(select(Case.status).where(Case.reference == reference)).first()
        if attempt.arguments["purpose"] == ON_FILE:
            on_file.ask_again(work, reference)
        elif attempt.arguments["purpose"] == COSIGN:
            cosigning.ask_again(work, reference)
        else:
            _send(work, reference, "confirm" if status == "unverified" else ENTER)
        work.finish(attempt)
    if status is None:  # a new code brings new tries, here too
        limits.clear(portal, TRIES_AT_NOTHING, reference)


def _send(work: Work, reference: str, purpose: str) -> None:
    try:
        send_code(work, reference, purpose)
    except TooMany:  # the page promised a code only "if"; an hour later there is one again
        return
