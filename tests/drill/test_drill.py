"""The drill: every attack is stopped and written down, and no honest person pays for it (FIELD, known attacks)."""

import pytest

from tests import servers
from tests.drill.attack import Attack, Play, play_attack, play_twin
from tests.drill.scene import Scene, Stage, a_scene
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


def _leak(scene: Scene) -> None:
    scene.impostor("ana@example.com").asks("Ana Liepa", "ana@example.com")


def _silence(scene: Scene) -> None:
    scene.impostor().get("/")


@pytest.mark.parametrize(("play", "words"), [(_leak, "disclosed: .*CANARY-ana-held"), (_silence, "trail shows none")])
def test_the_drill_would_notice(play: Play, words: str, stage: Stage) -> None:
    """The measure itself: whoever gets what is Ana's is seen, and so is an attack that leaves no trace."""
    one = Attack("a leak", "whatever works", play, play)
    with a_scene(stage) as scene, pytest.raises(AssertionError, match=words):
        play_attack(one, scene)


def test_there_are_enough_and_each_has_its_name() -> None:
    assert len(ATTACKS) >= 40
    assert len({one.name for one in ATTACKS}) == len(ATTACKS)
