"""`make drill`: every attack and its honest twin, one line each, and what came of it."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.drill.attack import Attack
from tests.drill.playing import both, set_stage
from tests.drill.table import ATTACKS

AT_ONCE = 2


def main(wanted: list[str]) -> int:
    """Print the table; 1 when an attack was not stopped or an honest person was rejected."""
    began, stopped, rejected = time.monotonic(), 0, 0
    chosen = [at for at, one in enumerate(ATTACKS) if all(word in one.name for word in wanted)]
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn"), initializer=set_stage) as pool:
        for at, (fault, twin) in zip(chosen, pool.map(both, chosen), strict=True):
            stopped += fault is None
            rejected += twin is not None
            _say(ATTACKS[at], fault, twin)
    seconds = time.monotonic() - began
    _out(f"\n{len(chosen)} tried, {stopped} stopped, {rejected} false rejections, in {seconds:.0f} seconds")
    return int(stopped < len(chosen) or rejected > 0)


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
