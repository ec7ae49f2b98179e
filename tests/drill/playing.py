"""One process of `make drill`: a stage of its own, on which it plays what it is given."""

import atexit
import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import structlog

from tests.drill.attack import Attack, play_attack, play_twin
from tests.drill.scene import Scene, Stage, a_scene, build
from tests.drill.table import ATTACKS

_stages: list[Stage] = []


def set_stage() -> None:
    """Once for each process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _stages.append(build(folder, f"sqlite:///{folder / 'habeas.db'}"))


def both(at: int) -> tuple[str | None, str | None]:
    """The attack of that number and its twin: what went wrong, or None where all is as it should be."""
    return _played(ATTACKS[at], play_attack), _played(ATTACKS[at], play_twin)


def _played(one: Attack, play: Callable[[Attack, Scene], None]) -> str | None:
    with a_scene(_stages[0]) as scene:
        try:
            play(one, scene)
        except AssertionError as fault:
            return str(fault).partition("\n")[0] or "an assertion"
    return None
