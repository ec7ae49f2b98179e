"""What every connector offers, so that data is found completely or the failure is said (Art. 12, 15 GDPR).

A connector describes a system (`schema`) and opens it for reading (`open`). What is read is asked for by *values* of
one field, never by free text, and comes back as batches of plain tuples.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from app.domain.errors import Unavailable
from app.domain.messages import Message
from app.policies.datasets import Collection, Dataset

Row = tuple[object, ...]


class ConnectorFault(Unavailable):
    """A system could not be read to the end. The words name tables and columns, never an address, password or value."""

    def __init__(self, message: Message | str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry


@dataclass(frozen=True, slots=True)
class SchemaReport:
    """Where the data map and the system differ. All names are `table` or `table.column`."""

    missing_tables: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()  # there, but the portal's account may not read them
    undeclared_tables: tuple[str, ...] = ()
    undeclared_columns: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()  # of the undeclared columns those whose names look like personal data

    @property
    def readable(self) -> bool:
        """Whether everything that the data map promises can be read."""
        return not (self.missing_tables or self.missing_columns or self.unreadable)


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """The answer to `connections check`: can the system be reached, and does it look as its data map says?"""

    fault: Message | None
    schema: SchemaReport = field(default_factory=SchemaReport)
    skipped: tuple[str, ...] = ()  # collections that the data map tells us not to read

    @property
    def sound(self) -> bool:
        return self.fault is None and self.schema.readable


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read of one collection: these columns in this order.

    `identify` appends what tells one row from another (a physical row number where there is one), for the walk alone.
    """

    collection: Collection
    columns: tuple[str, ...]
    identify: bool = False


class Source(Protocol):
    """A system opened for reading, as it was at one moment."""

    def unique(self, collection: Collection, name: str) -> bool:
        """Whether the system itself promises that no two rows share a value of this field."""
        ...

    def fit(self, collection: Collection, name: str, values: Sequence[object]) -> Sequence[object]:
        """The values in the form in which the field holds them; those that it cannot hold are left out."""
        ...

    def rows(
        self, wanted: Wanted, where: str, values: Sequence[object], *, batch: int
    ) -> Generator[list[Row], None, None]:
        """The rows whose field `where` holds one of the (fitting) values, in batches; to be closed if left early."""
        ...


class Connector(Protocol):
    """One kind of system behind one address."""

    def schema(self, dataset: Dataset) -> SchemaReport:
        """Compares the data map with the system."""
        ...

    def open(self, collections: Sequence[Collection]) -> AbstractContextManager[Source]:
        """Opens the system for reading these collections; raises ConnectorFault, which names all that is not there."""
        ...


@dataclass(frozen=True, slots=True)
class System:
    """A connection of a controller: how to read it, and its data map."""

    connector: Connector
    dataset: Dataset


@dataclass(frozen=True, slots=True)
class RunReport:
    """What became of one connection's run; `done` only when everything that could be reached was read."""

    state: Literal["done", "failed"]
    found: int
    fault: Message | None = None
    retry: bool = False
    rows: Mapping[str, int] = field(default_factory=dict)  # collection → rows
    skipped: tuple[str, ...] = ()  # not read because the data map says so (`skip_processing`)
    unreached: tuple[str, ...] = ()  # no reference leads there from the identities that were proven


class CollectionSink(Protocol):
    """Takes the rows of one collection as they come."""

    def rows(self, batch: list[Row]) -> None: ...

    def close(self) -> None: ...


class Sink(Protocol):
    """Where found rows go. `open` is called once per collection of which there is at least one row."""

    def open(self, connection: str, collection: str, columns: tuple[str, ...]) -> CollectionSink: ...
