"""The work in the systems: runs, what each collection gave, decisions that deviate from "include", and packages."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Tenant, belongs_to, one_controller, primary_key


class Run(Tenant, Base):
    """One connection working for one case."""

    __tablename__ = "run"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id", "connection"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'skipped')", name="state"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="failed_has_error"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    connection: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    found: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any] | None]
    # Collections that were not read: the data map says so, or no reference leads there from what is proven.
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Collected(Tenant, Base):
    """What one collection gave: counts, checksum and offsets; the rows themselves are in the sealed spool object."""

    __tablename__ = "collected"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id", "connection", "collection"),
        CheckConstraint("rows >= 0 AND bytes >= 0", name="counts"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    connection: Mapped[str] = mapped_column(String(60))
    collection: Mapped[str] = mapped_column(String(200))
    categories: Mapped[list[Any]]
    rows: Mapped[int] = mapped_column(Id)
    bytes: Mapped[int] = mapped_column(Id)
    sha256: Mapped[str] = mapped_column(String(64))
    # Where the rows are (object, blocks, sizes); gone once the spool's key and objects are destroyed.
    spooled: Mapped[dict[str, Any] | None]
    collected_at: Mapped[datetime]


class ItemDecision(Tenant, Base):
    """A found record that is not simply included, with its reason (Art. 15(4), 12(4)); no row means "include"."""

    __tablename__ = "item_decision"
    __table_args__ = (
        belongs_to("collected", "collected_id"),
        UniqueConstraint("controller_id", "collected_id", "row_number"),
    )

    id: Mapped[int] = primary_key()
    collected_id: Mapped[int] = mapped_column(Id)
    row_number: Mapped[int] = mapped_column(Id)
    decision: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(2000))
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    decided_at: Mapped[datetime]


class Package(Tenant, Base):
    """The ZIP that answers an access request; its own key is destroyed when it expires."""

    __tablename__ = "package"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id"),
        CheckConstraint("(object_name IS NULL) = (data_key IS NULL)", name="key_and_object"),
        CheckConstraint("released_at IS NULL OR expires_at IS NOT NULL", name="released_expires"),
    )

    id: Mapped[int] = primary_key()
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(Id)
    object_name: Mapped[str | None] = mapped_column(String(80))
    data_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    bytes: Mapped[int] = mapped_column(Id)
    rows: Mapped[int] = mapped_column(Id)
    sha256: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[dict[str, Any]]
    assembled_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    destroyed_at: Mapped[datetime | None]


class SigningKey(Base):
    """An Ed25519 key of this portal; public halves stay published for ever, so old packages keep verifying. Global."""

    __tablename__ = "signing_key"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
