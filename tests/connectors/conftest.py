from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers
from tests.connectors.maps import Database, sqlite_at


@pytest.fixture(scope="session")
def cluster() -> Iterator[servers.Postgres]:
    with servers.or_skip(servers.postgres()) as server:
        yield server


@pytest.fixture
def new_postgres(request: pytest.FixtureRequest) -> Iterator[Callable[[], Database]]:
    with ExitStack() as stack:
        yield lambda: Database(stack.enter_context(request.getfixturevalue("cluster").database()))


@pytest.fixture
def postgres(new_postgres: Callable[[], Database]) -> Database:
    return new_postgres()


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return sqlite_at(tmp_path / "source.db").run()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Database]:
    """Makes databases of either kind."""
    if request.param == "postgresql":
        return request.getfixturevalue("new_postgres")
    numbers = iter(range(100))
    return lambda: sqlite_at(tmp_path / f"{next(numbers)}.db").run()


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    return new_database()
