"""What was found for a case, kept until it is released (Art. 15(3), 32 GDPR): what was approved is what is released.

Rows come from the walk and are turned at once into the bytes that the package will hold, JSON and CSV, deflated and
encrypted; building the package is then copying. A collection is one object of frames, about a thousand rows each:

    frame = numbers (struct), codes (JSON), deflated JSON, deflated CSV

Deflated parts end on a byte boundary and are not the last of their stream, so they can be joined into one file.
Large binary values are files in an object of their own (see `spooled_files`).
"""

import struct
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, Literal, Self

import msgspec

from app.domain import cards
from app.domain.cells import Block, Column, Table
from app.domain.packaging import LARGE_BYTES, FileNames, Folders
from app.gateways.deflating import Part, Tally, deflate, inflate
from app.gateways.sealed import SealedReader, SealedWriter
from app.gateways.spooled_files import FileSpool, Renaming, StoredFile, read_files
from app.gateways.storage import Storage

BLOCK_ROWS = 1000
BLOCK_BYTES = 4 * 1024 * 1024  # rows may be wide: blocks then hold fewer
_NUMBERS = struct.Struct(">IIII")  # rows, bytes of codes, of deflated JSON, of deflated CSV
_LEAD = 2  # each block's JSON begins with "[\n" (the first) or ",\n"
JSON_END = b"\n]\n"
_BINARY = (bytes, bytearray, memoryview)
_SAMPLE = 16  # rows of a batch that are looked at as they come; the others when their block is written


@dataclass(frozen=True, slots=True)
class Spooled:
    """The rows of one collection in the spool. `offsets` are (first row, place of its block).

    `folder` is its place in the package: the paths of its files stand in finished bytes, so it is settled here.
    `renamed` is a copy's: path → new path of each file that it still has; the object with the files is the original's.
    `cards` is how many numbers of payment cards were masked in it.
    """

    connection: str
    collection: str
    columns: tuple[str, ...]
    object_name: str
    rows: int
    json: Part
    csv: Part
    offsets: tuple[tuple[int, int], ...]
    folder: str = ""
    files: str | None = None
    renamed: dict[str, str] | None = None
    cards: int = 0

    @property
    def objects(self) -> list[str]:
        """The names of all that is stored for it: what is deleted together."""
        return [self.object_name] if self.files is None else [self.object_name, self.files]

    @property
    def bytes(self) -> int:
        """The size of the JSON file that the person gets."""
        return self.json.bytes

    @property
    def sha256(self) -> str:
        """The checksum of the JSON file that the person gets."""
        return self.json.sha256

    @property
    def has_files(self) -> bool:
        """Whether large values of it are files of the package; of a copy all may have been left out."""
        return self.files is not None and self.renamed != {}

    def as_facts(self) -> dict[str, Any]:
        """For the database."""
        facts: dict[str, Any] = msgspec.to_builtins(self)
        return facts

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Spooled":
        """From the database."""
        return msgspec.convert(facts, cls)


