"""The tables of ManaJet's two databases: the platform with its Accounts, and support."""

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

PLATFORM = MetaData()
SUPPORT = MetaData()

customers = Table(
    "customers", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("number", String(12), unique=True, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(120), nullable=False),
    Column("regNo", String(14)),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20), index=True),
    Column("street", String(120)),
    Column("city", String(60)),
    Column("postcode", String(10)),
    Column("country", String(2), nullable=False),
    Column("since", Date, nullable=False),
)  # fmt: skip

accounts = Table(
    "accounts", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), index=True, nullable=False),
    Column("address", String(60), unique=True, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("settings", JSON),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("suspended_at", DateTime(timezone=True)),
    Column("converted_on", Date),
)  # fmt: skip

licences = Table(
    "licences", PLATFORM,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("plan", String(20), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("price", Numeric(10, 2), nullable=False),
    Column("paid", Boolean, nullable=False),
)  # fmt: skip

orders = Table(
    "orders", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), index=True, nullable=False),
    Column("account_id", Integer, nullable=False),
    Column("licence", Integer, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("amount", Numeric(10, 2), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("paid", Boolean, nullable=False),  # paid or not is all that the payment service tells
)  # fmt: skip

users = Table(
    "users", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), index=True, nullable=False),
    Column("userName", String(60), unique=True, nullable=False),
    Column("fullName", String(120), nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20), index=True),
    Column("passwordHash", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("position", String(60)),
    Column("mayExport", Boolean, nullable=False),
    Column("mayImport", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("profile", JSON(none_as_null=True)),
    Column("avatar", LargeBinary),
    Column("invited_by_id", ForeignKey("users.id"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

consents = Table(
    "consents", PLATFORM,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("given", Boolean, nullable=False),
    Column("wording", String(10), nullable=False),
)  # fmt: skip

sign_ins = Table(
    "sign_ins", PLATFORM,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("ip_address", String(45), nullable=False),
    Column("browser", String(60)),
)  # fmt: skip

api_keys = Table(
    "api_keys", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), index=True, nullable=False),
    Column("label", String(60), nullable=False),
    Column("key_hash", String(64), nullable=False),
    Column("created_on", Date, nullable=False),
    Column("last_used_at", DateTime(timezone=True)),
)  # fmt: skip

access_sessions = Table(
    "access_sessions", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), index=True, nullable=False),
    Column("staff_name", String(120), nullable=False),
    Column("staff_role", String(30), nullable=False),
    Column("reason", Text, nullable=False),
    Column("contract", String(20), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

access_actions = Table(
    "access_actions", PLATFORM,
    Column("session_id", ForeignKey("access_sessions.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("action", String(40), nullable=False),
    Column("user_id", Integer, index=True),
)  # fmt: skip

projects = Table(
    "projects", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("owner_id", ForeignKey("users.id"), index=True, nullable=False),
    Column("title", String(120), nullable=False),
    Column("group", String(30)),
    Column("budget", Numeric(12, 2)),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
)  # fmt: skip

documents = Table(
    "documents", PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("author_id", ForeignKey("users.id"), index=True, nullable=False),
    Column("title", String(120), nullable=False),
    Column("text", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("replaces_id", ForeignKey("documents.id"), index=True),
)  # fmt: skip

contacts = Table(
    "contacts", SUPPORT,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, index=True),  # of the other database; empty for who is no user yet
    Column("name", String(120), nullable=False),
    Column("email", String(254), index=True),
    Column("phone", String(20), index=True),
    Column("language", String(2), nullable=False),
)  # fmt: skip

tickets = Table(
    "tickets", SUPPORT,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), index=True, nullable=False),
    Column("subject", String(120), nullable=False),
    Column("status", String(12), nullable=False),
    Column("tags", JSON),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("merged_into_id", Integer, index=True),
)  # fmt: skip

ticket_messages = Table(
    "ticket_messages", SUPPORT,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("from", String(10), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("text", Text, nullable=False),
)  # fmt: skip

contact_log = Table(
    "contact_log", SUPPORT,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contacts.id"), index=True, nullable=False),
    Column("staff_name", String(120), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("purpose", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
