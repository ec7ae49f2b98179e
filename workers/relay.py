"""From outbox to broker: what is due is sent, and what was sent or begun but went silent is sent again within
seconds."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import structlog
from dramatiq import Broker, DramatiqError, Message
from redis.exceptions import RedisError
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import OperationalError

from app.models.ledger import Job
from app.portal import Portal
from app.services.housekeeping import note_run
from workers.handlers import PDF_KINDS

PICK_UP = timedelta(seconds=5)
WINDOW = 64
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


def due_jobs(portal: Portal, *, most: int = WINDOW) -> list[tuple[int, str]]:
    """Jobs that must be sent now, marked as sent: due ones, and those whose lease has lapsed. Several relays may
    run."""
    with portal.unscoped("the relay sends the jobs of every controller") as work:
        now = work.real_now
        rows = work.session.scalars(
            select(Job)
            .where(
                or_(
                    and_(Job.state == "queued", Job.due_at <= now),
                    and_(Job.state.in_(("sent", "running")), Job.lease_until < now),
                )
            )
            .order_by(Job.due_at, Job.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.state, row.lease_until = "sent", now + PICK_UP
        return [(row.id, row.kind) for row in rows]


def any_due(portal: Portal) -> bool:
    """Whether a pass would find something; a read, so that an idle relay never takes the writer's lock."""
    with portal.unscoped("the relay looks at the jobs of every controller", reads_only=True) as work:
        now = work.real_now
        statement = select(Job.id).where(
            or_(
                and_(Job.state == "queued", Job.due_at <= now),
                and_(Job.state.in_(("sent", "running")), Job.lease_until < now),
            )
        )
        return work.session.scalars(statement.limit(1)).first() is not None


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
                    self._send(due_jobs(self._portal))
                if passes % HEARTBEAT_EVERY == 0:
                    note_run(self._portal, "relay")
            except OperationalError as error:  # the database is away or busy: the next pass tries again
                log.warning("relay.database_away", error=type(error.orig).__name__)
            passes += 1
