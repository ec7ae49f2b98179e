"""Builds SoftManager's two databases: customer records and invoicing, the same rows on every machine.

Nobody in them exists: addresses end in example.com, .net or .org, national numbers name a county that there is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, inspect

from app.cli.samples.softmanager_rows import generate
from app.cli.samples.softmanager_tables import BILLING, CRM
from app.domain.errors import Refused
from app.domain.messages import Message


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to file a request as, and what is worth looking at in the answer."""

    name: str
    email: str
    special: str


DEMO_PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("Ana-Maria Ionescu", "ana.ionescu@example.com", "contact person of three clients, and a user"),
    DemoPerson("Andrei Popescu", "andrei.popescu@example.com", "a private client with a namesake"),
    DemoPerson("Andrei Popescu", "a.popescu@example.net", "the namesake: another person with another address"),
    DemoPerson("Elena Dumitrescu", "familia.dumitrescu@example.com", "shares one mailbox with her husband Mihai"),
    DemoPerson("Grace O'Neill", "grace.oneill@example.com", "entered twice: two records that refer to each other"),
    DemoPerson("Oliver Smith", "oliver.smith@example.com", "a deactivated user; notes with =1+1 and <script>"),
    DemoPerson("Ștefan Țurcanu", "stefan.turcanu@example.com", "a hundred times more rows than others"),
    DemoPerson("Ioana Văcărescu", "ioana.vacarescu@example.com", "nothing is held about her"),
)


def build(crm_url: str, billing_url: str) -> bool:
    """Creates and fills both databases; False where they were there already (then nothing is touched).

    A database that holds only some of the tables is somebody else's: Refused, and nothing is written to it.
    """
    rows = generate()
    crm = _fill(crm_url, CRM, rows)
    billing = _fill(billing_url, BILLING, rows)
    return crm or billing


def _fill(url: str, metadata: MetaData, rows: dict[str, Sequence[dict[str, Any]]]) -> bool:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                # SQLite's driver would commit each CREATE TABLE by itself: half a sample must not stay behind.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if _present(connection, metadata):
                return False
            metadata.create_all(connection)
            for table in metadata.sorted_tables:
                connection.execute(table.insert(), rows[table.name])
            return True
    finally:
        engine.dispose()


def _present(connection: Connection, metadata: MetaData) -> bool:
    there = set(inspect(connection).get_table_names()) & set(metadata.tables)
    if there and there != set(metadata.tables):
        names = ", ".join(sorted(there))
        raise Refused(Message("The sample cannot go there: the database already has %(names)s.", {"names": names}))
    return bool(there)
