"""How somebody shows who they are, or for whom they act (Art. 12(6)): what was asked and shown, and what is on file."""

from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.policy_values import Way
from app.models.base import Base, Id, Tenant, belongs_to, one_controller, primary_key

_WAYS = ", ".join(repr(way) for way in get_args(Way))


class ProofStep(Tenant, Base):
    """One rung of the ladder for one case: asked for by staff with a reason, shown, or no longer open."""

    __tablename__ = "proof_step"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id", "way"),
        CheckConstraint(f"way IN ({_WAYS})", name="way"),
        CheckConstraint("(asked_at IS NULL) = (reason IS NULL)", name="asked_with_a_reason"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    way: Mapped[str] = mapped_column(String(20))
    # Staff ask for more than the ladder does: only with a reason, sealed under the case's key.
    asked_at: Mapped[datetime | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    shown_at: Mapped[datetime | None]
    shown_to_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))  # staff who saw it; none: the portal did
    closed_at: Mapped[datetime | None]  # it can no longer be shown this way: tried too often, objected to
    facts: Mapped[dict[str, Any]]


class OnFile(Tenant, Base):
    """A contact that the organisation's own systems hold for whom the request names. Never shown to who asks."""

    __tablename__ = "on_file"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id", "kind", "digest"),
        CheckConstraint("kind IN ('email', 'phone', 'post')", name="kind"),
        CheckConstraint("answer IN ('mine', 'not_mine')", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("answered_at IS NULL OR told_at IS NOT NULL", name="told_before_answered"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(10))
    claimed: Mapped[str] = mapped_column(String(40))  # the kind of identity by which it was found
    connection: Mapped[str] = mapped_column(String(60))
    value: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]


class FactQuestion(Tenant, Base):
    """A question whose answer both sides know. Only keyed digests of the answers; random ones where there is none."""

    __tablename__ = "fact_question"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id", "place"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    place: Mapped[str] = mapped_column(String(200))  # connection.collection.field
    answers: Mapped[list[Any]]
    drawn_at: Mapped[datetime]


class SignedForm(Tenant, Base):
    """The form that is printed, signed and sent back; its code ties a scan to the case, whatever way it comes."""

    __tablename__ = "signed_form"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id"),
        CheckConstraint("verdict IN ('duly_executed', 'defective')", name="verdict"),
        CheckConstraint("(verdict IS NULL) = (judged_at IS NULL)", name="judged"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    code: Mapped[bytes] = mapped_column(LargeBinary)  # sealed under the case's key, to print it again
    made_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(15))
    defects: Mapped[list[Any]]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))


class CallBack(Tenant, Base):
    """Staff asked at a contact on file, never at one from the letter, whether the letter is theirs."""

    __tablename__ = "call_back"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        belongs_to("on_file", "on_file_id"),
        Index(None, "controller_id", "case_id"),
        CheckConstraint("result IN ('confirmed', 'denied', 'not_reached')", name="result"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    on_file_id: Mapped[int] = mapped_column(Id)
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    result: Mapped[str] = mapped_column(String(12))
    note: Mapped[bytes] = mapped_column(LargeBinary)
    called_at: Mapped[datetime]


class Representation(Tenant, Base):
    """For whom somebody else files, with what authority, how far and how long it reaches (LAW 6; Art. 8, 80)."""

    __tablename__ = "representation"
    __table_args__ = (
        one_controller(),
        belongs_to("case", "case_id"),
        UniqueConstraint("controller_id", "case_id"),
        Index(None, "controller_id", "contact_digest", "filed_at"),
        CheckConstraint("kind IN ('guardian', 'agent')", name="kind"),
        CheckConstraint("answer_to IN ('subject', 'representative')", name="answer_to"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        CheckConstraint("revoked_by IN ('subject', 'representative', 'staff', 'of_age', 'ended')", name="revoked_by"),
    )

    id: Mapped[int] = primary_key()
    case_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(10))
    personal: Mapped[bytes] = mapped_column(LargeBinary)  # who acts, as what, for whom born when: sealed
    contact_digest: Mapped[bytes] = mapped_column(LargeBinary)  # the representative's address, to count what they file
    scope: Mapped[list[Any]]  # the rights that the mandate covers
    filed_at: Mapped[datetime]
    ends_on: Mapped[date | None]  # the mandate's last day, or the day before the child comes of age
    cosigned_at: Mapped[datetime | None]  # the subject agreed through a channel of their own
    accepted_at: Mapped[datetime | None]  # staff saw the authority
    answer_to: Mapped[str] = mapped_column(String(15))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(15))
