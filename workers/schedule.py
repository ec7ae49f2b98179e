"""The only scheduler: what recurs, how often, and each sweep in one process at a time however many of them run."""

import threading
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from app.domain.errors import HabeasError
from app.portal import Portal
from app.services.housekeeping import SWEEPS
from app.services.jobs import take_sweep

EVERY = {
    "close_unused_sign_ins": timedelta(hours=6),
    "destroy_evidence": timedelta(minutes=10),
    "destroy_orphans": timedelta(hours=6),
    "expire_packages": timedelta(minutes=1),
    "forget_leftovers": timedelta(minutes=10),
    "lift_restrictions": timedelta(minutes=5),
    "scan_evidence": timedelta(minutes=1),
    "seal_trails": timedelta(minutes=5),
    "send_held_back": timedelta(minutes=5),
}
PAUSE_SECONDS = 5.0
log = structlog.get_logger("habeas.schedule")


def run_due(portal: Portal) -> list[str]:
    """Run every sweep whose time has come and that no other process has just taken; gives their names."""
    done = []
    for name, interval in EVERY.items():
        if take_sweep(portal, name, interval):
            try:
                touched = SWEEPS[name](portal)
            except HabeasError as error:  # the others must run, and this one again when its time comes
                log.error("sweep.failed", sweep=name, error=str(error))
                continue
            done.append(name)
            if touched:
                log.info("sweep.done", sweep=name, touched=touched)
    return done


class Schedule:
    """A thread that looks every few seconds whether a sweep is due."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            try:
                run_due(self._portal)
            except DBAPIError as error:  # the database is away: the next look tries again
                log.warning("schedule.database_away", error=type(error.orig).__name__)
