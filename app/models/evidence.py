"""Evidence: an uploaded file that proves who somebody is, or for whom they act; what was proved outlives it (LAW 6)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Tenant, belongs_to, one_controller, primary_key


class Evidence(Tenant, Base):
    """One file. Name and note are sealed under the case's key, the bytes under a key of their own."""

    __tablename__ = "evidence"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id"),
        Index(None, "controller_id", "destroyed_at", "destroy_by"),
        CheckConstraint("purpose IN ('identity', 'mandate', 'other')", name="purpose"),
        CheckConstraint("state IN ('waiting_for_scanner', 'ready', 'rejected', 'destroyed')", name="state"),
        CheckConstraint("scan IN ('waiting', 'clean', 'infected', 'no_scanner')", name="scan"),
        CheckConstraint("state <> 'ready' OR scan IN ('clean', 'no_scanner')", name="scanned_when_ready"),
        CheckConstraint("state <> 'rejected' OR scan = 'infected'", name="rejected_by_scanner"),
        CheckConstraint("(object_name IS NULL) = (data_key IS NULL)", name="key_and_object"),
        CheckConstraint("(object_name IS NULL) = (destroyed_at IS NOT NULL)", name="gone"),
        CheckConstraint("(state IN ('rejected', 'destroyed')) = (destroyed_at IS NOT NULL)", name="gone_state"),
        CheckConstraint("(how IS NULL) = (destroyed_at IS NULL)", name="gone_how"),
        CheckConstraint("destroyed_at IS NULL OR name IS NULL", name="gone_name"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = primary_key()
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(Id)
    purpose: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    object_name: Mapped[str | None] = mapped_column(String(80))
    data_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(Id)
    sha256: Mapped[str] = mapped_column(String(64))
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))  # staff who took it in; none: the person
    uploaded_at: Mapped[datetime]
    scan: Mapped[str] = mapped_column(String(12))
    scanned_at: Mapped[datetime | None]
    finding: Mapped[str | None] = mapped_column(String(200))  # the scanner's name for what it found
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # what staff saw; it stays when the file goes
    destroy_by: Mapped[date]
    destroyed_at: Mapped[datetime | None]
    how: Mapped[str | None] = mapped_column(String(20))
    form: Mapped[str | None] = mapped_column(String(10))  # whose code was read from it: this case's, another's, none
    mail_checks: Mapped[dict[str, Any] | None]  # what the receiving server found: SPF, DKIM, DMARC
