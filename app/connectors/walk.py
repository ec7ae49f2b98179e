"""Finds every row of a person in all systems of a controller, each once, or says that it could not (Art. 12, 15 GDPR).

From proven identities values flow along the references (see `graph`), in batches and depth first: what a batch of
orders leads to is looked up before more orders are read, so memory does not grow with the person. Where a collection
can be reached in more than one way, marks of its rows are kept (see `seen`); where it cannot, nothing is.
"""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from app.connectors.base import (
    CollectionSink,
    ConnectionReport,
    ConnectorFault,
    Row,
    RunReport,
    Sink,
    Source,
    System,
    Wanted,
)
from app.connectors.graph import Node, Place, Plan, plan
from app.connectors.nested import reach, trimming
from app.connectors.seen import Seen
from app.domain.messages import Message
from app.policies.datasets import Collection

ROWS = 2_000  # read at once
VALUES = 20_000  # looked up at once
OPEN_LOOKUPS = 12  # at the same time; then values wait in memory instead
PROGRESS_SECONDS = 0.5

Progress = Callable[[Mapping[str, int]], None]


def collect(
    systems: Mapping[str, System],
    identities: Mapping[str, Sequence[str]],
    sink: Sink,
    *,
    progress: Progress | None = None,
) -> dict[str, RunReport]:
    """Reads all systems from these PROVEN identities (kind → values) into `sink`; one report per connection.

    A fault ends the run of its system and of every system that waited for values from it; the others go on. After a
    fault the whole walk is to be repeated, since values cross systems.
    """
    way = plan(systems, [kind for kind, values in identities.items() if values])
    with ExitStack() as closing:
        walk = _Walk(systems, way, sink=sink, closing=closing, progress=progress)
        walk.start(identities)
        closing.callback(walk.stop)
        walk.run()
        return walk.reports()


def check(system: System) -> ConnectionReport:
    """Whether a system can be reached, and how it differs from its data map."""
    skipped = tuple(one.name for one in system.dataset.collections.values() if one.skip)
    try:
        return ConnectionReport(None, system.connector.schema(system.dataset), skipped)
    except ConnectorFault as fault:
        return ConnectionReport(fault.message, skipped=skipped)


def _to_read(collection: Collection, used: set[str]) -> Collection:
    """Without the secrets that nobody needs to see: they are neither asked for nor missed."""
    fields = {name: one for name, one in collection.fields.items() if not one.secret or one.primary_key or name in used}
    return replace(collection, fields=fields)


@dataclass(slots=True)
class _Lookup:
    """A field that is searched, and the values that wait for it."""

    place: Place
    ways: int = 0  # 2 stands for "the same value may come again"
    waiting: list[object] = field(default_factory=list)
    asked: Seen | None = None

    def take(self) -> list[object]:
        values, self.waiting = self.waiting[:VALUES], self.waiting[VALUES:]
        return values


@dataclass(slots=True)
class _Outlet:
    """Where the values of one field flow."""

    column: int
    path: tuple[str, ...]
    unique: bool
    targets: list[_Lookup]


@dataclass(slots=True)
class _Stop:
    """A collection on the way: how its rows are read, what of them leaves, where their values flow."""

    node: Node
    collection: Collection
    shown: int = 0
    wanted: Wanted | None = None
    trims: dict[int, Callable[[object], object]] = field(default_factory=dict)
    outlets: list[_Outlet] = field(default_factory=list)
    seen: Seen | None = None
    sink: CollectionSink | None = None
    found: int = 0


