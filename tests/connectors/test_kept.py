"""Connections that are kept between cases: used again, never believed when they are gone, and closed in time."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from app.connectors import sql
from app.connectors.kept import MOST, Kept
from app.connectors.registry import connect
from tests.connectors.maps import Database, dataset

PEOPLE = dataset("d", people="id* email@email")
SECONDS = 0.3


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    made = Kept(SECONDS)
    monkeypatch.setattr(sql, "KEPT", made)
    yield made
    made.close()


@pytest.fixture
def people(postgres: Database) -> Database:
    return postgres.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text)", rows={"people": [(1, "Ada@x.example")]}
    )


def ids(people: Database) -> list[object]:
    return people.collect(PEOPLE, email="ada@x.example")[0].ids("people")


def backends(people: Database) -> set[int]:
    """The connections of the portal that the system knows of."""
    with psycopg.connect(people.url.replace("+psycopg", ""), autocommit=True) as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'habeas'"
        return {pid for (pid,) in connection.execute(asked)}


def test_one_case_after_another_uses_one_connection_and_sees_what_is_new(people: Database, kept: Kept) -> None:
    assert ids(people) == [1]
    first = backends(people)
    people.run(rows={"people": [(2, "ADA@X.example")]})
    assert ids(people) == [1, 2]
    assert backends(people) == first
    assert len(first) == 1


def test_nothing_that_is_kept_is_in_the_way_of_the_system(people: Database, kept: Kept) -> None:
    ids(people)
    people.run("ALTER TABLE people RENAME COLUMN email TO mail")  # no lock of ours is left
    _, report = people.collect(PEOPLE, email="ada@x.example")
    assert str(report.fault) == "The data map names what this system does not have: people.email."
    people.run("ALTER TABLE people RENAME COLUMN mail TO email", "ALTER TABLE people ALTER COLUMN id TYPE text")
    assert ids(people) == ["1"]


def test_a_system_that_was_started_anew_is_found_again(people: Database, kept: Kept) -> None:
    ids(people)
    (lost,) = backends(people)
    people.run(f"SELECT pg_terminate_backend({lost}, 5000)")
    assert ids(people) == [1]
    assert lost not in backends(people)


def test_what_nobody_uses_is_closed_before_long(people: Database, kept: Kept) -> None:
    ids(people)
    until = time.monotonic() + 10
    while backends(people):
        assert time.monotonic() < until, "still open"
        time.sleep(0.05)
    assert ids(people) == [1]


def test_only_so_many_are_kept(people: Database, kept: Kept) -> None:
    collections = list(PEOPLE.collections.values())
    opened = [connect("sql", people.url).open(collections) for _ in range(MOST + 2)]
    for one in opened:
        one.__enter__()
    assert len(backends(people)) == MOST + 2
    for one in opened:
        one.__exit__(None, None, None)
    assert len(backends(people)) <= MOST


@pytest.mark.parametrize("stored", ["Ädä@X.EXAMPLE", "ÄDä@x.example", "äDÄ@x.example"])
@pytest.mark.parametrize("kind", ["text", "char(40)", "varchar(40)"])
def test_the_length_that_is_compared_first_hides_nobody(people: Database, kind: str, stored: str) -> None:
    people.run(f"CREATE TABLE others (email {kind})", rows={"others": [(stored,), ("else@x.example",)]})
    found, _ = people.collect(dataset("d", others="email@email"), email="Ädä@x.example")
    assert [str(row["email"]).strip() for row in found["others"]] == [stored]
