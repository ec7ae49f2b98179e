"""Each constraint by its name, on both databases: what the code's tables promise, the migrated database keeps."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.models.base import Base
from app.models.ledger import Checkpoint, TrailEntry
from app.portal import Portal
from tests.migrations.test_migrations import NEVER, afresh, another
from tests.rows import Ids, one_of_each, some, write

MODELS: dict[str, type[Base]] = {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}
NOBODY = 10**9


def all_of(kind: type[Any]) -> Iterator[tuple[type[Base], Any]]:
    """Every constraint of that kind with the class of its table."""
    for name, model in MODELS.items():
        for constraint in Base.metadata.tables[name].constraints:
            if isinstance(constraint, kind):
                yield model, constraint


@pytest.fixture
def session(portal: Portal) -> Iterator[Session]:
    with Session(portal.ground.engine) as opened:
        yield opened


def refusal(session: Session, model: type[Base], fields: dict[str, Any], ids: Ids) -> IntegrityError | None:
    """How the database says no to that row, if it does."""
    kept = session.begin_nested()
    try:
        write(session, model, fields, ids)
    except IntegrityError as error:
        return error
    finally:
        kept.rollback()
    return None


def names(error: IntegrityError, constraint: UniqueConstraint | ForeignKeyConstraint) -> bool:
    """Whether the database names this constraint (SQLite names a unique one's columns, a foreign key not at all)."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint.name)
    if isinstance(constraint, ForeignKeyConstraint):
        return "FOREIGN KEY" in str(error.orig)
    columns = ", ".join(f"{constraint.table.name}.{column.name}" for column in constraint.columns)
    return str(error.orig) == f"UNIQUE constraint failed: {columns}"


def test_every_check_refuses_what_it_is_for(session: Session) -> None:
    ids = one_of_each(session)
    another(session, ids)
    said = ""
    for name, (model, wrong) in NEVER.items():
        error = refusal(session, model, {**afresh(model, ids), **wrong}, ids)
        assert error is not None, name
        said += f" {error.orig} "
    unheard = {str(check.name) for _, check in all_of(CheckConstraint) if not _says(said, str(check.name))}
    assert unheard == set()


def _says(said: str, name: str) -> bool:
    return f'"{name}"' in said or f": {name} " in said


def test_every_unique_constraint_refuses_the_second(session: Session) -> None:
    ids = one_of_each(session)
    others = dict(ids)
    another(session, others)
    for model, constraint in all_of(UniqueConstraint):
        columns = [column.name for column in constraint.columns]
        if columns == ["controller_id", "id"]:
            continue  # what composite foreign keys point at; the primary key is stricter
        row = session.get_one(model, ids[model])
        for name in columns:
            if getattr(row, name) is None:
                setattr(row, name, some())
        session.flush()
        same = {name: getattr(row, name) for name in columns}
        error = refusal(session, model, {**afresh(model, others), **same}, ids)
        assert error is not None, constraint.name
        assert names(error, constraint), f"{constraint.name}: {error.orig}"


def test_no_row_points_into_another_controller_or_at_nothing(session: Session) -> None:
    ids, others = one_of_each(session), one_of_each(session)
    tried = set()
    for model, constraint in all_of(ForeignKeyConstraint):
        wrong = _pointing_elsewhere(constraint, others)
        assert refusal(session, model, afresh_for(session, model, ids), ids) is None, model.__tablename__
        error = refusal(session, model, {**afresh_for(session, model, ids), **wrong}, ids)
        assert error is not None, constraint.name
        if list(wrong) != ["controller_id"]:  # a controller that is not there breaks the row's other keys too
            assert names(error, constraint), f"{constraint.name}: {error.orig}"
        tried.add(constraint.name)
    assert "fk_item_decision_controller_id_collected_id_collected" in tried


def afresh_for(session: Session, model: type[Base], ids: Ids) -> dict[str, Any]:
    """Another valid row; where a member of staff or a case can be there only once, for a new one."""
    fresh = dict(ids)
    another(session, fresh)
    return afresh(model, fresh)


def _pointing_elsewhere(constraint: ForeignKeyConstraint, others: Ids) -> dict[str, Any]:
    """What makes a row point to another controller's row, or at nothing where the target belongs to none."""
    target: Table = constraint.referred_table
    columns = [element.parent.name for element in constraint.elements]
    if "controller_id" in columns and len(columns) == 2:
        return {name: others[MODELS[target.name]] for name in columns if name != "controller_id"}
    return dict.fromkeys(columns, NOBODY)


@pytest.mark.parametrize("model", [TrailEntry, Checkpoint])
def test_what_is_written_into_the_trail_is_not_overwritten(session: Session, model: type[Base]) -> None:
    """Not by way of a conflict either, which SQLite could settle by dropping the row that was there."""
    ids = one_of_each(session)
    session.commit()
    table = model.__tablename__
    columns = ", ".join(column.name for column in model.__table__.columns)
    verb = "INSERT OR REPLACE" if session.get_bind().dialect.name == "sqlite" else "INSERT"
    after = "" if verb != "INSERT" else " ON CONFLICT (id) DO UPDATE SET number = excluded.number"
    statement = f"{verb} INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {ids[model]}{after}"
    with pytest.raises(DBAPIError, match="append-only"):
        session.connection().exec_driver_sql(statement)
