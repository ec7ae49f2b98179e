"""What the walks over all addresses share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.world import World, a_world, watching


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def world(folder: Path, prepared_sqlite: Path) -> Iterator[World]:
    """A portal in which every address leads somewhere."""
    with a_world(folder, prepared_sqlite) as made:
        yield made


@pytest.fixture
def changes(world: World, folder: Path) -> Iterator[Callable[[], set[str]]]:
    """What became different since it was last called."""
    with watching(world, folder) as told:
        yield told
