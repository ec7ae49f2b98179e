"""Large binary values in the spool (Art. 15(3) GDPR): pictures and documents reach the person as files, byte for byte.

All files of a collection are one object beside its rows, written while they come and copied into the ZIP one after
the other, so that no more than one of them is ever held:

    file = numbers (struct), facts (JSON), content as the ZIP will hold it
"""

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
from isal import isal_zlib

from app.domain.cells import FileCell
from app.domain.packaging import FileNames, extension_of
from app.gateways.deflating import deflate
from app.gateways.sealed import SealedReader, SealedWriter
from app.gateways.storage import Storage

_NUMBERS = struct.Struct(">HQ")  # bytes of facts, of content
_REMEMBERED = 10_000  # contents that may be met again; more would be memory that grows with the person


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file as the ZIP will hold it; pictures and archives are stored as they are, deflating gains nothing."""

    path: str
    bytes: int
    packed: int
    crc: int
    sha256: str
    deflated: bool


class FileSpool:
    """Takes the large values of one collection; there is no object until the first one comes."""

    def __init__(self, storage: Storage, key: bytes, names: FileNames) -> None:
        self._storage, self._key, self._names = storage, key, names
        self._writer: SealedWriter | None = None
        self._known: OrderedDict[str, FileCell] = OrderedDict()

    def take(self, data: bytes, *, row: int, column: int) -> FileCell:
        """Keep the value; gives what stands in its cell. The same content is kept once."""
        digest = hashlib.sha256(data).hexdigest()
        cell = self._known.get(digest)
        if cell is None:
            cell = FileCell(self._names.path(row, column, extension_of(data)), len(data), digest)
            self._write(cell, data)
            self._known[digest] = cell
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return cell

    def finish(self) -> str | None:
        """Make it durable; gives the name of the object, if there is one."""
        if self._writer is None:
            return None
        self._writer.finish()
        return self._writer.name

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._writer is not None:
            self._writer.abandon()

    def _write(self, cell: FileCell, data: bytes) -> None:
        if self._writer is None:
            self._writer = SealedWriter(self._storage, self._key)
        packed = deflate(data, last=True)
        smaller = len(packed) < len(data)
        content = packed if smaller else data
        file = StoredFile(cell.file, cell.bytes, len(content), isal_zlib.crc32(data), cell.sha256, smaller)
        facts = msgspec.json.encode(file)
        self._writer.write(_NUMBERS.pack(len(facts), len(content)), facts, content)


def read_files(
    storage: Storage, key: bytes, object_name: str, *, only: Mapping[str, str] | None = None
) -> Iterator[tuple[StoredFile, Iterator[bytes]]]:
    """Each file with its content, in the order they came; each content is to be read before the next file.

    `only` names the files of a copy: path → new path. What it does not name is passed over (Art. 15(4)).
    """
    reader = SealedReader(storage, object_name, key)
    while head := reader.take(_NUMBERS.size, may_end=True):
        facts, content = _NUMBERS.unpack(head)
        file = msgspec.json.decode(reader.take(facts), type=StoredFile)
        pieces = reader.pieces(content)
        path = file.path if only is None else only.get(file.path)
        if path is not None:
            yield replace(file, path=path), pieces
        for _ in pieces:  # what was not wanted
            pass


class Renaming:
    """New names for the files of a copy: none tells of a row that was left out."""

    def __init__(self, names: FileNames) -> None:
        self._names = names
        self.paths: dict[str, str] = {}  # path → new path, of each file that is still wanted

    def row(self, number: int, row: Sequence[object]) -> Sequence[object]:
        """The row under its new number."""
        if not any(isinstance(value, FileCell) for value in row):
            return row
        return [self._cell(number, at, value) if isinstance(value, FileCell) else value for at, value in enumerate(row)]

    def _cell(self, row: int, column: int, cell: FileCell) -> FileCell:
        path = self.paths.get(cell.file)
        if path is None:
            path = self.paths[cell.file] = self._names.path(row, column, cell.file.rpartition(".")[2])
        return FileCell(path, cell.bytes, cell.sha256)
