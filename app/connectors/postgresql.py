"""Reads PostgreSQL for an answer (Art. 15 GDPR): read-only, one snapshot, server-side cursors, native types."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Loader
from psycopg.types.string import TextLoader
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.connectors.dialect import CONNECT_SECONDS, Dialect, Table
from app.connectors.kinds import Column

_MOMENTS = ("date", "time", "timetz", "timestamp", "timestamptz")
_RANGES = ("int4", "int8", "num", "ts", "tstz", "date")
# Exact as text: an interval of a month has no number of days, an address no arithmetic.
_AS_TEXT = ("interval", "inet", "cidr", *(f"{one}{kind}" for one in _RANGES for kind in ("range", "multirange")))

_KINDS = {
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "numeric": "number",
    "real": "float",
    "double precision": "float",
    "text": "text",
    "character varying": "text",
    "name": "text",
    "character": "char",
    "uuid": "uuid",
    "bytea": "bytes",
    "boolean": "boolean",
    "date": "date",
    "time without time zone": "time",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
}
_numbers = count()
_SQL = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # ships without types for it
_ROW_NUMBER = {"r": ("ctid",), "m": ("ctid",), "p": ("tableoid", "ctid")}

_TABLES = sa.text("""
SELECT n.nspname, c.relname, c.relkind::text, pg_table_is_visible(c.oid), a.attname,
       format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL),
       has_column_privilege(c.oid, a.attnum, 'SELECT'),
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
               AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND i.indimmediate),
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indexprs IS NOT NULL
               AND pg_get_expr(i.indexprs, i.indrelid) LIKE 'lower(%' || quote_ident(a.attname) || '%')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)'
  AND (:names IS NULL OR c.relname = ANY(:names))
ORDER BY n.nspname, c.relname, a.attnum
""").bindparams(sa.bindparam("names", type_=pg.ARRAY(sa.Text())))


class _OrText(Loader):
    """Moments that Python does not know (infinity, the year 12000, 44 BC) come as the text that the database shows."""

    def __init__(self, oid: int, context: psycopg.abc.AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        usual = psycopg.adapters.get_loader(oid, psycopg.pq.Format.TEXT)
        self._usual = (usual or TextLoader)(oid, context)
        self._text = TextLoader(oid, context)

    def load(self, data: psycopg.abc.Buffer) -> object:
        try:
            return self._usual.load(data)
        except psycopg.DataError:
            return self._text.load(data)


class _Named(sa.types.UserDefinedType[str]):
    """A text type under its own name: `bpchar` (its index is used, nothing is cut), `citext` (wherever it is)."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_options: object) -> str:
        return self.name


_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "integer": sa.BigInteger(),
    "number": sa.Numeric(),
    "float": sa.Double(),
    "text": sa.Text(),
    "other": sa.Text(),
    "char": _Named("bpchar"),
    "uuid": sa.Uuid(),
    "bytes": sa.LargeBinary(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
    "time": sa.Time(),
    "timestamp": sa.DateTime(),
    "timestamptz": sa.DateTime(timezone=True),
}


@lru_cache(maxsize=256)  # of addresses whose secrets were resolved for this use
def _engine(url: sa.URL, seconds: int) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=sa.NullPool,
        isolation_level="REPEATABLE READ",
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "client_encoding": "UTF8",
            "application_name": "habeas",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        },
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(driver: psycopg.Connection[Any], _record: object) -> None:
        settings = {
            "default_transaction_read_only": "on",
            "statement_timeout": f"{seconds}s",
            "idle_in_transaction_session_timeout": "0",  # it may wait while another system is read
            "TimeZone": "UTC",
            "IntervalStyle": "iso_8601",
            "cursor_tuple_fraction": "1.0",  # rows are always read to the last
        }
        names, values = list(settings), list(settings.values())
        driver.execute(
            "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS _ (name, value)",
            (names, values),
        )
        driver.commit()
        driver.read_only = True
        for name in _MOMENTS:
            driver.adapters.register_loader(name, _OrText)
        for name in _AS_TEXT:
            driver.adapters.register_loader(name, TextLoader)

    return engine


