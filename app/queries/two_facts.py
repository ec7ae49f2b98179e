"""The two questions as a person reads them, and what staff see of them: never an answer (Art. 12(6))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

from sqlalchemy import select

from app.domain.facts import FactKind
from app.domain.policy_values import say
from app.models.cases import Case
from app.models.ledger import TrailEntry
from app.models.proof import FactQuestion
from app.policies.datasets import Fact
from app.queries.policies import Policy
from app.queries.reading import load
from app.work import Work

NAMES: Final = ("first", "second")
Ending = Literal["right", "used_up", "passed"]
_ENDINGS: Final = {"facts:right": "right", "facts:used_up": "used_up", "facts:passed": "passed"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question in the reader's language."""

    name: str
    text: str
    kind: FactKind


@dataclass(frozen=True, slots=True)
class FactsView:
    """What staff see: when the questions were drawn, how often answers were wrong, and how it ended."""

    drawn_at: datetime
    questions: tuple[str, ...]
    wrong: int
    ending: Ending | None
    ended_at: datetime | None


def questions_of(work: Work, case: Case, policy: Policy, *, language: str) -> tuple[Question, ...]:
    """What is asked now; nothing as long as the questions are being drawn."""
    facts = {
        f"{one.key}.{fact.collection}.{fact.field}": fact for one in policy.datasets.values() for fact in one.facts
    }
    asked = [
        facts[row.place] for row in _rows(work, case) if row.answers and row.drawn_at <= work.now and row.place in facts
    ]
    return tuple(Question(name, say(fact.ask, language), fact.kind) for name, fact in zip(NAMES, asked, strict=False))


def facts_view(work: Work, reference: str, policy: Policy, *, language: str) -> FactsView | None:
    """How it went; None when nothing was asked."""
    case = load(work, reference, lock=False)
    rows = _rows(work, case)
    if not rows:
        return None
    facts = {
        f"{one.key}.{fact.collection}.{fact.field}": fact for one in policy.datasets.values() for fact in one.facts
    }
    entries = work.session.execute(
        select(TrailEntry.event, TrailEntry.at)
        .where(TrailEntry.case_id == case.id, TrailEntry.event.like("facts:%"))
        .order_by(TrailEntry.id)
    ).all()
    since = max((at for at, (event, _) in enumerate(entries) if event == "facts:asked"), default=0)
    ended = next(((event, at) for event, at in entries[since:] if event in _ENDINGS), None)
    return FactsView(
        rows[0].drawn_at,
        tuple(say(facts[row.place].ask, language) for row in rows if row.place in facts),
        sum(event == "facts:wrong" for event, _ in entries[since:]),
        cast("Ending", _ENDINGS[ended[0]]) if ended else None,
        ended[1] if ended else None,
    )


def _facts(policy: Policy) -> dict[str, Fact]:
    return {f"{one.key}.{fact.collection}.{fact.field}": fact for one in policy.datasets.values() for fact in one.facts}


def _rows(work: Work, case: Case) -> Sequence[FactQuestion]:
    return work.session.scalars(
        select(FactQuestion).where(FactQuestion.case_id == case.id).order_by(FactQuestion.id)
    ).all()
