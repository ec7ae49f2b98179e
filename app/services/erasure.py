"""Data erased (Art. 17): decided ground by ground, answered with what is gone where and when, until when copies of it
live, and what is kept."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.models.cases import Case
from app.services import decisions
from app.services.casework import moment_of
from app.work import Work


def erase(work: Work, case: Case, *, items: Sequence[Mapping[str, str]], erased_on: date | None, **said: str) -> None:
    """Answer that the data is erased; the systems themselves are changed by hand."""
    at = moment_of(work, case, erased_on, since=case.received_at, field="erased_on")
    told = {**said, "erased_on": at.date()}
    decisions.answer(work, case, "erase", "erased", verdict=decisions.decided(work, case, items), said=told)
