"""Controllers are kept apart (DESIGN principle 5): whatever a verb may try from acme, no row of another controller is
read, written or moved. Every tenant table is tried."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import (
    ColumnElement,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app.domain.permissions import SYSTEM
from app.models.base import Base, Tenant
from app.models.cases import Case, Draft, Identity
from app.models.controllers import Controller
from app.portal import Portal
from app.work import ScopeError, Work
from tests.factories import START
from tests.rows import ROWS, Ids, one_of_each

TENANTS = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Tenant)]
TENANTS.sort(key=lambda model: model.__tablename__)
GLOBAL = {
    "controller", "login", "membership", "session", "recovery_code", "passkey", "sso_identity", "address_code", "rate",
    "signing_key", "sweep",
}  # fmt: skip


@pytest.fixture
def two(portal: Portal) -> tuple[Portal, Ids, Ids]:
    """One row in every table for each of two controllers."""
    with portal.unscoped("the test's rows") as work:
        return portal, one_of_each(work.session), one_of_each(work.session)


def a_work(two: tuple[Portal, Ids, Ids], *, which: int = 1) -> Work:
    return two[0].work(SYSTEM, two[which][Controller])


def counts(portal: Portal) -> dict[str, list[int]]:
    """How many rows each controller has in every table."""
    with portal.unscoped("the test counts", reads_only=True) as work:
        return {
            model.__tablename__: list(
                work.session.scalars(select(model.controller_id).order_by(model.controller_id))  # type: ignore[attr-defined]
            )
            for model in TENANTS
        }


def test_every_table_is_global_by_name_or_a_tenants() -> None:
    assert set(Base.metadata.tables) == GLOBAL | {model.__tablename__ for model in TENANTS}
    assert set(ROWS) == {mapper.class_ for mapper in Base.registry.mappers}


Reading = Callable[[Session, Any], Any]
READINGS: dict[str, Reading] = {
    "select": lambda s, m: s.scalars(select(m.controller_id)),
    "entities": lambda s, m: [row.controller_id for row in s.scalars(select(m))],
    "query": lambda s, m: [row.controller_id for row in s.query(m)],
    "alias": lambda s, m: s.scalars(select(aliased(m).controller_id)),
    "joined alias": lambda s, m: s.scalars(select(aliased(m).controller_id).join(m, m.id != 0)),
    "joined from a global table": lambda s, m: s.scalars(
        select(m.controller_id).select_from(Controller).join(m, m.controller_id == Controller.id)
    ),
    "outer join": lambda s, m: [
        found for found in s.scalars(select(m.controller_id).select_from(Controller).outerjoin(m, literal(True)))
        if found is not None
    ],
    "subquery": lambda s, m: s.scalars(select(select(m.controller_id).subquery().c.controller_id)),
    "entity of a subquery": lambda s, m: [
        row.controller_id for row in s.scalars(select(aliased(m, select(m).subquery())))
    ],
    "cte": lambda s, m: s.scalars(select(select(m.controller_id).cte().c.controller_id)),
    "union": lambda s, m: s.scalars(union_all(select(m.controller_id), select(m.controller_id))),
    "exists": lambda s, m: s.scalars(select(Controller.id).where(exists().where(m.controller_id == Controller.id))),
    "in": lambda s, m: s.scalars(select(Controller.id).where(Controller.id.in_(select(m.controller_id)))),
    "scalar subquery": lambda s, m: [
        found for found in s.scalars(
            select(select(func.max(m.controller_id)).where(m.controller_id == Controller.id).scalar_subquery())
            .select_from(Controller)
        ) if found is not None
    ],
}  # fmt: skip


def test_reading_every_table_finds_ones_own_rows_only(two: tuple[Portal, Ids, Ids]) -> None:
    for which in (1, 2, 1):  # back and forth: what the first one's statement left in a cache must not serve the other
        with a_work(two, which=which) as work:
            for name, reading in READINGS.items():
                for model in TENANTS:
                    found = set(reading(work.session, model))
                    assert found == {two[which][Controller]}, (name, model)


STANDING = [
    *(select(model.controller_id) for model in TENANTS),  # type: ignore[attr-defined]
    *(select(select(model).cte().c.controller_id) for model in TENANTS),
    *(select(aliased(model, select(model).cte()).controller_id) for model in TENANTS),  # type: ignore[attr-defined]
    *(union_all(select(model.controller_id), select(model.controller_id)).subquery().select() for model in TENANTS),  # type: ignore[attr-defined]
]  # fmt: skip


def test_a_standing_statement_finds_ones_own_rows_only(two: tuple[Portal, Ids, Ids]) -> None:
    portal = two[0]
    for which in (1, 2, 1):
        own = two[which][Controller]
        for work in (portal.work(SYSTEM, own), portal.reading(SYSTEM, own), portal.glancing(SYSTEM, own)):
            with work:
                for statement in STANDING:
                    assert {row[0] for row in work.session.standing(statement)} == {own}, str(statement)


def test_a_standing_statement_that_cannot_be_narrowed_is_refused(two: tuple[Portal, Ids, Ids]) -> None:
    bare, hidden = select(Case.__table__), select(Case.id, literal_column('(SELECT count(*) FROM "case")'))
    for statement in (bare, hidden, select(Case.id, text('(SELECT count(*) FROM "case")'))):
        with a_work(two) as work, pytest.raises(ScopeError):
            work.session.standing(statement)
    for statement in (*STANDING, bare):
        with two[0].glance("the test") as work, pytest.raises(ScopeError):
            work.session.standing(statement)


def test_another_ones_row_is_not_there_by_its_key(two: tuple[Portal, Ids, Ids]) -> None:
    with a_work(two) as work:
        for model in TENANTS:
            assert work.session.get(model, two[1][model]) is not None
            assert work.session.get(model, two[2][model]) is None, model


def test_update_and_delete_reach_ones_own_rows_only(two: tuple[Portal, Ids, Ids]) -> None:
    before = counts(two[0])
    for model in TENANTS:
        if model.__tablename__ in {"trail_entry", "checkpoint"}:
            continue  # which nobody can change
        with a_work(two) as work:
            statement: Any = update(model).values(id=model.id)  # type: ignore[attr-defined]
            assert _touched(work, statement) == 1, model
        if model.__tablename__ in {"policy_version", "case", "collected", "on_file"}:
            continue  # which others point to
        with a_work(two) as work:
            assert _touched(work, delete(model)) == 1, model
            work.session.rollback()
    assert counts(two[0]) == before


def _touched(work: Work, statement: Any) -> int:
    done: Any = work.session.execute(statement.execution_options(synchronize_session=False))
    count: int = done.rowcount
    return count


def a_draft(controller_id: int) -> dict[str, Any]:
    return {"controller_id": controller_id, "token_hash": b"t", "kind": "k", "answers": b"", "expires_at": START}


Attempt = Callable[[Session, Ids, Ids], Any]
ATTEMPTS: dict[str, Attempt] = {
    # plain SQL and bare tables, alone and hidden in a statement that is otherwise narrowed
    "text": lambda s, _, __: s.execute(text('SELECT * FROM "case"')),
    "bare table": lambda s, _, __: s.execute(select(Case.__table__)),
    "bare column beside an entity": lambda s, _, __: s.execute(
        select(Controller.id, Case.__table__.c.id).where(Controller.id == Case.__table__.c.controller_id)
    ),
    "bare table joined": lambda s, _, __: s.execute(
        select(Identity.id).join(Case.__table__, Case.__table__.c.id == Identity.case_id)
    ),
    "bare table in a subquery": lambda s, _, __: s.execute(
        select(Controller.id).where(Controller.id.in_(select(Case.__table__.c.controller_id)))
    ),
    "alias of a bare table": lambda s, _, __: s.execute(
        select(Controller.id, (bare := Case.__table__.alias()).c.id).join(bare, bare.c.controller_id == Controller.id)
    ),
    "text as a column": lambda s, _, __: s.execute(select(Case.id, text('(SELECT count(*) FROM "case")'))),
    "literal column": lambda s, _, __: s.execute(select(Case.id, literal_column('(SELECT count(*) FROM "case")'))),
    "text as a condition": lambda s, _, __: s.execute(select(Case.id).where(text("1 = 1"))),
    "entities from text": lambda s, _, __: s.execute(select(Case).from_statement(text('SELECT * FROM "case"'))),
    "entities from a bare table": lambda s, _, __: s.execute(select(Case).from_statement(select(Case.__table__))),
    "connection": lambda s, _, __: s.connection().execute(text('SELECT * FROM "case"')),
    # rows of, or for, another controller
    "add": lambda s, _, other: (s.add(Draft(**a_draft(other[Controller]))), s.flush()),
    "add_all": lambda s, _, other: (s.add_all([Draft(**a_draft(other[Controller]))]), s.flush()),
    "merge": lambda s, _, other: (s.merge(Draft(**a_draft(other[Controller]))), s.flush()),
    "move": lambda s, own, other: (
        setattr(s.get(Draft, own[Draft]), "controller_id", other[Controller]), s.flush(),
    ),
    "insert": lambda s, _, other: s.execute(insert(Draft).values(**a_draft(other[Controller]))),
    "insert many": lambda s, _, other: s.execute(insert(Draft), [a_draft(other[Controller])]),
    "insert from select": lambda s, _, other: s.execute(
        insert(Draft).from_select(["controller_id"], select(literal(other[Controller])))
    ),
    "insert into a bare table": lambda s, _, other: s.execute(
        insert(Draft.__table__).values(**a_draft(other[Controller]))
    ),
    "bulk_insert_mappings": lambda s, _, other: s.bulk_insert_mappings(Draft, [a_draft(other[Controller])]),
    "bulk_update_mappings": lambda s, _, other: s.bulk_update_mappings(Draft, [{"id": other[Draft], "kind": "mine"}]),
    "bulk_save_objects": lambda s, _, other: s.bulk_save_objects([Draft(**a_draft(other[Controller]))]),
    "update by keys": lambda s, _, other: s.execute(update(Draft), [{"id": other[Draft], "kind": "mine"}]),
    "update that gives away": lambda s, _, other: s.execute(
        update(Draft).values(controller_id=other[Controller]).execution_options(synchronize_session=False)
    ),
    "update that gives away by parameter": lambda s, _, other: s.execute(
        update(Draft).execution_options(synchronize_session=False), {"controller_id": other[Controller]}
    ),
    "delete from a bare table": lambda s, _, __: s.execute(delete(Draft.__table__)),
}  # fmt: skip


def test_what_cannot_be_narrowed_is_refused(two: tuple[Portal, Ids, Ids]) -> None:
    portal, own, other = two
    before = counts(portal)
    for name, attempt in ATTEMPTS.items():
        with pytest.raises(ScopeError) as refused, a_work(two) as work:
            attempt(work.session, own, other)
        assert str(refused.value), name
    assert counts(portal) == before


def test_a_loaded_row_of_another_controller_cannot_be_written_or_deleted(two: tuple[Portal, Ids, Ids]) -> None:
    portal, _, other = two
    with portal.unscoped("the test", reads_only=True) as work:
        foreign = work.session.get(Draft, other[Draft])
    assert foreign is not None
    foreign.kind = "mine"
    with pytest.raises(ScopeError), a_work(two) as work:
        work.session.add(foreign)
    with pytest.raises(ScopeError), a_work(two) as work:
        work.session.delete(foreign)


def test_a_row_cannot_point_into_another_controllers_data(two: tuple[Portal, Ids, Ids]) -> None:
    _, own, other = two
    for model in TENANTS:
        for name, target in _pointers(model):
            row = model(**{**ROWS[model](own), name: other[target]})
            with pytest.raises((IntegrityError, ScopeError)), a_work(two) as work:
                work.session.add(row)


def _pointers(model: type[Base]) -> Iterator[tuple[str, type[Base]]]:
    """The columns of a table that name a row of another tenant table."""
    by_table = {one.__table__: one for one in TENANTS}
    for key in model.__table__.foreign_key_constraints:
        target = by_table.get(key.referred_table)
        if target is not None:
            yield next(name for name in key.column_keys if name != "controller_id"), target


def test_without_a_controller_or_a_reason_nothing_is_read(portal: Portal) -> None:
    with pytest.raises(ScopeError), Work(portal.ground, actor=SYSTEM) as work:
        work.session.scalars(select(Case))
    with pytest.raises(ScopeError), portal.unscoped("a sweep") as work:
        work.audit("case:filed")
    with pytest.raises(ScopeError), portal.unscoped("a sweep") as work:
        work.enqueue("shred", objects=[])


def test_statements_without_rows_of_tenants_stay_possible(two: tuple[Portal, Ids, Ids]) -> None:
    with a_work(two) as work:
        condition: ColumnElement[bool] = Controller.slug == "acme"
        assert work.session.scalars(select(func.count()).select_from(Controller).where(condition)).one() == 1
        assert work.session.scalars(select(func.count()).select_from(select(Case.id).limit(9).subquery())).one() == 1
