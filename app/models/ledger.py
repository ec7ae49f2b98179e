"""The jobs (transactional outbox), the sweeps, and the trail: append-only, hash-chained, yet erasable."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Tenant, belongs_to, one_controller, primary_key


class Job(Tenant, Base):
    """Work to be done after the transaction that asked for it; the row, not the broker, is the truth."""

    __tablename__ = "job"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        CheckConstraint("state IN ('queued', 'sent', 'running', 'done', 'dead')", name="state"),
        Index(None, "state", "due_at"),
        Index(None, "controller_id", "case_id"),
    )

    id: Mapped[int] = primary_key()
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(Id)
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Sweep(Base):
    """When each recurring task last ran; also the heartbeat that the health page reads. Global."""

    __tablename__ = "sweep"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_run_at: Mapped[datetime]


class TrailEntry(Tenant, Base):
    """One fact of the audit trail. A chain per case (and per other subject); a trigger refuses change and deletion."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        UniqueConstraint("controller_id", "chain", "number"),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id", "id"),
    )

    id: Mapped[int] = primary_key()
    chain: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    case_id: Mapped[int | None] = mapped_column(Id)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int | None] = mapped_column(Id)
    facts: Mapped[dict[str, Any]]
    personal: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Tenant, Base):
    """The chains' heads of one controller joined into a signed Merkle root; it seals what came before it."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("controller_id", "number"),)

    id: Mapped[int] = primary_key()
    number: Mapped[int]
    at: Mapped[datetime]
    heads: Mapped[list[Any]]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    kid: Mapped[str] = mapped_column(String(64))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
