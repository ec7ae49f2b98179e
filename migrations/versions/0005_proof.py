"""Proof: the rungs of the ladder, contacts on file, facts that both sides know, signed forms, call-backs, and who acts
for whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("looked_up_at", AT, nullable=True))
    op.add_column("evidence", sa.Column("form", sa.String(length=10), nullable=True))
    op.add_column("evidence", sa.Column("mail_checks", JSON, nullable=True))
    op.add_column("identity", sa.Column("of", sa.String(length=15), server_default="subject", nullable=False))
    _proof_step()
    _on_file()
    _fact_question()
    _signed_form()
    _call_back()
    _representation()


def _proof_step() -> None:
    op.create_table(
        "proof_step",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("asked_at", AT, nullable=True),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("shown_at", AT, nullable=True),
        sa.Column("shown_to_id", ID, nullable=True),
        sa.Column("closed_at", AT, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint(
            "way IN ('account_session', 'email_code', 'phone_code', 'two_facts',"
            " 'signed_form', 'official_letter', 'document_view', 'representative')",
            name=op.f("ck_proof_step_way"),
        ),
        sa.CheckConstraint("(asked_at IS NULL) = (reason IS NULL)", name=op.f("ck_proof_step_asked_with_a_reason")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["login.id"], name=op.f("fk_proof_step_asked_by_id_login")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_proof_step_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_proof_step_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["shown_to_id"], ["login.id"], name=op.f("fk_proof_step_shown_to_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_step")),
        sa.UniqueConstraint("controller_id", "case_id", "way", name=op.f("uq_proof_step_controller_id_case_id_way")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_proof_step_controller_id_id")),
    )


def _on_file() -> None:
    op.create_table(
        "on_file",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("claimed", sa.String(length=40), nullable=False),
        sa.Column("connection", sa.String(length=60), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", AT, nullable=False),
        sa.Column("told_at", AT, nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("answer IN ('mine', 'not_mine')", name=op.f("ck_on_file_answer")),
        sa.CheckConstraint("kind IN ('email', 'phone', 'post')", name=op.f("ck_on_file_kind")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_on_file_answered")),
        sa.CheckConstraint("answered_at IS NULL OR told_at IS NOT NULL", name=op.f("ck_on_file_told_before_answered")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_on_file_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(["controller_id"], ["controller.id"], name=op.f("fk_on_file_controller_id_controller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_file")),
        sa.UniqueConstraint(
            "controller_id", "case_id", "kind", "digest", name=op.f("uq_on_file_controller_id_case_id_kind_digest")
        ),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_on_file_controller_id_id")),
    )


def _fact_question() -> None:
    op.create_table(
        "fact_question",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("drawn_at", AT, nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_fact_question_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_fact_question_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_question")),
        sa.UniqueConstraint(
            "controller_id", "case_id", "place", name=op.f("uq_fact_question_controller_id_case_id_place")
        ),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_fact_question_controller_id_id")),
    )


def _signed_form() -> None:
    op.create_table(
        "signed_form",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("verdict", sa.String(length=15), nullable=True),
        sa.Column("defects", JSON, nullable=False),
        sa.Column("judged_at", AT, nullable=True),
        sa.Column("judged_by_id", ID, nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("verdict IN ('duly_executed', 'defective')", name=op.f("ck_signed_form_verdict")),
        sa.CheckConstraint("(verdict IS NULL) = (judged_at IS NULL)", name=op.f("ck_signed_form_judged")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_signed_form_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_signed_form_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["login.id"], name=op.f("fk_signed_form_judged_by_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_form")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_signed_form_code_hash")),
        sa.UniqueConstraint("controller_id", "case_id", name=op.f("uq_signed_form_controller_id_case_id")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_signed_form_controller_id_id")),
    )


def _call_back() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("on_file_id", ID, nullable=False),
        sa.Column("login_id", ID, nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("called_at", AT, nullable=False),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("result IN ('confirmed', 'denied', 'not_reached')", name=op.f("ck_call_back_result")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_call_back_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id", "on_file_id"],
            ["on_file.controller_id", "on_file.id"],
            name=op.f("fk_call_back_controller_id_on_file_id_on_file"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_call_back_controller_id_controller")
        ),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name=op.f("fk_call_back_login_id_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_call_back_controller_id_id")),
    )
    op.create_index(op.f("ix_call_back_controller_id_case_id"), "call_back", ["controller_id", "case_id"])


def _representation() -> None:
    op.create_table(
        "representation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("contact_digest", sa.LargeBinary(), nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("filed_at", AT, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cosigned_at", AT, nullable=True),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("answer_to", sa.String(length=15), nullable=False),
        sa.Column("revoked_at", AT, nullable=True),
        sa.Column("revoked_by", sa.String(length=15), nullable=True),
        sa.Column("controller_id", ID, nullable=False),
        sa.CheckConstraint("answer_to IN ('subject', 'representative')", name=op.f("ck_representation_answer_to")),
        sa.CheckConstraint("kind IN ('guardian', 'agent')", name=op.f("ck_representation_kind")),
        sa.CheckConstraint(
            "revoked_by IN ('subject', 'representative', 'staff', 'of_age', 'ended')",
            name=op.f("ck_representation_revoked_by"),
        ),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_representation_revoked")),
        sa.ForeignKeyConstraint(
            ["controller_id", "case_id"],
            ["case.controller_id", "case.id"],
            name=op.f("fk_representation_controller_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controller.id"], name=op.f("fk_representation_controller_id_controller")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representation")),
        sa.UniqueConstraint("controller_id", "case_id", name=op.f("uq_representation_controller_id_case_id")),
        sa.UniqueConstraint("controller_id", "id", name=op.f("uq_representation_controller_id_id")),
    )
    op.create_index(
        op.f("ix_representation_controller_id_contact_digest_filed_at"),
        "representation",
        ["controller_id", "contact_digest", "filed_at"],
    )
