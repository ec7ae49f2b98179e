"""Files from strangers are opened in a process of their own that can do nothing else (FIELD, attack 17): checked when
they come, drawn as pictures when staff look at them. The portal itself never parses what is inside."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from app.domain.errors import Unavailable
from app.domain.evidence import Kind
from app.domain.mail_checks import Head, read_head
from app.domain.messages import Message
from app.gateways.sniffing import Unfit

SECONDS: Final = 20.0
MOST_BYTES: Final = 64 * 1024 * 1024
AT_ONCE: Final = 2
DRAWN: Final[frozenset[Kind]] = frozenset({"pdf", "png", "jpeg", "tiff", "heic"})
_WORDS: Final = frozenset({"broken", "two_in_one", "locked", "active", "carries", "too_big", "unknown"})
_PROGRAM: Final = Path(__file__).with_name("limited.py")
_MAIL_PROGRAM: Final = Path(__file__).with_name("limited_mail.py")
_MOST_CODES, _LONGEST_CODE = 20, 200
_BEGUN: Final = b"begun\n"
_BUSY: Final = Message("Files cannot be looked at just now. Nothing was kept; try again later.")
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Pages:
    """A file as pictures: PNG each, made from pixels alone; `more` when not all of it is shown."""

    pages: tuple[bytes, ...] = ()
    more: bool = False
    codes: tuple[str, ...] = ()


class Opener(Protocol):
    """Looks inside a file: `check` raises Unfit, `draw` gives its pages, `codes` what the codes on them say,
    `mail` who a mail says that it is from."""

    def check(self, data: bytes, kind: Kind) -> None: ...
    def draw(self, data: bytes, kind: Kind) -> Pages: ...
    def codes(self, data: bytes, kind: Kind) -> tuple[str, ...]: ...
    def mail(self, data: bytes) -> Head | None: ...


class NullOpener:
    """The twin for tests: every file is sound, and has one page of one pixel."""

    def check(self, data: bytes, kind: Kind) -> None:
        """Sound."""

    def draw(self, data: bytes, kind: Kind) -> Pages:
        """One page where the real one draws too."""
        return Pages((_PNG,)) if kind in DRAWN else Pages()

    def codes(self, data: bytes, kind: Kind) -> tuple[str, ...]:
        """None."""
        return ()

    def mail(self, data: bytes) -> Head | None:
        """Nothing can be read in it."""
        return None


class LimitedOpener:
    """A fresh process for each file, with bounds on time, memory, files and the network; few of them at once."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def check(self, data: bytes, kind: Kind) -> None:
        """Open it whole; Unfit says in one word why it is not taken."""
        self._ask("check", data, kind)

    def draw(self, data: bytes, kind: Kind) -> Pages:
        """Its first pages; none for a kind that is not drawn."""
        return self._ask("draw", data, kind) if kind in DRAWN else Pages()

    def codes(self, data: bytes, kind: Kind) -> tuple[str, ...]:
        """The codes (QR) on its first pages; none for a kind that is not drawn."""
        return self._ask("codes", data, kind).codes if kind in DRAWN else ()

    def mail(self, data: bytes) -> Head | None:
        """The head of a mail; None where it cannot be read."""
        try:
            with self._place():
                return read_head(self._run("head", data, "eml", _MAIL_PROGRAM))
        except Unfit:
            return None

    def _ask(self, verb: str, data: bytes, kind: Kind) -> Pages:
        with self._place():
            return _read(self._run(verb, data, kind))

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the few, waited for no longer than a file may take: whoever sends what takes long holds up nobody
        for good."""
        if not self._places.acquire(timeout=self._seconds):
            raise Unavailable(_BUSY)
        try:
            yield
        finally:
            self._places.release()

    def _run(self, verb: str, data: bytes, kind: Kind, program: Path | None = None) -> bytes:
        # The file is handed over in memory, and with it nothing of the environment, where the keys may stand.
        with os.fdopen(os.memfd_create("evidence"), "w+b") as given:
            given.write(data)
            given.seek(0)
            process = subprocess.Popen(  # noqa: S603  # our own program, with two words of ours
                [sys.executable, "-IB", str(program or _PROGRAM), verb, kind],
                stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/",
            )  # fmt: skip
        alarm = threading.Timer(self._seconds, process.kill)
        alarm.start()
        try:
            return _bounded(process)
        finally:
            alarm.cancel()
            process.kill()
            process.wait()


def _bounded(process: "subprocess.Popen[bytes]") -> bytes:
    out: IO[bytes] | None = process.stdout
    assert out is not None
    with out:
        said = out.read(MOST_BYTES + 1)
    if len(said) > MOST_BYTES:
        raise Unfit("too_big")
    if not said.startswith(_BEGUN):  # the system's doing: it cannot be limited, or there is no memory for it
        raise Unavailable(_BUSY)
    if len(said) == len(_BEGUN):  # the file's doing: it ran into the bounds, or a library gave up on it
        raise Unfit("too_big" if process.wait() < 0 else "broken")
    return said[len(_BEGUN) :]


def _read(said: bytes) -> Pages:
    """What the process answered: it has seen a stranger's file, so nothing it says is taken on trust."""
    line, _, rest = said.partition(b"\n")
    try:
        answer = json.loads(line)
        fault, sizes = answer["fault"], [int(size) for size in answer["pages"]]
        codes = tuple(str(code)[:_LONGEST_CODE] for code in answer.get("codes", ()))[:_MOST_CODES]
    except (ValueError, KeyError, TypeError) as error:
        raise Unfit("broken") from error
    if fault is not None:
        raise Unfit(fault if fault in _WORDS else "broken")
    pages, at = [], 0
    for size in sizes:
        page = rest[at : at + size]
        if not page.startswith(_PNG):
            raise Unfit("broken")
        pages.append(page)
        at += size
    return Pages(tuple(pages), bool(answer.get("more")), codes)
