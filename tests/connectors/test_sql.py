"""Reading databases: every type comes out right, every name and every fault is borne, and nothing is ever written."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from app.connectors import sql
from app.connectors.base import CollectionSink, ConnectorFault, Row, RunReport, SchemaReport, System, Wanted
from app.connectors.registry import connect
from app.connectors.sql import SqlConnector
from app.connectors.walk import check, collect
from app.policies.datasets import Dataset, Field
from tests.connectors.maps import Database, Kept, collection, dataset, sqlite_at
from tests.servers import Postgres, free_port

PEOPLE = dataset("d", people="id* email@email", visits="id* person_id<people.id what")


@pytest.fixture
def people(database: Database) -> Database:
    return database.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text)",
        "CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint, what text)",
        rows={
            "people": [(1, "ada@x.example"), (2, "ben@x.example")],
            "visits": [(n, 1 + n % 2, "visit") for n in range(20)],
        },
    )


# Types


def test_every_type_of_postgresql_comes_out_as_itself(postgres: Database) -> None:
    columns = {
        "small": ("smallint", "-32768", -32768),
        "large": ("bigint", "9007199254740993", 9007199254740993),
        "amount": ("numeric(12,2)", "12.50", Decimal("12.50")),
        "huge": ("numeric", "'1' || repeat('0', 40)", Decimal("1" + "0" * 40)),
        "nothing": ("numeric", "'NaN'", "NaN"),
        "ratio": ("double precision", "0.1", 0.1),
        "flag": ("boolean", "true", True),
        "letters": ("char(5)", "'ab'", "ab   "),
        "words": ("varchar(9)", "'Ā😀\"'", 'Ā😀"'),
        "day": ("date", "'2024-02-29'", date(2024, 2, 29)),
        "forever": ("date", "'infinity'", "infinity"),
        "long_ago": ("timestamptz", "'0044-03-15 12:00:00+00 BC'", "0044-03-15 12:00:00+00 BC"),
        "far": ("timestamp", "'12000-01-01'", "12000-01-01 00:00:00"),
        "clock": ("time", "'10:11:12.5'", time(10, 11, 12, 500000)),
        "midnight": ("time", "'24:00'", "24:00:00"),
        "clock_there": ("timetz", "'10:11+02'", time(10, 11, tzinfo=timezone(timedelta(hours=2)))),
        "local": ("timestamp", "'2024-02-29 10:11:12'", datetime(2024, 2, 29, 10, 11, 12)),  # noqa: DTZ001
        "moment": ("timestamptz", "'2024-02-29 10:11:12+02'", datetime(2024, 2, 29, 8, 11, 12, tzinfo=UTC)),
        "span": ("interval", "'1 month 2 days 3 hours'", "P1M2DT3H"),
        "ident": ("uuid", "'12345678-1234-5678-1234-567812345678'", UUID("12345678-1234-5678-1234-567812345678")),
        "raw": ("bytea", "'\\x00ff'", b"\x00\xff"),
        "doc": ("jsonb", """'{"a": [1, 2.5, null], "b": "x"}'""", {"a": [1, 2.5, None], "b": "x"}),
        "doc_text": ("json", "'[1]'", [1]),
        "numbers": ("int[]", "'{1,NULL,3}'", [1, None, 3]),
        "grid": ("text[][]", "'{{a,b},{c,d}}'", [["a", "b"], ["c", "d"]]),
        "days": ("date[]", "'{2024-02-29,infinity}'", [date(2024, 2, 29), "infinity"]),
        "mood": ("mood", "'so so'", "so so"),
        "address": ("inet", "'192.0.2.1'", "192.0.2.1"),
        "network": ("cidr", "'192.0.2.0/24'", "192.0.2.0/24"),
        "between": ("int4range", "'[1,5)'", "[1,5)"),
        "positive": ("positive", "5", 5),
        "pair": ("pair", "ROW(1, 'x')", "(1,x)"),
        "bits": ("bit(3)", "B'101'", "101"),
        "price": ("money", "'12.5'", "$12.50"),
        "page": ("xml", "'<a/>'", "<a/>"),
        "empty": ("text", "NULL", None),
    }
    postgres.run(
        "CREATE TYPE mood AS ENUM ('fine', 'so so')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE TYPE pair AS (a int, b text)",
        "SET lc_monetary = 'C'",
        "CREATE TABLE t (id int PRIMARY KEY, " + ", ".join(f"{name} {one[0]}" for name, one in columns.items()) + ")",
        "INSERT INTO t SELECT 1, " + ", ".join(f"({value})::{kind}" for kind, value, _ in columns.values()),
    )
    kept, report = postgres.collect(dataset("d", t="id*@number " + " ".join(columns)), number="1")
    assert report.fault is None
    row = {name: str(value) if name == "nothing" else value for name, value in kept["t"][0].items()}
    assert row == {"id": 1} | {name: expected for name, (_, _, expected) in columns.items()}
    moment = row["moment"]
    assert isinstance(moment, datetime)
    assert moment.utcoffset() == timedelta(0)


def test_sqlite_is_read_as_its_columns_are_declared(sqlite: Database) -> None:
    columns = {
        "n": ("INTEGER", 9007199254740993, 9007199254740993),
        "amount": ("DECIMAL(10,2)", 12.5, Decimal("12.50")),
        "exact": ("NUMERIC", "0.1", Decimal("0.1")),
        "odd": ("DECIMAL(10,2)", "n/a", "n/a"),
        "endless": ("NUMERIC", float("inf"), float("inf")),
        "fine": ("DECIMAL(10,2)", 1.234, Decimal("1.234")),
        "ratio": ("REAL", 0.1, 0.1),
        "flag": ("BOOLEAN", 1, True),
        "unsure": ("BOOLEAN", 2, 2),
        "day": ("DATE", "2024-02-29", date(2024, 2, 29)),
        "no_day": ("DATE", "soon", "soon"),
        "moment": ("DATETIME", "2024-02-29 10:11:12", datetime(2024, 2, 29, 10, 11, 12)),  # noqa: DTZ001
        "zoned": ("TIMESTAMP", "2024-02-29T10:11:12Z", datetime(2024, 2, 29, 10, 11, 12, tzinfo=UTC)),
        "only_day": ("TIMESTAMP", "2024-02-29", date(2024, 2, 29)),
        "epoch": ("DATETIME", 1709201472, 1709201472),
        "clock": ("TIME", "10:11:12", time(10, 11, 12)),
        "doc": ("JSON", '{"a": [1, null]}', {"a": [1, None]}),
        "not_json": ("JSON", "{", "{"),
        "raw": ("BLOB", b"\x00\xff", b"\x00\xff"),
        "words": ("VARCHAR(3)", "Ā😀 long", "Ā😀 long"),
        "anything": ("", 5, 5),
        "empty": ("TEXT", None, None),
    }
    sqlite.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, "
        + ", ".join(f"{name} {one[0]}" for name, one in columns.items())
        + ")",
        rows={"t": [(1, *(one[1] for one in columns.values()))]},
    )
    sqlite.run("ALTER TABLE t ADD COLUMN doubled INTEGER GENERATED ALWAYS AS (id * 2)")
    kept, report = sqlite.collect(dataset("d", t="id*@number doubled " + " ".join(columns)), number="1")
    assert report.fault is None
    assert kept["t"] == [{"id": 1, "doubled": 2} | {name: one[2] for name, one in columns.items()}]


def test_bytes_that_are_no_text_do_not_hide_a_row(sqlite: Database) -> None:
    sqlite.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)", "INSERT INTO t VALUES (1, CAST(x'61ff62' AS TEXT))"
    )
    kept, _ = sqlite.collect(dataset("d", t="id*@number word"), number="1")
    assert kept["t"] == [{"id": 1, "word": "a\ufffdb"}]


KEYS = [
    ("uuid", "'12345678-1234-5678-1234-567812345678'", "12345678-1234-5678-1234-567812345678"),
    ("uuid", "'12345678-1234-5678-1234-567812345678'", "{12345678123456781234567812345678}"),
    ("numeric(10,2)", "12.50", "12.5"),
    ("double precision", "0.5", "0.5"),
    ("char(9)", "'AB'", "AB"),
    ("varchar(2)", "'AB'", "AB"),
    ("date", "'2024-02-29'", "2024-02-29"),
    ("timestamptz", "'2024-02-29 10:00+02'", "2024-02-29T08:00:00+00:00"),
    ("mood", "'so so'", "so so"),
    ("smallint", "7", "007"),
    ("inet", "'192.0.2.1/32'", "192.0.2.1/32"),
    ("text[]", "'{a,b}'", "b"),
    ("int[]", "'{1,2}'", "2"),
    ("mood[]", "'{fine,so so}'", "so so"),
]


@pytest.mark.parametrize(("kind", "stored", "typed"), KEYS)
def test_a_value_finds_its_row_in_a_column_of_any_type(postgres: Database, kind: str, stored: str, typed: str) -> None:
    postgres.run(
        "CREATE TYPE mood AS ENUM ('fine', 'so so')",
        f"CREATE TABLE t (id int PRIMARY KEY, key {kind})",
        f"INSERT INTO t VALUES (1, {stored}), (2, NULL)",
    )
    kept, report = postgres.collect(dataset("d", t="id* key@number"), number=[typed, "not a value of it"])
    assert report.fault is None
    assert kept.ids("t") == [1]


@pytest.mark.parametrize(
    ("kind", "stored", "typed"),
    [
        ("char(3)", "'GBP'", "GBPX"),
        ("varchar(3)", "'GBP'", "GBPX"),
        ("numeric(10,1)", "12.3", "12.34"),
        ("date", "'2024-02-29'", "2024-02-29T10:00"),
        ("mood", "'fine'", "FINE"),
        ("text", "'ada'", "ADA"),
    ],
)
def test_nothing_is_rounded_or_cut_into_a_match(postgres: Database, kind: str, stored: str, typed: str) -> None:
    postgres.run("CREATE TYPE mood AS ENUM ('fine', 'so so')", f"CREATE TABLE t (id int PRIMARY KEY, key {kind})")
    postgres.run(f"INSERT INTO t VALUES (1, {stored})")
    _, report = postgres.collect(dataset("d", t="id* key@number"), number=typed)
    assert (report.state, report.found) == ("done", 0)


@pytest.mark.parametrize("schema", ["public", "types"])
def test_citext_and_an_index_on_lower_case(postgres: Database, schema: str) -> None:
    postgres.run(
        f"CREATE SCHEMA IF NOT EXISTS {schema}",
        f"CREATE EXTENSION citext SCHEMA {schema}",
        f"CREATE TABLE one (id int PRIMARY KEY, email {schema}.citext)",
        'CREATE TABLE two (id int PRIMARY KEY, "E mail" text)',
        'CREATE INDEX lowered ON two (lower("E mail"))',
        rows={"one": [(1, "Ada@X.example")], "two": [(2, "ADA@x.example")]},
    )
    data_map = dataset("d", one="id* email@email", two="id*")
    two = collection("two", [Field("id", None, (), primary_key=True), Field("E mail", None, (), identity="email")])
    kept, _ = postgres.collect(
        Dataset("d", "d", {**data_map.collections, "two": two}), email=["ada@x.example", "aDa@x.example"]
    )
    assert (kept.ids("one"), kept.ids("two")) == ([1], [2])


def test_values_flow_out_of_arrays_and_json_and_into_them(database: Database) -> None:
    array = "bigint[]" if database.kind == "postgresql" else "JSON"
    document = "jsonb" if database.kind == "postgresql" else "JSON"
    ids = "{5,6}" if database.kind == "postgresql" else "[5, 6]"
    database.run(
        f"CREATE TABLE people (id bigint PRIMARY KEY, email text, tag_ids {array}, doc {document})",
        "CREATE TABLE tags (id bigint PRIMARY KEY)",
        f"CREATE TABLE events (id bigint PRIMARY KEY, who {document})",
        rows={
            "people": [(1, "ada@x.example", ids, '{"seen": [{"event": 9}, {"event": null}]}')],
            "tags": [(5,), (6,), (7,)],
            "events": [(8, '{"user": {"id": 1, "pin": 3}}'), (9, "{}"), (10, '{"user": {"id": 2}}')],
        },
    )
    data_map = dataset(
        "d",
        people="id* email@email tag_ids>tags.id doc doc.seen doc.seen.event>events.id",
        tags="id*",
        events="id* who who.user who.user.id<people.id who.user.pin~",
    )
    kept, report = database.collect(data_map, email="ada@x.example")
    assert report.fault is None
    assert (kept.ids("tags"), kept.ids("events")) == ([5, 6], [8, 9])
    assert {"id": 8, "who": {"user": {"id": 1}}} in kept["events"]


# Names


def test_hostile_names_are_only_names(database: Database) -> None:
    names = [
        "select",
        "Mixed Case",
        'quo"te',
        "semi;colon",
        "per%cent",
        "per%(cent)s",
        ":colon",
        "quest?ion",
        "ünï",
        "a'b",
    ]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    many = ", ".join(f"{name} text" for name in quoted)
    for table in ('"order"', '"Tab""le; DROP TABLE x"', '"per%cent"'):
        database.run(
            f"CREATE TABLE {table} (id bigint PRIMARY KEY, {many})",
            rows={table: [(1, *["x"] * len(names)), (2, *["y"] * len(names))]},
        )
    for table in ("order", 'Tab"le; DROP TABLE x', "per%cent"):
        for name in names:
            fields = [Field("id", None, (), primary_key=True)]
            fields += [Field(one, None, (), identity="number" if one == name else None) for one in names]
            data_map = Dataset("d", "d", {table: collection(table, fields)})
            kept, report = database.collect(data_map, number="x")
            assert report.fault is None
            assert kept[table] == [{"id": 1, **dict.fromkeys(names, "x")}]


def test_tables_in_other_schemas(postgres: Database) -> None:
    postgres.run(
        'CREATE SCHEMA "Back Office"',
        'CREATE TABLE "Back Office".people (id bigint PRIMARY KEY, email text)',
        "CREATE TABLE people (id bigint PRIMARY KEY, email text)",
        rows={'"Back Office".people': [(1, "ada@x.example")], "people": [(2, "ada@x.example")]},
    )
    fields = [Field("id", None, (), primary_key=True), Field("email", None, (), identity="email")]
    for name, found in (("Back Office.people", [1]), ("people", [2]), ("public.people", [2])):
        kept, _ = postgres.collect(Dataset("d", "d", {name: collection(name, fields)}), email="ada@x.example")
        assert kept.ids(name) == found


def test_partitions_and_their_rows_are_told_apart(postgres: Database) -> None:
    postgres.run(
        "CREATE TABLE log (email text, phone text) PARTITION BY LIST (phone)",
        "CREATE TABLE log_1 PARTITION OF log FOR VALUES IN ('1')",
        "CREATE TABLE log_2 PARTITION OF log FOR VALUES IN ('2')",
        rows={"log": [("ada@x.example", "1"), ("ada@x.example", "2"), ("ben@x.example", "1")]},
    )
    _, report = postgres.collect(dataset("d", log="email@email phone@phone"), email="ada@x.example", phone="1")
    assert report.found == 3


def test_only_declared_columns_are_ever_asked_for(postgres: Database, cluster: Postgres) -> None:
    postgres.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text, password text, remark text)",
        "INSERT INTO people VALUES (1, 'ada@x.example', 'secret', 'undeclared')",
        *_reader(postgres, "GRANT SELECT (id, email) ON people TO reader"),
    )
    reader = _as_reader(postgres)
    kept, report = reader.collect(dataset("d", people="id* email@email password~"), email="ada@x.example")
    assert report.fault is None  # its account may not read the other columns: they were not asked for
    assert kept["people"] == [{"id": 1, "email": "ada@x.example"}]
    assert check(reader.system(dataset("d", people="id* email@email password~"))).sound


# Faults, in plain words


def _reader(database: Database, *grants: str) -> list[str]:
    drop = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN DROP OWNED BY reader; ELSE "
    return [drop + "CREATE ROLE reader LOGIN PASSWORD 'geheim'; END IF; END $$", *grants]


def _as_reader(database: Database) -> Database:
    return Database("postgresql://reader:geheim@" + database.url.partition("@")[2])


def fault_of(database: Database, data_map: Dataset = PEOPLE) -> ConnectorFault:
    connector = connect("sql", database.url)
    with pytest.raises(ConnectorFault) as caught, connector.open(list(data_map.collections.values())):
        pass
    said = f"{caught.value} {caught.value.message.values} {caught.value!r}"
    assert not any(word in said for word in ("geheim", "127.0.0.1", "postgresql", "reader", "ada@"))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_missing_tables_and_columns_are_all_named_at_once(database: Database) -> None:
    database.run("CREATE TABLE people (id bigint PRIMARY KEY)")
    fault = fault_of(database)
    assert str(fault) == "The data map names what this system does not have: people.email, visits."
    assert not fault.retry


def test_a_missing_secret_column_that_nobody_reads_does_not_matter(database: Database) -> None:
    database.run("CREATE TABLE people (id bigint PRIMARY KEY, email text)")
    _, report = database.collect(dataset("d", people="id* email@email password~"), email="a@x.example")
    assert report.state == "done"
    assert check(database.system(dataset("d", people="id* email@email password~"))).schema.missing_columns


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    fault = fault_of(sqlite_at(tmp_path / "none.db"))
    assert (str(fault), fault.retry) == ("The system could not be reached.", True)
    assert not (tmp_path / "none.db").exists()
    for url in ("sqlite://", "sqlite:///:memory:", f"sqlite:///{tmp_path}"):
        assert str(fault_of(Database(url))) == "The system could not be reached."


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "odd.db").write_text("ada@x.example " * 200)
    assert "not a database" in str(fault_of(sqlite_at(tmp_path / "odd.db")))


def test_a_system_that_is_not_reached(cluster: Postgres) -> None:
    fault = fault_of(Database(f"postgresql://reader:geheim@127.0.0.1:{free_port()}/d"))
    assert (str(fault), fault.retry) == ("The system could not be reached.", True)


def test_a_wrong_password_a_wrong_user_a_wrong_database(postgres: Database, cluster: Postgres) -> None:
    wrong = "The system did not accept the portal's user name or password."
    for user in ("habeas:geheim", "nobody:geheim", "habeas"):
        fault = fault_of(Database(f"postgresql://{user}@127.0.0.1:{cluster.port}/postgres"))
        assert (str(fault), fault.retry) == (wrong, False)
    missing = fault_of(Database(cluster.url("there_is_none")))
    assert str(missing) == "The system has no database of the name that the portal was given."


def test_what_may_not_be_read_is_named(postgres: Database) -> None:
    postgres.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text)",
        "CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint, what text)",
        *_reader(postgres, "GRANT SELECT ON people TO reader", "GRANT SELECT (id, person_id) ON visits TO reader"),
    )
    fault = fault_of(_as_reader(postgres))
    assert str(fault) == "The portal's account in this system may not read visits.what."
    assert check(_as_reader(postgres).system(PEOPLE)).schema.unreadable == ("visits.what",)


def test_a_right_taken_away_behind_a_view(postgres: Database) -> None:
    postgres.run(
        "CREATE FUNCTION hidden() RETURNS bigint LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'ada@x.example geheim'; END $$",
        "CREATE VIEW people AS SELECT hidden() AS id, 'ada@x.example'::text AS email",
    )
    _, report = postgres.collect(dataset("d", people="id* email@email"), email="ada@x.example")
    assert str(report.fault) == "The portal's account in this system may not read everything that the data map names."


def test_any_other_error_gives_its_code_and_no_value(postgres: Database) -> None:
    postgres.run(
        "CREATE FUNCTION odd() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'ada@x.example geheim'; END $$",
        "CREATE VIEW people AS SELECT odd() AS id, 'ada@x.example'::text AS email",
    )
    _, report = postgres.collect(dataset("d", people="id* email@email"), email="ada@x.example")
    assert (report.state, str(report.fault)) == ("failed", "The system refused to answer (P0001).")


class Interrupting(Kept):
    """Does something to the source after the first rows."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act: Callable[[], object] | None = act

    def open(self, connection: str, name: str, columns: tuple[str, ...]) -> CollectionSink:
        act, self.act = self.act, None
        if act is not None:
            act()
        return super().open(connection, name, columns)


