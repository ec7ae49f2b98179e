"""Everything in one process, with no other server: pages, worker, relay and scheduler, on SQLite by default."""

import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import waitress

from app import bootstrap, create_app, schema
from app.cli import demo
from app.domain.evidence import MOST_AT_ONCE
from app.portal import Portal
from app.settings import Settings
from workers.broker import make_broker
from workers.main import IN_PROCESS_THREADS, Engine
from workers.relay import Sender

WEB_THREADS = 8
LARGEST_BODY = MOST_AT_ONCE + 1_000_000  # nothing larger is even held until it is whole


def serve(settings: Settings, *, port: int) -> int:
    """Migrate, load the demo, work and serve until told to stop; gives the exit code."""
    with only_worker(settings.data_dir) as free:
        if not free:
            sys.stderr.write(f"Another Habeas works in {settings.data_dir}. Stop it, or set HABEAS_DATA_DIR.\n")
            return 1
        door = _bound(port)
        if door is None:
            sys.stderr.write(f"Something else listens on port {port}. Choose another one: PORT={port + 80} make run\n")
            return 1
        broker = make_broker(settings.broker_url)
        portal = bootstrap.build(settings, dispatch=Sender(broker))
        schema.upgrade(portal.ground.engine)
        greeting = _greeting(portal, settings)
        app = create_app(portal)
        engine = Engine(portal, broker, threads=0 if settings.broker_url else IN_PROCESS_THREADS)
        server = waitress.create_server(
            app, sockets=[door], threads=WEB_THREADS, ident=None, max_request_body_size=LARGEST_BODY
        )
        signal.signal(signal.SIGTERM, _stop)
        engine.start()
        sys.stdout.write(greeting + "\n")
        sys.stdout.flush()
        try:
            server.run()
        finally:
            server.close()
            engine.stop()
    return 0


def _bound(port: int) -> socket.socket | None:
    """The address to serve at, taken before anything else is done; None where it is taken already."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except OSError:
        door.close()
        return None
    return door


def _greeting(portal: Portal, settings: Settings) -> str:
    """Where to go; in the demo also what there is to see, loaded first where it is not there yet."""
    if not settings.demo:
        return f"Habeas serves {settings.base_url}"
    demo.load(portal)
    return demo.greeting(portal)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


@contextmanager
def only_worker(folder: Path) -> Iterator[bool]:
    """Whether this process may work on that data folder: in-process queues know nothing of each other."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.write(str(os.getpid()))
        file.flush()
        yield True
