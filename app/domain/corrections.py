"""What the library of holidays does not know or has wrong, each with its source (Regulation 1182/71, Art. 2(1)).

Corrections are data with the day on which they were made: whoever asks why a date moved finds it here. One that a later
library knows by itself is taken out again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Correction:
    """One day of a calendar that is off (`name` says why) or is worked (`name` is None) against what the library says.

    `calendar` names a country or one part of it (US-CA).
    """

    calendar: str
    day: date
    name: str | None
    source: str
    since: date


def _each_year(calendar: str, month: int, day: int, *, source: str, since: date) -> Iterator[Correction]:
    for year in range(2014, 2101):
        on = date(year, month, day)
        third_monday = on.weekday() == 0 and 15 <= on.day <= 21  # Presidents' Day, which stays a holiday
        if not third_monday:
            yield Correction(calendar, on, None, source, since)


CORRECTIONS: tuple[Correction, ...] = (
    # Susan B. Anthony Day is honoured, not kept: schools remember it, and nobody is off.
    *_each_year(
        "US-CA", 2, 15, source="California Government Code 6700 lists the holidays; 15 February is not among them",
        since=date(2026, 11, 22),
    ),
)  # fmt: skip

# Where Saturdays are worked in exchange for days off, and count: the Russian production calendar (Labour Code, Art.
# 112). Regulation 1182/71 takes no Saturday for a working day, Latvia's exchanged ones neither.
WORKED_SATURDAYS = frozenset({"RU"})