def _kind(type_name: str) -> str:
    if type_name.rpartition(".")[2] == "citext":
        return "citext"
    return _KINDS.get(type_name, "other")


def _tables(connection: sa.Connection, names: Sequence[str] | None) -> Iterable[Table]:
    found: dict[tuple[str, str], tuple[dict[str, Column], tuple[str, ...], bool]] = {}
    rows = connection.execute(_TABLES, {"names": None if names is None else list(names)})
    for schema, table, relation, visible, name, type_name, readable, unique, lower in rows:
        columns, _, _ = found.setdefault((schema, table), ({}, _ROW_NUMBER.get(relation, ()), visible))
        bare = type_name.removesuffix("[]")
        columns[name] = Column(
            name,
            _kind(bare),
            array=bare != type_name,
            unique=unique,
            readable=readable,
            type_name=bare,
            lower_index=lower,
        )
    for (schema, table), (columns, row_number, visible) in found.items():
        yield Table(schema, table, columns, row_number, visible)


def _matches(expression: sa.ColumnElement[Any], column: Column, ignore_case: bool) -> sa.ColumnElement[bool]:
    kind = _TYPES.get(column.kind) or _Named(column.type_name)
    values = sa.bindparam("values", type_=pg.ARRAY(kind))
    if column.array:  # both sides of one type: int[] && bigint[] is unknown to PostgreSQL
        return sa.cast(expression, pg.ARRAY(kind)).op("&&", is_comparison=True)(values)
    if column.kind == "other":
        return sa.cast(expression, sa.Text()) == sa.any_(values)
    if column.type_name == "citext":  # visible, and so is its own =, which its indexes know
        return expression == sa.any_(values)
    if ignore_case or column.kind == "citext":
        texts = sa.bindparam("values", type_=pg.ARRAY(sa.Text()))
        if column.lower_index:
            return sa.func.lower(expression) == sa.any_(texts)
        return _read_through(sa.cast(expression, sa.Text()), texts)
    return expression == sa.any_(values)


def _read_through(text: sa.ColumnElement[Any], values: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Without an index all rows are compared: by bytes, which is twice as fast as by the rules of a language, and that
    keeps their number, so a text of another length need not be looked at."""
    one = sa.func.unnest(values).column_valued("one")
    lengths = sa.select(sa.func.octet_length(one)).scalar_subquery()
    same_length = sa.func.octet_length(text) == sa.any_(sa.func.array(lengths))
    return sa.and_(same_length, sa.func.lower(text.collate("C")) == sa.any_(values))


def _inside(expression: sa.ColumnElement[Any], path: Sequence[str]) -> sa.ColumnElement[Any]:
    return expression.op("#>>", return_type=sa.Text())(sa.literal(list(path), pg.ARRAY(sa.Text())))


def _nothing(_: object) -> None:
    """There is nothing to begin, and nothing to convert: the driver begins by itself and has the loaders set above."""


@lru_cache(maxsize=512)
def _text(statement: sa.Select[Any]) -> tuple[str, Mapping[str, Any]]:
    compiled = statement.compile(dialect=_SQL)
    return compiled.string, compiled.params


def _cursor(connection: sa.Connection, statement: sa.Select[Any], values: list[object]) -> Any:
    """A server-side cursor. SQLAlchemy writes the statement; its own result would build every row a second time."""
    text, bound = _text(statement)
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor(f"habeas_{next(_numbers)}")
    try:
        cursor.execute(text, {**bound, "values": values})
    except psycopg.Error:
        cursor.close()  # says nothing to a server that has just refused
        raise
    return cursor


POSTGRESQL = Dialect(
    engine=_engine,
    begin=_nothing,
    tables=_tables,
    matches=_matches,
    inside=_inside,
    convert=_nothing,
    cursor=_cursor,
    before=_nothing,
    most_values=50_000,
    kept=True,
)
