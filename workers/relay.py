"""From outbox to broker: what is due is sent, and what was sent or begun but went silent is sent again within
seconds."""

import threading
from collections.abc import Sequence

import structlog
from dramatiq import Broker, DramatiqError, Message
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from app.portal import Portal
from app.services.housekeeping import note_run
from app.services.jobs import any_due, take_due
from workers.handlers import PDF_KINDS

PAUSE_SECONDS = 0.5
HEARTBEAT_EVERY = 20  # passes
log = structlog.get_logger("habeas.relay")


class Sender:
    """Hands jobs to the broker right after the commit. When that fails, nothing is lost: the relay finds them."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def __call__(self, jobs: Sequence[tuple[int, str]]) -> None:
        try:
            for job_id, kind in jobs:
                self._broker.enqueue(_message(job_id, kind))
        except (DramatiqError, RedisError) as error:
            log.warning("relay.broker_away", error=type(error).__name__)


def _message(job_id: int, kind: str) -> Message[None]:
    pdf = kind in PDF_KINDS
    return Message(
        queue_name="pdf" if pdf else "work",
        actor_name="print" if pdf else "work",
        args=(job_id,),
        kwargs={},
        options={},
    )


class Relay:
    """A thread that passes jobs on for as long as it runs."""

    def __init__(self, portal: Portal, broker: Broker) -> None:
        self._portal, self._send = portal, Sender(broker)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        passes = 0
        while not self._over.wait(PAUSE_SECONDS):
            try:
                if any_due(self._portal):
                    self._send(take_due(self._portal))
                if passes % HEARTBEAT_EVERY == 0:
                    note_run(self._portal, "relay")
            except DBAPIError as error:  # the database is away or busy: the next pass tries again
                log.warning("relay.database_away", error=type(error.orig).__name__)
            passes += 1
