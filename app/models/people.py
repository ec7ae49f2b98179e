"""Who may act: logins of staff and people's own, memberships, browser sessions, API tokens, and the counters that slow
guessing down."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Tenant, one_controller, primary_key

ROLES = ("dpo", "handler", "approver", "admin", "auditor")


class Login(Base):
    """One person's way in; the same login may work for several controllers, or for none: then it is somebody's own.
    Global."""

    __tablename__ = "login"

    id: Mapped[int] = primary_key()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(300))
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None] = mapped_column(Id)
    invitation_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    invitation_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # Since when its owner may sign in as a person, too; and when the address was last shown to be theirs, by a code.
    own_since: Mapped[datetime | None]
    address_proven_at: Mapped[datetime | None]


class Membership(Base):
    """What a login may do at one controller. Global: it is read before a controller is known."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("login_id", "controller_id"),
        CheckConstraint("role IN ('dpo', 'handler', 'approver', 'admin', 'auditor')", name="role"),
    )

    id: Mapped[int] = primary_key()
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    controller_id: Mapped[int] = mapped_column(ForeignKey("controller.id"))
    role: Mapped[str] = mapped_column(String(20))
    functions: Mapped[list[Any]]
    created_at: Mapped[datetime]


class BrowserSession(Base):
    """A signed-in browser: staff, a person let into single cases, or one with a sign-in of their own, which never opens
    the desk. Only the hash of its id is stored. Global."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("stage IN ('password', 'full', 'person', 'own_first', 'own')", name="stage"),
        CheckConstraint("(stage = 'person') = (login_id IS NULL)", name="login"),
        Index(None, "login_id"),
    )

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    stage: Mapped[str] = mapped_column(String(10))
    references: Mapped[list[Any]]
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # When the second factor was last shown; what cannot be taken back asks for it again when that is long ago.
    proved_at: Mapped[datetime | None]
    # By which its owner knows it again: "Firefox on Windows", and a network without its last part.
    device: Mapped[str | None] = mapped_column(String(60))
    network: Mapped[str | None] = mapped_column(String(60))


class RecoveryCode(Base):
    """A code that stands in for a lost second factor, once. Only a keyed digest is stored. Global, as the login is."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index(None, "login_id"),)

    id: Mapped[int] = primary_key()
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key pair in a device of a member of staff (WebAuthn); only the public half is here. Global."""

    __tablename__ = "passkey"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"), Index(None, "login_id"))

    id: Mapped[int] = primary_key()
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class AddressCode(Base):
    """A code on its way to an address, bound to the browser that asked for it: made and tried alike whether or not
    anybody has a sign-in there. Global."""

    __tablename__ = "address_code"
    __table_args__ = (
        CheckConstraint("purpose IN ('enter', 'prove')", name="purpose"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "expires_at"),
    )

    id: Mapped[int] = primary_key()
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    purpose: Mapped[str] = mapped_column(String(10))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(10))
    # Whose password or passkey was shown in this browser before: then the code only renews that the address is theirs.
    login_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SsoIdentity(Base):
    """Who a member of staff is at their organisation's own sign-in (OpenID Connect): found by this from then on, never
    by an address that may have gone to somebody else. Global."""

    __tablename__ = "sso_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("issuer", "login_id"))

    id: Mapped[int] = primary_key()
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


class FactorReset(Tenant, Base):
    """Somebody lost their second factor: one colleague asks for a new beginning, another one confirms it."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        one_controller(),
        CheckConstraint(
            "NOT confirmed OR (settled_by_id <> asked_by_id AND settled_by_id <> login_id)", name="confirmed_by_another"
        ),
        CheckConstraint("(settled_by_id IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("NOT confirmed OR settled_at IS NOT NULL", name="confirmed"),
        Index(None, "controller_id", "login_id"),
    )

    id: Mapped[int] = primary_key()
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    asked_at: Mapped[datetime]
    confirmed: Mapped[bool]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("login.id"))
    settled_at: Mapped[datetime | None]


class Rate(Base):
    """How often something was tried in the current window; keys are keyed digests, never addresses. Global."""

    __tablename__ = "rate"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_ends_at: Mapped[datetime]
    count: Mapped[int]


class ApiToken(Tenant, Base):
    """A bearer token of a login at one controller, stored as a hash."""

    __tablename__ = "api_token"
    __table_args__ = (one_controller(),)

    id: Mapped[int] = primary_key()
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Tenant, Base):
    """What was answered to a POST with an Idempotency-Key, so that a repeat gets the same answer."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("controller_id", "key_hash"),)

    id: Mapped[int] = primary_key()
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)
    result: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