class CollectionSpool:
    """Takes the rows of one collection. `finish` gives its facts; leaving without it leaves nothing behind."""

    def __init__(
        self, storage: Storage, key: bytes, *, connection: str, collection: str, columns: Sequence[str], folder: str
    ) -> None:
        self._connection, self._collection, self._folder = connection, collection, folder
        self._table = Table(columns)
        self._object = SealedWriter(storage, key)
        self._files = FileSpool(storage, key, FileNames(folder, columns))
        self._waiting: list[Sequence[Any]] = []
        self._block_rows = BLOCK_ROWS
        self._rows = self._cards = 0
        self._offsets: list[tuple[int, int]] = []
        self._json, self._csv = Tally(), Tally()
        self._csv.take(self._table.header())

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take a batch of any size."""
        if _has_binary(rows[:: max(1, len(rows) // _SAMPLE)]):
            # At once, not when their block is full: a thousand rows with a picture each would fill the memory.
            rows = self._light(rows, first=self._rows + len(self._waiting) + 1)
        if rows and not self._rows and not self._waiting:
            self._fit(self._table.encode(rows[:1]))
        self._waiting.extend(rows)
        done = 0
        while len(self._waiting) - done >= self._block_rows:
            count = self._block_rows
            self._write(self._waiting[done : done + count])
            done += count
        del self._waiting[:done]

    def finish(self) -> Spooled:
        """Make it durable."""
        if self._waiting:
            self._write(self._waiting)
            self._waiting = []
        if not self._rows:
            self._json.take(b"[")
        self._json.take(JSON_END, last=True)
        self._csv.take(b"", last=True)
        files = self._files.finish()
        self._object.finish()
        return Spooled(
            self._connection,
            self._collection,
            self._table.columns,
            self._object.name,
            self._rows,
            self._json.part(),
            self._csv.part(),
            tuple(self._offsets),
            self._folder,
            files,
            cards=self._cards,
        )

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._files.abandon()
        self._object.abandon()

    def _light(self, rows: Sequence[Sequence[Any]], *, first: int) -> Sequence[Sequence[Any]]:
        """The rows with their large binary values set aside; the same rows where there are none."""
        if not any(_is_large(value) for row in rows for value in row):
            return rows
        return [
            [
                self._files.take(bytes(value), row=number, column=at) if _is_large(value) else value
                for at, value in enumerate(row)
            ]
            for number, row in enumerate(rows, first)
        ]

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        block = self._table.encode(rows)
        if any("y" in code for code in block.codes):  # what the sample did not show
            light = self._light(rows, first=self._rows + 1)
            block = block if light is rows else self._table.encode(light)
            rows = light
        if cards.possible(block.json):
            masked, count = cards.masked_rows(rows)
            if count:
                self._cards += count
                block = self._table.encode(masked)
        frame = self._frame(block)
        self._offsets.append((self._rows, self._object.place))
        self._object.write(frame)
        self._rows += block.rows
        self._fit(block)

    def _fit(self, block: Block) -> None:
        """The wider the rows have been, the fewer go into the next block."""
        self._block_rows = max(1, min(BLOCK_ROWS, BLOCK_BYTES * block.rows // len(block.json)))

    def _frame(self, block: Block) -> bytes:
        lead = b",\n" if self._rows else b"[\n"
        codes = msgspec.json.encode(block.codes)
        json, csv = self._json.take(lead + block.json), self._csv.take(block.csv)
        return b"".join((_NUMBERS.pack(block.rows, len(codes), len(json), len(csv)), codes, json, csv))


class SpoolWriter:
    """The walk's sink. After the walk `finish()` gives what each collection came to; a failed walk leaves no object."""

    def __init__(self, storage: Storage, key: bytes) -> None:
        self._storage, self._key = storage, key
        self._folders = Folders()
        self._open: list[CollectionSpool] = []
        self._finished: list[Spooled] = []

    def open(self, connection: str, collection: str, columns: Sequence[str]) -> "OpenCollection":
        """Start a collection."""
        return self._start(connection, collection, columns, self._folders.place(connection, collection))

    def copy(self, spooled: Spooled) -> "OpenCollection":
        """Start a copy of a collection, which takes its place in the package."""
        return self._start(spooled.connection, spooled.collection, spooled.columns, spooled.folder)

    def _start(self, connection: str, collection: str, columns: Sequence[str], folder: str) -> "OpenCollection":
        spool = CollectionSpool(
            self._storage, self._key, connection=connection, collection=collection, columns=columns, folder=folder
        )
        self._open.append(spool)
        return OpenCollection(self, spool)

    def finish(self) -> tuple[Spooled, ...]:
        """All collections that were closed, in the order they were opened first."""
        return tuple(self._finished)

    def close(self, spool: CollectionSpool) -> None:
        """One collection is complete."""
        self._finished.append(spool.finish())
        self._open.remove(spool)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        for spool in self._open:
            spool.abandon()
        self._open = []
        if kind is not None:
            for spooled in self._finished:
                for name in spooled.objects:
                    self._storage.delete(name)