def interrupted(database: Database, act: Callable[[], object]) -> RunReport:
    kept = Interrupting(act)
    report = collect({"db": database.system(PEOPLE)}, {"email": ["ada@x.example"]}, kept)["db"]
    assert report.state == "failed"
    assert sorted(kept.closed) == sorted(kept.columns_of)
    return report


def test_a_connection_lost_in_the_middle(postgres: Database, cluster: Postgres) -> None:
    _people_in(postgres)

    def kill() -> None:
        with cluster.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'habeas'"
            )

    report = interrupted(postgres, kill)
    assert (str(report.fault), report.retry) == ("The connection to the system was lost in the middle.", True)


def test_a_table_dropped_in_the_middle_waits_for_us_or_is_missed(postgres: Database) -> None:
    """One snapshot: a table that is being read cannot go; one not yet read may, and then the run has failed."""
    _people_in(postgres)
    report = interrupted(postgres, lambda: postgres.run("DROP TABLE visits"))
    assert (str(report.fault), report.retry) == ("A table that the data map names is not in the system.", False)
    assert report.rows == {"people": 1, "visits": 0}


def test_a_table_dropped_in_the_middle_of_sqlite(sqlite: Database) -> None:
    """SQLite keeps the moment that is being read: the writer waits, and the answer is whole."""
    _people_in(sqlite)
    sqlite.run("PRAGMA journal_mode = WAL")
    kept = Interrupting(lambda: sqlite.run("DROP TABLE visits"))
    report = collect({"db": sqlite.system(PEOPLE)}, {"email": ["ada@x.example"]}, kept)["db"]
    assert (report.state, report.found) == ("done", 11)


