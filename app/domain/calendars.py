"""Which days are days off in a country: weekends and public holidays (Regulation 1182/71, Art. 2 and 3(4)).

The holidays are those of the library `holidays`; a country may name a part that has its own (GB-ENG, US-CA).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Self

import holidays
from babel import Locale, UnknownLocaleError

from app.domain.errors import Invalid
from app.domain.messages import Message

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
WEEKEND = ("Saturday", "Sunday")


class Day(date):
    """A date inside a sentence: English by itself, and still a date for a reader's own language to format."""

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        return f"{self.day} {MONTHS[self.month - 1]} {self.year}"


class Place(str):
    """A country's code inside a sentence: its English name by itself, still the code for another language."""

    __slots__ = ()

    def __str__(self) -> str:
        code = str.__str__(self)
        return country_name(code, "en") or code


def country_name(code: str, language: str) -> str | None:
    """The country's name; None for a code that is no country. A part of a country bears the whole one's."""
    try:
        return Locale.parse(language).territories.get(code.partition("-")[0])
    except (UnknownLocaleError, ValueError):
        return country_name(code, "en") if language != "en" else None


@cache
def calendars() -> frozenset[str]:
    """Every country, and every part of one, whose holidays are known."""
    known: Mapping[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    return frozenset(known) | {f"{code}-{part}" for code, parts in known.items() for part in parts}


def calendar_ends(country: str) -> date:
    """The last day for which holidays are known at all: afterwards only weekends would count."""
    code, _, part = country.partition("-")
    return date(holidays.country_holidays(code, subdiv=part or None).end_year, 12, 31)


def is_working_day(day: date, country: str) -> bool:
    return day_off(day, country) is None


def day_off(day: date, country: str) -> Message | None:
    """Why nobody need work on that day, or None when it is a working day."""
    holiday = _holidays(country, day.year).get(day)
    if holiday is not None:
        return Message("%(day)s is a public holiday in %(country)s (%(holiday)s)", {
            "day": Day.of(day), "country": Place(country), "holiday": holiday})  # fmt: skip
    if day.weekday() >= 5:
        weekend = "%(day)s is a Saturday" if day.weekday() == 5 else "%(day)s is a Sunday"
        return Message(weekend, {"day": Day.of(day)})
    return None


def working_day_from(day: date, country: str) -> tuple[date, tuple[Message, ...]]:
    """The day itself or the next working day, and why each day between was skipped."""
    skipped: list[Message] = []
    while (reason := day_off(day, country)) is not None:
        skipped.append(reason)
        day += timedelta(days=1)
    return day, tuple(skipped)


def working_days_after(day: date, count: int, country: str) -> date:
    """The last of so many working days; counting begins on the day after."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, country)
    return day


# One finished year at a time: the library's own objects grow while they are read, which two threads must not share.
@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    if country not in calendars():
        raise Invalid({"country": Message("There is no calendar for %(country)s.", {"country": country})})
    code, _, part = country.partition("-")
    found = holidays.country_holidays(code, subdiv=part or None, years=year, expand=False, language=_english(code))
    return {day: name for day, name in found.items() if day.year == year}


@cache
def _english(code: str) -> str | None:
    languages = holidays.country_holidays(code).supported_languages
    return next((language for language in ("en_US", "en_GB", *languages) if language in languages), None)
