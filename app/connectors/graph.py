"""The way from proven identities to all of a person's rows, and to nobody else's (Art. 15(1) and (4), 5(1)(f) GDPR).

Collections of all systems form one graph; references are its edges and may cross systems. As in Fides:

- `A.x` refers to `B.y`, direction **from**: values flow from `B.y` to `A.x`; A is searched for every y found in B.
- direction **to**: values flow from `A.x` to `B.y`; B is searched for every x found in A.
- **no direction**: one way only, away from the identities: from the collection that is fewer references away from a
  proven identity to the one that is further. Where both are equally far (or are the same collection), from the field
  that is referred to, to the field that refers to it: from a parent to its children.

An undirected reference is never walked there and back: from a person up to what many share (their company, their
address, their country) and down again to everybody else who shares it would hand out other people's data. Whoever wants
such a way, in a circle too, says so with a direction.

A field with `identity: email` is searched by proven values of the kind `email` and by no other. Fields without that
mark are never searched by anything typed, and a name is no identity, whatever a data map says: names are shared.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.connectors.base import System
from app.domain.messages import Message
from app.policies.datasets import Collection, Reference

_NAMES = frozenset({"name", "full_name", "first_name", "last_name", "given_name", "family_name", "surname"})


class Node(NamedTuple):
    """A collection of one connection."""

    connection: str
    collection: str


class Place(NamedTuple):
    """A field of a collection of one connection."""

    node: Node
    field: str


class Edge(NamedTuple):
    """Values flow this way."""

    source: Place
    target: Place


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be read for these kinds of identities, and in which directions values flow."""

    collections: Mapping[Node, Collection]  # the ones that can be reached
    seeds: Mapping[Place, str]  # → kind of identity
    edges: tuple[Edge, ...]
    skipped: Mapping[str, tuple[str, ...]]
    unreached: Mapping[str, tuple[str, ...]]
    broken: Mapping[str, Message]  # connections whose references lead nowhere

    def fed_by(self, failed: Sequence[str]) -> dict[str, str]:
        """Connections that lack values because a failed one could not give them → that one."""
        cause: dict[str, str] = {}
        waiting = deque(failed)
        while waiting:
            name = waiting.popleft()
            for edge in self.edges:
                target = edge.target.node.connection
                if edge.source.node.connection == name and target not in cause and target not in failed:
                    cause[target] = cause.get(name, name)
                    waiting.append(target)
        return cause


def plan(systems: Mapping[str, System], kinds: Sequence[str]) -> Plan:
    """Lays the way for these kinds of proven identities."""
    usable = {
        Node(connection, collection.name): collection
        for connection, system in systems.items()
        for collection in system.dataset.collections.values()
        if not collection.skip
    }
    seeds = {
        Place(node, name): kind
        for node, collection in usable.items()
        for kind, names in collection.identities().items()
        if kind in kinds and kind not in _NAMES
        for name in names
    }
    links = list(_links(systems, usable))
    distance = _distances(seeds, links)
    edges = dict.fromkeys(edge for link in links for edge in _oriented(link, distance) if edge.source.node in distance)
    return Plan(
        collections={node: collection for node, collection in usable.items() if node in distance},
        seeds=seeds,
        edges=tuple(edges),
        skipped={
            key: tuple(one.name for one in system.dataset.collections.values() if one.skip)
            for key, system in systems.items()
        },
        unreached={
            key: tuple(node.collection for node in usable if node.connection == key and node not in distance)
            for key in systems
        },
        broken=_broken(systems),
    )


class _Link(NamedTuple):
    """A reference between two connected fields, not yet given its direction."""

    refers: Place
    referred: Place
    direction: str | None


def _links(systems: Mapping[str, System], usable: Mapping[Node, Collection]) -> Iterator[_Link]:
    for connection, system in systems.items():
        for collection, field, reference in system.dataset.references():
            refers = Place(Node(connection, collection.name), field.name)
            for other in _connections(systems, connection, reference):
                node = Node(other, reference.collection)
                if refers.node in usable and node in usable and reference.field in usable[node].fields:
                    yield _Link(refers, Place(node, reference.field), reference.direction)


def _connections(systems: Mapping[str, System], connection: str, reference: Reference) -> list[str]:
    """The own data map means the own system; another one means every system that has it."""
    if systems[connection].dataset.key == reference.dataset:
        return [connection]
    return [key for key, system in systems.items() if system.dataset.key == reference.dataset]


def _distances(seeds: Mapping[Place, str], links: Sequence[_Link]) -> dict[Node, int]:
    """How many references each collection is away from a proven identity; those that none leads to are absent."""
    onward: dict[Node, set[Node]] = {}
    for link in links:
        if link.direction != "from":
            onward.setdefault(link.refers.node, set()).add(link.referred.node)
        if link.direction != "to":
            onward.setdefault(link.referred.node, set()).add(link.refers.node)
    distance = {place.node: 0 for place in seeds}
    waiting = deque(distance)
    while waiting:
        node = waiting.popleft()
        for neighbour in onward.get(node, ()):
            if neighbour not in distance:
                distance[neighbour] = distance[node] + 1
                waiting.append(neighbour)
    return distance


def _oriented(link: _Link, distance: Mapping[Node, int]) -> list[Edge]:
    up, down = Edge(link.refers, link.referred), Edge(link.referred, link.refers)
    if link.direction is not None:
        return [up if link.direction == "to" else down]
    near, far = distance.get(link.refers.node), distance.get(link.referred.node)
    if near is None or far is None:
        return []
    return [up if near < far else down]


def _broken(systems: Mapping[str, System]) -> dict[str, Message]:
    broken: dict[str, Message] = {}
    for connection, system in systems.items():
        for collection, field, reference in system.dataset.references():
            others = _connections(systems, connection, reference)
            known = [systems[other].dataset.collections.get(reference.collection) for other in others]
            if collection.skip or (known and all(one is not None and reference.field in one.fields for one in known)):
                continue
            values = {
                "field": f"{collection.name}.{field.name}",
                "other": f"{reference.dataset}.{reference.collection}.{reference.field}",
            }
            words = "The data map says that %(field)s refers to %(other)s, which no connected system has."
            broken.setdefault(connection, Message(words, values))
    return broken
