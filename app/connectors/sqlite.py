"""Reads SQLite for an answer (Art. 15 GDPR): the file is never changed; its loose types are read as declared."""

import json
import re
import sqlite3
import time as clock
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from app.connectors.dialect import CONNECT_SECONDS, Convert, Dialect, Table
from app.connectors.kinds import Column

_STEPS = 100_000  # of SQLite's virtual machine between two looks at the clock
_TABLES = """
SELECT l.name, l.type, l.wr, p.name, p.type,
       p.pk = 1 AND (SELECT count(*) FROM pragma_table_xinfo(l.name) k WHERE k.pk > 0) = 1
FROM pragma_table_list l JOIN pragma_table_xinfo(l.name) p
WHERE l.schema = 'main' AND l.type IN ('table', 'view', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND p.hidden <> 1
ORDER BY l.name, p.cid
"""


class _Timed(sqlite3.Connection):
    """A connection that interrupts a statement that takes too long."""

    seconds: float = 0
    until: float = 0

    def restart(self) -> None:
        self.until = clock.monotonic() + self.seconds

    def too_late(self) -> bool:
        return clock.monotonic() > self.until


@lru_cache(maxsize=256)  # of addresses whose secrets were resolved for this use; no connection is kept
def _engine(url: sa.URL, seconds: int) -> sa.Engine:
    path = url.database or ""

    def connect() -> sqlite3.Connection:
        if not Path(path).is_file():
            raise sqlite3.OperationalError("unable to open database file")
        where = f"file:{quote(str(Path(path).absolute()))}?mode=ro"
        connection = sqlite3.connect(
            where, uri=True, timeout=CONNECT_SECONDS, isolation_level=None, factory=_Timed, check_same_thread=False
        )
        connection.seconds = seconds
        connection.restart()
        connection.set_progress_handler(connection.too_late, _STEPS)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")  # one bad byte must not hide a row
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")  # views of the file may not call what could do harm
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool, hide_parameters=True)


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _cursor(connection: sa.Connection, statement: sa.Select[Any], values: list[object]) -> Any:
    return connection.execute(statement, {"values": values}).cursor


def _before(connection: sa.Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, _Timed)
    driver.restart()


def _kind(declared: str) -> str:
    """SQLite's own rules of affinity; what has none, or a loose one, is compared as it comes."""
    if "INT" in declared:
        return "integer"
    if any(part in declared for part in ("CHAR", "CLOB", "TEXT", "UUID")):
        return "text"
    return "any"


def _tables(connection: sa.Connection, names: Sequence[str] | None) -> Iterable[Table]:
    found: dict[str, tuple[dict[str, Column], bool]] = {}
    for table, relation, no_rowid, name, declared, unique in connection.exec_driver_sql(_TABLES):
        columns, _ = found.setdefault(table, ({}, relation == "table" and not no_rowid))
        kind = (declared or "").upper()
        columns[name] = Column(name, _kind(kind), unique=bool(unique), type_name=kind)
    for table, (columns, numbered) in found.items():
        taken = {name.lower() for name in columns}
        number = next((name for name in ("_rowid_", "rowid", "oid") if name not in taken), None)
        if names is None or table in names:
            yield Table("main", table, columns, (number,) if numbered and number else ())


def _matches(expression: sa.ColumnElement[Any], _column: Column, ignore_case: bool) -> sa.ColumnElement[bool]:
    values = sa.bindparam("values", expanding=True, type_=sa.types.NullType())
    return (sa.func.lower(expression) if ignore_case else expression).in_(values)


def _inside(expression: sa.ColumnElement[Any], path: Sequence[str]) -> sa.ColumnElement[Any]:
    where = "$" + "".join('."' + part.replace('"', "") + '"' for part in path)
    return sa.cast(sa.func.json_extract(expression, sa.literal(where)), sa.Text())


def _read(read: Callable[[str], object]) -> Convert:
    def convert(value: object) -> object:
        try:
            return read(value) if isinstance(value, str) else value
        except ValueError:
            return value  # not what the column promises: shown as it is

    return convert


def _moment(text: str) -> object:
    return datetime.fromisoformat(text) if len(text) > len("2024-02-29") else date.fromisoformat(text)


def _boolean(value: object) -> object:
    return bool(value) if isinstance(value, int) and value in (0, 1) else value


def _decimal(scale: int | None) -> Convert:
    def convert(value: object) -> object:
        try:
            number = Decimal(str(value)) if isinstance(value, int | float | str) else None
        except InvalidOperation:
            return value
        if number is None or not number.is_finite():
            return value
        exponent = number.as_tuple().exponent
        if scale is None or not isinstance(exponent, int) or -exponent > scale or number.adjusted() > 20:
            return number
        return number.quantize(Decimal(1).scaleb(-scale))

    return convert


_CONVERT: dict[str, Convert] = {
    "DATE": _read(date.fromisoformat),
    "TIME": _read(time.fromisoformat),
    "DATETIME": _read(_moment),
    "TIMESTAMP": _read(_moment),
    "TIMESTAMPTZ": _read(_moment),
    "TIMESTAMP WITH TIME ZONE": _read(_moment),
    "BOOL": _boolean,
    "BOOLEAN": _boolean,
    "JSON": _read(json.loads),
    "JSONB": _read(json.loads),
}


def _convert(column: Column) -> Convert | None:
    declared, scale = re.sub(r"\s*\(.*", "", column.type_name), re.search(r",\s*(\d+)\s*\)", column.type_name)
    if declared in {"DECIMAL", "NUMERIC", "MONEY"}:
        return _decimal(int(scale[1]) if scale else None)
    return _CONVERT.get(declared)


SQLITE = Dialect(
    engine=_engine,
    begin=_begin,
    tables=_tables,
    matches=_matches,
    inside=_inside,
    convert=_convert,
    cursor=_cursor,
    before=_before,
    most_values=5_000,
)
