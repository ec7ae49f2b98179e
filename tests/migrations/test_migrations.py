"""The database is what the code expects, on both databases, and refuses what may never be.

Each later migration gets a function `before_<revision>` and `after_<revision>` in `tests/migrations/data.py`: rows as
they stood before it, and what must have become of them.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from app import schema
from app.bootstrap import make_engine
from app.models.base import Base
from app.models.cases import Approval, Case, Code, Draft, Filing, Identity, Letter, Message, Restriction
from app.models.controllers import Controller, PolicyVersion
from app.models.evidence import Evidence
from app.models.fulfilment import Collected, ItemDecision, Package, Run
from app.models.ledger import Checkpoint, Job, TrailEntry
from app.models.people import (
    AddressCode,
    ApiToken,
    BrowserSession,
    FactorReset,
    IdempotencyKey,
    Login,
    Membership,
    Passkey,
    RecoveryCode,
)
from app.models.proof import CallBack, FactQuestion, OnFile, ProofStep, Representation, SignedForm
from app.portal import Portal
from tests import servers
from tests.factories import START
from tests.migrations import data
from tests.rows import LATER, ROWS, Ids, one_of_each, write

SCRIPTS = ScriptDirectory.from_config(schema.config())
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server: servers.Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_there_is_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for script in SCRIPTS.walk_revisions():
        assert script.doc, "a migration says what it is for"


def test_from_empty_to_head_is_what_the_code_expects(empty: Engine) -> None:
    assert schema.revisions(empty) == (None, REVISIONS[-1])
    schema.upgrade(empty)
    schema.upgrade(empty)  # a second time does nothing
    assert schema.revisions(empty) == (REVISIONS[-1], REVISIONS[-1])
    assert schema.differences(empty) == []
    assert checks_of(empty) == {
        (table.name, str(check.name))
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


def checks_of(engine: Engine) -> set[tuple[str, str]]:
    """Every CHECK that the database has: what the comparison of tables does not look at."""
    inspector = inspect(engine)
    return {
        (table, str(check["name"]))
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for check in inspector.get_check_constraints(table)
    }


def test_each_migration_keeps_what_was_there(empty: Engine) -> None:
    for revision in REVISIONS:
        before: Callable[[Engine], Any] | None = getattr(data, f"before_{revision}", None)
        after: Callable[[Engine, Any], None] | None = getattr(data, f"after_{revision}", None)
        kept = before(empty) if before else None
        schema.upgrade(empty, revision)
        if after:
            after(empty, kept)
        else:
            assert revision == REVISIONS[0], f"migration {revision} has no test on data"
    with Session(empty) as session:
        one_of_each(session)
        session.commit()


# What may never be: a table, the fields that make it so, and nothing else about the row is wrong.
NEVER: dict[str, tuple[type[Base], dict[str, Any]]] = {
    "a status that there is not": (Case, {"status": "lost"}),
    "an outcome that there is not": (
        Case, {"status": "closed", "outcome": "eaten", "due_on": None, "due_order": date.max},
    ),
    "closed without an outcome": (Case, {"status": "closed", "due_on": None, "due_order": date.max}),
    "an outcome without being closed": (Case, {"outcome": "granted"}),
    "closed and still due": (Case, {"status": "closed", "outcome": "granted"}),
    "sorted by another date than the due one": (Case, {"due_order": START.date()}),
    "proof without a time": (Identity, {"proven_by": "email_code"}),
    "a time without proof": (Identity, {"proven_at": START}),
    "a sixth try": (Code, {"attempts": 6}),
    "fewer tries than none": (Code, {"attempts": -1}),
    "an address's code for nothing": (AddressCode, {"purpose": "curiosity"}),
    "an address's code tried less than never": (AddressCode, {"attempts": -1}),
    "a letter with a hash of nothing": (Letter, {"sha256": "0"}),
    "a letter sent before it was written": (Letter, {"sent_at": START}),
    "a message to nobody": (Message, {"direction": "away"}),
    "staff writing for the person": (Message, {"direction": "from_person"}),
    "an end of restriction that nobody was told of": (Restriction, {"lift_on": LATER.date()}),
    "a restriction ended unannounced": (Restriction, {"lifted_at": LATER}),
    "evidence for no purpose": (Evidence, {"purpose": "curiosity"}),
    "evidence in no state": (Evidence, {"state": "lost"}),
    "a scan with no result": (Evidence, {"scan": "perhaps"}),
    "evidence ready before it was scanned": (Evidence, {"scan": "waiting"}),
    "evidence rejected though clean": (
        Evidence,
        {"state": "rejected", "object_name": None, "data_key": None, "name": None, "destroyed_at": START, "how": "x"},
    ),
    "evidence without its key": (Evidence, {"data_key": None}),
    "evidence gone and still kept": (
        Evidence, {"state": "destroyed", "name": None, "destroyed_at": START, "how": "x"},
    ),
    "evidence ready and gone": (
        Evidence, {"object_name": None, "data_key": None, "name": None, "destroyed_at": START, "how": "x"},
    ),
    "evidence gone, nobody knows how": (
        Evidence, {"state": "destroyed", "object_name": None, "data_key": None, "name": None, "destroyed_at": START},
    ),
    "evidence gone but for its name": (
        Evidence, {"state": "destroyed", "object_name": None, "data_key": None, "destroyed_at": START, "how": "x"},
    ),
    "evidence of no bytes": (Evidence, {"size": 0}),
    "a rung that the ladder lacks": (ProofStep, {"way": "blood_test"}),
    "more proof asked for without a reason": (ProofStep, {"way": "signed_form", "reason": None}),
    "a contact of no kind": (OnFile, {"kind": "pigeon"}),
    "an answer that there is not": (OnFile, {"answer": "perhaps"}),
    "an answer nobody knows when": (OnFile, {"answered_at": None}),
    "an answer to what was not told": (OnFile, {"told_at": None}),
    "a form that is half right": (SignedForm, {"verdict": "nearly"}),
    "a verdict nobody knows when": (SignedForm, {"judged_at": None}),
    "a call with no result": (CallBack, {"result": "busy"}),
    "acting as nobody": (Representation, {"kind": "stranger"}),
    "an answer to somebody else": (Representation, {"answer_to": "neighbour"}),
    "revoked by nobody": (Representation, {"revoked_by": None}),
    "revoked by a stranger": (Representation, {"revoked_by": "stranger"}),
    "a run in no state": (Run, {"state": "lost"}),
    "a failed run without a reason": (Run, {"state": "failed"}),
    "a reason without a failed run": (Run, {"error": {"text": "x"}}),
    "fewer rows than none": (Collected, {"rows": -1}),
    "fewer bytes than none": (Collected, {"bytes": -1}),
    "an object without a key": (Package, {"object_name": "x"}),
    "a key without an object": (Package, {"data_key": b"x"}),
    "released for ever": (Package, {"released_at": START}),
    "a job in no state": (Job, {"state": "lost"}),
    "a role that there is not": (Membership, {"role": "king"}),
    "a stage that there is not": (BrowserSession, {"stage": "half"}),
    "a person's session with a login": (BrowserSession, {"stage": "person"}),
    "staff's session without a login": (BrowserSession, {"login_id": None}),
    "a passkey used less than never": (Passkey, {"sign_count": -1}),
    "a new beginning confirmed by who asked for it": (FactorReset, {"confirmed": True}),
    "a new beginning that nobody confirmed": (
        FactorReset, {"confirmed": True, "settled_by_id": None, "settled_at": None},
    ),
    "a new beginning settled by nobody": (FactorReset, {"settled_by_id": None}),
}  # fmt: skip
# Rows of which there may be one only: written twice with these fields the same.
ONCE: list[tuple[type[Base], tuple[str, ...]]] = [
    (Controller, ("slug",)),
    (Login, ("email",)),
    (PolicyVersion, ("number",)),
    (Case, ("reference",)),
    (Identity, ("kind", "digest")),
    (Draft, ("token_hash",)),
    (Filing, ("draft_hash",)),
    (Approval, ("login_id",)),
    (Letter, ("public_id",)),
    (Message, ("public_id",)),
    (Evidence, ("public_id",)),
    (ProofStep, ("way",)),
    (OnFile, ("kind", "digest")),
    (FactQuestion, ("place",)),
    (SignedForm, ("code_hash",)),
    (Run, ("connection",)),
    (Collected, ("connection", "collection")),
    (ItemDecision, ("row_number",)),
    (Package, ("public_id",)),
    (ApiToken, ("token_hash",)),
    (RecoveryCode, ("code_hash",)),
    (Passkey, ("credential_id",)),
    (IdempotencyKey, ("key_hash",)),
    (TrailEntry, ("chain", "number")),
    (Checkpoint, ("number",)),
]


def test_what_may_never_be_is_refused_by_the_database(portal: Portal) -> None:
    with Session(portal.ground.engine) as session:
        ids = one_of_each(session)
        another(session, ids)
        session.commit()
        for name, (model, wrong) in NEVER.items():
            assert not refused(session, model, afresh(model, ids), ids), name
            assert refused(session, model, {**afresh(model, ids), **wrong}, ids), name


def test_what_there_is_one_of_is_refused_a_second_time(portal: Portal) -> None:
    with Session(portal.ground.engine) as session:
        ids = one_of_each(session)
        session.commit()
        for model, same in ONCE:
            row = session.get(model, ids[model])
            fields = {**afresh(model, ids), **{name: getattr(row, name) for name in same}}
            assert refused(session, model, fields, ids), model.__tablename__
            session.rollback()


def test_every_check_is_violated_once() -> None:
    tried = {model.__tablename__ for model, _ in NEVER.values()}
    have = {
        table.name
        for table in Base.metadata.tables.values()
        if any(isinstance(check, CheckConstraint) for check in table.constraints)
    }
    assert have == tried


def another(session: Session, ids: Ids) -> None:
    """Somebody who has no membership and no decision yet, and a case that nothing belongs to."""
    ids[Login] = write(session, Login, ROWS[Login](ids), ids)
    ids[Case] = write(session, Case, ROWS[Case](ids), ids)


def afresh(model: type[Base], ids: Ids) -> dict[str, Any]:
    """The fields of another valid row of that table."""
    fields = dict(ROWS[model](ids))
    if model is ProofStep:
        fields["way"] = "two_facts"
    if model is Run:
        fields["connection"] = "other"
    if model is Collected:
        fields["collection"] = "other"
    if model is Membership:
        fields["controller_id"] = ids[Controller]
    if model in {PolicyVersion, Checkpoint}:
        fields["number"] = 7777
    if model is TrailEntry:
        fields["number"] = 2
    if model is ItemDecision:
        fields["row_number"] = 9
    return fields


def refused(session: Session, model: type[Base], fields: dict[str, Any], ids: Ids) -> bool:
    """Whether the database itself says no."""
    kept = session.begin_nested()
    try:
        write(session, model, fields, ids)
    except (IntegrityError, StatementError):
        return True
    finally:
        kept.rollback()
    return False


def test_a_time_without_a_zone_cannot_be_stored(portal: Portal) -> None:
    with Session(portal.ground.engine) as session:
        ids = one_of_each(session)
        naive = LATER.replace(tzinfo=None)
        assert refused(session, Draft, {**ROWS[Draft](ids), "expires_at": naive}, ids)
        stored = session.scalars(select(Draft.expires_at).where(Draft.id == ids[Draft])).one()
        assert stored == LATER
        assert stored.tzinfo is not None
