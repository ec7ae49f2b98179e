"""What every sample is made with: one seed, rows kept by table, and databases filled once and never touched again.

Nobody in a sample exists: addresses end in example.com, .net or .org, numbers are of kinds that are given to nobody.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, inspect

from app.domain.errors import Refused
from app.domain.messages import Message

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
_LATIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to file a request as, and what is worth looking at in the answer."""

    name: str
    email: str
    special: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The systems of one organisation by the connection's key, how their rows are made, and people worth a look."""

    slug: str
    systems: Mapping[str, MetaData]
    generate: Callable[[], Rows]
    people: tuple[DemoPerson, ...]

    @property
    def variables(self) -> dict[str, str]:
        """Where the address of each system is looked up, as the controller file names it."""
        return {key: f"{self.slug}_{key}_url".upper() for key in self.systems}


def build(sample: Sample, urls: Mapping[str, str]) -> bool:
    """Creates and fills the databases at these addresses, by the connection's key; False where all were there already
    (then nothing is touched).

    A database that holds only some of the tables is somebody else's: Refused, and nothing is written to it.
    """
    generate = cache(sample.generate)  # only where a database is not there yet: thousands of rows take their time
    filled = [_fill(urls[key], metadata, generate) for key, metadata in sample.systems.items()]
    return any(filled)


def _fill(url: str, metadata: MetaData, generate: Callable[[], Rows]) -> bool:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                # SQLite's driver would commit each CREATE TABLE by itself: half a sample must not stay behind.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if _present(connection, metadata):
                return False
            metadata.create_all(connection)
            rows = generate()
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


class Maker:
    """Rows by table name, the same on every machine: no clock, one seed. Each organisation's maker adds its own."""

    first_names: Sequence[str] = ()
    last_names: Sequence[str] = ()

    def __init__(self, seed: int, *systems: MetaData) -> None:
        self.random = Random(seed)  # noqa: S311  # sample data, nothing secret hangs on it
        self.rows: dict[str, list[Row]] = {name: [] for metadata in systems for name in metadata.tables}

    def put(self, table: str, row: Row) -> Row:
        """Keep a row; it may still be changed."""
        self.rows[table].append(row)
        return row

    def next_id(self, table: str) -> int:
        return len(self.rows[table]) + 1

    def name(self) -> str:
        """Somebody: a first and a last name."""
        return f"{self.random.choice(self.first_names)} {self.random.choice(self.last_names)}"

    def email(self, name: str) -> str:
        """An address out of a name that no server will ever take mail for."""
        return f"{plain(name)}{self.random.randint(1, 99_999)}@example.{self.random.choice(['com', 'net', 'org'])}"

    def day(self, first: date, *, days: int = 1200) -> date:
        return first + timedelta(days=self.random.randint(0, days))

    def moment(self, day: date) -> datetime:
        """Some time of that working day, as local time without a zone."""
        at = datetime(day.year, day.month, day.day, 8, 0)  # noqa: DTZ001  # these columns hold local time without a zone
        return at + timedelta(seconds=self.random.randint(0, 36_000))


def plain(name: str) -> str:
    """A name in small Latin letters and digits, as sign-in names and addresses are made of it."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(_LATIN)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in folded if letter.isalnum())
