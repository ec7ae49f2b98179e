"""The drill: every attack is stopped and written down, and no honest person pays for it (FIELD, known attacks)."""

import pytest

from tests import servers
from tests.drill.attack import Attack, play_attack, play_twin
from tests.drill.scene import Stage, a_scene
from tests.drill.table import ATTACKS

EACH = pytest.mark.parametrize("one", ATTACKS, ids=lambda one: one.name)
ON_POSTGRES = pytest.mark.parametrize("one", [one for one in ATTACKS if one.postgres], ids=lambda one: one.name)


@EACH
def test_an_attack_is_stopped(one: Attack, stage: Stage) -> None:
    with a_scene(stage) as scene:
        play_attack(one, scene)


@EACH
def test_an_honest_person_is_not(one: Attack, stage: Stage) -> None:
    with a_scene(stage) as scene:
        play_twin(one, scene)


@ON_POSTGRES
def test_an_attack_is_stopped_on_postgresql(
    one: Attack, postgres: servers.Postgres, postgres_stage: tuple[Stage, str]
) -> None:
    stage, name = postgres_stage
    with postgres.database(name) as url, a_scene(stage, url=url) as scene:
        play_attack(one, scene)


@ON_POSTGRES
def test_an_honest_person_is_not_on_postgresql(
    one: Attack, postgres: servers.Postgres, postgres_stage: tuple[Stage, str]
) -> None:
    stage, name = postgres_stage
    with postgres.database(name) as url, a_scene(stage, url=url) as scene:
        play_twin(one, scene)


def test_there_are_enough_and_each_has_its_name() -> None:
    assert len(ATTACKS) >= 40
    assert len({one.name for one in ATTACKS}) == len(ATTACKS)
