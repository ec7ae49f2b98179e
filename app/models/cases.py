"""The case: one request being handled, its identities, clock facts, codes, approvals and letters.

Everything that tells who the person is stands sealed under the case's own key; destroying the key erases it (Art.
5(1)(e), 17 GDPR).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.lifecycle import OUTCOMES, STATUSES
from app.models.base import Base, Id, Tenant, belongs_to, one_controller, primary_key

NEVER = date(9999, 12, 31)  # where a case without a running clock stands when the queue is sorted by due date


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class Case(Tenant, Base):
    """One request for one right by one person."""

    __tablename__ = "case"
    __table_args__ = (
        one_controller(),
        belongs_to("policy_version", "policy_version_id"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        CheckConstraint("status <> 'closed' OR due_on IS NULL", name="closed_has_no_due_date"),
        CheckConstraint("due_order = coalesce(due_on, '9999-12-31')", name="due_order"),
        Index(None, "controller_id", "status", "due_order", "id"),
        Index(None, "controller_id", "due_order", "id"),
        Index(None, "controller_id", "received_at", "id"),
        Index(None, "controller_id", "assignee_id", "due_order", "id"),
        Index(None, "controller_id", "submission"),
    )

    id: Mapped[int] = primary_key()
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    submission: Mapped[str] = mapped_column(String(20))
    right: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    policy_version_id: Mapped[int] = mapped_column(Id)
    regime_version: Mapped[str] = mapped_column(String(40), server_default="1")  # what held on the day of receipt
    language: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    capacity: Mapped[str] = mapped_column(String(10))
    data_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    spool_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    personal: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    filed_at: Mapped[datetime]
    due_on: Mapped[date | None]
    due_order: Mapped[date] = mapped_column(default=NEVER)
    looked_up_at: Mapped[datetime | None]  # when the systems were asked what they hold of who is named
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    version: Mapped[int] = mapped_column(default=1)


class Identity(Tenant, Base):
    """A name under which systems may know the person; only a proven one seeds a collection (DESIGN principle 11)."""

    __tablename__ = "identity"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id", "kind", "digest"),
        Index(None, "controller_id", "digest"),
        CheckConstraint("(proven_by IS NULL) = (proven_at IS NULL)", name="proof"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(40))
    value: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    proven_by: Mapped[str | None] = mapped_column(String(40))
    proven_at: Mapped[datetime | None]
    # Whose it is: a guardian's or agent's own address is written to, and never searched for.
    of: Mapped[str] = mapped_column(String(15), server_default="subject")


class ClockFact(Tenant, Base):
    """Something that moves a deadline; dates are computed from these, never the other way round."""

    __tablename__ = "clock_fact"
    __table_args__ = (one_controller(), belongs_to("case", "case_id"), Index(None, "controller_id", "case_id"))

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]


class Code(Tenant, Base):
    """A one-time code sent to a contact: bound to case and purpose, ten minutes, five tries. Only a nonce is stored."""

    __tablename__ = "code"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id", "purpose"),
        CheckConstraint("attempts BETWEEN 0 AND 5", name="attempts"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    purpose: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class Draft(Tenant, Base):
    """Answers before they are sent, sealed, for 24 hours: an expired session loses nothing. Found by a keyed token
    digest."""

    __tablename__ = "draft"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[int] = primary_key()
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]


class Filing(Tenant, Base):
    """That a draft was sent, and as what: a second press of the button finds the first one's cases."""

    __tablename__ = "filing"
    __table_args__ = (UniqueConstraint("controller_id", "draft_hash"),)

    id: Mapped[int] = primary_key()
    draft_hash: Mapped[bytes] = mapped_column(LargeBinary)
    submission: Mapped[str] = mapped_column(String(20))
    filed_at: Mapped[datetime]


class Approval(Tenant, Base):
    """One member of staff agrees that the answer may go out; as many different ones as the policy asks for."""

    __tablename__ = "approval"
    __table_args__ = (belongs_to("case", "case_id"), UniqueConstraint("controller_id", "case_id", "login_id"))

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    approved_at: Mapped[datetime]


class Letter(Tenant, Base):
    """A letter as it was sent, byte for byte: its parts are sealed, its hash stays (Art. 5(2))."""

    __tablename__ = "letter"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id"),
        CheckConstraint("(document IS NULL) = (sha256 IS NULL)", name="document"),
        CheckConstraint("sent_at IS NULL OR document IS NOT NULL", name="sent_is_written"),
    )

    id: Mapped[int] = primary_key()
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(40))
    inputs: Mapped[bytes] = mapped_column(LargeBinary)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str | None] = mapped_column(String(64))
    mail: Mapped[bytes | None] = mapped_column(LargeBinary)  # as it went out, text and HTML
    mail_sha256: Mapped[str | None] = mapped_column(String(64))
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Message(Tenant, Base):
    """What staff and person wrote to each other about a case: a question, its answer, a free text. Sealed."""

    __tablename__ = "message"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id"),
        CheckConstraint("direction IN ('to_person', 'from_person')", name="direction"),
        CheckConstraint("login_id IS NULL OR direction = 'to_person'", name="staff_write_to_the_person"),
    )

    id: Mapped[int] = primary_key()
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(Id)
    direction: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    written_at: Mapped[datetime]


class Restriction(Tenant, Base):
    """That a person's data is set aside: since when, on which ground, and how it ended (Art. 18)."""

    __tablename__ = "restriction"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        Index(None, "controller_id", "case_id"),
        CheckConstraint("lift_on IS NULL OR told_at IS NOT NULL", name="told_before_lifting"),
        CheckConstraint("lifted_at IS NULL OR lift_on IS NOT NULL", name="announced_before_lifted"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    ground: Mapped[str] = mapped_column(String(60))
    scope: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    lift_on: Mapped[date | None]
    lifted_at: Mapped[datetime | None]
