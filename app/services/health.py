"""Whether the portal can do its work, and how much there is: what `/readyz`, `/metrics` and the operator's check
read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import HabeasError
from app.gateways.storage import new_name
from app.models.cases import Case
from app.models.ledger import Job, Sweep
from app.portal import Portal
from app.work import Work

RELAY_SILENT_AFTER: Final = timedelta(minutes=1)
_WHY: Final = "health is the portal's as a whole"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is needed to serve people: all three, or the portal says that it is not ready."""

    database: bool
    storage: bool
    relay: bool

    @property
    def ready(self) -> bool:
        return self.database and self.storage and self.relay


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts only: nothing in here is about anybody."""

    jobs: Mapping[str, int]
    cases: Mapping[str, int]
    oldest_job_seconds: float
    relay_silent_seconds: float | None


def readiness(portal: Portal) -> Readiness:
    """One look at each thing that the portal stands on; never raises."""
    try:
        with portal.unscoped(_WHY, reads_only=True) as work:
            silent = _relay_silent(work)
    except SQLAlchemyError:
        return Readiness(database=False, storage=_stores(portal), relay=False)
    return Readiness(database=True, storage=_stores(portal), relay=silent is not None and silent <= RELAY_SILENT_AFTER)


def figures(portal: Portal) -> Figures:
    """How much work there is."""
    with portal.unscoped(_WHY, reads_only=True) as work:
        jobs = work.session.execute(select(Job.state, func.count(Job.id)).group_by(Job.state))
        cases = work.session.execute(select(Case.status, func.count(Case.id)).group_by(Case.status))
        silent = _relay_silent(work)
        return Figures(
            jobs=dict(jobs.all()),
            cases=dict(cases.all()),
            oldest_job_seconds=_age(work, _oldest(work)),
            relay_silent_seconds=silent.total_seconds() if silent is not None else None,
        )


def _relay_silent(work: Work) -> timedelta | None:
    """How long ago the relay last showed itself; None when it never did."""
    seen = work.session.scalar(select(Sweep.last_run_at).where(Sweep.name == "relay"))
    return work.real_now - seen if seen is not None else None


def _oldest(work: Work) -> datetime | None:
    waiting = select(func.min(Job.due_at)).where(Job.state.in_(("queued", "sent")), Job.due_at <= work.real_now)
    return work.session.scalar(waiting)


def _age(work: Work, moment: datetime | None) -> float:
    return max(0.0, (work.real_now - moment).total_seconds()) if moment is not None else 0.0


def _stores(portal: Portal) -> bool:
    """Whether an object can be written and let go of again."""
    name = new_name()
    try:
        portal.storage.put(name, [b"ready"])
        portal.storage.delete(name)
    except HabeasError:
        return False
    return True
