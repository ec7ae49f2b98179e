"""The desk's queue: filters, four orders, and keyset paging that costs the same on page one and page one thousand."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.domain.deadlines import SOON, Lateness, lateness
from app.domain.errors import Invalid
from app.domain.events import WRITES
from app.domain.identity import read_reference
from app.domain.messages import Message
from app.domain.permissions import can
from app.models.cases import NEVER, Case, Identity
from app.models.cases import Message as Written
from app.models.ledger import TrailEntry
from app.models.people import Login
from app.queries.policies import current
from app.queries.reading import identity_digest
from app.work import Work

PAGE = 50
MOST = 200
COUNTED_AT_MOST = 1000
Sort = Literal["due", "-due", "received", "-received"]
SORTS: tuple[Sort, ...] = ("due", "-due", "received", "-received")


# The person wrote, and nobody of staff has done anything with the case since: asked of the trail, whose order holds
# whatever the clock says. Few cases have messages, so those are looked for first.
_WROTE, _DONE = aliased(TrailEntry), aliased(TrailEntry)
_UNREAD: Final = and_(
    exists().where(Written.case_id == Case.id, Written.direction == "from_person"),
    exists().where(
        _WROTE.controller_id == Case.controller_id,
        _WROTE.case_id == Case.id,
        _WROTE.actor_kind == "person",
        _WROTE.event.in_(WRITES),
        ~exists().where(
            _DONE.controller_id == Case.controller_id,
            _DONE.case_id == Case.id,
            _DONE.actor_kind == "staff",
            _DONE.id > _WROTE.id,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the desk wants to see. `assignee` is an e-mail, `me` or `nobody`; `q` a reference or an exact e-mail;
    `messages`: only where the person wrote and nobody of staff has done anything since."""

    status: str | None = None
    right: str | None = None
    outcome: str | None = None
    lateness: Lateness | None = None
    assignee: str | None = None
    q: str | None = None
    messages: Literal["new"] | None = None
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
    new_message: bool


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
    rows = tuple(_row(case, assignee, day, unread=bool(unread)) for case, assignee, unread in found[:limit])
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


def _ordered(wanted: QueueFilter) -> Select[Case, str, bool]:
    statement = select(Case, Login.name, _UNREAD).outerjoin(Login, Login.id == Case.assignee_id)
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


def _narrowed(
    work: Work, statement: Select[Case, str, bool], wanted: QueueFilter, day: date
) -> Select[Case, str, bool]:
    if wanted.status:
        statement = statement.where(Case.status == wanted.status)
    if wanted.right:
        statement = statement.where(Case.right == wanted.right)
    if wanted.outcome:
        statement = statement.where(Case.outcome == wanted.outcome)
    if wanted.lateness:
        statement = statement.where(_late(wanted.lateness, day))
    if wanted.messages:
        statement = statement.where(_UNREAD)
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


def _row(case: Case, assignee: str | None, day: date, *, unread: bool) -> QueueRow:
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
        new_message=unread,
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
