"""Sign-in: when the second factor was last shown and from what device, recovery codes, passkeys, lost factors."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("proved_at", AT, nullable=True))
    op.add_column("session", sa.Column("device", sa.String(length=60), nullable=True))
    op.add_column("session", sa.Column("network", sa.String(length=60), nullable=True))
    # Whoever is signed in showed their second factor when the session began.
    op.execute("UPDATE session SET proved_at = started_at WHERE stage = 'full'")
    _recovery_code()
    _passkey()
    _factor_reset()


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_recovery_code_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_login_id"), "recovery_code", ["login_id"])


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("last_used_at", AT, nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_passkey_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_login_id"), "passkey", ["login_id"])


def _factor_reset() -> None:
    op.create_table(
        "factor_reset",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("settled_by_id", ID, nullable=True),
        sa.Column("settled_at", AT, nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint(
            "NOT confirmed OR (settled_by_id <> asked_by_id AND settled_by_id <> login_id)",
            name=op.f("ck_factor_reset_confirmed_by_another"),
        ),
        sa.CheckConstraint("(settled_by_id IS NULL) = (settled_at IS NULL)", name=op.f("ck_factor_reset_settled")),
        sa.CheckConstraint("NOT confirmed OR settled_at IS NOT NULL", name=op.f("ck_factor_reset_confirmed")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["login.id"], name=op.f("fk_factor_reset_asked_by_id_login")),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_factor_reset_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_factor_reset_login_id_login")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["login.id"], name=op.f("fk_factor_reset_settled_by_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_reset")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_factor_reset_controller_id_id")),
    )
    op.create_index(op.f("ix_factor_reset_controller_id_login_id"), "factor_reset", ["controller_id", "login_id"])
