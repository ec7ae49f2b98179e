"""The tables of ispmanager's three systems: the client area, the help desk and the logs. Old names were never changed:
reserved words, mixed case, keys of two columns, JSON."""

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

CLIENTS = MetaData()
HELPDESK = MetaData()
LOGS = MetaData()

accounts = Table(
    "accounts", CLIENTS,
    Column("id", Integer, primary_key=True),
    Column("number", String(20), unique=True, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(120), nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20)),
    Column("street", String(120)),
    Column("city", String(60)),
    Column("postcode", String(10)),
    Column("country", String(2), nullable=False),
    Column("taxNumber", String(20)),
    Column("billing_details", JSON),
    Column("language", String(2), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("merged_into_id", ForeignKey("accounts.id"), index=True),
)  # fmt: skip

users = Table(
    "users", CLIENTS,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("login", String(60), unique=True, nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("fullName", String(120), nullable=False),
    Column("nickname", String(120)),
    Column("phone", String(20)),
    Column("google_account_id", String(30)),
    Column("birth_date", Date),
    Column("password_hash", String(120), nullable=False),
    Column("totp_secret", String(40)),
    Column("role", String(20), nullable=False),
    Column("settings", JSON),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
)  # fmt: skip

guardians = Table(
    "guardians", CLIENTS,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("full_name", String(120), nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20)),
    Column("consent_given_at", DateTime(timezone=True), nullable=False),
    Column("how_verified", String(120), nullable=False),
)  # fmt: skip

licences = Table(
    "licences", CLIENTS,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("order", Integer, primary_key=True, autoincrement=False),
    Column("product", String(60), nullable=False),
    Column("activation_key", String(60), nullable=False),
    Column("server_ip", String(45)),
    Column("limit", Integer),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("auto_renew", Boolean, nullable=False),
)  # fmt: skip

payments = Table(
    "payments", CLIENTS,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("order", Integer, nullable=False),
    Column("paid_at", DateTime, nullable=False),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("method", String(20), nullable=False),
    Column("payer_name", String(120)),
    Column("refunds_id", ForeignKey("payments.id"), index=True),
)  # fmt: skip

consents = Table(
    "consents", CLIENTS,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("given_at", DateTime(timezone=True), primary_key=True),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("wording", String(20), nullable=False),
)  # fmt: skip

cookie_choices = Table(
    "cookie_choices", CLIENTS,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("party", String(10), nullable=False),
    Column("lasts", String(10), nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("chosen_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

trusted_persons = Table(
    "trusted_persons", CLIENTS,
    Column("id", Integer, primary_key=True),
    Column("full_name", String(120), nullable=False),
    Column("email", String(254), index=True, nullable=False),
    Column("phone", String(20)),
    Column("relation", String(60)),
)  # fmt: skip

trusted_access = Table(
    "trusted_access", CLIENTS,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("trusted_person_id", ForeignKey("trusted_persons.id"), primary_key=True),
    Column("may", JSON, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("removed_at", DateTime(timezone=True)),
)  # fmt: skip

requesters = Table(
    "requesters", HELPDESK,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), index=True, nullable=False),
    Column("name", String(120), nullable=False),
    Column("phone", String(20), index=True),
    Column("account_number", String(20), index=True),
    Column("language", String(2), nullable=False),
    Column("notes", Text),
)  # fmt: skip

tickets = Table(
    "tickets", HELPDESK,
    Column("id", Integer, primary_key=True),
    Column("requester_id", ForeignKey("requesters.id"), nullable=False, index=True),
    Column("subject", String(200), nullable=False),
    Column("group", String(30), nullable=False),
    Column("status", String(20), nullable=False),
    Column("tags", JSON(none_as_null=True)),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("merged_into_id", ForeignKey("tickets.id"), index=True),
)  # fmt: skip

messages = Table(
    "messages", HELPDESK,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("from", String(10), nullable=False),
    Column("body", Text, nullable=False),
    Column("attachments", JSON(none_as_null=True)),
    Column("sent_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip

activity = Table(
    "activity", LOGS,
    Column("login", String(60), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("action", String(40), nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("ip_address", String(45)),
    Column("parameters", JSON(none_as_null=True)),
)  # fmt: skip

sign_ins = Table(
    "sign_ins", LOGS,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("ip_address", String(45), nullable=False),
    Column("browser", String(60)),
    Column("session_token", String(64)),
)  # fmt: skip

devices = Table(
    "devices", LOGS,
    Column("device_id", String(36), primary_key=True),
    Column("login", String(60), nullable=False, index=True),
    Column("model", String(60), nullable=False),
    Column("osVersion", String(40)),
    Column("first_seen", Date, nullable=False),
    Column("last_seen", Date),
)  # fmt: skip

error_reports = Table(
    "error_reports", LOGS,
    Column("id", Integer, primary_key=True),
    Column("device_id", ForeignKey("devices.device_id"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("product", String(60), nullable=False),
    Column("message", Text, nullable=False),
    Column("usage", JSON(none_as_null=True)),
)  # fmt: skip
