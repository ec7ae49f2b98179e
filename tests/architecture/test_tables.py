"""Every row belongs to a controller; the database itself keeps different ones apart (DESIGN principle 5)."""

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from app.models.base import Base, Tenant
from app.schema import TABLES

assert TABLES
GLOBAL = {
    "controller", "login", "membership", "session", "recovery_code", "passkey", "address_code", "sso_identity", "rate",
    "signing_key", "sweep",
}  # fmt: skip
# Random words and keyed digests: that one is taken says nothing about another controller.
UNIQUE_EVERYWHERE = {
    ("api_token", "token_hash"),
    ("case", "reference"),
    ("draft", "token_hash"),
    ("evidence", "public_id"),
    ("letter", "public_id"),
    ("message", "public_id"),
    ("package", "public_id"),
    ("signed_form", "code_hash"),
}
OWNER = "controller_id"
TENANTS = sorted((mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, Tenant)), key=str)


def names(tables) -> set[str]:
    return {table.name for table in tables}


def test_the_global_tables_are_exactly_these() -> None:
    assert names(Base.metadata.tables.values()) - names(TENANTS) == GLOBAL


def test_every_table_has_a_class() -> None:
    assert names(mapper.local_table for mapper in Base.registry.mappers) == names(Base.metadata.tables.values())


@pytest.mark.parametrize("table", TENANTS, ids=str)
def test_a_tenant_row_has_a_controller(table: Table) -> None:
    column = table.c[OWNER]
    assert not column.nullable
    assert {key.target_fullname for key in column.foreign_keys} >= {"controller.id"}


@pytest.mark.parametrize("table", TENANTS, ids=str)
def test_a_tenant_row_points_into_its_own_controller_only(table: Table) -> None:
    tenants = names(TENANTS)
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name in tenants:
            pairs = {(element.parent.name, element.column.name) for element in constraint.elements}
            assert (OWNER, OWNER) in pairs, constraint.name
            assert len(pairs) == 2, constraint.name


@pytest.mark.parametrize("table", TENANTS, ids=str)
def test_what_points_to_a_row_of_a_controller_is_a_foreign_key(table: Table) -> None:
    pointers = {column.name for column in table.c if column.name.endswith("_id")} - {"public_id", "actor_id"}
    assert pointers == {key.parent.name for key in table.foreign_keys}


def test_no_global_row_points_to_a_row_of_a_controller() -> None:
    tenants = names(TENANTS)
    for name in GLOBAL:
        assert not names(key.column.table for key in Base.metadata.tables[name].foreign_keys) & tenants


def test_what_is_unique_is_so_within_a_controller() -> None:
    found = {
        (table.name, *(column.name for column in constraint.columns))
        for table in TENANTS
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and OWNER not in constraint.columns
    }
    assert found == UNIQUE_EVERYWHERE


def test_what_is_asked_for_by_controller_is_indexed_by_controller() -> None:
    """An index on a tenant's column begins with the controller, except for sweeps, which look at all of them."""
    of_sweeps = {"ix_draft_expires_at", "ix_job_state_due_at"}
    found = {str(index.name) for table in TENANTS for index in table.indexes if next(iter(index.columns)).name != OWNER}
    assert found == of_sweeps
