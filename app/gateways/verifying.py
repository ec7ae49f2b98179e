"""Whether a package is what was released (Art. 5(2) GDPR), told offline from the file and the portal's known keys.

The file is read once from its first byte: each entry is unpacked (by zlib, not by what packed it) and hashed, the
manifest compared, its signature checked against known keys (never one that the file brings along), and every byte that
is not content compared with what must stand there. No byte can change, come or go unnoticed.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from app.domain.errors import Tampered
from app.domain.messages import Message
from app.domain.packaging import FORMAT, MANIFEST, SIGNATURE
from app.gateways.signing import verify_detached
from app.gateways.zipping import DEFLATED, LOCAL_MARK, LOCAL_SIZE, STORED, Entry, directory, local_header

CONTAINER = "zip_sha256"  # protected parameter of the signature: the digest of all bytes before its own entry
_READ = 256 * 1024
_KEPT = 256 * 1024 * 1024  # the manifest (some 350 bytes for each file) and its signature are held; nothing else is
_CHANGED_ZIP = Message("The ZIP file itself was changed, or written anew by another program.")


class _Listed(msgspec.Struct):
    path: str
    bytes: int
    sha256: str


class _Manifest(msgspec.Struct):
    format: str
    generated_at: datetime
    files: list[_Listed]


@dataclass(frozen=True, slots=True)
class _Read:
    """One entry as it was found."""

    entry: Entry
    place: int
    header: bytes
    sha256: str
    before: str  # digest of all bytes of the file before this entry
    data: bytes  # of the manifest and the signature only


class _Broken(Exception):
    """The container cannot be read any further."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def verify(path: Path, jwks: Mapping[str, object]) -> list[Message]:
    """Everything that is wrong with the package; an empty list means that it is exactly as it was released."""
    try:
        with path.open("rb") as file:
            entries = list(_entries(file))
            return _judge(entries, file.read(_READ + sum(200 + len(one.header) for one in entries)), jwks)
    except _Broken as broken:
        return [broken.reason]


def _judge(entries: list[_Read], tail: bytes, jwks: Mapping[str, object]) -> list[Message]:
    by_path = {one.entry.path: one for one in entries}
    if len(by_path) < len(entries):
        return [Message("A file is in the package twice.")]
    if MANIFEST not in by_path or SIGNATURE not in by_path:
        return [Message("The manifest or its signature is missing, so nothing can be checked.")]
    listing, seal = by_path[MANIFEST], by_path[SIGNATURE]
    try:
        header = verify_detached(seal.data.decode("ascii", "replace"), listing.data, jwks)
        signed = msgspec.json.decode(listing.data, type=_Manifest)
    except Tampered as error:
        return [error.message]
    except msgspec.MsgspecError:
        return [Message("The manifest is signed but cannot be read.")]
    if signed.format != FORMAT:
        return [Message("The package has a format that is not known here: %(format)s.", {"format": signed.format})]
    faults = list(_compare(signed, by_path))
    at = signed.generated_at
    expected = directory(
        [(one.entry, one.place) for one in entries], at, seal.place + len(seal.header) + seal.entry.packed
    )
    whole = header.get(CONTAINER) == seal.before and entries[-1] is seal
    whole = whole and tail == expected and all(one.header == local_header(one.entry, at) for one in entries)
    return faults if whole else [*faults, _CHANGED_ZIP]


def _compare(signed: _Manifest, by_path: dict[str, _Read]) -> Iterator[Message]:
    listed = {file.path: file for file in signed.files}
    for path, file in listed.items():
        one = by_path.get(path)
        if one is None:
            yield Message("%(path)s is missing.", {"path": path})
        elif (one.entry.plain, one.sha256) != (file.bytes, file.sha256):
            yield Message("%(path)s was changed.", {"path": path})
    for path in by_path:
        if path not in listed and path not in {MANIFEST, SIGNATURE}:
            yield Message("%(path)s does not belong to the package.", {"path": path})


def _entries(file: BinaryIO) -> Iterator[_Read]:
    """The entries from the beginning on; leaves the file where the directory begins."""
    container, place = hashlib.sha256(), 0
    while True:
        header = file.read(LOCAL_SIZE)
        if header[:4] != LOCAL_MARK:
            file.seek(place)
            return
        if len(header) < LOCAL_SIZE:
            raise _Broken(Message("The file ends too early: it was cut short."))
        entry, header = _entry(file, header)
        before = container.hexdigest()
        container.update(header)
        digest, data = _content(file, entry, container)
        yield _Read(entry, place, header, digest, before, data)
        place += len(header) + entry.packed


def _entry(file: BinaryIO, header: bytes) -> tuple[Entry, bytes]:
    method, crc, packed, plain, names, extras = struct.unpack("<8xH4x3I2H", header)
    name, extra = file.read(names), file.read(extras)
    if extra:
        if len(extra) != 20:
            raise _Broken(_CHANGED_ZIP)
        plain, packed = struct.unpack("<4x2Q", extra)
    try:
        return Entry(name.decode("ascii"), plain, packed, crc, method), header + name + extra
    except UnicodeDecodeError as error:
        raise _Broken(_CHANGED_ZIP) from error


def _content(file: BinaryIO, entry: Entry, container: Any) -> tuple[str, bytes]:
    """Digest of an entry's plain content. Never more is unpacked than the entry claims, so no bomb goes off."""
    if entry.method not in {DEFLATED, STORED}:
        raise _Broken(_CHANGED_ZIP)
    damaged = _Broken(Message("%(path)s was changed: it cannot be unpacked.", {"path": entry.path}))
    kept = bytearray() if entry.path in {MANIFEST, SIGNATURE} else None
    if kept is not None and entry.plain > _KEPT:
        raise damaged
    digest, size, crc = hashlib.sha256(), 0, 0
    try:
        for plain in _plain(_pieces(file, entry.packed, container), entry):
            size += len(plain)
            crc = zlib.crc32(plain, crc)
            digest.update(plain)
            if kept is not None:
                kept += plain
    except zlib.error as error:
        raise damaged from error
    if size != entry.plain or crc != entry.crc:
        raise damaged
    return digest.hexdigest(), bytes(kept or b"")


def _pieces(file: BinaryIO, count: int, container: Any) -> Iterator[bytes]:
    while count:
        piece = file.read(min(_READ, count))
        if not piece:
            raise _Broken(Message("The file ends too early: it was cut short."))
        container.update(piece)
        count -= len(piece)
        yield piece


def _plain(pieces: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    if entry.method == STORED:
        yield from pieces
        return
    unpacker = zlib.decompressobj(-15)
    left = entry.plain
    for piece in pieces:
        waiting = piece
        while waiting:
            plain = unpacker.decompress(waiting, _READ)
            waiting = unpacker.unconsumed_tail
            left -= len(plain)
            if left < 0 or unpacker.unused_data or (waiting and not plain):
                raise zlib.error("more than the entry claims")
            yield plain
    if not unpacker.eof:
        raise zlib.error("the content does not end")
