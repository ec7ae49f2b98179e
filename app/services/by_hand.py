"""Answering a request for a copy by letter, where no package can be made (Art. 12(3), 15(1) to (3), 20): data on paper,
or in a system that is not connected."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from app.domain.by_hand import needed
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.domain.regime import LetterKind
from app.models.cases import Case
from app.models.fulfilment import Collected
from app.services import letters, review
from app.services.casework import advance, moment_of
from app.services.decisions import let_go
from app.work import Work

_LETTER_OF: Mapping[str, LetterKind] = {"access": "access", "portability": "portability"}


def answer_by_hand(work: Work, case: Case, *, held: str, searched_on: date | None, **said: str) -> None:
    """Close with the letter of that right, or with the one that says that nothing is held; what a search found and
    nobody released goes."""
    review.check_eyes(work, case)
    faults = {spec.name: spec.needed for spec in needed(case.right, held) if not said.get(spec.name, "").strip()}
    if held == "no" and _found(work, case):
        faults["held"] = Message("The search found data about this person. Look through it, or search again.")
    if faults:
        raise Invalid(faults)
    searched = moment_of(work, case, searched_on, since=case.received_at, field="searched_on")
    told = {name: words for name, words in said.items() if words.strip()} | {"searched_on": searched.date().isoformat()}
    let_go(work, case)
    outcome = "granted" if held == "yes" else "no_data"
    # The copy itself is in the letter as it was sent; the trail need not hold it once more (Art. 5(1)(c)).
    noted = {name: words for name, words in told.items() if name != "copy"}
    advance(work, case, "answer_by_hand", outcome=outcome, personal=noted)
    letters.send(work, case, _LETTER_OF[case.right] if held == "yes" else "no_data", told)


def _found(work: Work, case: Case) -> int:
    return work.session.scalars(
        select(func.coalesce(func.sum(Collected.rows), 0)).where(Collected.case_id == case.id)
    ).one()
