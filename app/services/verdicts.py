"""What was decided against the person, as their own page says it (Art. 12(1), 12(4)): the facts of the letter."""

from typing import Any, Final, NamedTuple

from sqlalchemy import select

from app.domain.regime import LetterKind
from app.models.cases import Case, Letter
from app.queries import representation
from app.services import letter_facts
from app.work import Work

# The letter that says it, by how a request ended.
_LETTERS: Final[dict[str, LetterKind]] = {
    "partly_granted": "partial", "no_data": "no_data", "refused": "refusal", "unidentified": "refusal",
    "lapsed": "lapsed",
}  # fmt: skip


class Verdict(NamedTuple):
    """The kind of letter, and everything that it says."""

    kind: LetterKind
    facts: dict[str, Any]


def against(work: Work, case: Case, *, language: str) -> Verdict | None:
    """Why the person did not get what they asked for, or not all of it; None where they did, or nothing is known any
    more. What is an answer is for who gets the answer alone, here as in the letter."""
    kind = _LETTERS.get(case.outcome or "")
    if kind is None or case.data_key is None:
        return None
    if kind in representation.ANSWERS and not representation.receives(work, case):
        return None
    letter = work.session.scalars(
        select(Letter).where(Letter.case_id == case.id, Letter.kind == kind).order_by(Letter.id.desc()).limit(1)
    ).first()
    if letter is None:
        return None
    made = work.unseal_for(case, letter.inputs, place="letter")
    facts, _ = letter_facts.gather(work, case, kind, made.get("given", made), base_url="", language=language)
    return Verdict(kind, facts)
