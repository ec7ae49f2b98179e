"""The tables of SoftManager's two databases, odd as grown ones are: reserved words, mixed case, JSON, bytes."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
)  # fmt: skip

CRM = MetaData()
BILLING = MetaData()

clients = Table(
    "clients", CRM,
    Column("id", Integer, primary_key=True),
    Column("code", String(20), unique=True, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(120), nullable=False),
    Column("cif", String(12)),
    Column("cnp", String(13)),
    Column("email", String(254), index=True),
    Column("phone", String(20)),
    Column("street", String(120)),
    Column("city", String(60)),
    Column("county", String(40)),
    Column("postcode", String(10)),
    Column("country", String(2), nullable=False),
    Column("iban", String(34)),
    Column("credit_limit", Numeric(12, 2)),
    Column("settings", JSON),
    Column("active", Boolean, nullable=False),
    Column("since", Date, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("merged_into_id", Integer, index=True),  # no foreign key: the old program allowed circles
)  # fmt: skip

contacts = Table(
    "contacts", CRM,
    Column("id", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("full_name", String(120), nullable=False),
    Column("email", String(254), index=True),
    Column("phone", String(20), index=True),
    Column("position", String(60)),
    Column("birthday", Date),
    Column("group", String(30)),
    Column("news", Boolean, nullable=False),
    Column("notes", Text),
)  # fmt: skip

users = Table(
    "users", CRM,
    Column("id", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("username", String(60), unique=True, nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("fullName", String(120), nullable=False),
    Column("phone", String(20)),
    Column("cnp", String(13)),
    Column("id_card_series", String(2)),
    Column("id_card_number", String(6)),
    Column("password_hash", String(120), nullable=False),
    Column("api_key", String(60)),
    Column("role", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("preferences", JSON),
    Column("avatar", LargeBinary),
    Column("lastLoginAt", DateTime),
    Column("created_at", DateTime, nullable=False),
)  # fmt: skip

activity_log = Table(
    "activity_log", CRM,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("action", String(40), nullable=False),
    Column("ip_address", String(45)),
    Column("details", JSON(none_as_null=True)),
)  # fmt: skip

documents = Table(
    "documents", BILLING,
    Column("id", Integer, primary_key=True),
    Column("series", String(10), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("client_id", Integer, nullable=False, index=True),
    Column("contact_id", Integer, index=True),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date),
    Column("currency", String(3), nullable=False),
    Column("total", Numeric(12, 2), nullable=False),
    Column("vat", Numeric(12, 2), nullable=False),
    Column("paid", Boolean, nullable=False),
    Column("notes", Text),
    Column("corrects_id", ForeignKey("documents.id"), index=True),
)  # fmt: skip

document_lines = Table(
    "document_lines", BILLING,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("description", String(200), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("quantity", Numeric(10, 3), nullable=False),
    Column("unit_price", Numeric(12, 2), nullable=False),
    Column("vat_rate", Numeric(4, 2), nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
)  # fmt: skip

payments = Table(
    "payments", BILLING,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), index=True),
    Column("client_id", Integer, nullable=False, index=True),
    Column("paid_on", Date, nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("method", String(20), nullable=False),
    Column("payer_name", String(120)),
    Column("payer_iban", String(34)),
)  # fmt: skip

subscriptions = Table(
    "subscriptions", BILLING,
    Column("client_id", Integer, primary_key=True, autoincrement=False),
    Column("plan", String(20), primary_key=True),
    Column("starts_on", Date, primary_key=True),
    Column("ends_on", Date),
    Column("price", Numeric(12, 2), nullable=False),
    Column("auto_renew", Boolean, nullable=False),
    Column("cancelled_at", DateTime),
    Column("reason", Text),
)  # fmt: skip
