"""The ground: controllers, people, cases, fulfilment, jobs and the trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "controller",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_controller")),
        sa.UniqueConstraint("slug", name=op.f("uq_controller_slug")),
    )
    op.create_table(
        "login",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", ID, nullable=True),
        sa.Column("invitation_hash", sa.LargeBinary(), nullable=True),
        sa.Column("invitation_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("email", name=op.f("uq_login_email")),
        sa.UniqueConstraint("invitation_hash", name=op.f("uq_login_invitation_hash")),
    )
    op.create_table(
        "rate",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "sweep",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sweep")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_api_token_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_api_token_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_api_token_controller_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heads", JSON, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_checkpoint_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("controller_id", "number", name=op.f("uq_checkpoint_controller_id_number")),
    )
    op.create_table(
        "draft",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_draft_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_draft_token_hash")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "filing",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("draft_hash", sa.LargeBinary(), nullable=False),
        sa.Column("submission", sa.String(length=20), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_filing_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint("controller_id", "draft_hash", name=op.f("uq_filing_controller_id_draft_hash")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_idempotency_key_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("controller_id", "key_hash", name=op.f("uq_idempotency_key_controller_id_key_hash")),
    )
    op.create_table(
        "membership",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("functions", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('dpo', 'handler', 'approver', 'admin', 'auditor')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_membership_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_membership_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("login_id", "controller_id", name=op.f("uq_membership_login_id_controller_id")),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("datasets", sa.JSON(), nullable=False),
        sa.Column("regime", sa.String(length=20), nullable=False),
        sa.Column("regime_version", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_policy_version_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_policy_version_controller_id_id")),
        sa.UniqueConstraint("controller_id", "number", name=op.f("uq_policy_version_controller_id_number")),
    )
    op.create_table(
        "session",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=True),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("references", JSON, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(stage = 'person') = (login_id IS NULL)", name=op.f("ck_session_login")),
        sa.CheckConstraint("stage IN ('password', 'full', 'person')", name=op.f("ck_session_stage")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_session_login_id_login")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_login_id"), ["login_id"], unique=False)

    op.create_table(
        "case",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("submission", sa.String(length=20), nullable=False),
        sa.Column("right", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("policy_version_id", ID, nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("spool_key", sa.LargeBinary(), nullable=True),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_order", sa.Date(), nullable=False),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_case_closed_has_outcome")),
        sa.CheckConstraint("due_order = coalesce(due_on, '9999-12-31')", name=op.f("ck_case_due_order")),
        sa.CheckConstraint(
            "outcome IN ('granted', 'partly_granted', 'refused', 'withdrawn', 'referred', 'no_data', 'unidentified', "
            "'lapsed')",
            name=op.f("ck_case_outcome"),
        ),
        sa.CheckConstraint("status <> 'closed' OR due_on IS NULL", name=op.f("ck_case_closed_has_no_due_date")),
        sa.CheckConstraint(
            "status IN ('unverified', 'proof_needed', 'open', 'waiting', 'in_progress', 'in_review', 'ready', "
            "'cooling_off', 'closed')",
            name=op.f("ck_case_status"),
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["login.id"], name=op.f("fk_case_assignee_id_login")),
        sa.ForeignKeyConstraint(
            ["controller_id", "policy_version_id"],
            ["policy_version.controller_id", "policy_version.id"],
            name=op.f("fk_case_controller_id_policy_version_id_policy_version"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_case_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_case_controller_id_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_reference")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_controller_id_due_order_id"), ["controller_id", "due_order", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_controller_id_received_at_id"), ["controller_id", "received_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_controller_id_assignee_id_due_order_id"),
            ["controller_id", "assignee_id", "due_order", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_case_controller_id_status_due_order_id"),
            ["controller_id", "status", "due_order", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_case_controller_id_submission"), ["controller_id", "submission"], unique=False
        )

    op.create_table(
        "approval",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_approval_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_approval_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_approval_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            "controller_id", "case_id", "login_id", name=op.f("uq_approval_controller_id_case_id_login_id")
        ),
    )
    op.create_table(
        "clock_fact",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_clock_fact_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_clock_fact_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_fact")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_clock_fact_controller_id_id")),
    )
    with op.batch_alter_table("clock_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clock_fact_controller_id_case_id"), ["controller_id", "case_id"], unique=False
        )

    op.create_table(
        "code",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("attempts BETWEEN 0 AND 5", name=op.f("ck_code_attempts")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_code_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_code_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_code_controller_id_id")),
    )
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_code_controller_id_case_id_purpose"), ["controller_id", "case_id", "purpose"], unique=False
        )

    op.create_table(
        "collected",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("connection", sa.String(length=60), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("categories", JSON, nullable=False),
        sa.Column("rows", ID, nullable=False),
        sa.Column("bytes", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("spooled", JSON, nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("rows >= 0 AND bytes >= 0", name=op.f("ck_collected_counts")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_collected_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_collected_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collected")),
        sa.UniqueConstraint(
            "controller_id",
            "case_id",
            "connection",
            "collection",
            name=op.f("uq_collected_controller_id_case_id_connection_collection"),
        ),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_collected_controller_id_id")),
    )
    op.create_table(
        "identity",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("proven_by", sa.String(length=40), nullable=True),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("(proven_by IS NULL) = (proven_at IS NULL)", name=op.f("ck_identity_proof")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_identity_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_identity_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "controller_id", "case_id", "kind", "digest", name=op.f("uq_identity_controller_id_case_id_kind_digest")
        ),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_identity_controller_id_id")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_controller_id_digest"), ["controller_id", "digest"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sent', 'running', 'done', 'dead')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_job_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_job_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_job_controller_id_id")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_controller_id_case_id"), ["controller_id", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("(document IS NULL) = (sha256 IS NULL)", name=op.f("ck_letter_document")),
        sa.CheckConstraint("sent_at IS NULL OR document IS NOT NULL", name=op.f("ck_letter_sent_is_written")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_letter_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_letter_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_letter_controller_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_public_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_controller_id_case_id"), ["controller_id", "case_id"], unique=False)

    op.create_table(
        "package",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("object_name", sa.String(length=80), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("bytes", ID, nullable=False),
        sa.Column("rows", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.Column("assembled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("(object_name IS NULL) = (data_key IS NULL)", name=op.f("ck_package_key_and_object")),
        sa.CheckConstraint("released_at IS NULL OR expires_at IS NOT NULL", name=op.f("ck_package_released_expires")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_package_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_package_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_package_controller_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_package_public_id")),
    )
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_package_controller_id_case_id"), ["controller_id", "case_id"], unique=False
        )

    op.create_table(
        "run",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("connection", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("error", JSON, nullable=True),
        sa.Column("left_out", JSON, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f("ck_run_failed_has_error")),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'skipped')", name=op.f("ck_run_state")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_run_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_run_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint(
            "controller_id", "case_id", "connection", name=op.f("uq_run_controller_id_case_id_connection")
        ),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_run_controller_id_id")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_trail_entry_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_trail_entry_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
        sa.UniqueConstraint("controller_id", "chain", "number", name=op.f("uq_trail_entry_controller_id_chain_number")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trail_entry_controller_id_case_id_id"), ["controller_id", "case_id", "id"], unique=False
        )

    op.create_table(
        "item_decision",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("collected_id", ID, nullable=False),
        sa.Column("row_number", ID, nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id", "collected_id"],
            ["collected.controller_id", "collected.id"],
            name=op.f("fk_item_decision_controller_id_collected_id_collected"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_item_decision_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_item_decision_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_decision")),
        sa.UniqueConstraint(
            "controller_id",
            "collected_id",
            "row_number",
            name=op.f("uq_item_decision_controller_id_collected_id_row_number"),
        ),
    )

    _make_append_only("trail_entry")
    _make_append_only("checkpoint")


def _make_append_only(table: str) -> None:
    """What was written into the trail stays: the database itself refuses to change or delete it (Art. 5(2))."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_stays()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
