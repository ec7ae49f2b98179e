"""What was found, record by record, read from the sealed spool a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.cells import FileCell
from app.domain.errors import NotFound
from app.domain.permissions import can
from app.gateways.spool import Spooled, read_rows
from app.models.fulfilment import Collected, ItemDecision
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.reading import facts_of, load, spool_key
from app.work import Work

PAGE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One found record; `decision` is include unless somebody decided otherwise, with ground and reason."""

    id: str
    connection: str
    collection: str
    title: str
    categories: tuple[str, ...]
    decision: str
    ground: str | None
    reason: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BinaryValue:
    """A picture, a document, a key: here it is told and not shown, whoever opens it does so in the package."""

    bytes: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Some records in the order they were found; `next_cursor` leads on."""

    rows: tuple[ItemRow, ...]
    next_cursor: str | None


def items(
    portal: Portal,
    work: Work,
    reference: str,
    *,
    collected: int | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> ItemPage:
    """A page of what was found, of one collection or of all. NotFound for a case or cursor that is not this
    reader's."""
    case = load(work, reference, lock=False)
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    wanted = max(1, min(limit, MOST))
    statement = select(Collected).where(Collected.case_id == case.id).order_by(Collected.id)
    found = list(work.session.scalars(statement if collected is None else statement.where(Collected.id == collected)))
    if not found and collected is not None:
        raise NotFound("There is no such collection in this case.")
    place, start = _read_cursor(cursor)
    rest = [row for row in found if row.spooled and row.id >= place]
    if not rest:
        return ItemPage((), None)
    policy = policy_of(work, case)
    key = spool_key(work, case)
    rows: list[ItemRow] = []
    for one in rest:
        title = policy.datasets[one.connection].collections[one.collection].title
        first = start if one.id == place else 0
        rows += _rows_of(portal, work, one, title=title, key=key, start=first, limit=wanted + 1 - len(rows))
        if len(rows) > wanted:
            return ItemPage(tuple(rows[:wanted]), rows[wanted].id)
    return ItemPage(tuple(rows), None)


def _read_cursor(cursor: str | None) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    left, _, right = cursor.partition("-")
    if not (left.isdecimal() and right.isdecimal()):
        raise NotFound("That page of records does not exist.")
    return int(left), int(right)


def _rows_of(
    portal: Portal, work: Work, one: Collected, *, title: str, key: bytes, start: int, limit: int
) -> list[ItemRow]:
    spooled = Spooled.from_facts(one.spooled or {})
    decisions = {
        row.row_number: row
        for row in work.session.scalars(
            select(ItemDecision).where(
                ItemDecision.collected_id == one.id, ItemDecision.row_number.between(start, start + limit)
            )
        )
    }
    rows = []
    for number, values in enumerate(read_rows(portal.storage, key, spooled, start=start, limit=limit), start=start):
        decision = decisions.get(number)
        rows.append(
            ItemRow(
                id=f"{one.id}-{number}",
                connection=one.connection,
                collection=one.collection,
                title=title,
                categories=tuple(one.categories),
                decision=decision.decision if decision else "include",
                ground=decision.ground if decision else None,
                reason=decision.reason if decision else None,
                values=dict(zip(spooled.columns, map(_shown, values), strict=True)),
            )
        )
    return rows


def _shown(value: Any) -> Any:
    if isinstance(value, FileCell):
        return BinaryValue(value.bytes)
    return BinaryValue(len(value)) if isinstance(value, bytes) else value
