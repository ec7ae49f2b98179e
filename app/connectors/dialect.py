"""What one kind of database must tell the `sql` connector; each has a module of its own and a row in `sql.DIALECTS`.

Every dialect opens its database so that reading cannot become writing (Art. 5(1)(f), 32 GDPR) and so that a run sees
one moment from start to end.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.connectors.kinds import Column

Convert = Callable[[Any], object]
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 120  # for one statement or one fetch, never for a whole run


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the system describes it. `row_number`: its hidden columns that tell rows apart at one moment."""

    schema: str
    name: str
    columns: Mapping[str, Column]
    row_number: tuple[str, ...] = ()
    default: bool = True  # its bare name means this table


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of database."""

    engine: Callable[[sa.URL, int], sa.Engine]
    begin: Callable[[sa.Connection], None]  # from here on one moment is seen
    tables: Callable[[sa.Connection, Sequence[str] | None], Iterable[Table]]  # of these names, or all
    matches: Callable[
        [sa.ColumnElement[Any], Column, bool], sa.ColumnElement[bool]
    ]  # … one of :values; True: ignore case
    inside: Callable[[sa.ColumnElement[Any], Sequence[str]], sa.ColumnElement[Any]]  # a part of a JSON column, as text
    convert: Callable[[Column], Convert | None]  # driver's value → Python's own; None: it already is
    cursor: Callable[[sa.Connection, sa.Select[Any], list[object]], Any]  # the driver's own, with :values bound
    before: Callable[[sa.Connection], None]  # each statement and each fetch
    most_values: int  # in one statement
    kept: bool = False  # a connection is worth keeping for the next case
