"""Connections to systems, kept for some seconds after a case (Art. 12(3): many requests at once are answered in time).

To open a connection costs a database more than to look a person up, and under load the next case reads the same system
within the second. Each use is still a transaction of its own, so it sees one moment, and none that came before.
"""

import atexit
import select
import threading
import time
from typing import Any

import sqlalchemy as sa

from app.connectors.faults import DRIVER_ERRORS

SECONDS = 20.0  # a connection that nobody used for so long is closed
MOST = 4  # idle ones per address


class Kept:
    """Idle connections by the engine that opened them."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._idle: dict[sa.Engine, list[tuple[float, sa.Connection]]] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def take(self, engine: sa.Engine) -> sa.Connection | None:
        """A connection that is still good, the one used last first; None when there is none."""
        while True:
            with self._lock:
                idle = self._idle.get(engine)
                connection = idle.pop()[1] if idle else None
            if connection is None or _quiet(connection):
                return connection
            close(connection)

    def give(self, engine: sa.Engine, connection: sa.Connection) -> None:
        """Ends the transaction and keeps the connection; one that cannot do that any more is closed."""
        try:
            connection.rollback()
        except DRIVER_ERRORS:
            close(connection)
            return
        with self._lock:
            idle = self._idle.setdefault(engine, [])
            full = len(idle) >= MOST
            if not full:
                idle.append((time.monotonic(), connection))
                self._watch()
        if full:
            close(connection)

    def close(self, *, unused_for: float = 0.0) -> None:
        """Closes what was not used for that many seconds: everything, unless told otherwise."""
        until = time.monotonic() - unused_for
        with self._lock:
            self._timer = None
            over = [one for idle in self._idle.values() for since, one in idle if since <= until]
            young = {engine: [one for one in idle if one[0] > until] for engine, idle in self._idle.items()}
            self._idle = {engine: idle for engine, idle in young.items() if idle}
            if self._idle:
                self._watch()
        for connection in over:
            close(connection)

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self.close, kwargs={"unused_for": self._seconds})
            self._timer.daemon = True
            self._timer.start()


def close(connection: sa.Connection) -> None:
    """Closes it for good; one that was lost cannot be ended in good order, and need not be."""
    driver: Any = connection.connection.driver_connection
    try:
        connection.close()
    except DRIVER_ERRORS:
        driver.close()


def _quiet(connection: sa.Connection) -> bool:
    """An idle server says nothing: whatever there is to read is its good-bye."""
    driver: Any = connection.connection.driver_connection
    if driver.closed:
        return False
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return not poll.poll(0)


KEPT = Kept()
atexit.register(KEPT.close)
