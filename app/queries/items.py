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
from app.queries.policies import Policy, policy_of
from app.queries.reading import facts_of, load, spool_key
from app.queries.sight import sight
from app.work import Work

PAGE = 50
MOST = 200
LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One found record; `decision` is include unless somebody decided otherwise, with ground and reason."""

    id: str
    connection: str
    collection: str
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
class HiddenValue:
    """Something that these functions of staff look after, and this reader does not need to know."""

    functions: tuple[str, ...]


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
    policy = policy_of(work, case)
    rows = work.session.scalars(statement if collected is None else statement.where(Collected.id == collected))
    found = [row for row in rows if not sight(work, policy, row).nothing]
    if not found and collected is not None:
        raise NotFound("There is no such collection in this case.")
    place, start = _read_cursor(cursor)
    rest = [row for row in found if row.spooled and row.id >= place]
    if not rest:
        return ItemPage((), None)
    reader = _Reader(portal, work, policy, spool_key(work, case))
    shown: list[ItemRow] = []
    for one in rest:
        shown += reader.rows(one, start=start if one.id == place else 0, limit=wanted + 1 - len(shown))
        if len(shown) > wanted:
            return ItemPage(tuple(shown[:wanted]), shown[wanted].id)
    return ItemPage(tuple(shown), None)


def _read_cursor(cursor: str | None) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    left, _, right = cursor.partition("-")
    if not all(part.isdecimal() and len(part) <= LONGEST_NUMBER for part in (left, right)):
        raise NotFound("That page of records does not exist.")
    return int(left), int(right)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the records of one case for one reader."""

    portal: Portal
    work: Work
    policy: Policy
    key: bytes

    def rows(self, one: Collected, *, start: int, limit: int) -> list[ItemRow]:
        """Records of a collection with the decision on each; what is not for this reader is named and not shown."""
        spooled = Spooled.from_facts(one.spooled or {})
        seen, decisions = sight(self.work, self.policy, one), self._decisions(one, start, limit)
        read = read_rows(self.portal.storage, self.key, spooled, start=start, limit=limit)
        return [
            ItemRow(
                id=f"{one.id}-{number}",
                connection=one.connection,
                collection=one.collection,
                categories=seen.categories,
                decision=decisions[number].decision if number in decisions else "include",
                ground=decisions[number].ground if number in decisions else None,
                reason=decisions[number].reason if number in decisions else None,
                values={
                    column: HiddenValue(seen.hidden[column]) if column in seen.hidden else _shown(value)
                    for column, value in zip(spooled.columns, values, strict=True)
                },
            )
            for number, values in enumerate(read, start=start)
        ]

    def _decisions(self, one: Collected, start: int, limit: int) -> dict[int, ItemDecision]:
        statement = select(ItemDecision).where(
            ItemDecision.collected_id == one.id, ItemDecision.row_number.between(start, start + limit)
        )
        return {row.row_number: row for row in self.work.session.scalars(statement)}


def _shown(value: Any) -> Any:
    if isinstance(value, FileCell):
        return BinaryValue(value.bytes)
    return BinaryValue(len(value)) if isinstance(value, bytes) else value
