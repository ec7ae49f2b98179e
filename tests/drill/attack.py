"""What an attack is, and when it counts as stopped: nothing that is another's reached the impostor, nothing was harmed,
and the trail shows it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.drill.scene import Scene

Play = Callable[[Scene], None]


@dataclass(frozen=True)
class Attack:
    """`attack` plays the impostor, `twin` the honest person on the same way. `trail`: the events of which one at least
    must have been written down."""

    name: str
    tries: str
    attack: Play
    twin: Play
    trail: tuple[str, ...] = ("door:refused",)
    postgres: bool = False  # played on PostgreSQL too


def play_attack(one: Attack, scene: Scene) -> None:
    """AssertionError where the attack was not stopped."""
    one.attack(scene)
    impostors = [somebody for somebody in scene.cast if somebody.may_know is not None]
    assert impostors, "nobody played the impostor"
    for impostor in impostors:
        assert impostor.received or impostor.mails(), "the impostor did nothing"
        assert not impostor.disclosed(), f"disclosed: {sorted(impostor.disclosed())}"
    events = set(scene.events())
    assert events & set(one.trail), f"the trail shows none of {one.trail}, only {sorted(events)}"


def play_twin(one: Attack, scene: Scene) -> None:
    """AssertionError where an honest person was rejected."""
    one.twin(scene)


def wrong(code: str) -> str:
    """A code that is not this one."""
    return "000000" if code != "000000" else "111111"
