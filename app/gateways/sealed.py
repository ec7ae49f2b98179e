"""Objects of the spool as they are written and read (Art. 32 GDPR): encrypted while they come, bound to their place."""

from collections.abc import Iterator

from app.domain.errors import Tampered
from app.gateways.storage import Storage, Writer, new_name
from app.gateways.streams import Encryptor, decrypt_range


class SealedWriter:
    """One object under a new name. `finish` makes it durable; `abandon` leaves nothing behind, finished or not."""

    def __init__(self, storage: Storage, key: bytes) -> None:
        self.name = new_name()
        self.place = 0  # plain bytes so far
        self._storage = storage
        self._encryptor = Encryptor(key, bound_to=_bound_to(self.name))
        self._writer: Writer = storage.create(self.name)

    def write(self, *plain: bytes) -> None:
        """Add bytes at the end."""
        for data in plain:
            self.place += len(data)
            if sealed := self._encryptor.update(data):
                self._writer.write(sealed)

    def finish(self) -> None:
        """Make it durable."""
        self._writer.write(self._encryptor.finish())
        self._writer.commit()

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._writer.__exit__(None, None, None)
        self._storage.delete(self.name)


class SealedReader:
    """Exact numbers of plain bytes out of an object, one after the other."""

    def __init__(self, storage: Storage, name: str, key: bytes, *, start: int = 0) -> None:
        self._pieces = decrypt_range(storage, name, key, bound_to=_bound_to(name), start=start)
        self._held, self._at = b"", 0

    def take(self, count: int, *, may_end: bool = False) -> bytes:
        """The next `count` bytes; nothing where the object may end and does."""
        if len(self._held) - self._at < count:
            parts, have = [self._held[self._at :]], len(self._held) - self._at
            for piece in self._pieces:
                parts.append(piece)
                have += len(piece)
                if have >= count:
                    break
            self._held, self._at = b"".join(parts), 0
            if not (may_end and not self._held) and len(self._held) < count:
                raise _cut_short()
        taken = self._held[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def pieces(self, count: int) -> Iterator[bytes]:
        """The next `count` bytes, never all of them held at once."""
        while count:
            if self._at == len(self._held):
                self._held, self._at = next(self._pieces, b""), 0
                if not self._held:
                    raise _cut_short()
            taken = self._held[self._at : self._at + count]
            self._at += len(taken)
            count -= len(taken)
            yield taken


def _bound_to(name: str) -> bytes:
    return b"spool:" + name.encode("ascii")


def _cut_short() -> Tampered:
    return Tampered("A spool object ends in the middle of a block.")
