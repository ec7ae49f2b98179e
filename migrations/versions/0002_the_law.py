"""The law: the version a case stands under, mails kept as sent, messages and restrictions."""

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("regime_version", sa.String(length=40), nullable=False, server_default="1"))
    # Until now a case stood under the law that its controller file named when it was applied.
    op.execute(
        'UPDATE "case" SET regime_version = (SELECT policy_version.regime_version FROM policy_version'
        ' WHERE policy_version.id = "case".policy_version_id'
        ' AND policy_version.controller_id = "case".controller_id)'
    )
    op.add_column("letter", sa.Column("mail", sa.LargeBinary(), nullable=True))
    op.add_column("letter", sa.Column("mail_sha256", sa.String(length=64), nullable=True))
    _message()
    _restriction()


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("direction", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("login_id", ID, nullable=True),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("direction IN ('to_person', 'from_person')", name=op.f("ck_message_direction")),
        sa.CheckConstraint(
            "login_id IS NULL OR direction = 'to_person'", name=op.f("ck_message_staff_write_to_the_person")
        ),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_message_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_message_controller_id_controller")),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_message_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_message_controller_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
    )
    op.create_index(op.f("ix_message_controller_id_case_id"), "message", ["controller_id", "case_id"])


def _restriction() -> None:
    op.create_table(
        "restriction",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("told_at", AT, nullable=True),
        sa.Column("lift_on", sa.Date(), nullable=True),
        sa.Column("lifted_at", AT, nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("lift_on IS NULL OR told_at IS NOT NULL", name=op.f("ck_restriction_told_before_lifting")),
        sa.CheckConstraint(
            "lifted_at IS NULL OR lift_on IS NOT NULL", name=op.f("ck_restriction_announced_before_lifted")
        ),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_restriction_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_restriction_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_restriction_controller_id_id")),
    )
    op.create_index(op.f("ix_restriction_controller_id_case_id"), "restriction", ["controller_id", "case_id"])
