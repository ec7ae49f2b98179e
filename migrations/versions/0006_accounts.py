"""People's own sign-in, codes to an address, and who members of staff are at their organisation's sign-in."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("login", sa.Column("own_since", AT, nullable=True))
    op.add_column("login", sa.Column("address_proven_at", AT, nullable=True))
    _session()
    _address_code()
    _sso_identity()


def _session() -> None:
    # SQLite cannot change a constraint: the table is made anew there, with its rows. Nothing points at a session.
    with op.batch_alter_table("session") as table:
        table.drop_constraint(op.f("ck_session_stage"), type_="check")
        table.create_check_constraint(
            op.f("ck_session_stage"), "stage IN ('password', 'full', 'person', 'own_first', 'own')"
        )


def _address_code() -> None:
    op.create_table(
        "address_code",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("login_id", ID, nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.CheckConstraint("purpose IN ('enter', 'prove')", name=op.f("ck_address_code_purpose")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_address_code_attempts")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_address_code_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_address_code_token_hash")),
    )
    op.create_index(op.f("ix_address_code_expires_at"), "address_code", ["expires_at"])


def _sso_identity() -> None:
    op.create_table(
        "sso_identity",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_sso_identity_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sso_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_sso_identity_issuer_subject")),
        sa.UniqueConstraint("issuer", "login_id", name=op.f("uq_sso_identity_issuer_login_id")),
    )
