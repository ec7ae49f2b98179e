"""The package as a stream of ZIP bytes (Art. 15(3), 20(1), 12(1) GDPR): summary, pages, report, data, signed manifest.

The data's bytes were finished when they were found (see `spool`); here they are copied, so a package of any size costs
little time and the same memory. The signature also covers all bytes of the container that stand before it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from isal import isal_zlib

from app.domain.packaging import MANIFEST, SIGNATURE, Answer, Folders, PackagedFile, manifest
from app.gateways.deflating import deflate
from app.gateways.rendering import Renderer
from app.gateways.signing import SigningKey
from app.gateways.spool import Spooled, read_packed, read_packed_files, without
from app.gateways.storage import Storage
from app.gateways.verifying import CONTAINER, verify
from app.gateways.viewer import Shown, Viewer
from app.gateways.zipping import DEFLATED, STORED, Entry, directory, local_header

__all__ = ["Found", "PackageStream", "build_package", "verify"]


@dataclass(frozen=True, slots=True)
class Found:
    """One collection as it was found, with the words for it."""

    spooled: Spooled
    title: str
    connection_title: str
    categories: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # what people call them


class PackageStream:
    """The package's bytes, to be read once; afterwards `size`, `sha256`, `rows` and `manifest` say what it came to."""

    def __init__(self, chunks: Iterator[bytes], facts: dict[str, Any]) -> None:
        self._chunks, self._facts = chunks, facts
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """Of the whole ZIP."""
        return self._hash.hexdigest()

    @property
    def manifest(self) -> dict[str, Any]:
        """As it stands in the package."""
        facts: dict[str, Any] = self._facts["manifest"]
        return facts

    @property
    def rows(self) -> int:
        """How many records the package holds."""
        return int(self._facts["rows"])


def build_package(
    answer: Answer,
    found: Sequence[Found],
    *,
    report: bytes,
    storage: Storage,
    key: bytes,
    signer: SigningKey,
    renderer: Renderer,
) -> PackageStream:
    """The ZIP of one answer; `key` opens the spool. Nothing is read before the first byte is asked for."""
    facts: dict[str, Any] = {}
    builder = _Builder(answer, storage=storage, key=key, signer=signer, viewer=Viewer(answer, renderer))
    return PackageStream(builder.build(found, report, facts), facts)


class _Builder:
    """Writes entries one after the other and keeps what the directory and the manifest will need."""

    def __init__(self, answer: Answer, *, storage: Storage, key: bytes, signer: SigningKey, viewer: Viewer) -> None:
        self._answer, self._storage, self._key = answer, storage, key
        self._signer, self._viewer = signer, viewer
        self._entries: list[tuple[Entry, int]] = []
        self._files: list[PackagedFile] = []
        self._place = 0
        self._container = hashlib.sha256()

    def build(self, found: Sequence[Found], report: bytes, facts: dict[str, Any]) -> Iterator[bytes]:
        with ExitStack() as cleaning:
            shown = _shown(list(self._kept(found, cleaning)))
            yield from self._whole("index.html", self._viewer.index(shown))
            yield from self._whole("report.pdf", report)
            for one in shown:
                yield from self._collection(one)
        listing = manifest(self._answer, self._files)
        facts["manifest"] = msgspec.json.decode(listing)
        facts["rows"] = sum(one.spooled.rows for one in shown)
        yield from self._whole(MANIFEST, listing)
        seal = self._signer.sign(listing, header={CONTAINER: self._container.hexdigest()}).encode()
        yield from self._write(Entry(SIGNATURE, len(seal), len(seal), isal_zlib.crc32(seal), STORED), iter([seal]))
        yield directory(self._entries, self._answer.generated_at, self._place)

    def _collection(self, one: Shown) -> Iterator[bytes]:
        for path, page in self._viewer.pages(one, self._storage, self._key):
            yield from self._whole(path, page)
        spooled = one.spooled
        for kind, part in (("json", spooled.json), ("csv", spooled.csv)):
            path = f"data/{one.folder}.{kind}"
            file = PackagedFile(
                path, part.bytes, part.sha256, spooled.rows, spooled.connection, spooled.collection, one.categories
            )
            pieces = read_packed(self._storage, self._key, spooled, "json" if kind == "json" else "csv")
            self._files.append(file)
            yield from self._write(Entry(path, part.bytes, part.packed, part.crc), pieces)
        for large, pieces in read_packed_files(self._storage, self._key, spooled):
            about = (spooled.connection, spooled.collection, one.categories)
            self._files.append(PackagedFile(large.path, large.bytes, large.sha256, None, *about))
            method = DEFLATED if large.deflated else STORED
            yield from self._write(Entry(large.path, large.bytes, large.packed, large.crc, method), pieces)

    def _whole(self, path: str, data: bytes) -> Iterator[bytes]:
        """A file that is small enough to be held."""
        packed = deflate(data, last=True)
        self._files.append(PackagedFile(path, len(data), hashlib.sha256(data).hexdigest()))
        yield from self._write(Entry(path, len(data), len(packed), isal_zlib.crc32(data)), iter([packed]))

    def _write(self, entry: Entry, pieces: Iterator[bytes]) -> Iterator[bytes]:
        header = local_header(entry, self._answer.generated_at)
        self._entries.append((entry, self._place))
        self._place += len(header) + entry.packed
        self._container.update(header)
        yield header
        for piece in pieces:
            self._container.update(piece)
            yield piece

    def _kept(self, found: Sequence[Found], cleaning: ExitStack) -> Iterator[Found]:
        """What goes in; a copy without the withheld rows lives no longer than the building."""
        for one in found:
            rows = self._answer.withheld_from(one.spooled.connection, one.spooled.collection)
            if rows is None:
                continue
            if not rows:
                yield one
                continue
            copy = without(self._storage, self._key, one.spooled, rows)
            cleaning.callback(self._storage.delete, copy.object_name)
            yield replace(one, spooled=copy)


def _shown(found: Sequence[Found]) -> list[Shown]:
    folders = Folders()  # for what was found before the spool settled the places
    return [
        Shown(
            one.spooled,
            one.title,
            one.connection_title,
            one.categories,
            one.spooled.folder or folders.place(one.spooled.connection, one.spooled.collection),
            one.columns,
        )
        for one in found
    ]
