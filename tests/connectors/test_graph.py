"""The walk against a plain fixpoint: random tables, references, circles and rows; the order does not matter."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.connectors.base import System
from app.connectors.graph import plan
from app.connectors.registry import connect
from app.policies.datasets import Dataset
from tests.connectors.maps import collection, one_field, sqlite_at, walk

SIGNS = {"<": "from", ">": "to", "=": None}
TABLES = ("a", "b", "c", "d")
COLUMNS = ("id", "x", "y")
VALUES = st.one_of(st.none(), st.integers(0, 6))

Rows = dict[str, list[tuple[int | None, ...]]]
Place = tuple[str, str]
References = dict[tuple[str, str], list[tuple[str, str, str]]]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Rows, References, frozenset[tuple[str, str]]]:
    rows = {
        table: [(number, draw(VALUES), draw(VALUES)) for number in range(draw(st.integers(0, 6)))] for table in TABLES
    }
    places = st.tuples(st.sampled_from(TABLES), st.sampled_from(COLUMNS))
    references: References = {}
    for place, (table, column), sign in draw(
        st.lists(st.tuples(places, places, st.sampled_from(list(SIGNS))), max_size=7)
    ):
        references.setdefault(place, []).append((table, column, sign))
    seeds = draw(st.frozensets(places, min_size=1, max_size=2))
    return rows, references, seeds


def data_map(key: str, references: References, seeds: frozenset[tuple[str, str]], split: Mapping[str, str]) -> Dataset:
    collections = {}
    for table in TABLES:
        if split[table] != key:
            continue
        fields = []
        for column in COLUMNS:
            word = column + ("*" if column == "id" else "") + ("@number" if (table, column) in seeds else "")
            for other, there, sign in references.get((table, column), []):
                word += f"{sign}{split[other]}:{other}.{there}"
            fields.append(one_field(word, key))
        collections[table] = collection(table, fields)
    return Dataset(key, key, collections)


def flows(references: References, seeds: frozenset[tuple[str, str]]) -> list[tuple[Place, Place]]:
    """Which field's values are looked for in which other; undirected references lead away from the seeds."""
    links = [(place, (table, column), sign) for place, some in references.items() for table, column, sign in some]
    ways = [(here, there) for here, there, sign in links if sign != "<"]
    ways += [(there, here) for here, there, sign in links if sign != ">"]
    distance = {table: 0 for table, _ in seeds}
    for step in range(len(TABLES)):
        for (source, _), (target, _) in ways:
            if distance.get(source) == step:
                distance.setdefault(target, step + 1)
    directed = [(here, there) if sign == ">" else (there, here) for here, there, sign in links if sign != "="]
    undirected = [(here, there) for here, there, sign in links if sign == "=" and {here[0], there[0]} <= set(distance)]
    return directed + [
        (here, there) if distance[here[0]] < distance[there[0]] else (there, here) for here, there in undirected
    ]


def closure(rows: Rows, references: References, seeds: frozenset[tuple[str, str]], value: int) -> Rows:
    """What must be found, the slow and simple way."""
    at = {column: number for number, column in enumerate(COLUMNS)}
    found: dict[str, set[tuple[int | None, ...]]] = {table: set() for table in TABLES}
    for table, column in seeds:
        found[table] |= {row for row in rows[table] if row[at[column]] == value}
    before = -1
    while before != sum(map(len, found.values())):
        before = sum(map(len, found.values()))
        for (source, column), (target, there) in flows(references, seeds):
            known = {row[at[column]] for row in found[source]} - {None}
            found[target] |= {row for row in rows[target] if row[at[there]] in known}
    return {table: sorted(some, key=lambda row: row[0] or 0) for table, some in found.items()}


@given(worlds(), st.integers(0, 6), st.tuples(*[st.sampled_from(["one", "two"])] * len(TABLES)))
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_walk_finds_the_closure_each_row_once(tmp_path: Path, world: tuple, value: int, parts: tuple) -> None:
    rows, references, seeds = world
    split = dict(zip(TABLES, parts, strict=True))
    systems: dict[str, System] = {}
    for key in ("one", "two"):
        path = tmp_path / f"{key}.db"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} (id integer PRIMARY KEY, x integer, y integer)")
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows[table])
        connection.commit()
        connection.close()
        systems[key] = System(connect("sql", sqlite_at(path).url), data_map(key, references, seeds, split))
    kept, reports = walk(systems, number=str(value))
    expected = closure(rows, references, seeds, value)
    for table in TABLES:
        found = [tuple(row[column] for column in COLUMNS) for row in kept[f"{split[table]}:{table}"]]
        assert sorted(found, key=lambda row: row[0]) == expected[table], table
    assert all(one.state == "done" for one in reports.values())
    assert sum(one.found for one in reports.values()) == sum(map(len, expected.values()))


@given(worlds())
@settings(max_examples=200)
def test_the_plan_does_not_depend_on_the_order_of_systems(world: tuple) -> None:
    _, references, seeds = world
    split = dict(zip(TABLES, ("one", "two", "two", "one"), strict=True))
    systems = {
        key: System(connect("sql", "sqlite:///none.db"), data_map(key, references, seeds, split))
        for key in ("one", "two")
    }
    forth, back = plan(systems, ["number"]), plan(dict(reversed(systems.items())), ["number"])
    assert set(forth.edges) == set(back.edges)
    assert forth.collections.keys() == back.collections.keys()
