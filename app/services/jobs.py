"""The jobs' rows: claimed under a lease, kept alive, written down as they ended (DESIGN principle 7).

The row is the truth. A worker that dies lets its lease lapse and the job is sent again; the fence keeps a worker
that was
only slow from writing over the one that took the job from it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app.attempts import LEASE, WHEN_IDLE, Attempt
from app.models.ledger import Job, Sweep
from app.portal import Portal
from app.work import changed_rows

__all__ = ["LEASE", "any_due", "any_held", "claim", "note_failure", "prolong", "revive", "take_due", "take_sweep"]

PICK_UP = timedelta(seconds=5)
WINDOW = 64
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
PATIENCE = timedelta(minutes=2)  # under a load that never ends, what can wait is done all the same
IDLE_WINDOW = 8  # so much at a time of what can wait: whatever comes next must not stand behind it


def claim(portal: Portal, job_id: int, *, goes_on: bool = False) -> Attempt | None:
    """Take the job unless somebody else holds it, it is finished, or it is not due."""
    with portal.unscoped("a worker claims jobs of every controller") as work:
        now = work.real_now
        free = or_(Job.state.in_(("queued", "sent")), (Job.state == "running") & (Job.lease_until < now))
        job = work.session.scalars(
            update(Job)
            .where(Job.id == job_id, free, Job.due_at <= now, Job.attempts < MOST_ATTEMPTS)
            .values(state="running", fence=Job.fence + 1, attempts=Job.attempts + 1, lease_until=now + LEASE)
            .returning(Job)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        return None if job is None else Attempt.of(job, goes_on=goes_on)


def prolong(portal: Portal, attempts: Sequence[Attempt]) -> None:
    """A sign of life of the worker that holds these jobs."""
    held = or_(*(and_(Job.id == one.job_id, Job.fence == one.fence) for one in attempts))
    with portal.unscoped("a worker keeps its leases alive") as work:
        work.session.execute(
            update(Job)
            .where(held, Job.state == "running")
            .values(lease_until=work.real_now + LEASE)
            .execution_options(synchronize_session=False)
        )


def note_failure(portal: Portal, attempt: Attempt, words: str) -> bool:
    """Write down why a try failed and when the next one is due; True when there is none: a person must look at it."""
    dead = attempt.number >= MOST_ATTEMPTS
    pause = min(FIRST_PAUSE * 2 ** (attempt.number - 1), LONGEST_PAUSE)
    with portal.unscoped("a worker notes why a job failed") as work:
        work.session.execute(
            update(Job)
            .where(Job.id == attempt.job_id, Job.fence == attempt.fence)
            .values(
                state="dead" if dead else "queued",
                due_at=work.real_now + pause,
                lease_until=None,
                error=words[:500],
                finished_at=work.real_now if dead else None,
            )
            .execution_options(synchronize_session=False)
        )
    return dead


def _due(job: type[Job], now: datetime) -> ColumnElement[bool]:
    """What must be sent: due jobs, and those sent or begun whose lease has lapsed."""
    return or_(
        and_(job.state == "queued", job.due_at <= now),
        and_(job.state.in_(("sent", "running")), job.lease_until < now),
    )


def _waiting(now: datetime) -> ColumnElement[bool]:
    """The same, but of what can wait only when nothing else waits or is being done, or when it has waited long."""
    other = aliased(Job)
    held = and_(other.state.in_(("sent", "running")), other.lease_until >= now)
    busy = exists().where(or_(held, and_(other.kind.not_in(WHEN_IDLE), _due(other, now))))
    return and_(_due(Job, now), or_(Job.kind.not_in(WHEN_IDLE), Job.due_at <= now - PATIENCE, ~busy))


def take_due(portal: Portal, *, most: int = WINDOW, everything: bool = False) -> Sequence[tuple[int, str]]:
    """Number and kind of the jobs that must be sent now, marked as sent. Several relays may run side by side.

    `everything`: what can wait does not wait for an idle moment; it still comes last.
    """
    with portal.unscoped("the relay sends the jobs of every controller") as work:
        can_wait = Job.kind.in_(WHEN_IDLE)
        rows = work.session.scalars(
            select(Job)
            .where(_due(Job, work.real_now) if everything else _waiting(work.real_now))
            .order_by(can_wait, Job.due_at, Job.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        urgent = [row for row in rows if row.kind not in WHEN_IDLE]
        rows = rows[: len(urgent) + IDLE_WINDOW]
        for row in rows:
            if row.attempts < MOST_ATTEMPTS:
                row.state, row.lease_until = "sent", work.real_now + PICK_UP
            else:  # it took its worker with it each time, so nobody could note a failure
                row.state, row.lease_until, row.finished_at = "dead", None, work.real_now
                row.error = "The worker was ended in the middle each time."
        return [(row.id, row.kind) for row in rows if row.state == "sent"]


def any_due(portal: Portal) -> bool:
    """Whether `take_due` would find something; a read, so that an idle relay never takes the writer's lock."""
    with portal.unscoped("the relay looks at the jobs of every controller", reads_only=True) as work:
        return work.session.scalars(select(Job.id).where(_waiting(work.real_now)).limit(1)).first() is not None


def revive(portal: Portal) -> int:
    """Take up again every job that was given up, once its cause is gone; gives how many."""
    with portal.unscoped("an operator sends the given-up jobs of every controller again") as work:
        taken_up = work.session.execute(
            update(Job)
            .where(Job.state == "dead")
            .values(state="queued", attempts=0, due_at=work.real_now, finished_at=None)
            .execution_options(synchronize_session=False)
        )
        return changed_rows(taken_up)


def any_held(portal: Portal) -> bool:
    """Whether some job is on its way or being done."""
    with portal.unscoped("a script waits for the jobs of every controller", reads_only=True) as work:
        held = select(func.count(Job.id)).where(Job.state.in_(("sent", "running")))
        return work.session.scalars(held).one() > 0


def take_sweep(portal: Portal, name: str, interval: timedelta) -> bool:
    """Claim a recurring task for this moment by moving its time on; only one of several schedulers succeeds."""
    with portal.unscoped("sweeps are the portal's own") as work:
        work.lock(f"sweep:{name}")
        if work.session.get(Sweep, name) is None:
            work.session.add(Sweep(name=name, last_run_at=datetime.fromtimestamp(0, UTC)))
            work.flush()
        taken = work.session.execute(
            update(Sweep)
            .where(Sweep.name == name, Sweep.last_run_at <= work.real_now - interval)
            .values(last_run_at=work.real_now)
            .execution_options(synchronize_session=False)
        )
        return changed_rows(taken) == 1
