"""The trail (Art. 5(2)): nobody changes it unnoticed, a person can be erased from it, and no word of a person stands
outside what can be erased."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.domain.errors import Tampered
from app.domain.filing import ProofNote
from app.domain.permissions import ANONYMOUS
from app.domain.trail import GENESIS, Entry, entry_hash
from app.models.base import Base
from app.models.cases import Case
from app.models.ledger import Checkpoint, TrailEntry
from app.portal import Portal
from app.queries import history
from app.queries.policies import current
from app.queries.reading import load
from app.services import housekeeping, intake, trail
from app.services.trail import Verdict
from app.settings import read_settings
from tests.factories import House, a_filing, environment_of
from workers import logs

ENTRIES: Any = TrailEntry.__table__
CHECKPOINTS: Any = Checkpoint.__table__


def verdict(house: House) -> Verdict:
    with house.reading() as work:
        return trail.verify(house.portal, work)


def test_an_untouched_trail_holds(acme: House) -> None:
    acme.in_status("closed")
    before = verdict(acme)
    assert before.holds
    assert before.unsealed == before.entries > 5
    assert housekeeping.seal_trails(acme.portal) == 2
    after = verdict(acme)
    assert after.holds
    assert (after.unsealed, after.checkpoints) == (0, 1)
    assert housekeeping.seal_trails(acme.portal) == 0
    acme.filed()
    assert housekeeping.seal_trails(acme.portal) == 1
    assert (verdict(acme).checkpoints, verdict(acme).unsealed) == (2, 0)


@pytest.mark.parametrize("table", ["trail_entry", "checkpoint"])
def test_the_database_itself_refuses_change_and_deletion(acme: House, table: str) -> None:
    acme.filed()
    housekeeping.seal_trails(acme.portal)
    statements = [f"UPDATE {table} SET number = number", f"DELETE FROM {table}"]
    if acme.portal.ground.engine.dialect.name == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), acme.portal.ground.engine.begin() as connection:
            connection.execute(text(statement))


def disarm(connection: Connection, table: str) -> None:
    """What a database administrator could do first."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for change in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{change}"))


def changed(value: Any, column: str) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1] != "x" else "y")
    if isinstance(value, dict):
        return {**value, "extra": 1}
    if isinstance(value, list):
        return [{**head, "id": head["id"] + 1} for head in value]
    return value + timedelta(microseconds=1) if value is not None else {"actor_id": 1, "personal": b"x"}[column]


@pytest.mark.parametrize("table", [ENTRIES, CHECKPOINTS], ids=["entry", "checkpoint"])
def test_any_changed_field_is_found(acme: House, table: Table) -> None:
    acme.in_status("open")
    housekeeping.seal_trails(acme.portal)
    acme.filed()
    housekeeping.seal_trails(acme.portal)
    engine = acme.portal.ground.engine
    with engine.begin() as connection:
        disarm(connection, table.name)
        row = connection.execute(
            select(table).where(table.c.controller_id == acme.controller_id).order_by(table.c.id.desc()).offset(1)
        ).first()
    assert row is not None
    assert verdict(acme).holds
    for column in table.c:
        if column.name in {"id", "controller_id"} and table is CHECKPOINTS:
            continue  # a number that means nothing; and a row that is somebody else's is one that is missing here
        before = getattr(row, column.name)
        key = table.c.id == (row.id if column.name != "id" else changed(row.id, "id"))
        with engine.begin() as connection:
            if column.name in {"case_id", "controller_id"}:
                _unhook(connection)
            connection.execute(
                update(table).where(table.c.id == row.id).values({column.name: changed(before, column.name)})
            )
        assert not verdict(acme).holds, column.name
        with engine.begin() as connection:
            if column.name in {"case_id", "controller_id"}:
                _unhook(connection)
            connection.execute(update(table).where(key).values({column.name: before}))
        assert verdict(acme).holds, column.name


