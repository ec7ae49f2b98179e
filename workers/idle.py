"""`work run --until-idle`: relay and worker in one loop, so that a script can wait for everything to be finished."""

import time

from app.portal import Portal
from app.services.jobs import any_held, take_due
from workers.handlers import HANDLERS
from workers.lease import perform

PAUSE_SECONDS = 0.05


def run_until_idle(portal: Portal, *, wait_for_others: bool = True) -> int:
    """Do every job that is due, and those that they bring about; gives how many this call did well.

    Jobs that wait for a later time are left; what waits for an idle moment (WHEN_IDLE) is done too, last. Those that
    another process holds are waited for.
    """
    done = 0
    while True:
        jobs = take_due(portal, everything=True)
        done += sum(perform(portal, job_id, HANDLERS) for job_id, _ in jobs)
        if not jobs and not (wait_for_others and any_held(portal)):
            return done
        if not jobs:
            time.sleep(PAUSE_SECONDS)
