"""Which rows a session may touch (DESIGN principle 5): every statement is narrowed to the controller at hand, every new
row must belong to it, and whatever cannot be narrowed is refused."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NoReturn, TypeVar, cast

from sqlalchemy import (
    Alias,
    Column,
    ColumnClause,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    TextClause,
    event,
    inspect,
    select,
)
from sqlalchemy.orm import FromStatement, ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors

from app.models.base import Tenant

_OWNER = "controller_id"
_ONLY_CLASSES = "Only statements on mapped classes can be narrowed to a controller; plain SQL belongs in a connector."
_NOT_AT_A_GLANCE = "Across controllers, only what belongs to none of them is seen so."
_Row = TypeVar("_Row")


class ScopeError(Exception):
    """A programming fault: a statement or row that the tenancy rule cannot vouch for."""


class ScopedSession(Session):
    """A session that answers for one controller, or says why for all."""

    @property
    def controller_id(self) -> int | None:
        return self.info.get("controller_id")

    @property
    def unscoped_reason(self) -> str | None:
        return self.info.get("unscoped")

    def get(self, entity: type[_Row], ident: Any, **options: Any) -> _Row | None:  # type: ignore[override]  # no mappers
        """The row of that key, if it is this controller's; the key alone would be looked up without asking whose."""
        if self.unscoped_reason is None and issubclass(entity, Tenant):
            key = inspect(entity).primary_key[0].name
            return self.scalars(select(entity).where(getattr(entity, key) == ident)).one_or_none()
        return super().get(entity, ident, **options)

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        """Past this point nothing is narrowed, so only an unscoped work may have it."""
        if self.unscoped_reason is None:
            raise ScopeError("A bare connection cannot be narrowed to a controller.")
        return super().connection(*args, **kwargs)

    def about_transaction(self, statement: Select[Any]) -> None:
        """Run a function of the database that touches no table: a lock, a setting of this transaction."""
        super().connection().execute(statement)

    def standing(self, statement: Select[Any], **parameters: object) -> Sequence[Row[Any]]:
        """Rows, not entities, by a statement that is made once and asked again and again, of classes and parameters.

        It is looked through and narrowed at its first use; the rest costs half of what a query otherwise does.
        """
        if self.unscoped_reason is not None:
            mine = _of_nobody(statement)
        elif self.controller_id is not None:
            mine = _narrowed(statement, self.controller_id)
        else:
            raise ScopeError("A query needs a controller.")
        if self.info["glance"]:
            with cast("Engine", self.bind).connect() as connection:
                return connection.execute(mine, parameters).all()
        self.flush()
        return super().connection().execute(mine, parameters).all()

    def _bulk(self, *_: Any, **__: Any) -> NoReturn:
        raise ScopeError("Rows written in bulk pass by the check of their controller: add them one by one.")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _bulk


@event.listens_for(ScopedSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, ScopedSession)
    if session.info["reads_only"] and (state.is_insert or state.is_update or state.is_delete):
        raise ScopeError("This work only reads.")
    if session.unscoped_reason is not None:
        if session.info["glance"] and any(issubclass(mapper.class_, Tenant) for mapper in state.all_mappers):
            raise ScopeError(_NOT_AT_A_GLANCE)
        return
    if session.controller_id is None:
        raise ScopeError("A query needs a controller: open the work with one, or with unscoped(reason).")
    if not state.is_orm_statement:
        raise ScopeError(_ONLY_CLASSES)
    if state.is_column_load:
        return
    _refuse_what_escapes(state)
    state.statement = state.statement.options(_belonging_to(session.controller_id))


@lru_cache(maxsize=64)
def _of_nobody(statement: Select[Any]) -> Select[Any]:
    """A standing statement that may be asked across controllers."""
    if statement._propagate_attrs.get("compile_state_plugin") != "orm":  # noqa: SLF001  # as above
        raise ScopeError(_ONLY_CLASSES)
    for element in visitors.iterate(statement):
        _refuse_text_and_bare_tables(element)
        entity = getattr(element, "_annotations", {}).get("parententity")
        if entity is not None and issubclass(entity.mapper.class_, Tenant):
            raise ScopeError(_NOT_AT_A_GLANCE)
    return statement


@lru_cache(maxsize=1024)
def _narrowed(statement: Select[Any], controller_id: int) -> Select[Any]:
    """A standing statement as one controller's: looked through once, not at each use."""
    if statement._propagate_attrs.get("compile_state_plugin") != "orm":  # noqa: SLF001  # there is no public way to ask
        raise ScopeError(_ONLY_CLASSES)
    for element in visitors.iterate(statement):
        _refuse_text_and_bare_tables(element)
    return statement.options(_belonging_to(controller_id))


@lru_cache(maxsize=1024)
def _belonging_to(controller_id: int) -> LoaderCriteriaOption:
    return with_loader_criteria(Tenant, lambda cls: cls.controller_id == controller_id, include_aliases=True)


def _refuse_what_escapes(state: ORMExecuteState) -> None:
    """What the narrowing would pass over: text, bare tables, rows written without being looked at."""
    mapper = state.bind_mapper
    of_tenant = mapper is not None and issubclass(mapper.class_, Tenant)
    if of_tenant and (state.is_insert or (state.is_update and state.parameters)):
        raise ScopeError("Rows of a controller are added to the session, and changed by values in the statement.")
    if isinstance(state.statement, FromStatement):
        raise ScopeError("A statement that only fills entities is not narrowed.")
    for element in visitors.iterate(cast("Any", state.statement)):
        _refuse_text_and_bare_tables(element)
        if of_tenant and state.is_update and isinstance(element, Column) and element.name == _OWNER:
            raise ScopeError("A row never changes its controller.")


def _refuse_text_and_bare_tables(element: object) -> None:
    if isinstance(element, TextClause) or (
        isinstance(element, ColumnClause) and element.is_literal and element.name != "*"
    ):
        raise ScopeError("Text inside a statement is not narrowed.")
    if isinstance(element, Column):
        table: Any = element.table
        bare = "parententity" not in element._annotations  # noqa: SLF001  # there is no public way to ask
        if bare and isinstance(table, Table | Alias) and _OWNER in table.c:
            raise ScopeError("A bare table inside a statement is not narrowed: name its class.")


@event.listens_for(ScopedSession, "before_flush")
def _vouch_for_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.info["reads_only"]:
        raise ScopeError("This work only reads.")
    controller_id = session.info.get("controller_id")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Tenant):
            continue
        owner: int | None = row.controller_id  # not yet set on a new row, whatever its type says
        if owner is None and controller_id is not None:
            owner = row.controller_id = controller_id
        if owner is None or (controller_id is not None and owner != controller_id):
            raise ScopeError(f"A {type(row).__name__} of another controller, or of none, cannot be written here.")
