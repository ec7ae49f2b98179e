"""Judging a typed code takes the same time for every request (FIELD, attack 8), also for one that does not exist.

What is looked up and written differs: a try is counted where there is a code, in the trail where there is a case. So
the answer waits until a time has passed that all of them stay within. Who types slower than a program never notices.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Final

SECONDS: Final = 0.06


@contextmanager
def evenly() -> Iterator[None]:
    """Leave no sooner than that, however it ends."""
    begun = monotonic()
    try:
        yield
    finally:
        sleep(max(0.0, SECONDS - (monotonic() - begun)))
