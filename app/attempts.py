"""Tries at jobs (DESIGN principle 7): who holds a job, for how long, and how a late finisher is recognised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from app.models.ledger import Job

LEASE = timedelta(seconds=10)
# Nobody waits for these: they are done when nothing else is to be done (ADR 6).
WHEN_IDLE: Final = frozenset({"letter_pdf"})


class LeaseLost(Exception):
    """Another worker has taken this job over meanwhile: whatever this one was about to write must not be written."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a job by one worker; `fence` rises with every claim, so that a late finisher is recognised.

    A worker that `goes_on` takes over what it asks for as it finishes: those attempts are then in `onward`.
    """

    job_id: int
    kind: str
    controller_id: int
    case_id: int | None
    arguments: Mapping[str, Any]
    fence: int
    number: int
    goes_on: bool = False
    onward: list["Attempt"] = field(default_factory=list, compare=False)

    @classmethod
    def of(cls, job: Job, *, goes_on: bool) -> "Attempt":
        """The try that the row speaks of."""
        return cls(job.id, job.kind, job.controller_id, job.case_id, job.arguments, job.fence, job.attempts, goes_on)
