"""The tables of MGT Connect's three databases: exchange, service and logs, with names that once seemed a good idea."""

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

EXCHANGE = MetaData()
SERVICE = MetaData()
LOGS = MetaData()

companies = Table(
    "companies", EXCHANGE,
    Column("id", Integer, primary_key=True),
    Column("contract_no", String(20), unique=True, nullable=False),
    Column("legalName", String(160), nullable=False),
    Column("eik", String(13)),
    Column("vat_no", String(15)),
    Column("email", String(254), index=True),
    Column("phone", String(20)),
    Column("street", String(120)),
    Column("city", String(60)),
    Column("postcode", String(10)),
    Column("status", String(20), nullable=False),
    Column("settings", JSON),
    Column("registered_on", Date, nullable=False),
    Column("parent_id", ForeignKey("companies.id"), index=True),
)  # fmt: skip

accounts = Table(
    "accounts", EXCHANGE,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), unique=True, nullable=False),
    Column("fullName", String(120), nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20), index=True),
    Column("position", String(60)),
    Column("language", String(2), nullable=False),
    Column("guardian", String(254)),
    Column("password_hash", String(120), nullable=False),
    Column("totp_secret", String(60)),
    Column("active", Boolean, nullable=False),
    Column("preferences", JSON),
    Column("created_at", DateTime, nullable=False),
)  # fmt: skip

consents = Table(
    "consents", EXCHANGE,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("where", String(30), nullable=False),
    Column("given_at", DateTime, nullable=False),
    Column("withdrawn_at", DateTime),
)  # fmt: skip

members = Table(
    "members", EXCHANGE,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("company_id", ForeignKey("companies.id"), primary_key=True),
    Column("role", String(30), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
)  # fmt: skip

documents = Table(
    "documents", EXCHANGE,
    Column("id", Integer, primary_key=True),
    Column("reference", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("from", ForeignKey("companies.id"), nullable=False, index=True),
    Column("to", ForeignKey("companies.id"), nullable=False),
    Column("sent_by", Integer, nullable=False, index=True),  # no foreign key: people erase their accounts
    Column("issued_on", Date, nullable=False),
    Column("total", Numeric(12, 2)),
    Column("currency", String(3)),
    Column("content", JSON(none_as_null=True)),
    Column("answers_id", ForeignKey("documents.id")),
)  # fmt: skip

transactions = Table(
    "transactions", EXCHANGE,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("account_id", Integer, index=True),
    Column("event", String(30), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("note", Text),
)  # fmt: skip

tickets = Table(
    "tickets", SERVICE,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, index=True),
    Column("requesterName", String(120), nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20)),
    Column("channel", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("group", String(30)),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("labels", JSON),
    Column("follows_id", ForeignKey("tickets.id"), index=True),
)  # fmt: skip

ticket_messages = Table(
    "ticket_messages", SERVICE,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("from_customer", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("attachments", JSON(none_as_null=True)),
)  # fmt: skip

surveys = Table(
    "surveys", SERVICE,
    Column("id", Integer, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
)  # fmt: skip

survey_answers = Table(
    "survey_answers", SERVICE,
    Column("survey_id", ForeignKey("surveys.id"), primary_key=True),
    Column("email", String(254), primary_key=True, index=True),
    Column("answered_on", Date, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("rating", Integer),
)  # fmt: skip

legal_records = Table(
    "legal_records", SERVICE,
    Column("id", String(12), primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("partyName", String(120), nullable=False),
    Column("email", String(254), index=True),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("amount", Numeric(12, 2)),
    Column("summary", Text),
)  # fmt: skip

activity = Table(
    "activity", LOGS,
    Column("account_id", Integer, primary_key=True, autoincrement=False),
    Column("entry", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("action", String(40), nullable=False),
    Column("device_id", String(36)),
    Column("details", JSON(none_as_null=True)),
    Column("keep_days", Integer, nullable=False),
)  # fmt: skip

devices = Table(
    "devices", LOGS,
    Column("id", String(36), primary_key=True),
    Column("account_id", Integer, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("system", String(30)),
    Column("browser", String(30)),
    Column("ip_address", String(45)),
    Column("screen", JSON),
    Column("lastSeen", DateTime),
    Column("push_token", String(80)),
)  # fmt: skip
