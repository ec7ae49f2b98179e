"""Doing one job: claim it, keep its lease alive while the work goes on, and write down how it ended."""

import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import OperationalError

from app.domain.errors import HabeasError
from app.portal import Portal
from app.services.jobs import claim, note_failure, prolong
from app.work import Attempt, LeaseLost

BEAT_SECONDS = 3.0

Handler = Callable[[Portal, Attempt], None]
log = structlog.get_logger("habeas.jobs")


def perform(portal: Portal, job_id: int, handlers: Mapping[str, Handler]) -> int:
    """Do the job if it is there to be done, and what it brings about at once; gives how many were done well.

    An answer goes its way in one piece: what follows needs no broker, no claim and no other thread.
    """
    first = claim(portal, job_id, goes_on=True)
    if first is None:
        return 0
    done = 0
    with Heartbeat(portal, first) as heartbeat:
        while heartbeat.held:
            attempt = heartbeat.held[0]
            with Outcome(portal, attempt) as outcome:
                handlers[attempt.kind](portal, attempt)
            heartbeat.held = (*heartbeat.held[1:], *attempt.onward)
            done += outcome.well
    return done


class Heartbeat:
    """Prolongs the leases every few seconds, on a connection of its own, for as long as the work goes on."""

    def __init__(self, portal: Portal, *held: Attempt) -> None:
        self.held = held
        self._portal = portal
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{held[0].job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            held = self.held
            try:
                if held:
                    prolong(self._portal, held)
            except OperationalError as error:  # the database is away for a moment: the next beat may still be in time
                log.warning("job.beat_missed", error=type(error.orig).__name__, job=held[0].job_id)


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
        # Only the kind of error is kept unless its words are our own: others may quote personal data.
        words = str(error) if isinstance(error, HabeasError) else kind.__name__
        dead = note_failure(self._portal, self._attempt, words)
        log.error("job.failed", error=words, dead=dead, where=_where(trace), **facts)
        return True


def _where(trace: TracebackType | None) -> str:
    """File and line of the fault, without values."""
    last = trace
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}" if last is not None else ""