def _people_in(database: Database) -> Database:
    return database.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text)",
        "CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint, what text)",
        rows={"people": [(1, "ada@x.example")], "visits": [(n, 1, "x") for n in range(10)]},
    )


def test_a_system_that_takes_too_long(people: Database) -> None:
    slow = {
        "sqlite": "CREATE VIEW slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT max(i) AS id, 'ada@x.example' AS email FROM n",
        "postgresql": "CREATE VIEW slow AS SELECT 1 AS id, 'ada@x.example' || pg_sleep(20)::text AS email",
    }
    people.run(slow[people.kind])
    system = System(SqlConnector(people.url, seconds=1), dataset("d", slow="id* email@email"))
    report = collect({"db": system}, {"email": ["ada@x.example"]}, Kept())["db"]
    assert (str(report.fault), report.retry) == ("The system took too long to answer.", True)


def test_a_locked_file(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _people_in(sqlite)
    monkeypatch.setattr("app.connectors.sqlite.CONNECT_SECONDS", 0.05)
    writer = sqlite3.connect(sqlite.url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    fault = fault_of(sqlite)
    assert (str(fault), fault.retry) == (
        "The system is busy or does not take any more connections at the moment.",
        True,
    )
    writer.close()


# Reading only, one moment


def test_nothing_can_be_written(people: Database) -> None:
    connector = connect("sql", people.url)
    with connector.open(list(PEOPLE.collections.values())) as source:
        driver = source._connection.connection.driver_connection
        with pytest.raises((psycopg.Error, sqlite3.Error), match=r"read-only|readonly"):
            driver.execute("INSERT INTO people VALUES (99, 'x')")


def test_one_moment_is_seen_from_start_to_end(postgres: Database) -> None:
    _people_in(postgres)
    kept = Interrupting(
        lambda: postgres.run(
            "INSERT INTO visits VALUES (100, 1, 'later')", "UPDATE visits SET person_id = 2 WHERE id < 5"
        )
    )
    report = collect({"db": postgres.system(PEOPLE)}, {"email": ["ada@x.example"]}, kept)["db"]
    assert (report.state, kept.ids("visits")) == ("done", list(range(10)))


def test_the_search_path_of_the_account_counts(postgres: Database, cluster: Postgres) -> None:
    name = postgres.url.rpartition("/")[2]
    postgres.run(
        "CREATE SCHEMA own",
        "CREATE TABLE own.people (id bigint PRIMARY KEY, email text)",
        f"ALTER DATABASE {name} SET search_path = own",
        rows={"own.people": [(7, "ada@x.example")]},
    )
    kept, _ = postgres.collect(dataset("d", people="id* email@email"), email="ada@x.example")
    assert kept.ids("people") == [7]


def test_two_runs_at_once_do_not_meet(people: Database) -> None:
    found: list[int] = []

    def run() -> None:
        found.append(people.collect(PEOPLE, email="ada@x.example")[1].found)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [11] * 4


def test_large_values_come_in_small_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "BATCH_BYTES", 10_000)
    binary = "bytea" if database.kind == "postgresql" else "BLOB"
    database.run(
        f"CREATE TABLE photos (id bigint PRIMARY KEY, owner bigint, image {binary})",
        rows={"photos": [(n, 1, b"x" * 1_000) for n in range(300)]},
    )
    kept, _ = database.collect(dataset("d", photos="id* owner@number image"), number="1")
    assert len(kept["photos"]) == 300
    sizes = list(_batch_sizes(database))
    assert sizes[0] == 50
    assert max(sizes[1:]) <= 10


def _batch_sizes(database: Database) -> Iterator[int]:
    photos = dataset("d", photos="id* owner@number image").collections["photos"]
    with connect("sql", database.url).open([photos]) as source:
        batches: Iterator[list[Row]] = source.rows(Wanted(photos, photos.columns), "owner", [1], batch=2_000)
        yield from map(len, batches)


# Checking


def test_a_check_names_every_difference(database: Database) -> None:
    database.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text, phone_number text, created_at text)",
        "CREATE TABLE newsletter (id bigint PRIMARY KEY, mail text, topic text)",
        "CREATE TABLE logs (id bigint)",
    )
    data_map = dataset(
        "d", skip=["logs"], people="id* email@email nickname", visits="id* person_id<people.id", logs="x"
    )
    report = check(database.system(data_map))
    assert report.fault is None
    assert not report.sound
    assert report.skipped == ("logs",)
    assert report.schema == SchemaReport(
        missing_tables=("visits",),
        missing_columns=("people.nickname", "logs.x"),
        undeclared_tables=("newsletter",),
        undeclared_columns=("people.phone_number", "people.created_at", "logs.id"),
        personal=("people.phone_number", "newsletter.mail"),
    )


