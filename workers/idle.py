"""`work run --until-idle`: relay and worker in one loop, so that a script can wait for everything to be finished."""

import time

from sqlalchemy import func, select

from app.models.ledger import Job
from app.portal import Portal
from workers.handlers import HANDLERS
from workers.lease import perform
from workers.relay import due_jobs

PAUSE_SECONDS = 0.05


def run_until_idle(portal: Portal, *, wait_for_others: bool = True) -> int:
    """Do every job that is due, and those that they bring about; gives how many this call did well.

    Jobs that wait for a later time are left. Those that another process holds are waited for.
    """
    done = 0
    while True:
        jobs = due_jobs(portal)
        done += sum(perform(portal, job_id, HANDLERS) for job_id, _ in jobs)
        if not jobs and not (wait_for_others and _others_at_work(portal)):
            return done
        if not jobs:
            time.sleep(PAUSE_SECONDS)


def _others_at_work(portal: Portal) -> bool:
    with portal.unscoped("a script waits for the jobs of every controller", reads_only=True) as work:
        held = select(func.count(Job.id)).where(Job.state.in_(("sent", "running")))
        return work.session.scalars(held).one() > 0
