"""Encryption of whole objects (Art. 32 GDPR): any size in constant memory, any range without the rest, no silent cut.

An object is `version, salt, chunk, chunk, …`: fixed plain chunks under AES-256-GCM. The key of an object is derived
from the given key and the salt, so one key may serve many objects. The nonce is the chunk's number and a flag on the
last one: chunks cannot be reordered, left out or cut off at the end. `bound_to` is authenticated with each chunk:
objects cannot be swapped.
"""

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import Tampered
from app.gateways.crypto import KEY_BYTES
from app.gateways.storage import Storage

CHUNK_BYTES = 65536
_VERSION = b"\x01"
_SALT_BYTES = 16
_HEADER_BYTES = len(_VERSION) + _SALT_BYTES
_TAG_BYTES = 16


class Encryptor:
    """Push form: give bytes, get the ciphertext that is complete so far; `finish` gives the rest."""

    def __init__(self, key: bytes, *, bound_to: bytes, chunk_bytes: int = CHUNK_BYTES) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._cipher = _cipher(key, salt)
        self._bound_to, self._chunk_bytes = bound_to, chunk_bytes
        self._number = 0
        self._waiting = bytearray()
        self._out = bytearray(_VERSION + salt)

    def update(self, data: bytes) -> bytes:
        """Ciphertext ready to be written; empty while less than one chunk has come in."""
        self._waiting += data
        if len(self._waiting) > self._chunk_bytes:
            # the last chunk waits for finish(): it bears the flag
            whole = (len(self._waiting) - 1) // self._chunk_bytes * self._chunk_bytes
            with memoryview(self._waiting) as view:
                for at in range(0, whole, self._chunk_bytes):
                    self._seal(view[at : at + self._chunk_bytes], last=False)
            del self._waiting[:whole]
        return self._take()

    def finish(self) -> bytes:
        """The last chunk, which may be empty but is always there."""
        self._seal(self._waiting, last=True)
        return self._take()

    def _seal(self, plain: memoryview | bytearray, *, last: bool) -> None:
        self._out += self._cipher.encrypt(_nonce(self._number, last=last), plain, self._bound_to)
        self._number += 1

    def _take(self) -> bytes:
        out, self._out = self._out, bytearray()
        return bytes(out)


def encrypt(chunks: Iterable[bytes], key: bytes, *, bound_to: bytes, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """The ciphertext of a stream."""
    encryptor = Encryptor(key, bound_to=bound_to, chunk_bytes=chunk_bytes)
    for chunk in chunks:
        if out := encryptor.update(chunk):
            yield out
    yield encryptor.finish()


def plain_size(cipher_size: int, *, chunk_bytes: int = CHUNK_BYTES) -> int:
    """How many plain bytes an object of that size holds."""
    return cipher_size - _HEADER_BYTES - _chunks(cipher_size, chunk_bytes) * _TAG_BYTES


def decrypt_range(
    storage: Storage,
    name: str,
    key: bytes,
    *,
    bound_to: bytes,
    start: int = 0,
    end: int | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> Iterator[bytes]:
    """Plain bytes from `start` up to, not including, `end`.

    The last chunk is proved before the first byte is given, so an object that was cut short yields nothing.
    """
    size = storage.size(name)
    chunks, sealed = _chunks(size, chunk_bytes), chunk_bytes + _TAG_BYTES
    header = b"".join(storage.read(name, 0, _HEADER_BYTES))
    if header[:1] != _VERSION or plain_size(size, chunk_bytes=chunk_bytes) < 0:
        raise _tampered()
    cipher = _cipher(key, header[1:])
    end = min(plain_size(size, chunk_bytes=chunk_bytes), size if end is None else end)
    first, stop = start // chunk_bytes, min(chunks, -(-end // chunk_bytes))
    if stop < chunks or start >= end:
        tail = b"".join(storage.read(name, _HEADER_BYTES + (chunks - 1) * sealed, size))
        _open(cipher, chunks - 1, tail, bound_to, last=True)
    if start >= end:
        return
    reader = storage.read(name, _HEADER_BYTES + first * sealed, min(size, _HEADER_BYTES + stop * sealed))
    for number, data in enumerate(_regroup(reader, sealed), start=first):
        plain = _open(cipher, number, data, bound_to, last=number == chunks - 1)
        at = number * chunk_bytes
        yield plain[max(0, start - at) : end - at] if at < start or at + len(plain) > end else plain


def _chunks(cipher_size: int, chunk_bytes: int) -> int:
    return max(1, -(-(cipher_size - _HEADER_BYTES) // (chunk_bytes + _TAG_BYTES)))


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"habeas/stream/1").derive(key)
    return AESGCM(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _open(cipher: AESGCM, number: int, data: bytes, bound_to: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, last=last), data, bound_to)
    except (InvalidTag, ValueError) as error:
        raise _tampered() from error


def _tampered() -> Tampered:
    return Tampered("A stored object could not be opened: it was changed, cut short or moved, or its key is gone.")


def _regroup(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of exactly `size`, the last one perhaps smaller."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        whole = len(waiting) // size * size
        with memoryview(waiting) as view:
            for at in range(0, whole, size):
                yield bytes(view[at : at + size])
        del waiting[:whole]
    if waiting:
        yield bytes(waiting)
