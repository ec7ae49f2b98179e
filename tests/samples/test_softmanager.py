"""The generated SoftManager databases: the same everywhere, described column by column, with people worth a look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, inspect, select, text

from app.cli.samples.making import build
from app.cli.samples.softmanager import PEOPLE, SAMPLE
from app.cli.samples.softmanager_rows import generate
from app.cli.samples.softmanager_tables import clients, contacts, documents, users
from app.domain.errors import Refused
from app.policies.loader import CONTROLLERS, read_controller
from tests import servers


def on(kind: str, directory: Path) -> Iterator[tuple[str, str]]:
    if kind == "sqlite":
        yield f"sqlite:///{directory}/crm.db", f"sqlite:///{directory}/billing.db"
        return
    with servers.or_skip(servers.postgres()) as server, server.database() as crm, server.database() as billing:
        yield crm, billing


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    for crm, billing in on(request.param, tmp_path_factory.mktemp("sample")):
        assert build(SAMPLE, {"crm": crm, "billing": billing})
        engines = create_engine(crm), create_engine(billing)
        yield engines
        for engine in engines:
            engine.dispose()


def test_every_field_has_a_category_and_secrets_are_marked() -> None:
    datasets = read_controller(CONTROLLERS / "softmanager.yaml").datasets
    collections = [each for dataset in datasets.values() for each in dataset.collections.values()]
    fields = [one for each in collections for one in each.fields.values()]
    assert all(one.categories for one in fields)
    assert {one.name for one in fields if one.secret} == {"password_hash", "api_key"}


def test_the_two_databases_are_joined_by_references() -> None:
    billing = read_controller(CONTROLLERS / "softmanager.yaml").datasets["billing"]
    across = {(each.name, one.name) for each, one, ref in billing.references() if ref.dataset == "softmanager_crm"}
    assert across == {
        ("documents", "client_id"), ("documents", "contact_id"), ("payments", "client_id"),
        ("subscriptions", "client_id"),
    }  # fmt: skip


def test_the_people_are_as_promised() -> None:
    rows = generate()

    def having(table: str, email: str) -> list[dict[str, object]]:
        return [row for row in rows[table] if row["email"] == email]

    by_name = {person.email: person for person in PEOPLE}
    assert len({row["client_id"] for row in having("contacts", "ana.ionescu@example.com")}) == 3
    assert having("users", "ana.ionescu@example.com")
    both = ("andrei.popescu@example.com", "a.popescu@example.net")
    namesakes = [having("clients", email)[0]["name"] for email in both]
    assert namesakes[0] == namesakes[1] == by_name["a.popescu@example.net"].name
    assert len(having("clients", "familia.dumitrescu@example.com")) == 2
    new, old = having("clients", "grace.oneill@example.com")[0], having("clients", "grace@example.org")[0]
    assert (new["merged_into_id"], old["merged_into_id"]) == (old["id"], new["id"])
    assert having("users", "oliver.smith@example.com")[0]["status"] == "deactivated"
    luca = having("contacts", "luca.moraru@example.com")[0]
    assert str(luca["birthday"]) > "2010"
    assert having("clients", "simona.moraru@example.com")[0]["id"] == luca["client_id"]
    assert not any(having(table, "ioana.vacarescu@example.com") for table in ("clients", "contacts", "users"))


def test_the_large_one_has_a_hundred_times_more() -> None:
    rows = generate()

    def count(email: str) -> int:
        client = next(row["id"] for row in rows["clients"] if row["email"] == email)
        own = {row["id"] for row in rows["documents"] if row["client_id"] == client}
        tables = ("documents", "payments", "subscriptions")
        related = [row for table in tables for row in rows[table] if row["client_id"] == client]
        return 1 + len(related) + sum(row["document_id"] in own for row in rows["document_lines"])

    assert count("stefan.turcanu@example.com") >= 100 * count("a.popescu@example.net")


def test_nobody_in_it_can_exist() -> None:
    rows = generate()
    for table in ("clients", "contacts", "users"):
        for row in rows[table]:
            assert row["email"].rpartition("@")[2].endswith(("example.com", "example.net", "example.org"))
            assert row.get("cnp") is None or row["cnp"][7:9] == "00"  # no such county


def test_values_of_every_kind_come_back(built: tuple[Engine, Engine]) -> None:
    crm, billing = built
    with crm.connect() as connection:
        ana = connection.execute(select(contacts).where(contacts.c.email == "ana.ionescu@example.com")).all()
        settings = connection.scalar(select(clients.c.settings).where(clients.c.id == 1))
        picture = connection.scalar(select(users.c.avatar).where(users.c.avatar.is_not(None)).limit(1))
        nothing = connection.scalar(text("SELECT count(*) FROM activity_log WHERE details IS NULL"))
    assert len(ana) == 3
    assert settings["language"] in {"ro", "en"}
    assert picture.startswith(b"\x89PNG")
    assert nothing
    with billing.connect() as connection:
        assert connection.scalar(select(func.count()).where(documents.c.corrects_id.is_not(None)))


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    crm, billing = f"sqlite:///{tmp_path}/theirs.db", f"sqlite:///{tmp_path}/billing.db"
    engine = create_engine(crm)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY, mine TEXT)"))
    with pytest.raises(Refused, match="already has users"):
        build(SAMPLE, {"crm": crm, "billing": billing})
    assert inspect(engine).get_table_names() == ["users"]
    engine.dispose()
    assert not (tmp_path / "billing.db").exists()
