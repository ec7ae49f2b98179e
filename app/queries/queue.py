"""The desk's queue: filters, four orders, and keyset paging that costs the same on page one and page one thousand."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from app.domain.deadlines import SOON, Lateness, lateness
from app.domain.errors import Invalid
from app.domain.identity import read_reference
from app.domain.messages import Message
from app.domain.permissions import can
from app.models.cases import NEVER, Case, Identity
from app.models.people import Login
from app.queries.policies import current
from app.queries.reading import identity_digest
from app.work import Work

PAGE = 50
MOST = 200
COUNTED_AT_MOST = 1000
Sort = Literal["due", "-due", "received", "-received"]
SORTS: tuple[Sort, ...] = ("due", "-due", "received", "-received")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the desk wants to see. `assignee` is an e-mail, `me` or `nobody`; `q` a reference or an exact e-mail."""

    status: str | None = None
    right: str | None = None
    outcome: str | None = None
    lateness: Lateness | None = None
    assignee: str | None = None
    q: str | None = None
    sort: Sort = "due"
    limit: int = PAGE
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    reference: str
    submission: str
    right: str
    status: str
    outcome: str | None
    received_at: datetime
    due_on: date | None
    lateness: Lateness | None
    assignee: str | None
    version: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: tuple[QueueRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many wait; counting stops at `COUNTED_AT_MOST`, shown as "more than"."""

    overdue: int
    due_soon: int
    unassigned: int


def queue(work: Work, wanted: QueueFilter) -> QueuePage:
    """One page. Invalid for a filter, order or cursor that does not exist; nobody without `case:list` sees a row."""
    if not can(work.actor, "case:list"):
        return QueuePage((), None)
    day = _today(work)
    limit = max(1, min(wanted.limit, MOST))
    statement = _narrowed(work, _ordered(wanted), wanted, day)
    found = work.session.execute(statement.limit(limit + 1)).all()
    rows = tuple(_row(case, assignee, day) for case, assignee in found[:limit])
    following = _cursor_after(found[limit - 1][0], wanted.sort) if len(found) > limit else None
    return QueuePage(rows, following)


def counts(work: Work) -> QueueCounts:
    """The numbers above the queue, each a bounded walk along an index."""
    if not can(work.actor, "case:list"):
        return QueueCounts(0, 0, 0)
    day = _today(work)

    def bounded(*conditions: ColumnElement[bool]) -> int:
        some = select(Case.id).where(*conditions).limit(COUNTED_AT_MOST).subquery()
        return work.session.scalars(select(func.count()).select_from(some)).one()

    return QueueCounts(
        overdue=bounded(_late("overdue", day)),
        due_soon=bounded(_late("due_soon", day)),
        unassigned=bounded(Case.assignee_id.is_(None), Case.due_order < NEVER, Case.status != "unverified"),
    )


def _today(work: Work) -> date:
    return work.now.astimezone(ZoneInfo(current(work).file.controller.timezone)).date()


def _ordered(wanted: QueueFilter) -> Select[Case, str]:
    statement = select(Case, Login.name).outerjoin(Login, Login.id == Case.assignee_id)
    if wanted.sort not in SORTS:
        raise Invalid({"sort": Message("Sort by one of: %(sorts)s.", {"sorts": ", ".join(SORTS)})})
    down = wanted.sort.startswith("-")
    column: Any = _sort_column(wanted.sort)
    if wanted.cursor:
        place = _read_cursor(wanted.cursor, wanted.sort)
        edge = tuple_(column, Case.id)
        statement = statement.where(edge < place if down else edge > place)
    return statement.order_by(column.desc() if down else column, Case.id.desc() if down else Case.id)


def _sort_column(sort: Sort) -> Any:
    return Case.due_order if sort.endswith("due") else Case.received_at


def _narrowed(work: Work, statement: Select[Case, str], wanted: QueueFilter, day: date) -> Select[Case, str]:
    if wanted.status:
        statement = statement.where(Case.status == wanted.status)
    if wanted.right:
        statement = statement.where(Case.right == wanted.right)
    if wanted.outcome:
        statement = statement.where(Case.outcome == wanted.outcome)
    if wanted.lateness:
        statement = statement.where(_late(wanted.lateness, day))
    if wanted.assignee == "nobody":
        statement = statement.where(Case.assignee_id.is_(None))
    elif wanted.assignee == "me":
        statement = statement.where(Case.assignee_id == work.actor.login_id)
    elif wanted.assignee:
        statement = statement.where(Login.email == wanted.assignee)
    if wanted.q:
        statement = statement.where(_sought(work, wanted.q.strip()))
    return statement


def _sought(work: Work, words: str) -> ColumnElement[bool]:
    """A reference, or an exact e-mail found by its keyed digest: the desk cannot fish for names."""
    reference = read_reference(words)
    if reference is not None:
        return or_(Case.reference == reference, Case.submission == reference)
    digest = identity_digest(work, "email", words)
    return Case.id.in_(select(Identity.case_id).where(Identity.digest == digest))


def _late(lateness_: Lateness, day: date) -> ColumnElement[bool]:
    conditions = {
        "overdue": Case.due_order < day,
        "due_soon": and_(Case.due_order >= day, Case.due_order <= day + SOON),
        "on_time": and_(Case.due_order > day + SOON, Case.due_order < NEVER),
    }
    if lateness_ not in conditions:
        raise Invalid({"lateness": Message("Choose overdue, due_soon or on_time.")})
    return conditions[lateness_]


def _row(case: Case, assignee: str | None, day: date) -> QueueRow:
    return QueueRow(
        reference=case.reference,
        submission=case.submission,
        right=case.right,
        status=case.status,
        outcome=case.outcome,
        received_at=case.received_at,
        due_on=case.due_on,
        lateness=lateness(case.due_on, "running" if case.due_on else "stopped", day),
        assignee=assignee,
        version=case.version,
    )


def _cursor_after(case: Case, sort: Sort) -> str:
    value = case.due_order.isoformat() if sort.endswith("due") else case.received_at.isoformat()
    return base64.urlsafe_b64encode(json.dumps([sort, value, case.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, sort: Sort) -> tuple[Any, int]:
    try:
        made_for, value, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if made_for != sort or not isinstance(number, int) or not 0 <= number < 2**63:
            raise ValueError
        if sort.endswith("due"):
            return date.fromisoformat(value), number
        return datetime.fromisoformat(value).astimezone(UTC), number
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        raise Invalid({"cursor": Message("That page does not exist. Start again from the first one.")}) from error
