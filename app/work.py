"""Work: one transaction of one use case. Facts, trail and jobs are written together, and only here is anything
committed.

It is about one controller, which its session keeps apart from all others (scope). A sweep that must see all says
`unscoped(reason)`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import CursorResult, Engine, Result, func, select, update

from app.attempts import LEASE, WHEN_IDLE, Attempt, LeaseLost
from app.domain.permissions import Actor
from app.domain.trail import GENESIS, Entry, entry_hash
from app.gateways.clock import Clock
from app.gateways.crypto import Keyring, new_key, seal, unseal
from app.models.cases import Case
from app.models.ledger import Job, TrailEntry
from app.scope import ScopedSession, ScopeError

__all__ = [
    "CONTROLLER", "GLANCE", "LEASE", "READS", "Attempt", "Dispatch", "Ground", "LeaseLost", "ScopeError",
    "Work", "changed_rows",
]  # fmt: skip
FIRST_LEASE = timedelta(seconds=5)
Dispatch = Callable[[Sequence[tuple[int, str]]], None]
# What a transaction is told at its beginning.
READS, GLANCE, CONTROLLER = "habeas_reads", "habeas_glance", "habeas_controller"


@dataclass(frozen=True, slots=True)
class Ground:
    """What every Work stands on; made once by the composition root."""

    engine: Engine
    clock: Clock
    keyring: Keyring
    dispatch: Dispatch | None = None
    memo: dict[Any, Any] = field(default_factory=dict)

    def telling(self, **how: object) -> Engine:
        """The engine, whose listeners (bootstrap) begin each transaction as is said here."""
        key = (self.engine, *how.values())
        if key not in self.memo:
            self.memo[key] = self.engine.execution_options(**how)
        told: Engine = self.memo[key]
        return told


class Work:
    """A context: leaving it well commits once, leaving it by an error rolls everything back."""

    def __init__(
        self,
        ground: Ground,
        *,
        actor: Actor,
        controller_id: int | None = None,
        unscoped: str | None = None,
        reads_only: bool = False,
        glance: bool = False,
    ) -> None:
        self.actor = actor
        self.clock = ground.clock
        self.keyring = ground.keyring
        self.memo = ground.memo  # what is dear to make and never changes, such as a parsed policy version
        self.now: datetime = ground.clock.now()
        self.real_now: datetime = ground.clock.real()
        self.reads_only = reads_only
        self._dispatch = ground.dispatch
        self._controller_id = controller_id
        self._keys: dict[int, bytes] = {}
        self._jobs: list[Job] = []
        self._finished: Attempt | None = None
        self._ends: dict[str, TrailEntry] = {}
        engine = ground.telling(**{READS: reads_only, GLANCE: glance, CONTROLLER: controller_id})
        info = {"controller_id": controller_id, "unscoped": unscoped, "reads_only": reads_only, "glance": glance}
        # On PostgreSQL a reading ends so too: rolled back, its connection would forget the prepared statements.
        self._commits = not glance and (not reads_only or engine.dialect.name == "postgresql")
        self.session = ScopedSession(engine, expire_on_commit=False, autoflush=True, info=info)

    @property
    def controller_id(self) -> int:
        """The controller at hand; ScopeError in an unscoped work."""
        if self._controller_id is None:
            raise ScopeError("This work is not about one controller.")
        return self._controller_id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._commits:
                self.session.commit()
        finally:
            self.session.close()
        if kind is None and self._jobs:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._finished is not None:
            self._finished.onward.extend(Attempt.of(job, goes_on=True) for job in self._jobs if job.state == "running")
        sent = [(job.id, job.kind) for job in self._jobs if job.state == "sent"]
        if sent and self._dispatch is not None:
            self._dispatch(sent)

    def lock(self, name: str) -> None:
        """Wait until no other transaction holds this name; SQLite has one writer at a time anyway."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.about_transaction(select(func.pg_advisory_xact_lock(func.hashtext(name))))

    def flush(self) -> None:
        """Send what was added to the database, so that numbers exist and constraints speak."""
        self.session.flush()

    def key_of(self, case: Case) -> bytes:
        """The case's data key; Tampered when it was destroyed or does not fit."""
        if case.id not in self._keys:
            self._keys[case.id] = self.keyring.unwrap(case.data_key or b"", bound_to=_bound_to(case))
        return self._keys[case.id]

    def give_key(self, case: Case) -> bytes:
        """A fresh data key for a new case, wrapped into its row."""
        key = new_key()
        case.data_key = self.keyring.wrap(key, bound_to=_bound_to(case))
        return key

    def seal_for(self, case: Case, value: object, *, place: str) -> bytes:
        """JSON of the value, sealed under the case's key and bound to its place."""
        return seal(json.dumps(value).encode(), self.key_of(case), bound_to=f"{case.reference}/{place}".encode())

    def unseal_for(self, case: Case, sealed: bytes, *, place: str) -> Any:
        """What `seal_for` sealed."""
        return json.loads(unseal(sealed, self.key_of(case), bound_to=f"{case.reference}/{place}".encode()))

    def audit(
        self,
        event_name: str,
        *,
        case: Case | None = None,
        chain: str | None = None,
        facts: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        """Add an entry to the trail: `facts` stay readable, `personal` only as long as the case's key exists."""
        name = chain or (f"case:{case.id}" if case is not None else "controller")
        last = self._ends.get(name) or self._last_of(name, locked=case is None)
        entry = Entry(
            controller_id=self.controller_id,
            chain=name,
            number=(last.number + 1) if last else 1,
            # A rehearsal's clock that was set back must not write history before what stands there already.
            at=max(self.now, last.at) if last else self.now,
            event=event_name,
            actor_kind=self.actor.kind,
            actor_id=self.actor.login_id,
            facts=dict(facts or {}),
            personal=self.seal_for(case, dict(personal), place="trail") if personal and case is not None else None,
        )
        previous = last.hash if last else GENESIS
        self._ends[name] = row = TrailEntry(
            case_id=case.id if case is not None else None,
            chain=entry.chain,
            number=entry.number,
            at=entry.at,
            event=entry.event,
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            facts=dict(entry.facts),
            personal=entry.personal,
            previous=previous,
            hash=entry_hash(entry, previous),
        )
        self.session.add(row)

    def _last_of(self, chain: str, *, locked: bool) -> TrailEntry | None:
        if locked:  # a case's chain is serialised by its row lock; the others by a lock of their own
            self.lock(f"trail:{self.controller_id}:{chain}")
        return self.session.scalars(
            select(TrailEntry).where(TrailEntry.chain == chain).order_by(TrailEntry.number.desc()).limit(1)
        ).first()

    def enqueue(self, kind: str, *, case: Case | None = None, after: timedelta | None = None, **arguments: Any) -> Job:
        """Ask for work after this transaction; arguments are ids, never personal data.

        What can wait for an idle moment is left to the relay.
        """
        can_wait = kind in WHEN_IDLE
        at_once = after is None and self._dispatch is not None and not can_wait
        job = Job(
            kind=kind,
            case_id=case.id if case is not None else None,
            arguments=arguments,
            state="sent" if at_once else "queued",
            due_at=self.real_now + (after or timedelta()),
            # Should the process die before it has handed the job over, the relay finds the lapsed lease.
            lease_until=self.real_now + FIRST_LEASE if at_once else None,
            created_at=self.real_now,
        )
        self.session.add(job)
        if not can_wait:
            self._jobs.append(job)
        return job

    def finish(self, attempt: Attempt) -> None:
        """Mark the job done in the same transaction as what it did; LeaseLost when it is no longer this worker's.

        What was asked for at once in this transaction is written as claimed already by a worker that goes on: nobody
        need be told of it, and should the worker die, its lease lapses like any other.
        """
        if attempt.goes_on:
            self._finished = attempt
            for job in self._jobs:
                if job.due_at <= self.real_now:
                    job.state, job.fence, job.attempts, job.lease_until = "running", 1, 1, self.real_now + LEASE
        done = self.session.execute(
            update(Job)
            .where(Job.id == attempt.job_id, Job.fence == attempt.fence, Job.state == "running")
            .values(state="done", finished_at=self.real_now, lease_until=None, error=None)
            .execution_options(synchronize_session=False)
        )
        if changed_rows(done) != 1:
            raise LeaseLost


def changed_rows(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE touched."""
    assert isinstance(result, CursorResult)
    return result.rowcount


def _bound_to(case: Case) -> bytes:
    return f"case/{case.reference}".encode()
