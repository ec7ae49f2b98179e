"""Reads a few fields of whoever carries one name, and nothing else of them (Art. 5(1)(c), 12(6) GDPR).

The way is that of an answer (`graph`, `walk`), cut down to the collections that lead to the wanted fields and to the
columns that the way needs. What comes back is handed over in memory and kept nowhere: the name is only claimed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.connectors.base import CollectionSink, ConnectorFault, Row, Sink, System
from app.connectors.graph import Node, Place, Plan, plan
from app.connectors.walk import collect
from app.policies.datasets import Collection as Table
from app.policies.datasets import Field

MOST_ROWS = 50_000  # of all collections on the way; a name that so many rows hang on is no one person's
Key = tuple[str, str]  # a collection, by the key of its data map: connections may share one


def found_by(systems: Mapping[str, System], kind: str, wanted: Collection[Place]) -> frozenset[Place]:
    """Those of the wanted fields to which an identity of this kind leads, whoever carries it."""
    way = plan(systems, [kind])
    return frozenset(place for place in wanted if place.node in way.collections)


def values(
    systems: Mapping[str, System], kind: str, spellings: Sequence[str], wanted: Collection[Place]
) -> dict[Place, frozenset[object]]:
    """What the wanted fields hold for that identity, in whichever spelling; raises ConnectorFault when a system on the
    way cannot be read."""
    small = _cut_down(systems, plan(systems, [kind]), kind, wanted)
    sink = _Values({place: set() for place in wanted})
    try:
        reports = collect(small, {kind: spellings}, sink)
    except _Enough:
        reports = {}
    for report in reports.values():
        if report.fault is not None:
            raise ConnectorFault(report.fault, retry=report.retry)
    return {place: frozenset(found) for place, found in sink.found.items()}


class _Enough(Exception):
    """More was found than belongs to one person."""


@dataclass(slots=True)
class _Values(Sink):
    """Takes the values of the wanted fields out of the rows that pass."""

    found: dict[Place, set[object]]
    rows: int = 0

    def open(self, connection: str, collection: str, columns: tuple[str, ...]) -> "_Column":
        node = Node(connection, collection)
        places = [(at, Place(node, name)) for at, name in enumerate(columns)]
        return _Column(self, [(at, place) for at, place in places if place in self.found])

    def take(self, places: list[tuple[int, Place]], batch: list[Row]) -> None:
        self.rows += len(batch)
        for at, place in places:
            self.found[place].update(row[at] for row in batch if _plain(row[at]))
        if self.rows > MOST_ROWS:
            raise _Enough


@dataclass(slots=True)
class _Column(CollectionSink):
    """The rows of one collection."""

    values: _Values
    places: list[tuple[int, Place]]

    def rows(self, batch: list[Row]) -> None:
        self.values.take(self.places, batch)

    def close(self) -> None:
        """Nothing was opened."""


def _plain(value: object) -> bool:
    return value is not None and not isinstance(value, bytes | bytearray | memoryview | list | dict | set)


def _cut_down(systems: Mapping[str, System], way: Plan, kind: str, wanted: Collection[Place]) -> dict[str, System]:
    """The systems with nothing but the way from the identity to the wanted fields."""
    keep = _on_the_way(way, {place.node for place in wanted if place.node in way.collections})
    used: dict[Key, set[str]] = {}
    edges = [edge for edge in way.edges if edge.source.node in keep and edge.target.node in keep]
    for place in [*way.seeds, *wanted, *(place for edge in edges for place in edge)]:
        if place.node in keep:
            used.setdefault(_key(systems, place.node), set()).add(place.field)
    return dict(_smaller(systems, used, kind))


def _key(systems: Mapping[str, System], node: Node) -> Key:
    return systems[node.connection].dataset.key, node.collection


def _on_the_way(way: Plan, wanted: set[Node]) -> set[Node]:
    """The collections from which values flow to the wanted ones, and these."""
    keep, waiting = set(wanted), list(wanted)
    while waiting:
        node = waiting.pop()
        sources = {edge.source.node for edge in way.edges if edge.target.node == node} - keep
        keep |= sources
        waiting += sources
    return keep


def _smaller(systems: Mapping[str, System], used: Mapping[Key, set[str]], kind: str) -> Iterator[tuple[str, System]]:
    for connection, system in systems.items():
        key = system.dataset.key
        tables = {
            name: _table(one, used[key, name], used, kind)
            for name, one in system.dataset.collections.items()
            if (key, name) in used
        }
        if tables:
            yield connection, replace(system, dataset=replace(system.dataset, collections=tables))


def _table(table: Table, names: set[str], used: Mapping[Key, set[str]], kind: str) -> Table:
    roots = {name.partition(".")[0] for name in names}
    fields = {
        name: _field(one, used, kind)
        for name, one in table.fields.items()
        if one.primary_key or name in names or name in roots
    }
    return replace(table, fields=fields, after=())


def _field(one: Field, used: Mapping[Key, set[str]], kind: str) -> Field:
    leading = tuple(other for other in one.references if other.field in used.get((other.dataset, other.collection), ()))
    return replace(one, identity=one.identity if one.identity == kind else None, references=leading)
