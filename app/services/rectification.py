"""Wrong data put right (Art. 16): decided item by item, answered with what was changed where, and recipients told (Art.
19)."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.models.cases import Case
from app.services import decisions
from app.services.casework import moment_of
from app.work import Work


def rectify(
    work: Work, case: Case, *, items: Sequence[Mapping[str, str]], changed_on: date | None, **said: str
) -> None:
    """Answer that the data is corrected; the systems themselves are changed by hand."""
    at = moment_of(work, case, changed_on, since=case.received_at, field="changed_on")
    told = {**said, "changed_on": at.date()}
    decisions.answer(work, case, "rectify", "rectified", verdict=decisions.decided(work, case, items), said=told)
