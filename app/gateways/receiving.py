"""A file that is being uploaded (Art. 32 GDPR): sealed while it comes, under a key of its own, counted as it grows."""

import hashlib
import io
from collections.abc import Iterator

from app.domain.evidence import LARGEST_FILE
from app.gateways.crypto import new_key
from app.gateways.storage import Storage, Writer, new_name
from app.gateways.streams import Encryptor, decrypt_range


def bound_to(name: str) -> bytes:
    """What the ciphertext of that object is tied to."""
    return f"evidence/{name}".encode()


class SealedUpload(io.RawIOBase):
    """Where the bytes of one uploaded file are written. Nothing of it is ever plain on a disk.

    What comes after the largest size is counted and thrown away; such a file leaves no object. `discard` leaves
    nothing behind, whatever had come.
    """

    def __init__(self, storage: Storage, *, largest: int = LARGEST_FILE) -> None:
        self.name, self.key = new_name(), new_key()
        self.size = 0
        self._storage, self._largest = storage, largest
        self._hash = hashlib.sha256()
        self._encryptor = Encryptor(self.key, bound_to=bound_to(self.name))
        self._writer: Writer | None = storage.create(self.name)
        self._stored = self._kept = False

    @property
    def too_large(self) -> bool:
        return self.size > self._largest

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # takes what a form's parser gives: bytes
        """Seal the bytes that came."""
        self.size += len(data)
        if self.too_large:
            self._drop()
        elif self._writer is not None:
            self._hash.update(data)
            self._writer.write(self._encryptor.update(data))
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """A form's parser rewinds a file once it is whole: it becomes an object of the storage."""
        if self._writer is not None:
            self._writer.write(self._encryptor.finish())
            self._writer.commit()
            self._stored = True
            self._drop()
        return offset

    def chunks(self) -> Iterator[bytes]:
        """The plain bytes, once it is whole."""
        return decrypt_range(self._storage, self.name, self.key, bound_to=bound_to(self.name))

    def keep(self) -> None:
        """A row knows it now: from here on it is destroyed with that row only."""
        self._kept = True

    def discard(self) -> None:
        """Leave nothing behind, unless it is kept."""
        self._drop()
        if self._stored and not self._kept:
            self._storage.delete(self.name)
            self._stored = False

    def _drop(self) -> None:
        if self._writer is not None:
            self._writer.__exit__(None, None, None)
            self._writer = None