@dataclass(frozen=True, slots=True)
class OpenCollection:
    """What the walk holds while it reads one collection."""

    _spools: SpoolWriter
    _spool: CollectionSpool

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take a batch."""
        self._spool.rows(rows)

    def close(self) -> None:
        """The collection is complete."""
        self._spools.close(self._spool)


@dataclass(frozen=True, slots=True)
class Frame:
    """One stored block: still deflated."""

    rows: int
    codes: tuple[str, ...]
    json: bytes
    csv: bytes


def read_frames(storage: Storage, key: bytes, spooled: Spooled, *, start: int = 0) -> Iterator[Frame]:
    """The blocks in order, from the one that holds row `start`."""
    place = max((at for first, at in spooled.offsets if first <= start), default=0)
    buffer = SealedReader(storage, spooled.object_name, key, start=place)
    while head := buffer.take(_NUMBERS.size, may_end=True):
        rows, codes, json, csv = _NUMBERS.unpack(head)
        names = msgspec.json.decode(buffer.take(codes), type=tuple[str, ...])
        yield Frame(rows, names, buffer.take(json), buffer.take(csv))


def read_rows(
    storage: Storage, key: bytes, spooled: Spooled, *, start: int = 0, limit: int | None = None
) -> Iterator[tuple[Any, ...]]:
    """Rows with the types they came with; only the blocks that hold them are read."""
    table = Table(spooled.columns)
    first = max((row for row, _ in spooled.offsets if row <= start), default=0)
    skip, left = start - first, spooled.rows if limit is None else limit
    for frame in read_frames(storage, key, spooled, start=start):
        taken = table.decode(inflate(frame.json)[_LEAD:], frame.codes)[skip : skip + left]
        skip = 0
        yield from taken
        left -= len(taken)
        if left <= 0:
            return


def read_columns(storage: Storage, key: bytes, spooled: Spooled) -> Iterator[tuple[int, tuple[str, ...], list[Column]]]:
    """Block by block: how many rows, the columns' codes, the columns with JSON-native values."""
    table = Table(spooled.columns)
    for frame in read_frames(storage, key, spooled):
        yield frame.rows, frame.codes, table.native(inflate(frame.json)[_LEAD:])


def read_packed(storage: Storage, key: bytes, spooled: Spooled, kind: Literal["json", "csv"]) -> Iterator[bytes]:
    """A finished file of the package, deflated: header, blocks, end, as `Part` describes it."""
    if kind == "csv":
        yield deflate(Table(spooled.columns).header(), last=False)
    elif not spooled.rows:
        yield deflate(b"[", last=False)
    for frame in read_frames(storage, key, spooled):
        yield frame.json if kind == "json" else frame.csv
    yield deflate(JSON_END if kind == "json" else b"", last=True)


def read_packed_files(storage: Storage, key: bytes, spooled: Spooled) -> Iterator[tuple[StoredFile, Iterator[bytes]]]:
    """The finished files of the package that its large values are, each with its content."""
    if spooled.files is not None and spooled.has_files:
        yield from read_files(storage, key, spooled.files, only=spooled.renamed)


def without(storage: Storage, key: bytes, spooled: Spooled, rows: Container[int]) -> Spooled:
    """A copy that lacks the withheld rows and their files (Art. 15(4)); the caller deletes its `object_name`, and
    that only, when the package is built."""
    renaming = Renaming(FileNames(spooled.folder, spooled.columns))
    kept = (row for number, row in enumerate(read_rows(storage, key, spooled)) if number not in rows)
    with SpoolWriter(storage, key) as spools:
        copy = spools.copy(spooled)
        for batch in _batches(renaming.row(number, row) for number, row in enumerate(kept, start=1)):
            copy.rows(batch)
        copy.close()
        return replace(spools.finish()[0], files=spooled.files, renamed=renaming.paths)


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BLOCK_ROWS)):
        yield batch


def _has_binary(rows: Sequence[Sequence[Any]]) -> bool:
    return any(issubclass(kind, _BINARY) for kind in set(map(type, chain.from_iterable(rows))))


def _is_large(value: Any) -> bool:
    return isinstance(value, _BINARY) and memoryview(value).nbytes > LARGE_BYTES
