"""A small clamd for tests: speaks INSTREAM over TCP and a Unix socket, knows EICAR, and may answer wrongly or never."""

import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.samples_of_files import EICAR

HONEST = b"?"


@dataclass
class Daemon:
    """Where it listens, and what it was shown."""

    urls: tuple[str, ...] = ()
    seen: list[bytes] = field(default_factory=list)


def _handler(daemon: Daemon, answer: bytes | None, over: threading.Event) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            data = bytearray()
            while size := int.from_bytes(self.rfile.read(4), "big"):
                data += self.rfile.read(size)
            daemon.seen.append(bytes(data))
            if answer is None:
                over.wait(10)
            elif answer == HONEST:
                said = b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK"
                self.wfile.write(said + b"\0")
            else:
                self.wfile.write(answer)

    return Handler


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(answer: bytes | None = HONEST) -> Iterator[Daemon]:
    """Answers as clamd would; with `answer` always that, with None never."""
    daemon, over = Daemon(), threading.Event()
    handler = _handler(daemon, answer, over)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        path = str(Path(folder) / "clamd.ctl")
        servers = [stack.enter_context(_Tcp(("127.0.0.1", 0), handler)), stack.enter_context(_Unix(path, handler))]
        for server in servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.shutdown)
        stack.callback(over.set)
        daemon.urls = (f"tcp://127.0.0.1:{servers[0].server_address[1]}", f"unix://{path}")
        yield daemon
