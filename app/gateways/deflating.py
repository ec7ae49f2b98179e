"""Finished pieces of files (Art. 15(3) GDPR): deflated once, with the sizes and checksums that a ZIP and a manifest
want."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from isal import isal_zlib


@dataclass(frozen=True, slots=True)
class Part:
    """One finished file of the package: its size, its size when deflated, checksums of the plain bytes."""

    bytes: int
    packed: int
    crc: int
    sha256: str


@dataclass
class Tally:
    """Running size and checksums of one file."""

    size: int = 0
    packed: int = 0
    crc: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    def take(self, plain: bytes, *, last: bool = False) -> bytes:
        """The next piece, deflated."""
        packed = deflate(plain, last=last)
        self.size += len(plain)
        self.packed += len(packed)
        self.crc = isal_zlib.crc32(plain, self.crc)
        self.hash.update(plain)
        return packed

    def part(self) -> Part:
        """What the file came to."""
        return Part(self.size, self.packed, self.crc, self.hash.hexdigest())


def deflate(data: bytes, *, last: bool) -> bytes:
    """Raw deflate that can be joined with what follows, unless it is the last."""
    packer = isal_zlib.compressobj(isal_zlib.ISAL_BEST_SPEED + 1, isal_zlib.DEFLATED, -15)
    return bytes(packer.compress(data) + packer.flush(isal_zlib.Z_FINISH if last else isal_zlib.Z_SYNC_FLUSH))


def inflate(data: bytes) -> bytes:
    """The plain bytes of one piece."""
    return bytes(isal_zlib.decompressobj(-15).decompress(data))
