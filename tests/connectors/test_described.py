"""A database describes itself, and a data map is drafted from that: every column, and nobody who is somebody else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.connectors.base import ConnectorFault
from app.connectors.registry import described
from app.domain.errors import Invalid
from app.policies.dataset_file import read_dataset
from app.policies.draft import Draft, draft
from app.policies.yaml_file import parse_yaml
from tests.connectors.maps import Database

SCHEMA = (
    "CREATE TABLE readers (id INTEGER PRIMARY KEY, name TEXT, email VARCHAR(200) UNIQUE, email_verified_at TIMESTAMP,"
    " phone TEXT, born_on DATE, pin_hash TEXT, settings TEXT, shelf TEXT)",
    "CREATE TABLE clerks (id INTEGER PRIMARY KEY, email TEXT)",
    "CREATE TABLE books (id INTEGER PRIMARY KEY, name TEXT, price NUMERIC(8,2), api_key TEXT)",
    "CREATE TABLE loans (id INTEGER PRIMARY KEY, reader_id INTEGER REFERENCES readers (id),"
    " clerk_id INTEGER REFERENCES clerks (id), book_id INTEGER REFERENCES books (id), lent_on DATE, fine NUMERIC(8,2))",
    "CREATE TABLE reminders (loan_id INTEGER REFERENCES loans (id), number INTEGER, text TEXT,"
    " PRIMARY KEY (loan_id, number))",
    'CREATE TABLE "Odd one" ("the key" INTEGER PRIMARY KEY, "true" TEXT)',
    "CREATE VIEW overdue AS SELECT id, lent_on FROM loans",
)
READERS = "INSERT INTO readers (id, name, email, shelf) VALUES (1, 'Ana', 'ana@example.com', 'secret-shelf')"


@pytest.fixture
def library(database: Database) -> Database:
    return database.run(*SCHEMA, READERS)


@pytest.fixture
def drafted(library: Database) -> Draft:
    return draft("kiosk", described(library.url))


def categories(made: Draft) -> dict[str, str]:
    """Column → the category that the draft gives it, before anybody decided."""
    found, table = {}, ""
    for line in made.text.splitlines():
        if line.startswith("      - name: "):
            table = line.partition(": ")[2].strip('"')
        elif line.startswith("          - name: "):
            column = line.partition(": ")[2].strip('"')
        elif "data_categories" in line:
            found[f"{table}.{column}"] = line.partition("[")[2].rstrip("]")
    return found


def decided(made: Draft) -> str:
    return made.text.replace("[open]", "[system.operations]")


def test_every_column_is_there(drafted: Draft) -> None:
    assert categories(drafted) == {
        "readers.id": "user.unique_id", "readers.name": "user.name", "readers.email": "user.contact.email",
        "readers.email_verified_at": "open", "readers.phone": "user.contact.phone_number",
        "readers.born_on": "user.demographic.date_of_birth", "readers.pin_hash": "user.authorization.credentials",
        "readers.settings": "user.account.settings", "readers.shelf": "open",
        "clerks.id": "user.unique_id", "clerks.email": "user.contact.email",
        "books.id": "system.operations", "books.name": "open", "books.price": "open",
        "books.api_key": "user.authorization.credentials",
        "loans.id": "system.operations", "loans.reader_id": "user.unique_id", "loans.clerk_id": "user.unique_id",
        "loans.book_id": "system.operations", "loans.lent_on": "open", "loans.fine": "user.payment",
        "reminders.loan_id": "user.unique_id", "reminders.number": "system.operations", "reminders.text": "open",
        "Odd one.the key": "system.operations", "Odd one.true": "open",
        "overdue.id": "open", "overdue.lent_on": "open",
    }  # fmt: skip
    assert set(drafted.open) == {name for name, category in categories(drafted).items() if category == "open"}


def test_what_is_open_is_a_mistake_until_it_is_decided(drafted: Draft) -> None:
    _, faults = read_dataset(parse_yaml(drafted.text.encode(), "kiosk.yml"))
    assert len(faults) == len(drafted.open) > 0
    assert {one.wrong for one in faults} == {"is still open: nobody has said yet what this holds"}
    read, faults = read_dataset(parse_yaml(decided(drafted).encode(), "kiosk.yml"))
    assert faults == []
    assert read is not None
    assert {name: one.primary_key for name, one in read.dataset.collections.items()} == {
        "readers": ("id",), "clerks": ("id",), "books": ("id",), "loans": ("id",), "reminders": ("loan_id", "number"),
        "Odd one": ("the key",), "overdue": (),
    }  # fmt: skip
    assert {(c.name, f.name): (r.collection, r.field, r.direction) for c, f, r in read.dataset.references()} == {
        ("loans", "book_id"): ("books", "id", "to"),
        ("reminders", "loan_id"): ("loans", "id", "from"),
    }
    assert read.dataset.collections["readers"].identities() == {"email": ("email",)}
    assert "pin_hash" not in read.dataset.collections["readers"].columns
    assert "api_key" not in read.dataset.collections["books"].columns


def about_readers(made: Draft) -> str:
    """What somebody does who knows that loans are about readers, and decides the rest."""
    text = re.sub(r"# (fides_meta: .*readers\.id)", r"\1", decided(made))
    assert text != decided(made)
    return text


def test_two_kinds_of_people_are_asked_about(drafted: Draft) -> None:
    """A clerk who asks would get what readers borrowed: somebody has to say whose rows these are."""
    assert re.findall(r"# Are these rows about those in (\w+)\? If so: this line\n", drafted.text) == [
        "readers", "clerks",
    ]  # fmt: skip


def test_people_are_not_handed_to_others(database: Database) -> None:
    """The manager does not get the staff, nor a company its contact persons, before somebody says so."""
    database.run(
        "CREATE TABLE staff (id INTEGER PRIMARY KEY, email TEXT, manager INTEGER REFERENCES staff (id))",
        "CREATE TABLE trips (id INTEGER PRIMARY KEY, staff INTEGER REFERENCES staff (id),"
        " back INTEGER REFERENCES trips (id))",
        "CREATE TABLE shares (staff_id INTEGER PRIMARY KEY REFERENCES staff (id), email TEXT)",
    )
    text = draft("x", described(database.url)).text
    assert "# Do those in staff get the people of staff? If so: this line\n" in text
    assert "# Do those in staff get the people of shares? If so: this line in place of the one above\n" in text
    read, _ = read_dataset(parse_yaml(text.encode(), "x.yml"))
    assert read is not None
    assert [one.name for _, one, _ in read.dataset.references()] == ["staff"], "a trip is about its one traveller"
    assert "# Are rows that refer to one another about the same person? If so: this line\n" in text
    marked = re.sub(
        r"            fides_meta: {primary_key: true}\n            # (Do.*)\n            # ", "            ", text
    )
    read, faults = read_dataset(parse_yaml(re.sub("# fides", "fides", marked).encode(), "x.yml"))
    assert faults == []
    assert read is not None
    assert len(list(read.dataset.references())) == 4


def test_it_works_once_decided(library: Database, drafted: Draft) -> None:
    library.run("INSERT INTO books (id, name) VALUES (7, 'Dune'), (8, 'Ubik')")
    library.run("INSERT INTO readers (id, email) VALUES (2, 'bob@example.com')")
    library.run("INSERT INTO loans (id, reader_id, book_id) VALUES (1, 1, 7), (2, 2, 8), (3, 2, 7)")
    library.run("INSERT INTO reminders VALUES (1, 1, 'late'), (3, 1, 'later')")
    read, faults = read_dataset(parse_yaml(about_readers(drafted).encode(), "kiosk.yml"))
    assert faults == []
    assert read is not None
    report = library.system(read.dataset).connector.schema(read.dataset)
    assert report.readable
    assert not report.undeclared_tables
    assert not report.undeclared_columns
    kept, _ = library.collect(read.dataset, email="ANA@example.com")
    assert {name: kept.ids(name) for name in ("readers", "loans", "books")} == {
        "readers": [1], "loans": [1], "books": [7],
    }  # fmt: skip
    assert kept.ids("reminders", "loan_id") == [1]


def test_no_value_is_ever_read(drafted: Draft) -> None:
    assert "Ana" not in drafted.text
    assert "secret-shelf" not in drafted.text


def test_an_empty_database_has_an_empty_map(database: Database) -> None:
    database.run("CREATE TABLE t (a TEXT)", "DROP TABLE t")
    assert draft("none", described(database.url)).open == ()


def test_tables_of_other_schemas_are_named_with_them(new_postgres: Callable[[], Database]) -> None:
    made = new_postgres().run(
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.clients (id serial PRIMARY KEY, email text)",
        "CREATE TABLE orders (id serial PRIMARY KEY, client integer REFERENCES shop.clients (id))",
    )
    text = draft("shop", described(made.url)).text
    assert "- name: shop.clients" in text
    assert "references: [{dataset: shop, field: shop.clients.id, direction: from}]" in text


def test_addresses_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        described("mysql://host/db")
    with pytest.raises(ConnectorFault) as fault:
        described(f"sqlite:///{tmp_path}/nothing.db")
    assert str(tmp_path) not in str(fault.value)
