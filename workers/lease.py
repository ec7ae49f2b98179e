"""Doing one job: claim its row under a lease, keep the lease alive, and write down how it ended.

The row is the truth. A worker that dies lets its lease lapse and the relay sends the job again; the fence keeps a
worker that
was only slow from writing over the one that took the job from it.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy import CursorResult, or_, select, update

from app.domain.errors import HabeasError
from app.models.ledger import Job
from app.portal import Portal
from app.work import Attempt, LeaseLost

LEASE = timedelta(seconds=10)
BEAT_SECONDS = 3.0
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)

Handler = Callable[[Portal, Attempt], None]
log = structlog.get_logger("habeas.jobs")


def perform(portal: Portal, job_id: int, handlers: Mapping[str, Handler]) -> bool:
    """Do the job if it is there to be done; True when this call did it well."""
    attempt = claim(portal, job_id)
    if attempt is None:
        return False
    outcome = Outcome(portal, attempt)
    with outcome, Heartbeat(portal, attempt):
        handlers[attempt.kind](portal, attempt)
    return outcome.well


def claim(portal: Portal, job_id: int) -> Attempt | None:
    """Take the job unless somebody else holds it, it is finished, or it is not due."""
    with portal.unscoped("a worker claims jobs of every controller") as work:
        now = work.real_now
        free = or_(Job.state.in_(("queued", "sent")), (Job.state == "running") & (Job.lease_until < now))
        taken = work.session.execute(
            update(Job)
            .where(Job.id == job_id, free, Job.due_at <= now)
            .values(state="running", fence=Job.fence + 1, attempts=Job.attempts + 1, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        assert isinstance(taken, CursorResult)
        if taken.rowcount != 1:
            return None
        job = work.session.scalars(select(Job).where(Job.id == job_id)).one()
        return Attempt(job.id, job.kind, job.controller_id, job.case_id, job.arguments, job.fence, job.attempts)


class Heartbeat:
    """Prolongs the lease every few seconds, on a connection of its own, for as long as the work goes on."""

    def __init__(self, portal: Portal, attempt: Attempt) -> None:
        self._portal, self._attempt = portal, attempt
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{attempt.job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            with self._portal.unscoped("a worker keeps its lease alive") as work:
                work.session.execute(
                    update(Job)
                    .where(Job.id == self._attempt.job_id, Job.fence == self._attempt.fence, Job.state == "running")
                    .values(lease_until=work.real_now + LEASE)
                    .execution_options(synchronize_session=False)
                )


class Outcome:
    """Notes a failure on the row, with a pause before the next try, or lays the job aside for a person after the
    last."""

    def __init__(self, portal: Portal, attempt: Attempt) -> None:
        self._portal, self._attempt = portal, attempt
        self.well = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        facts = {"job": self._attempt.job_id, "kind": self._attempt.kind, "attempt": self._attempt.number}
        if kind is None:
            self.well = True
            log.info("job.done", **facts)
            return True
        if issubclass(kind, LeaseLost):
            log.warning("job.lease_lost", **facts)
            return True
        if not issubclass(kind, Exception):  # the process is being stopped: the lease lapses and the job is sent again
            return False
        # Only the kind of error is logged unless its words are our own: others may quote personal data.
        words = str(error) if isinstance(error, HabeasError) else kind.__name__
        dead = self._attempt.number >= MOST_ATTEMPTS
        log.error("job.failed", error=words, dead=dead, where=_where(trace), **facts)
        self._note(words, dead=dead)
        return True

    def _note(self, words: str, *, dead: bool) -> None:
        pause = min(FIRST_PAUSE * 2 ** (self._attempt.number - 1), LONGEST_PAUSE)
        with self._portal.unscoped("a worker notes why a job failed") as work:
            work.session.execute(
                update(Job)
                .where(Job.id == self._attempt.job_id, Job.fence == self._attempt.fence)
                .values(
                    state="dead" if dead else "queued",
                    due_at=work.real_now + pause,
                    lease_until=None,
                    error=words[:500],
                    finished_at=work.real_now if dead else None,
                )
                .execution_options(synchronize_session=False)
            )


def _where(trace: TracebackType | None) -> str:
    """File and line of the fault, without values."""
    last = trace
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}" if last is not None else ""
