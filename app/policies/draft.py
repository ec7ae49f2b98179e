"""A first data map, drafted from what a database says of itself; people correct it (Art. 30, 15(1)).

Every column is in it. What was guessed can be wrong and what is open must be decided; references lead from a person
to what is theirs, and onward only to tables that hold nobody: a draft never hands out somebody else.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.policies.guesses import INSIDE, OPEN, guess, holds_address

_PLAIN = re.compile(r"[A-Za-z_][\w.]*")
_NOT_PLAIN = frozenset({"true", "false", "null"})
_TEXTS = frozenset({"text", "char", "citext"})
_WHO = (
    "user.contact.email", "user.contact.phone_number", "user.contact.address.street", "user.name", "user.government_id",
    "user.demographic.date_of_birth", "user.account.username",
)  # fmt: skip
_HEAD = """\
# Drafted from the names of tables and columns; no row was read. Three things are left to do:
# correct what is guessed wrong; put a data category (https://ethyca.github.io/fideslang/) for each `open`;
# look at each identity and each reference. `flask controllers check` names what is still open.
"""


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column, whether it is part of the key, and what it refers to: (table, column)."""

    name: str
    kind: str
    key: bool = False
    refers: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DescribedTable:
    """A table or view by the name that a data map may use."""

    name: str
    columns: tuple[DescribedColumn, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Draft:
    """The data map as text, and what in it is still open: `table.column`."""

    text: str
    open: tuple[str, ...]


def draft(key: str, tables: Sequence[DescribedTable]) -> Draft:
    """A data map of these tables under that key."""
    people = _of_people(tables)
    open_: list[str] = []
    lines = [f"dataset:\n  - fides_key: {key}\n    name: {_title(key)}\n    collections:\n"]
    for table in tables:
        lines.append(f"      - name: {_plain(table.name)}\n        fields:\n")
        for column in table.columns:
            category = _category(table, column, people)
            open_ += [f"{table.name}.{column.name}"] if category == OPEN else []
            lines += _entry(key, table, column, category=category, people=people)
    return Draft(_HEAD + "".join(lines), tuple(open_))


def _of_people(tables: Sequence[DescribedTable]) -> frozenset[str]:
    """The tables about people: those that say who somebody is, and those that refer to one of them."""
    found = {one.name for one in tables if any(_says_who(column) for column in one.columns)}
    known = 0
    while known < len(found):
        known = len(found)
        found |= {one.name for one in tables if any(c.refers and c.refers[0] in found for c in one.columns)}
    return frozenset(found)


def _says_who(column: DescribedColumn) -> bool:
    return (guess(column.name) or "").startswith(_WHO)


def _category(table: DescribedTable, column: DescribedColumn, people: frozenset[str]) -> str:
    about = table.name in people
    if column.refers:
        return "user.unique_id" if column.refers[0] in people else "system.operations"
    if column.key:
        return "user.unique_id" if any(_says_who(one) for one in table.columns) else "system.operations"
    found = guess(column.name, of_people=about) or OPEN
    return found if about or found.startswith(INSIDE) else OPEN  # a thing's price or address is nobody's


def _entry(
    key: str, table: DescribedTable, column: DescribedColumn, *, category: str, people: frozenset[str]
) -> Iterator[str]:
    yield f"          - name: {_plain(column.name)}\n            data_categories: [{category}]\n"
    meta, remark = ["primary_key: true"] if column.key else [], ""
    if _is_identity(column):
        meta.append("identity: email")
        remark = "  # their own? A proven address is looked up here"
    if column.refers and _in_doubt(table, column, people):
        if meta:
            yield _meta(meta)
        yield f"            # {_doubt(table, column)} If so: this line{' in place of the one above' if meta else ''}\n"
        yield "            # " + _meta([*meta, _reference(key, column.refers, "from")]).lstrip()
        return
    if column.refers:
        meta.append(_reference(key, column.refers, "from" if column.refers[0] in people else "to"))
    if meta:
        yield _meta(meta, remark)


def _in_doubt(table: DescribedTable, column: DescribedColumn, people: frozenset[str]) -> bool:
    """Whether following a reference may hand out somebody else: its rows are people themselves, refer to one another,
    or tie two kinds of people together. Then somebody has to say so."""
    if column.refers is None or column.refers[0] not in people:
        return False
    others = {one.refers[0] for one in table.columns if one.refers and one.refers[0] in people} - {table.name}
    itself = column.refers[0] == table.name
    return itself or len(others) > 1 or any(_is_identity(one) for one in table.columns)


def _doubt(table: DescribedTable, column: DescribedColumn) -> str:
    other = column.refers[0] if column.refers else ""
    if any(_is_identity(one) for one in table.columns):
        return f"Do those in {other} get the people of {table.name}?"
    if other == table.name:
        return "Are rows that refer to one another about the same person?"
    return f"Are these rows about those in {other}?"


def _is_identity(column: DescribedColumn) -> bool:
    return holds_address(column.name) and column.kind in _TEXTS and not column.refers


def _meta(entries: Sequence[str], remark: str = "") -> str:
    return f"            fides_meta: {{{', '.join(entries)}}}{remark}\n"


def _reference(key: str, refers: tuple[str, str], direction: str) -> str:
    place = ".".join(refers)
    place = place if _PLAIN.fullmatch(place) else json.dumps(place, ensure_ascii=False)
    return f"references: [{{dataset: {key}, field: {place}, direction: {direction}}}]"


def _plain(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.lower() not in _NOT_PLAIN else json.dumps(name, ensure_ascii=False)


def _title(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").capitalize()
