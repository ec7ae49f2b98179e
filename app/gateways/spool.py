"""What was found for a case, kept until it is released (Art. 15(3), 32 GDPR): what was approved is what is released.

Rows come from the walk and are turned at once into the bytes that the package will hold, JSON and CSV, deflated and
encrypted; building the package is then copying. A collection is one object of frames, about a thousand rows each:

    frame = numbers (struct), codes (JSON), deflated JSON, deflated CSV

Deflated parts end on a byte boundary and are not the last of their stream, so they can be joined into one file.
"""

import hashlib
import struct
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import msgspec
from isal import isal_zlib

from app.domain.cells import Block, Column, Table
from app.domain.errors import Tampered
from app.gateways.storage import Storage, Writer, new_name
from app.gateways.streams import Encryptor, decrypt_range

BLOCK_ROWS = 1000
BLOCK_BYTES = 4 * 1024 * 1024  # rows may be wide: blocks then hold fewer
_NUMBERS = struct.Struct(">IIII")  # rows, bytes of codes, of deflated JSON, of deflated CSV
_LEAD = 2  # each block's JSON begins with "[\n" (the first) or ",\n"
JSON_END = b"\n]\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One finished file of the package: its size, its size when deflated, checksums of the plain bytes."""

    bytes: int
    packed: int
    crc: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Spooled:
    """The rows of one collection in the spool. `offsets` are (first row, place of its block)."""

    connection: str
    collection: str
    columns: tuple[str, ...]
    object_name: str
    rows: int
    json: Part
    csv: Part
    offsets: tuple[tuple[int, int], ...]

    @property
    def bytes(self) -> int:
        """The size of the JSON file that the person gets."""
        return self.json.bytes

    @property
    def sha256(self) -> str:
        """The checksum of the JSON file that the person gets."""
        return self.json.sha256

    def as_facts(self) -> dict[str, Any]:
        """For the database."""
        facts: dict[str, Any] = msgspec.to_builtins(self)
        return facts

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Spooled":
        """From the database."""
        return msgspec.convert(facts, cls)


def deflate(data: bytes, *, last: bool) -> bytes:
    """Raw deflate that can be joined with what follows, unless it is the last."""
    packer = isal_zlib.compressobj(isal_zlib.ISAL_BEST_SPEED + 1, isal_zlib.DEFLATED, -15)
    return bytes(packer.compress(data) + packer.flush(isal_zlib.Z_FINISH if last else isal_zlib.Z_SYNC_FLUSH))


def _inflate(data: bytes) -> bytes:
    return bytes(isal_zlib.decompressobj(-15).decompress(data))


@dataclass
class _Tally:
    """Running size and checksums of one file."""

    size: int = 0
    packed: int = 0
    crc: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    def take(self, plain: bytes, *, last: bool = False) -> bytes:
        packed = deflate(plain, last=last)
        self.size += len(plain)
        self.packed += len(packed)
        self.crc = isal_zlib.crc32(plain, self.crc)
        self.hash.update(plain)
        return packed

    def part(self) -> Part:
        return Part(self.size, self.packed, self.crc, self.hash.hexdigest())


class CollectionSpool:
    """Takes the rows of one collection. `finish` gives its facts; leaving without it leaves nothing behind."""

    def __init__(
        self, storage: Storage, key: bytes, *, connection: str, collection: str, columns: Sequence[str]
    ) -> None:
        self._connection, self._collection = connection, collection
        self._table = Table(columns)
        self._name = new_name()
        self._encryptor = Encryptor(key, bound_to=_bound_to(self._name))
        self._writer: Writer = storage.create(self._name)
        self._waiting: list[Sequence[Any]] = []
        self._block_rows = BLOCK_ROWS
        self._rows = self._place = 0
        self._offsets: list[tuple[int, int]] = []
        self._json, self._csv = _Tally(), _Tally()
        self._csv.take(self._table.header())

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take a batch of any size."""
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
        self._writer.write(self._encryptor.finish())
        self._writer.commit()
        return Spooled(
            self._connection,
            self._collection,
            self._table.columns,
            self._name,
            self._rows,
            self._json.part(),
            self._csv.part(),
            tuple(self._offsets),
        )

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._writer.__exit__(None, None, None)

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        block = self._table.encode(rows)
        frame = self._frame(block)
        self._writer.write(self._encryptor.update(frame))
        self._offsets.append((self._rows, self._place))
        self._rows += block.rows
        self._place += len(frame)
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
        self._open: list[CollectionSpool] = []
        self._finished: list[Spooled] = []

    def open(self, connection: str, collection: str, columns: Sequence[str]) -> "OpenCollection":
        """Start a collection."""
        spool = CollectionSpool(self._storage, self._key, connection=connection, collection=collection, columns=columns)
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
                self._storage.delete(spooled.object_name)


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
    pieces = decrypt_range(storage, spooled.object_name, key, bound_to=_bound_to(spooled.object_name), start=place)
    buffer = _Buffer(pieces)
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
        taken = table.decode(_inflate(frame.json)[_LEAD:], frame.codes)[skip : skip + left]
        skip = 0
        yield from taken
        left -= len(taken)
        if left <= 0:
            return


def read_columns(storage: Storage, key: bytes, spooled: Spooled) -> Iterator[tuple[int, tuple[str, ...], list[Column]]]:
    """Block by block: how many rows, the columns' codes, the columns with JSON-native values."""
    table = Table(spooled.columns)
    for frame in read_frames(storage, key, spooled):
        yield frame.rows, frame.codes, table.native(_inflate(frame.json)[_LEAD:])


def read_packed(storage: Storage, key: bytes, spooled: Spooled, kind: Literal["json", "csv"]) -> Iterator[bytes]:
    """A finished file of the package, deflated: header, blocks, end, as `Part` describes it."""
    if kind == "csv":
        yield deflate(Table(spooled.columns).header(), last=False)
    elif not spooled.rows:
        yield deflate(b"[", last=False)
    for frame in read_frames(storage, key, spooled):
        yield frame.json if kind == "json" else frame.csv
    yield deflate(JSON_END if kind == "json" else b"", last=True)


def without(storage: Storage, key: bytes, spooled: Spooled, rows: Container[int]) -> Spooled:
    """A copy that lacks the withheld rows (Art. 15(4)); the caller deletes it when the package is built."""
    with SpoolWriter(storage, key) as spools:
        copy = spools.open(spooled.connection, spooled.collection, spooled.columns)
        batch = []
        for number, row in enumerate(read_rows(storage, key, spooled)):
            if number not in rows:
                batch.append(row)
            if len(batch) >= BLOCK_ROWS:
                copy.rows(batch)
                batch = []
        copy.rows(batch)
        copy.close()
        return spools.finish()[0]


def _bound_to(name: str) -> bytes:
    return b"spool:" + name.encode("ascii")


class _Buffer:
    """Exact numbers of bytes out of a stream of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held, self._at = pieces, b"", 0

    def take(self, count: int, *, may_end: bool = False) -> bytes:
        if len(self._held) - self._at < count:
            parts, have = [self._held[self._at :]], len(self._held) - self._at
            for piece in self._pieces:
                parts.append(piece)
                have += len(piece)
                if have >= count:
                    break
            self._held, self._at = b"".join(parts), 0
            if not (may_end and not self._held) and len(self._held) < count:
                raise Tampered("A spool object ends in the middle of a block.")
        taken = self._held[self._at : self._at + count]
        self._at += len(taken)
        return taken
