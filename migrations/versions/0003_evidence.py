"""Evidence: files that prove who somebody is or for whom they act, each under a key of its own."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("object_name", sa.String(length=80), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("size", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("login_id", ID, nullable=True),
        sa.Column("uploaded_at", AT, nullable=False),
        sa.Column("scan", sa.String(length=12), nullable=False),
        sa.Column("scanned_at", AT, nullable=True),
        sa.Column("finding", sa.String(length=200), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("destroy_by", sa.Date(), nullable=False),
        sa.Column("destroyed_at", AT, nullable=True),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        *_checks(),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_evidence_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_evidence_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_evidence_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_evidence_controller_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.create_index(op.f("ix_evidence_controller_id_case_id"), "evidence", ["controller_id", "case_id"])
    op.create_index(
        op.f("ix_evidence_controller_id_destroyed_at_destroy_by"),
        "evidence",
        ["controller_id", "destroyed_at", "destroy_by"],
    )


def _checks() -> list[sa.CheckConstraint]:
    """What may never be: a file without its key, one that is ready without a scan, one destroyed nobody knows how."""
    checks = {
        "purpose": "purpose IN ('identity', 'mandate', 'other')",
        "state": "state IN ('waiting_for_scanner', 'ready', 'rejected', 'destroyed')",
        "scan": "scan IN ('waiting', 'clean', 'infected', 'no_scanner')",
        "scanned_when_ready": "state <> 'ready' OR scan IN ('clean', 'no_scanner')",
        "rejected_by_scanner": "state <> 'rejected' OR scan = 'infected'",
        "key_and_object": "(object_name IS NULL) = (data_key IS NULL)",
        "gone": "(object_name IS NULL) = (destroyed_at IS NOT NULL)",
        "gone_state": "(state IN ('rejected', 'destroyed')) = (destroyed_at IS NOT NULL)",
        "gone_how": "(how IS NULL) = (destroyed_at IS NULL)",
        "gone_name": "destroyed_at IS NULL OR name IS NULL",
        "size": "size > 0",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_evidence_{name}")) for name, rule in checks.items()]
