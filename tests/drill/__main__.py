"""`make drill`: every attack and its honest twin, one line each, and what came of it."""

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from tests.drill.attack import Attack, play_attack, play_twin
from tests.drill.scene import Scene, Stage, a_scene, build
from tests.drill.table import ATTACKS


def main(wanted: list[str]) -> int:
    """Print the table; 1 when an attack was not stopped or an honest person was rejected."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    began, chosen = time.monotonic(), [one for one in ATTACKS if all(word in one.name for word in wanted)]
    stopped = rejected = 0
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        stage = build(folder, f"sqlite:///{folder / 'habeas.db'}")
        for one in chosen:
            fault = _played(stage, one, play_attack)
            twin = _played(stage, one, play_twin)
            stopped += fault is None
            rejected += twin is not None
            _say(one, fault, twin)
    seconds = time.monotonic() - began
    _out(f"\n{len(chosen)} tried, {stopped} stopped, {rejected} false rejections, in {seconds:.0f} seconds")
    return int(stopped < len(chosen) or rejected > 0)


def _played(stage: Stage, one: Attack, play: Callable[[Attack, Scene], None]) -> str | None:
    """What went wrong; None where all is as it should be."""
    with a_scene(stage) as scene:
        try:
            play(one, scene)
        except AssertionError as fault:
            return str(fault).partition("\n")[0] or "an assertion"
    return None


def _out(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _say(one: Attack, fault: str | None, twin: str | None) -> None:
    came = "stopped" if fault is None else "NOT STOPPED"
    honest = "let through" if twin is None else "REJECTED"
    _out(f"{one.name:32} {came:12} honest twin: {honest:12} {one.tries}")
    for said in (fault, twin):
        if said is not None:
            _out(f"{'':32} {said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
