"""Data maps in one line per collection, databases to read, and a sink that keeps what it is given.

    dataset("shop", customers="id* email@email password~", orders="id* customer_id<customers.id")

`*` primary key · `@kind` identity · `~` secret · `<` found by (direction from) · `>` leads to (to) · `=` no direction.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from app.connectors.base import Row, RunReport, Sink, System
from app.connectors.registry import connect
from app.connectors.walk import collect
from app.policies.datasets import Collection, Dataset, Field, Reference

_WORD = re.compile(r"([\w.]+)([*~]*)(?:@(\w+))?((?:[<>=][\w:.]+)*)")
_DIRECTIONS = {"<": "from", ">": "to", "=": None}


def one_field(word: str, dataset: str) -> Field:
    name, marks, identity, references = _WORD.fullmatch(word).groups()
    found = []
    for sign, target in re.findall(r"([<>=])([\w:.]+)", references):
        other, _, place = target.rpartition(":")
        collection, _, name_there = place.partition(".")
        found.append(Reference(other or dataset, collection, name_there, _DIRECTIONS[sign]))
    return Field(
        name,
        None,
        ("user",),
        primary_key="*" in marks,
        identity=identity,
        references=tuple(found),
        secret="~" in marks,
    )


def collection(name: str, fields: Sequence[Field], *, skip: bool = False) -> Collection:
    keys = tuple(one.name for one in fields if one.primary_key)
    return Collection(name, name, {one.name: one for one in fields}, keys, skip=skip)


def dataset(key: str, *, skip: Sequence[str] = (), **collections: str) -> Dataset:
    found = {
        name: collection(name, [one_field(word, key) for word in words.split()], skip=name in skip)
        for name, words in collections.items()
    }
    return Dataset(key, key, found)


@dataclass
class Kept(Sink):
    """Keeps all rows, as dicts by collection."""

    rows_of: dict[tuple[str, str], list[dict[str, object]]] = field(default_factory=dict)
    columns_of: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    closed: list[tuple[str, str]] = field(default_factory=list)
    largest: int = 0

    def open(self, connection: str, collection: str, columns: tuple[str, ...]) -> "_KeptCollection":
        key = (connection, collection)
        assert key not in self.columns_of, "opened twice"
        self.columns_of[key], self.rows_of[key] = columns, []
        return _KeptCollection(self, key)

    def __getitem__(self, name: str) -> list[dict[str, object]]:
        connection, _, collection = name.rpartition(":")
        return self.rows_of.get((connection or "db", collection), [])

    def ids(self, name: str, column: str = "id") -> list[object]:
        return sorted(row[column] for row in self[name])


@dataclass
class _KeptCollection:
    kept: Kept
    key: tuple[str, str]

    def rows(self, batch: list[Row]) -> None:
        columns = self.kept.columns_of[self.key]
        self.kept.largest = max(self.kept.largest, len(batch))
        self.kept.rows_of[self.key] += [dict(zip(columns, row, strict=True)) for row in batch]

    def close(self) -> None:
        self.kept.closed.append(self.key)


@dataclass
class Database:
    """A database that a test fills and the connector reads."""

    url: str

    @property
    def kind(self) -> str:
        return self.url.partition(":")[0].partition("+")[0]

    def run(self, *statements: str, rows: Mapping[str, Sequence[Sequence[object]]] | None = None) -> "Database":
        """Statements, then rows by table."""
        if self.kind == "sqlite":
            connection = sqlite3.connect(self.url.removeprefix("sqlite:///"))
            mark, percent = "?", "%"
        else:
            connection = psycopg.connect(self.url.replace("+psycopg", ""))
            mark, percent = "%s", "%%"
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            for table, values in (rows or {}).items():
                cursor.executemany(
                    f"INSERT INTO {table.replace('%', percent)} VALUES ({', '.join([mark] * len(values[0]))})", values
                )
            connection.commit()
        finally:
            connection.close()
        return self

    def system(self, data_map: Dataset) -> System:
        return System(connect("sql", self.url), data_map)

    def collect(self, data_map: Dataset, **identities: str | list[str]) -> tuple[Kept, RunReport]:
        """One system, under the key `db`."""
        kept, reports = walk({"db": self.system(data_map)}, **identities)
        return kept, reports["db"]


def walk(systems: Mapping[str, System], **identities: str | list[str]) -> tuple[Kept, dict[str, RunReport]]:
    kept = Kept()
    proven = {kind: [one] if isinstance(one, str) else one for kind, one in identities.items()}
    reports = collect(systems, proven, kept)
    assert sorted(kept.closed) == sorted(kept.columns_of)
    return kept, reports


def sqlite_at(path: Path) -> Database:
    return Database(f"sqlite:///{path}")
