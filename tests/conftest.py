"""What the tests of the ground share: PostgreSQL and SQLite, each with fresh databases copied from one template."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import settings

from app.portal import Portal
from tests import factories, servers
from tests.factories import House

# How long an example takes says more of the machine than of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

Database = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """One cluster for the whole run."""
    with servers.or_skip(servers.postgres()) as server:
        yield server


@pytest.fixture(scope="session")
def prepared_postgres(postgres: servers.Postgres, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Copies of a migrated PostgreSQL database with two organisations in it."""
    folder = tmp_path_factory.mktemp("postgres")
    template = postgres.template("habeas_template", lambda url: factories.prepare(folder, url))
    return lambda: postgres.database(template)


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with two organisations in it, beside the two systems of acme."""
    folder = tmp_path_factory.mktemp("sqlite")
    factories.prepare(folder, f"sqlite:///{folder / 'habeas.db'}")
    factories.fill_systems(folder)
    return folder


@contextmanager
def _portal(folder: Path, prepared: Path, database: AbstractContextManager[str]) -> Iterator[Portal]:
    for name in ("crm.db", "billing.db"):
        shutil.copy(prepared / name, folder / name)
    with database as url, factories.a_portal(folder, url) as portal:
        yield portal


def _sqlite(folder: Path, prepared: Path) -> AbstractContextManager[str]:
    shutil.copy(prepared / "habeas.db", folder / "habeas.db")
    return nullcontext(f"sqlite:///{folder / 'habeas.db'}")


@pytest.fixture(params=["sqlite", "postgresql"])
def portal(request: pytest.FixtureRequest, tmp_path: Path, prepared_sqlite: Path) -> Iterator[Portal]:
    """A portal on each database in turn, with twins for the outside world."""
    if request.param == "sqlite":
        database = _sqlite(tmp_path, prepared_sqlite)
    else:
        database = request.getfixturevalue("prepared_postgres")()
    with _portal(tmp_path, prepared_sqlite, database) as made:
        yield made


@pytest.fixture
def sqlite_portal(tmp_path: Path, prepared_sqlite: Path) -> Iterator[Portal]:
    """A portal on SQLite, where the database makes no difference."""
    with _portal(tmp_path, prepared_sqlite, _sqlite(tmp_path, prepared_sqlite)) as made:
        yield made


@pytest.fixture
def postgres_portal(tmp_path: Path, prepared_sqlite: Path, prepared_postgres: Database) -> Iterator[Portal]:
    """A portal on PostgreSQL, where rows are locked and not the whole file."""
    with _portal(tmp_path, prepared_sqlite, prepared_postgres()) as made:
        yield made


@pytest.fixture
def acme(portal: Portal) -> House:
    """Acme, on each database in turn."""
    return factories.houses(portal)[0]


@pytest.fixture
def borealis(portal: Portal) -> House:
    """The organisation next door, in the same database as `acme`."""
    return factories.houses(portal)[1]


@pytest.fixture
def acme_on_sqlite(sqlite_portal: Portal) -> House:
    """Acme, where the database makes no difference."""
    return factories.houses(sqlite_portal)[0]


@pytest.fixture
def acme_on_postgres(postgres_portal: Portal) -> House:
    """Acme, where rows are locked and not the whole file."""
    return factories.houses(postgres_portal)[0]
