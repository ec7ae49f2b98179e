"""The virus scanner (Art. 32 GDPR): ClamAV's daemon reads the bytes as they come; what it has not read is not clean."""

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, Protocol
from urllib.parse import urlsplit

from app.domain.errors import Unavailable

ScanResult = Literal["clean", "infected", "no_scanner"]
SECONDS: Final = 30.0
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_FOUND: Final = re.compile(r"stream: (.{1,300}) FOUND", re.DOTALL)
_AWAY: Final = "The virus scanner did not answer. The file is kept closed until it does."


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner says; `finding` is its name for what it found."""

    result: ScanResult
    finding: str | None = None


class Scanner(Protocol):
    """Reads a file and says what it is; Unavailable when it could not."""

    def scan(self, chunks: Iterable[bytes]) -> Scan: ...


class NullScanner:
    """Where no scanner is connected: says so, and never that a file is clean."""

    def scan(self, chunks: Iterable[bytes]) -> Scan:
        """Looks at nothing."""
        return Scan("no_scanner")


class ClamdScanner:
    """clamd's INSTREAM over `tcp://host:port` or `unix:///path`."""

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self._place: tuple[str, int] | str = (
            parts.path if parts.scheme == "unix" else (parts.hostname or "localhost", parts.port or 3310)
        )
        self._seconds = seconds

    def scan(self, chunks: Iterable[bytes]) -> Scan:
        """Stream the bytes; Unavailable for silence, a cut line or any answer but the two that decide."""
        answer = self._answer(chunks)
        if answer == "stream: OK":
            return Scan("clean")
        if found := _FOUND.fullmatch(answer):
            return Scan("infected", "".join(letter for letter in found[1] if letter.isprintable())[:200])
        raise Unavailable(_AWAY)

    def _answer(self, chunks: Iterable[bytes]) -> str:
        try:
            with self._open() as line:
                line.sendall(b"zINSTREAM\0")
                for piece in _pieces(chunks):
                    line.sendall(len(piece).to_bytes(4, "big") + piece)
                line.sendall(bytes(4))
                said = b""
                while len(said) < _LONGEST_ANSWER and not said.endswith(b"\0") and (more := line.recv(1024)):
                    said += more
        except OSError as error:
            raise Unavailable(_AWAY) from error
        return said.rstrip(b"\0\n").decode(errors="replace")

    @contextmanager
    def _open(self) -> Iterator[socket.socket]:
        if isinstance(self._place, str):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(self._seconds)
                line.connect(self._place)
                yield line
        else:
            with socket.create_connection(self._place, timeout=self._seconds) as line:
                yield line


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Never an empty one: for clamd that is the end."""
    for chunk in chunks:
        for at in range(0, len(chunk), _CHUNK):
            yield chunk[at : at + _CHUNK]
