"""One measured number, printed as one JSON line: what it is, and its ratio to a floor measured in the same run."""

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from time import perf_counter


def tell(name: str, value: float, unit: str, *, ratio_to: str | None = None, ratio: float | None = None) -> None:
    """Print the figure."""
    shown = None if ratio is None else round(ratio, 3)
    line = {"name": name, "value": round(value, 4), "unit": unit, "ratio_to": ratio_to, "ratio": shown}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def in_turn(first: Callable[[], object], second: Callable[[], object], *, rounds: int) -> tuple[float, float, float]:
    """Medians of the two in seconds, and the median of their ratios pair by pair: a noisy machine hits both alike."""
    pairs = [(seconds(first), seconds(second)) for _ in range(rounds)]
    ratios = [one / other for one, other in pairs]
    return median([one for one, _ in pairs]), median([other for _, other in pairs]), median(ratios)


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
