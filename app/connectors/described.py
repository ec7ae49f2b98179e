"""A database described by itself: what a first data map is drafted from (Art. 30: knowing what one holds, and where).

Only the schema is read, never a row: what a column holds is decided by whoever knows it, not by looking at people's
data.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.connectors.dialect import Table
from app.policies.draft import DescribedColumn, DescribedTable


def describe(connection: sa.Connection, tables: Iterable[Table]) -> tuple[DescribedTable, ...]:
    """These tables with the keys and references that the database itself knows."""
    known = list(tables)
    said = {(one.schema, one.name): _said(one) for one in known}
    inspector = sa.inspect(connection)
    return tuple(_described(inspector, one, said) for one in known)


def _described(inspector: sa.Inspector, table: Table, said: Mapping[tuple[str, str], str]) -> DescribedTable:
    keys = set(inspector.get_pk_constraint(table.name, table.schema)["constrained_columns"])
    refers: dict[str, tuple[str, str]] = {}
    for foreign in inspector.get_foreign_keys(table.name, table.schema):
        other = said.get((foreign["referred_schema"] or table.schema, foreign["referred_table"]))
        if other is not None and len(foreign["constrained_columns"]) == 1:  # a data map refers column by column
            refers[foreign["constrained_columns"][0]] = (other, foreign["referred_columns"][0])
    columns = [DescribedColumn(one, column.kind, one in keys, refers.get(one)) for one, column in table.columns.items()]
    return DescribedTable(_said(table), tuple(columns))


def _said(table: Table) -> str:
    return table.name if table.default else f"{table.schema}.{table.name}"
