"""What a case's work brought: runs, collections, packages, and the jobs that were given up (Art. 15)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.messages import Message
from app.domain.policy import Text
from app.models.cases import Case
from app.models.fulfilment import Collected, Package, Run
from app.models.ledger import Job
from app.queries.policies import Policy
from app.queries.sight import sight
from app.work import Work


@dataclass(frozen=True, slots=True)
class RunRow:
    connection: str
    title: Text
    state: str
    found: int
    error: Message | None
    left_out: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class CollectionRow:
    id: int
    connection: str
    system: Text
    collection: str
    title: Text
    rows: int
    categories: tuple[str, ...]
    cards: int


@dataclass(frozen=True, slots=True)
class PackageRow:
    id: str
    state: str
    bytes: int
    rows: int
    sha256: str
    files: int
    assembled_at: datetime
    released_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenUpRow:
    """A job of the case that failed too often, and why the last time."""

    kind: str
    error: str


def runs(work: Work, case: Case, policy: Policy) -> tuple[RunRow, ...]:
    """How far each system is searched."""
    rows = work.session.scalars(select(Run).where(Run.case_id == case.id).order_by(Run.id))
    return tuple(
        RunRow(
            connection=row.connection,
            title=policy.datasets[row.connection].title,
            state=row.state,
            found=row.found,
            error=Message(row.error["text"], row.error["values"]) if row.error else None,
            left_out=tuple(policy.datasets[row.connection].collections[name].title for name in row.left_out),
        )
        for row in rows
    )


def collections(work: Work, case: Case, policy: Policy) -> tuple[CollectionRow, ...]:
    """What was found, collection by collection, of what this reader may look at."""
    rows = work.session.scalars(select(Collected).where(Collected.case_id == case.id).order_by(Collected.id))
    return tuple(
        CollectionRow(
            id=row.id,
            connection=row.connection,
            system=policy.datasets[row.connection].title,
            collection=row.collection,
            title=policy.datasets[row.connection].collections[row.collection].title,
            rows=row.rows,
            categories=seen.categories,
            cards=int((row.spooled or {}).get("cards", 0)),
        )
        for row, seen in ((row, sight(work, policy, row)) for row in rows)
        if not seen.nothing
    )


def given_up(work: Work, case: Case) -> tuple[GivenUpRow, ...]:
    """What failed so often that nobody tries again."""
    rows = work.session.scalars(select(Job).where(Job.case_id == case.id, Job.state == "dead").order_by(Job.id))
    return tuple(GivenUpRow(row.kind, row.error or "") for row in rows)


def packages(work: Work, case: Case) -> tuple[PackageRow, ...]:
    """The packages that this reader may know of."""
    rows = work.session.scalars(select(Package).where(Package.case_id == case.id).order_by(Package.id))
    shown = [row for row in rows if row.released_at is not None or row.object_name is not None]
    if work.actor.kind == "person":  # what is not released is nobody's business outside
        shown = [row for row in shown if row.released_at is not None]
    return tuple(
        PackageRow(
            id=row.public_id,
            state=_state(row, work.now),
            bytes=row.bytes,
            rows=row.rows,
            sha256=row.sha256,
            files=len(row.manifest["files"]),
            assembled_at=row.assembled_at,
            released_at=row.released_at,
            expires_at=row.expires_at,
        )
        for row in shown
    )


def _state(row: Package, now: datetime) -> str:
    if row.object_name is None or (row.expires_at is not None and row.expires_at <= now):
        return "expired"
    return "released" if row.released_at is not None else "ready"
