"""Where packages, spools and evidence lie (Art. 32 GDPR): only ciphertext comes here, under names that say nothing.

An object is there whole or not at all: it is written beside its place, flushed to the disk and then moved.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from app.domain.errors import NotFound, Unavailable
from app.domain.messages import Message

READ_BYTES = 256 * 1024
_NAME = re.compile(r"[0-9a-f]{32}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def new_name() -> str:
    """A random object name; it tells nothing about what it holds."""
    return secrets.token_hex(16)


def checked_name(name: str) -> str:
    """The name itself; anything but a name of ours is a fault of the caller, never a path."""
    if not _NAME.fullmatch(name):
        raise ValueError("not an object name")
    return name


class Writer(Protocol):
    """An object being written. Leaving the `with` block without `commit()` leaves nothing behind."""

    def write(self, data: bytes) -> None: ...
    def commit(self) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_error: object) -> None: ...


class Storage(Protocol):
    """Objects by name: written once, read in ranges, deleted for good."""

    def create(self, name: str) -> Writer: ...
    def put(self, name: str, chunks: Iterable[bytes]) -> int: ...
    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]: ...
    def size(self, name: str) -> int: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...
    def names(self, *, before: float) -> Iterator[str]: ...
    def sweep(self, *, before: float) -> int: ...


def _gone(name: str) -> NotFound:
    return NotFound(Message("The stored object %(name)s is no longer there.", {"name": name}))


class DirectoryWriter:
    """A temporary file on the same disk, flushed and moved into place by `commit`."""

    def __init__(self, temporary: Path, place: Path) -> None:
        self._temporary, self._place = temporary, place
        self._bytes = 0
        self._file: BinaryIO | None = None
        with _plain_faults():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(descriptor, "wb", buffering=READ_BYTES)

    def write(self, data: bytes) -> None:
        """Add bytes at the end."""
        with _plain_faults():
            self._open_file().write(data)
        self._bytes += len(data)

    def commit(self) -> int:
        """Make it durable and visible; gives the object's size."""
        with _plain_faults():
            file = self._open_file()
            file.flush()
            os.fsync(file.fileno())
            file.close()
            self._temporary.replace(self._place)
            self._file = None
            _sync_folder(self._place.parent)
        return self._bytes

    def _open_file(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the object is already committed")
        return self._file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            with suppress(OSError):  # a full disk refuses the last flush too; the file goes in any case
                self._file.close()
            self._temporary.unlink(missing_ok=True)


class DirectoryStorage:
    """A local directory, two hundred and fifty-six folders wide, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._incoming = path / "incoming"

    def create(self, name: str) -> DirectoryWriter:
        """Start an object."""
        return DirectoryWriter(self._incoming / f"{checked_name(name)}.{secrets.token_hex(4)}", self._place(name))

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        """Write a whole object; gives its size."""
        return _put(self, name, chunks)

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`."""
        try:
            with self._place(name).open("rb", buffering=0) as file:
                file.seek(start)
                left = (os.fstat(file.fileno()).st_size if end is None else end) - start
                while left > 0 and (data := file.read(min(READ_BYTES, left))):
                    left -= len(data)
                    yield data
        except FileNotFoundError as error:
            raise _gone(name) from error

    def size(self, name: str) -> int:
        """Bytes stored."""
        try:
            return self._place(name).stat().st_size
        except FileNotFoundError as error:
            raise _gone(name) from error

    def exists(self, name: str) -> bool:
        """Whether the object is there."""
        return self._place(name).exists()

    def delete(self, name: str) -> None:
        """Remove it; nothing happens when it is gone already."""
        self._place(name).unlink(missing_ok=True)

    def names(self, *, before: float) -> Iterator[str]:
        """The objects that were written before that time (seconds since 1970), as they are met."""
        for folder in self._path.glob("[0-9a-f][0-9a-f]"):
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # deleted meanwhile
                        if _NAME.fullmatch(entry.name) and entry.stat().st_mtime < before:
                            yield entry.name

    def sweep(self, *, before: float) -> int:
        """Remove what a killed process left half written before that time (seconds since 1970); gives how many."""
        swept = 0
        for path in self._incoming.glob("*"):
            with suppress(FileNotFoundError):  # committed or given up meanwhile
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
        return swept

    def _place(self, name: str) -> Path:
        return self._path / checked_name(name)[:2] / name


class MemoryWriter:
    """Collects an object for MemoryStorage."""

    def __init__(self, objects: dict[str, bytes], name: str) -> None:
        self._objects, self._name, self._parts = objects, name, bytearray()

    def write(self, data: bytes) -> None:
        """Add bytes at the end."""
        self._parts += data

    def commit(self) -> int:
        """Make it visible."""
        self._objects[self._name] = bytes(self._parts)
        return len(self._parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None


class MemoryStorage:
    """The twin for tests; `objects` may be looked at and tampered with."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.written: dict[str, float] = {}  # when, where a test says so; whatever else is there is new

    def create(self, name: str) -> MemoryWriter:
        """Start an object."""
        return MemoryWriter(self.objects, checked_name(name))

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        """Write a whole object; gives its size."""
        return _put(self, name, chunks)

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`."""
        data = memoryview(self._object(name))[start:end]
        for at in range(0, len(data), READ_BYTES):
            yield bytes(data[at : at + READ_BYTES])

    def size(self, name: str) -> int:
        """Bytes stored."""
        return len(self._object(name))

    def exists(self, name: str) -> bool:
        """Whether the object is there."""
        return checked_name(name) in self.objects

    def delete(self, name: str) -> None:
        """Remove it; nothing happens when it is gone already."""
        self.objects.pop(checked_name(name), None)

    def names(self, *, before: float) -> Iterator[str]:
        """The objects that were written before that time."""
        yield from [name for name in self.objects if self.written.get(name, before) < before]

    def sweep(self, *, before: float) -> int:
        """Nothing is ever left half written here."""
        return 0

    def _object(self, name: str) -> bytes:
        try:
            return self.objects[checked_name(name)]
        except KeyError as error:
            raise _gone(name) from error


def _put(storage: Storage, name: str, chunks: Iterable[bytes]) -> int:
    with storage.create(name) as writer:
        for chunk in chunks:
            writer.write(chunk)
        return writer.commit()


@contextmanager
def _plain_faults() -> Iterator[None]:
    """Says in plain words what the operating system refused, and that trying again may help."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable("The disk is full. Nothing was written; free some space and try again.") from error
        raise Unavailable(Message("The storage took nothing: %(reason)s.", {"reason": error.strerror})) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
