"""Stored objects that nothing leads to (Art. 5(1)(e)): a process was killed after it wrote one and before its row."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.gateways.spool import Spooled
from app.models.controllers import Controller
from app.models.evidence import Evidence
from app.models.fulfilment import Collected, Package
from app.models.ledger import Job
from app.portal import Portal
from app.work import Work

# An object is written moments before its row; whoever still lacks one after that long will never get it.
GRACE = timedelta(days=1)
_WHY = "objects lie in one storage for all controllers"


def destroy_orphans(portal: Portal) -> int:
    """Delete the objects that no row names, and what was left half written; gives how many.

    What is being written now is never touched: it is younger than a day, or as young as the oldest job that runs.
    """
    with portal.unscoped(_WHY, reads_only=True) as work:
        before = _before(work)
        if before is None:
            return 0
    # The list comes first: what gets a row meanwhile is named below, what loses its row has a job that deletes it.
    old = set(portal.storage.names(before=before.timestamp()))
    orphans = old - _named(portal) if old else old
    for name in orphans:
        portal.storage.delete(name)
    return len(orphans) + portal.storage.sweep(before=before.timestamp())


def _before(work: Work) -> datetime | None:
    """Up to when an object must have been written to count as lost; None for an empty database, which is none of
    those that these objects belong to."""
    if work.session.scalars(select(Controller.id).limit(1)).first() is None:
        return None
    running = select(Job.created_at).where(Job.state == "running").order_by(Job.created_at).limit(1)
    begun = work.session.scalars(running).first()
    return min(work.real_now - GRACE, begun or work.real_now)


def _named(portal: Portal) -> set[str]:
    """Every object that some row leads to."""
    with portal.unscoped(_WHY, reads_only=True) as work:
        named: set[str] = set()
        for column in (Package.object_name, Evidence.object_name):
            named.update(work.session.scalars(select(column).where(column.is_not(None))).yield_per(1000))  # type: ignore[arg-type]  # not None, as asked
        for spooled in work.session.scalars(select(Collected.spooled).where(Collected.spooled.is_not(None))):
            named.update(Spooled.from_facts(spooled or {}).objects)
    return named
