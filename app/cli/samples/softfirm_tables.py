"""The tables of SoftFirm's two databases: what a user gives on their own authority (R-8), and what comes of it."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
)  # fmt: skip

REGISTRY = MetaData()
SITE = MetaData()

users = Table(
    "user", REGISTRY,
    Column("id", Integer, primary_key=True),
    Column("number", String(12), unique=True, nullable=False),
    Column("Name", String(120), nullable=False),
    Column("mobile", String(24)),
    Column("email", String(254), nullable=False, index=True),
    Column("registration", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("merged_into_id", Integer, index=True),  # no foreign key: either of two accounts may have been the first
)  # fmt: skip

consents = Table(
    "consent", REGISTRY,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("given_on", Date, nullable=False),
    Column("withdrawn_on", Date),
    Column("ip", String(45), nullable=False),
    Column("wording", String(8), nullable=False),
)  # fmt: skip

representatives = Table(
    "representative", REGISTRY,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("full_name", String(120), nullable=False),
    Column("email", String(254), nullable=False, index=True),
    Column("mobile", String(24)),
    Column("received_on", Date, nullable=False),
    Column("accepted_on", Date),
    Column("revoked_on", Date),
)  # fmt: skip

changes = Table(
    "change", REGISTRY,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("column", String(20), nullable=False),
    Column("old", Text),
    Column("new", Text),
)  # fmt: skip

transfers = Table(
    "transfer", REGISTRY,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id"), nullable=False, index=True),
    Column("on", Date, nullable=False),
    Column("recipient", String(120), nullable=False),
    Column("basis", String(200), nullable=False),
    Column("fields", JSON, nullable=False),
)  # fmt: skip

sign_ins = Table(
    "sign_in", SITE,
    Column("id", Integer, primary_key=True),
    Column("account", String(12), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("ip", String(45), nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("seconds", Numeric(6, 3), nullable=False),
    Column("SessionKey", String(64)),
)  # fmt: skip

cookie_choices = Table(
    "cookie_choice", SITE,
    Column("visitor", String(36), primary_key=True),
    Column("at", DateTime, primary_key=True),
    Column("account", String(12), index=True),
    Column("ip", String(45), nullable=False),
    Column("choice", JSON(none_as_null=True)),
)  # fmt: skip

newsletter_log = Table(
    "newsletter_log", SITE,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), nullable=False, index=True),
    Column("name", String(120)),
    Column("subject", String(200), nullable=False),
    Column("when", DateTime, nullable=False),
    Column("repeats_id", ForeignKey("newsletter_log.id"), index=True),
)  # fmt: skip