class _Walk:
    def __init__(
        self, systems: Mapping[str, System], way: Plan, *, sink: Sink, closing: ExitStack, progress: Progress | None
    ) -> None:
        self._systems, self._plan, self._sink, self._closing, self._progress = systems, way, sink, closing, progress
        self._sources: dict[str, Source] = {}
        self._open: dict[str, ExitStack] = {}
        self._faults: dict[str, ConnectorFault] = {}
        self._lookups: dict[Place, _Lookup] = {}
        self._stops: dict[Node, _Stop] = {}
        self._reading: list[tuple[_Stop, Generator[list[Row], None, None]]] = []
        self._told = time.monotonic()  # a run that is over at once need not tell how far it is

    # before the first row
    def start(self, identities: Mapping[str, Sequence[str]]) -> None:
        """Opens all systems that can be reached, and puts the identities where they are searched."""
        used: dict[Node, set[str]] = {}
        for place in [*self._plan.seeds, *(place for edge in self._plan.edges for place in edge)]:
            used.setdefault(place.node, set()).add(place.field)
        for connection in self._systems:
            self._open_system(connection, used)
        for place in [*self._plan.seeds, *(edge.target for edge in self._plan.edges)]:
            self._lookups.setdefault(place, _Lookup(place))
        for node, collection in self._plan.collections.items():
            if node.connection in self._sources:
                self._stops[node] = self._stop(node, collection)
        self._find_ways()
        for place, kind in self._plan.seeds.items():
            self._ask(self._lookups[place], list(dict.fromkeys(identities[kind])))

    def _open_system(self, connection: str, used: Mapping[Node, set[str]]) -> None:
        system, open_ = self._systems[connection], ExitStack()
        self._closing.enter_context(open_)
        if connection in self._plan.broken:
            self._faults[connection] = ConnectorFault(self._plan.broken[connection], retry=False)
            return
        collections = [
            _to_read(one, used.get(node, set()))
            for node, one in self._plan.collections.items()
            if node.connection == connection
        ]
        try:
            self._sources[connection] = open_.enter_context(system.connector.open(collections))
            self._open[connection] = open_
        except ConnectorFault as fault:
            self._faults[connection] = fault

    def _stop(self, node: Node, collection: Collection) -> _Stop:
        shown = collection.columns
        flowing: dict[str, list[_Lookup]] = {}
        for edge in self._plan.edges:
            if edge.source.node == node:
                flowing.setdefault(edge.source.field, []).append(self._lookups[edge.target])
        columns = tuple(dict.fromkeys((*shown, *(name.partition(".")[0] for name in flowing))))
        stop = _Stop(node, collection, shown=len(shown), wanted=Wanted(collection, columns))
        source = self._sources[node.connection]
        for name, targets in flowing.items():
            root, *path = name.split(".")
            unique = source.unique(collection, name)
            stop.outlets.append(_Outlet(columns.index(root), tuple(path), unique, targets))
        for at, name in enumerate(shown):
            trim = trimming(collection, name)
            if trim is not None:
                stop.trims[at] = trim
        return stop

    def _find_ways(self) -> None:
        """Where a value may be asked for twice, or a row found twice, it is remembered; nowhere else."""
        for place in self._plan.seeds:
            self._lookups[place].ways += 1
        for stop in self._stops.values():
            for outlet in stop.outlets:
                for lookup in outlet.targets:
                    lookup.ways += 1 if outlet.unique else 2
        for node, stop in self._stops.items():
            lookups = [one for one in self._lookups.values() if one.place.node == node]
            for lookup in lookups:
                if lookup.ways > 1:
                    lookup.asked = self._remember()
            if sum(one.ways for one in lookups) > 1 and stop.wanted is not None:
                stop.seen = self._remember()
                stop.wanted = Wanted(stop.collection, stop.wanted.columns, identify=True)

    def _remember(self) -> Seen:
        seen = Seen()
        self._closing.callback(seen.close)
        return seen

    # row by row
    def run(self) -> None:
        """Depth first: full look-ups before further rows, further rows before look-ups that are not full yet."""
        while True:
            lookup = self._next_lookup()
            if lookup is not None:
                self._begin(lookup)
            elif self._reading:
                self._advance()
            else:
                return

    def _next_lookup(self) -> _Lookup | None:
        least = VALUES if self._reading else 1
        if len(self._reading) >= OPEN_LOOKUPS:
            return None
        return next((one for one in self._lookups.values() if len(one.waiting) >= least), None)

    def _begin(self, lookup: _Lookup) -> None:
        stop = self._stops[lookup.place.node]
        assert stop.wanted is not None
        source = self._sources[stop.node.connection]
        self._reading.append((stop, source.rows(stop.wanted, lookup.place.field, lookup.take(), batch=ROWS)))

    def _advance(self) -> None:
        stop, batches = self._reading[-1]
        try:
            rows = next(batches, None)
        except ConnectorFault as fault:
            self._fail(stop.node.connection, fault)
            return
        if rows is None:
            self._reading.pop()
        else:
            self._take(stop, rows)

    def _take(self, stop: _Stop, rows: list[Row]) -> None:
        if stop.seen is not None and stop.wanted is not None:
            known = len(stop.wanted.columns)
            fresh = stop.seen.fresh([row[known:] if len(row) > known + 1 else row[known] for row in rows])
            rows = [row for row, new in zip(rows, fresh, strict=True) if new]
        if not rows:
            return
        stop.found += len(rows)
        self._keep(stop, rows)
        for outlet in stop.outlets:
            self._flow(outlet, rows)
        self._tell()

    def _keep(self, stop: _Stop, rows: list[Row]) -> None:
        if not stop.shown:
            return  # all of it is secret: counted, never copied
        if len(rows[0]) > stop.shown:
            rows = [row[: stop.shown] for row in rows]
        if stop.trims:
            keep = stop.trims.get
            rows = [tuple(trim(value) if (trim := keep(at)) else value for at, value in enumerate(row)) for row in rows]
        if stop.sink is None:
            stop.sink = self._sink.open(stop.node.connection, stop.node.collection, stop.collection.columns)
        stop.sink.rows(rows)

    def _flow(self, outlet: _Outlet, rows: list[Row]) -> None:
        at = outlet.column
        values: list[object] = [row[at] for row in rows]
        if outlet.path or not outlet.unique:
            values = list(dict.fromkeys(reach(values, outlet.path)))
        for lookup in outlet.targets:
            self._ask(lookup, values)

    def _ask(self, lookup: _Lookup, values: Sequence[object]) -> None:
        node = lookup.place.node
        if node.connection in self._faults:
            return
        fitting = self._sources[node.connection].fit(self._stops[node].collection, lookup.place.field, values)
        if lookup.asked is not None and fitting:
            fitting = list(dict.fromkeys(fitting))
            new = lookup.asked.fresh(fitting)
            fitting = [value for value, fresh in zip(fitting, new, strict=True) if fresh]
        lookup.waiting.extend(fitting)

    # afterwards
    def stop(self, connection: str | None = None) -> None:
        """Leaves the look-ups that are still open, of one system or of all."""
        for stop, batches in self._reading:
            if connection in {None, stop.node.connection}:
                batches.close()
        self._reading = [one for one in self._reading if connection not in {None, one[0].node.connection}]

    def _fail(self, connection: str, fault: ConnectorFault) -> None:
        self._faults[connection] = fault
        self.stop(connection)
        for lookup in self._lookups.values():
            if lookup.place.node.connection == connection:
                lookup.waiting.clear()
        self._open[connection].close()

    def _found(self) -> dict[str, int]:
        found = dict.fromkeys(self._systems, 0)
        for stop in self._stops.values():
            found[stop.node.connection] += stop.found
        return found

    def _tell(self) -> None:
        if self._progress is not None and time.monotonic() - self._told >= PROGRESS_SECONDS:
            self._told = time.monotonic()
            self._progress(self._found())

    def reports(self) -> dict[str, RunReport]:
        """Closes what was collected and says what became of each connection."""
        for stop in self._stops.values():
            if stop.sink is not None:
                stop.sink.close()
        causes = self._plan.fed_by(list(self._faults))
        found = self._found()
        return {connection: self._report(connection, found[connection], causes) for connection in self._systems}

    def _report(self, connection: str, found: int, causes: Mapping[str, str]) -> RunReport:
        fault = self._faults.get(connection)
        if fault is None and connection in causes:
            cause = causes[connection]
            words = (
                "This system could not be searched completely, because “%(other)s”, whose records lead here, failed."
            )
            fault = ConnectorFault(Message(words, {"other": cause}), retry=self._faults[cause].retry)
        return RunReport(
            state="failed" if fault else "done",
            found=found,
            fault=fault.message if fault else None,
            retry=fault.retry if fault else False,
            rows={
                stop.node.collection: stop.found for stop in self._stops.values() if stop.node.connection == connection
            },
            skipped=self._plan.skipped[connection],
            unreached=self._plan.unreached[connection],
        )