def _unhook(connection: Connection) -> None:
    """Let a row point to nothing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE trail_entry DISABLE TRIGGER ALL"))
    else:  # which SQLite does outside a transaction only
        for statement in ("COMMIT", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"):
            connection.exec_driver_sql(statement)


def tampered(house: House, *statements: Any) -> Verdict:
    with house.portal.ground.engine.begin() as connection:
        disarm(connection, "trail_entry")
        disarm(connection, "checkpoint")
        for statement in statements:
            connection.execute(statement)
    return verdict(house)


def numbers(house: House) -> list[int]:
    with house.reading() as work:
        return list(work.session.scalars(select(TrailEntry.id).order_by(TrailEntry.chain, TrailEntry.number)))


def test_a_removed_entry_is_found(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.in_status("open")
    second = numbers(house)[1]
    assert not tampered(house, delete(ENTRIES).where(ENTRIES.c.id == second)).holds


def test_a_removed_end_is_found_once_it_is_sealed(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.in_status("open")
    housekeeping.seal_trails(house.portal)
    found = tampered(house, delete(ENTRIES).where(ENTRIES.c.id == max(numbers(house)))).broken
    assert found is not None
    assert "is gone" in str(found)


def test_a_rewritten_history_is_found_once_it_is_sealed(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    housekeeping.seal_trails(house.portal)
    with house.reading() as work:
        row = work.session.scalars(select(TrailEntry).where(TrailEntry.event == "case:filed")).one()
    entry = Entry(
        row.controller_id, row.chain, row.number, row.at, row.event, row.actor_kind, row.actor_id, {}, row.personal
    )
    forged = update(ENTRIES).where(ENTRIES.c.id == row.id).values(facts={}, hash=entry_hash(entry, GENESIS))
    found = tampered(house, forged).broken
    assert "does not fit the entries" in str(found)
    assert house.view(reference).status == "unverified"


def test_swapped_entries_are_found(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.in_status("open")
    with house.reading() as work:
        first, second = work.session.scalars(select(TrailEntry).where(TrailEntry.case_id == 1).limit(2)).all()
    swap = [
        update(ENTRIES).where(ENTRIES.c.id == first.id).values(number=99),
        update(ENTRIES).where(ENTRIES.c.id == second.id).values(number=first.number),
        update(ENTRIES).where(ENTRIES.c.id == first.id).values(number=second.number),
    ]
    assert not tampered(house, *swap).holds


def test_a_removed_checkpoint_is_found_by_the_next(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    for _ in range(3):
        house.filed()
        housekeeping.seal_trails(house.portal)
    assert verdict(house).checkpoints == 3
    gone = delete(CHECKPOINTS).where(CHECKPOINTS.c.number == 2, CHECKPOINTS.c.controller_id == house.controller_id)
    assert "does not follow" in str(tampered(house, gone).broken)


def test_the_last_checkpoint_can_be_kept_elsewhere(acme_on_sqlite: House) -> None:
    """What cannot be proved is said: whoever removes the newest seal leaves a shorter trail that holds."""
    house = acme_on_sqlite
    house.filed()
    housekeeping.seal_trails(house.portal)
    kept = verdict(house).last_checkpoint
    assert kept is not None
    found = tampered(house, delete(CHECKPOINTS))
    assert found.holds
    assert found.last_checkpoint != kept
    assert "cannot prove" in str(trail.HONESTLY)


def test_erasing_a_person_keeps_the_chain_and_makes_their_part_unreadable(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "refuse", ground="rights_of_others", reason="A very personal reason.")
    housekeeping.seal_trails(acme.portal)
    sealed = acme.row(reference).data_key
    assert sealed is not None
    with acme.work() as work:
        work.session.scalars(select(Case).where(Case.reference == reference)).one().data_key = None
    assert verdict(acme).holds
    with acme.reading("dpo") as work:
        entries = history.trail(work, reference)
    assert [entry.personal for entry in entries if entry.event == "case:refuse"] == [None]
    with acme.reading() as work, pytest.raises(Tampered):
        work.key_of(work.session.scalars(select(Case).where(Case.reference == reference)).one())


def test_entries_written_at_once_make_one_chain(acme_on_postgres: House) -> None:
    house = acme_on_postgres
    reference = house.in_status("open")

    def note(number: int) -> None:
        with house.work() as work:
            work.audit("staff:signed_in", chain="login:7", facts={"number": number})
        with house.work("dpo") as work:
            work.audit("code:sent", case=load(work, reference), facts={"number": number})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(note, range(12)))
    assert verdict(house).holds
    with house.reading() as work:
        chain = work.session.scalars(
            select(TrailEntry.number).where(TrailEntry.chain == "login:7").order_by(TrailEntry.number)
        ).all()
    assert list(chain) == list(range(1, 13))


def test_a_clock_that_is_set_back_writes_no_history(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.clock.advance(-timedelta(days=400))
    house.run()
    with house.reading("dpo") as work:
        times = [entry.at for entry in history.trail(work, reference)]
    assert times == sorted(times)


def test_sealing_needs_nothing_that_was_there_before(acme_on_sqlite: House) -> None:
    """The first seal of a fresh process makes the signing key: on SQLite that must not wait for itself."""
    acme_on_sqlite.filed()
    acme_on_sqlite.portal.ground.memo.pop("signing_key", None)
    assert housekeeping.seal_trails(acme_on_sqlite.portal) == 2


MARKS = ("Markname", "markmail", "markwish", "markaccount", "markreason", "markproof")


def test_no_word_of_a_person_stands_unsealed_anywhere(acme: House) -> None:
    logged = io.StringIO()
    with redirect_stderr(logged), redirect_stdout(logged):
        logs.configure(read_settings(environment_of(acme.portal.settings.data_dir, acme.portal.settings.database_url)))
        _a_marked_life(acme)
    dump = _dump(acme.portal)
    for mark in MARKS:
        assert mark.lower() not in dump.lower(), mark
        assert mark.lower() not in logged.getvalue().lower(), mark
    assert "job.done" in logged.getvalue()
    objects = b"".join(acme.objects.values()).lower()
    assert not any(mark.lower().encode() in objects for mark in MARKS)


def _a_marked_life(house: House) -> None:
    marked = {
        "name": "Markname Person",
        "identities": {"email": "markmail@example.com", "account_name": "markaccount"},
        "details": {"access": {"wish": "markwish"}},
    }
    with house.work(ANONYMOUS) as work:
        intake.save_draft(work, token=None, kind="access", answers=marked)
    house.confirm(house.filed(**marked), "123456")
    refused = house.in_status("open", **marked)
    house.move(refused, "refuse", ground="rights_of_others", reason="markreason")
    noted = a_filing(**marked, channel="post", proof=ProofNote("document_view", "markproof"))
    with house.work("handler") as work:
        reference = intake.file(work, current(work), noted).references[0]
    house.move(reference, "collect")
    house.mails.broken = True
    house.filed(**marked)
    house.run()
    house.mails.broken = False


def _dump(portal: Portal) -> str:
    """Every value of every table, bytes as they would read."""
    with portal.ground.engine.begin() as connection:
        rows = [row for table in Base.metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(
        value.decode("latin-1") if isinstance(value, bytes) else json.dumps(value, default=str, ensure_ascii=False)
        for row in rows
        for value in row
    )