def test_a_check_of_what_is_as_it_should_be(people: Database) -> None:
    report = check(people.system(PEOPLE))
    assert report.sound
    assert report.schema == SchemaReport()


def test_a_check_of_what_cannot_be_reached(tmp_path: Path) -> None:
    report = check(sqlite_at(tmp_path / "none.db").system(PEOPLE))
    assert not report.sound
    assert str(report.fault) == "The system could not be reached."


class Full(Kept):
    """A sink whose storage is full."""

    def open(self, connection: str, name: str, columns: tuple[str, ...]) -> CollectionSink:
        if name == "visits":
            raise OSError("no space left")
        return super().open(connection, name, columns)


def test_what_the_sink_raises_passes_and_nothing_stays_open(people: Database) -> None:
    with pytest.raises(OSError, match="no space left"):
        collect({"db": people.system(PEOPLE)}, {"email": ["ada@x.example"]}, Full())
    people.run("DROP TABLE visits")  # nobody holds it any more


def test_a_missing_secret_column_that_others_refer_to_is_named(database: Database) -> None:
    database.run(
        "CREATE TABLE people (email text)", "CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint, what text)"
    )
    _, report = database.collect(
        dataset("d", people="id~ email@email", visits="id* person_id<people.id"), email="ada@x.example"
    )
    assert str(report.fault) == "The data map names what this system does not have: people.id."
