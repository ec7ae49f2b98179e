"""The actors, and the engine that runs them in this process: worker, relay and scheduler."""

import threading
from dataclasses import dataclass, field

import dramatiq
from dramatiq import Broker, Worker

from app.portal import Portal
from workers.handlers import HANDLERS
from workers.lease import perform
from workers.relay import Relay
from workers.schedule import Schedule

JOB_TIME_LIMIT_MS = 2 * 60 * 60 * 1000
MESSAGE_AGE_LIMIT_MS = 60 * 60 * 1000
IN_PROCESS_THREADS = 4


def register_actors(broker: Broker, portal: Portal) -> None:
    """Two actors, one per queue; each does the job whose number it is given."""
    printing = threading.Lock()

    @dramatiq.actor(
        actor_name="work", queue_name="work", broker=broker, time_limit=JOB_TIME_LIMIT_MS, max_age=MESSAGE_AGE_LIMIT_MS
    )
    def work(job_id: int) -> None:
        perform(portal, job_id, HANDLERS)

    @dramatiq.actor(
        actor_name="print", queue_name="pdf", broker=broker, time_limit=JOB_TIME_LIMIT_MS, max_age=MESSAGE_AGE_LIMIT_MS
    )
    def print_one(job_id: int) -> None:
        with printing:  # one PDF at a time per process: the fonts are shared
            perform(portal, job_id, HANDLERS)


@dataclass
class Engine:
    """What works behind the pages. `threads` 0 leaves the jobs to worker processes."""

    portal: Portal
    broker: Broker
    threads: int = IN_PROCESS_THREADS
    _relay: Relay = field(init=False)
    _schedule: Schedule = field(init=False)
    _worker: Worker | None = None

    def __post_init__(self) -> None:
        self._relay, self._schedule = Relay(self.portal, self.broker), Schedule(self.portal)

    def start(self) -> None:
        """Begin to work. The time limit needs `process_boot`, which only dramatiq's own command line would emit."""
        if self.threads:
            register_actors(self.broker, self.portal)
            self.broker.emit_after("process_boot")
            self._worker = Worker(self.broker, worker_threads=self.threads, worker_timeout=100)
            self._worker.start()
        self._relay.start()
        self._schedule.start()

    def stop(self) -> None:
        """Take no more work and let what runs finish."""
        self._schedule.stop()
        self._relay.stop()
        if self._worker is not None:
            self._worker.stop(timeout=30_000)
