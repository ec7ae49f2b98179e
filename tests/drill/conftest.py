"""The stage of the drill, built once a run on each database."""

import pytest

from tests import servers
from tests.drill.scene import Stage, build


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("drill")
    return build(folder, f"sqlite:///{folder / 'habeas.db'}")


@pytest.fixture(scope="session")
def postgres_stage(postgres: servers.Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, str]:
    """The same on PostgreSQL, and the name of the database that each play gets a copy of."""
    folder = tmp_path_factory.mktemp("drill-postgres")
    built: list[Stage] = []
    name = postgres.template("drill_template", lambda url: built.append(build(folder, url)))
    return built[0], name
