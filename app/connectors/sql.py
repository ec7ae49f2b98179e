"""Reads relational databases for an answer (Art. 15, 20 GDPR): only declared columns, only by bound values.

Nothing that a person typed and no name from a data map ever becomes part of a statement's text: values are bound, names
are quoted by SQLAlchemy. E-mail addresses (fields with `identity: email`) are compared without regard to case, in the
column too, because nobody's data may stay hidden behind a capital letter: `lower(column) = ANY(values)`, with letters
beyond ASCII small and large among the values, since some databases lower only those of ASCII. On a large table an index
on `lower(column)` makes that quick; without one the table is read once per look-up. All other values must be equal in
the column's own type; one that does not fit the type finds nothing.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from app.connectors.base import ConnectorFault, Row, SchemaReport, Wanted
from app.connectors.described import describe
from app.connectors.dialect import STATEMENT_SECONDS, Convert, Dialect, Table
from app.connectors.faults import DRIVER_ERRORS, fault
from app.connectors.kept import KEPT, close
from app.connectors.kinds import Column, fit
from app.connectors.personal import looks_personal
from app.connectors.postgresql import POSTGRESQL
from app.connectors.sqlite import SQLITE
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.policies.datasets import Collection, Dataset, Field
from app.policies.draft import DescribedTable

DIALECTS: Mapping[str, Dialect] = {"postgresql": POSTGRESQL, "postgres": POSTGRESQL, "sqlite": SQLITE}
FIRST_BATCH = 50  # rows may be heavy: the first ones tell how many are taken at once
BATCH_BYTES = 4 * 1024 * 1024
_NAMED = 8  # how many missing things one sentence names


class SqlConnector:
    """One database. `url` is an SQLAlchemy address with its secrets already in place."""

    def __init__(self, url: str, *, seconds: int = STATEMENT_SECONDS) -> None:
        try:
            self._url = sa.make_url(url)
            self._dialect = DIALECTS[self._url.drivername.partition("+")[0]]
        except (sa.exc.ArgumentError, ValueError, KeyError):
            words = "The address of a database starts with %(kinds)s."
            raise Invalid({"url": Message(words, {"kinds": "postgresql:// or sqlite:///"})}) from None
        self._seconds = seconds

    def schema(self, dataset: Dataset) -> SchemaReport:
        """Compares the data map with the database; tables that it skips count as declared."""
        with self._connected() as connection, _plain_words():
            return _compare(dataset, _Tables(self._dialect.tables(connection, None)))

    def described(self) -> tuple[DescribedTable, ...]:
        """All tables with the keys and references that the database knows of; reads no row."""
        with self._connected() as connection, _plain_words():
            return describe(connection, self._dialect.tables(connection, None))

    @contextmanager
    def open(self, collections: Sequence[Collection]) -> Iterator["SqlSource"]:
        """Opens the database for these collections, all of which must be there and readable."""
        with self._connected() as connection:
            names = {part for one in collections for part in (one.name, one.name.rpartition(".")[2])}
            with _plain_words():
                self._dialect.begin(connection)
                tables = _Tables(self._dialect.tables(connection, sorted(names)))
            yield SqlSource(connection, self._dialect, _all_there(collections, tables))

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        engine = self._dialect.engine(self._url, self._seconds)
        connection = KEPT.take(engine)
        if connection is None:
            with _plain_words(opening=True):
                connection = engine.connect()
        well = False
        try:
            yield connection
            well = self._dialect.kept
        finally:
            if well:
                KEPT.give(engine, connection)
            else:
                close(connection)


class SqlSource:
    """An open database: one connection, one snapshot."""

    def __init__(self, connection: sa.Connection, dialect: Dialect, tables: Mapping[str, Table]) -> None:
        self._connection = connection
        self._dialect = dialect
        self._tables = tables

    def unique(self, collection: Collection, name: str) -> bool:
        column = self._column(collection, name)
        return "." not in name and column.unique and not column.array

    def fit(self, collection: Collection, name: str, values: Sequence[object]) -> Sequence[object]:
        kind = "text" if "." in name else self._column(collection, name).kind
        return fit(kind, values, fold=kind == "citext" or _ignores_case(collection.fields[name]))

    def rows(
        self, wanted: Wanted, where: str, values: Sequence[object], *, batch: int
    ) -> Generator[list[Row], None, None]:
        statement, converts = self._select(wanted, where)
        remaining = iter(values)
        while some := list(islice(remaining, self._dialect.most_values)):
            for rows in self._batches(statement, some, batch):
                yield _converted(rows, converts) if converts else rows

    def _batches(self, statement: sa.Select[Any], values: list[object], batch: int) -> Iterator[list[Row]]:
        """The driver's own rows: through SQLAlchemy's result each would be built twice."""
        with _plain_words():
            self._dialect.before(self._connection)
            cursor = self._dialect.cursor(self._connection, statement, values)
        size = min(FIRST_BATCH, batch)
        with _closing(cursor):
            while True:
                with _plain_words():
                    self._dialect.before(self._connection)
                    rows: list[Row] = cursor.fetchmany(size)
                if rows:
                    yield rows
                if len(rows) < size:
                    return
                size = _next_size(rows, batch)

    def _select(self, wanted: Wanted, where: str) -> tuple[sa.Select[Any], list[tuple[int, Convert]]]:
        table = self._tables[wanted.collection.name]
        extra = (table.row_number or wanted.collection.primary_key or tuple(table.columns)) if wanted.identify else ()
        statement = _statement(
            self._dialect,
            (table.schema, table.name),
            (*wanted.columns, *extra),
            where=where,
            column=self._column(wanted.collection, where),
            ignore_case=_ignores_case(wanted.collection.fields[where]),
        )
        converts = [self._dialect.convert(table.columns[name]) for name in wanted.columns]
        return statement, [(at, convert) for at, convert in enumerate(converts) if convert is not None]

    def _column(self, collection: Collection, name: str) -> Column:
        return self._tables[collection.name].columns[name.partition(".")[0]]


@lru_cache(maxsize=512)
def _statement(
    dialect: Dialect, place: tuple[str, str], names: tuple[str, ...], *, where: str, column: Column, ignore_case: bool
) -> sa.Select[Any]:
    """The rows of a table where a column, or a part of it, holds a value. Case after case asks the same."""
    root, *path = where.split(".")
    source = _table(*place, {*names, root})
    expression: sa.ColumnElement[Any] = source.c[root]
    if path:
        expression, column = dialect.inside(expression, path), Column(root, "text")
    shown = [source.c[name] for name in names] or [sa.literal_column("1")]
    return sa.select(*shown).where(dialect.matches(expression, column, ignore_case))


class _Tables:
    """The tables of a database by the names that a data map may use: bare, or with their schema."""

    def __init__(self, tables: Any) -> None:
        self.all: list[Table] = list(tables)
        self._by_name = {f"{one.schema}.{one.name}": one for one in self.all}
        self._by_name |= {one.name: one for one in self.all if one.default}

    def find(self, name: str) -> Table | None:
        return self._by_name.get(name)


def _columns_of(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name.partition(".")[0] for one in fields))


def _ignores_case(field: Field) -> bool:
    return field.identity == "email"


def _table(schema: str, table: str, names: set[str]) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column(quoted_name(name, quote=True)) for name in sorted(names)]
    return sa.table(quoted_name(table, quote=True), *columns, schema=quoted_name(schema, quote=True))


def _next_size(rows: list[Row], most: int) -> int:
    """How many rows like these are taken at once, so that large values (images, letters) do not fill the memory."""
    sample = rows[:: max(1, len(rows) // 16)]
    weight = sum(len(value) for row in sample for value in row if isinstance(value, str | bytes | list | dict))
    return max(1, min(most, BATCH_BYTES * len(sample) // (weight + 1)))


def _converted(rows: list[Row], converts: list[tuple[int, Convert]]) -> list[Row]:
    columns: list[Any] = list(zip(*rows, strict=True))
    for at, convert in converts:
        columns[at] = map(convert, columns[at])
    return list(zip(*columns, strict=True))


def _all_there(collections: Sequence[Collection], tables: _Tables) -> dict[str, Table]:
    found: dict[str, Table] = {}
    missing: list[str] = []
    unreadable: list[str] = []
    for collection in collections:
        table = tables.find(collection.name)
        if table is None:
            missing.append(collection.name)
            continue
        found[collection.name] = table
        for name in _columns_of(collection.fields.values()):
            if name not in table.columns:
                missing.append(f"{collection.name}.{name}")
            elif not table.columns[name].readable:
                unreadable.append(f"{collection.name}.{name}")
    if missing:
        raise _fault_naming("The data map names what this system does not have: %(names)s.", missing)
    if unreadable:
        raise _fault_naming("The portal's account in this system may not read %(names)s.", unreadable)
    return found


def _fault_naming(words: str, names: list[str]) -> ConnectorFault:
    shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return ConnectorFault(Message(words, {"names": shown}), retry=False)


def _compare(dataset: Dataset, tables: _Tables) -> SchemaReport:
    missing_tables, missing, unreadable = [], [], []
    undeclared: list[str] = []
    declared: set[int] = set()
    for collection in dataset.collections.values():
        table = tables.find(collection.name)
        if table is None:
            missing_tables.append(collection.name)
            continue
        declared.add(id(table))
        names = _columns_of(collection.fields.values())
        needed = () if collection.skip else _columns_of(one for one in collection.fields.values() if not one.secret)
        missing += [f"{collection.name}.{name}" for name in names if name not in table.columns]
        unreadable += [f"{collection.name}.{one}" for one in needed if not _readable(table, one)]
        undeclared += [f"{collection.name}.{name}" for name in table.columns if name not in names]
    extra = [one for one in tables.all if id(one) not in declared]
    in_extra = [f"{_said(one)}.{name}" for one in extra for name in one.columns]
    personal = [name for name in (*undeclared, *in_extra) if looks_personal(name.rpartition(".")[2])]
    return SchemaReport(
        missing_tables=tuple(missing_tables),
        missing_columns=tuple(missing),
        unreadable=tuple(unreadable),
        undeclared_tables=tuple(map(_said, extra)),
        undeclared_columns=tuple(undeclared),
        personal=tuple(personal),
    )


def _readable(table: Table, name: str) -> bool:
    return name not in table.columns or table.columns[name].readable


def _said(table: Table) -> str:
    return table.name if table.default else f"{table.schema}.{table.name}"


@contextmanager
def _closing(cursor: Any) -> Iterator[None]:
    try:
        yield
    finally:
        try:
            cursor.close()
        except DRIVER_ERRORS:  # the connection was lost: the next statement says so, and what was read is whole
            cursor.close()


@contextmanager
def _plain_words(*, opening: bool = False) -> Iterator[None]:
    try:
        yield
    except DRIVER_ERRORS as error:
        raise fault(error, opening=opening) from None
