"""Which days are days off in a country: weekends and public holidays (Regulation 1182/71, Art. 2 and 3(4)).

The holidays are those of the library `holidays` with our own corrections; a country may name a part that has its own
(GB-ENG, US-CA). Russia counts by its production calendar, in which some Saturdays are worked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Self

import holidays
from babel import Locale, UnknownLocaleError

from app.domain.corrections import CORRECTIONS, WORKED_SATURDAYS
from app.domain.errors import Invalid
from app.domain.messages import Message, Worded

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


class City(str):
    """A time zone inside a sentence: the English name of its city by itself, for another language to name its way."""

    __slots__ = ()

    def __str__(self) -> str:
        return str.__str__(self).rpartition("/")[2].replace("_", " ")


class Moment(datetime):
    """A time of day inside a sentence, in the zone in which it is told."""

    @classmethod
    def of(cls, at: datetime) -> Self:
        return cls(at.year, at.month, at.day, at.hour, at.minute, at.second, tzinfo=at.tzinfo, fold=at.fold)

    def __str__(self) -> str:
        return f"{Day.of(self)}, {self:%H:%M}"


@cache
def calendars() -> frozenset[str]:
    """Every country, and every part of one, whose holidays are known."""
    known: Mapping[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    return frozenset(known) | {f"{code}-{part}" for code, parts in known.items() for part in parts}


@cache
def calendar_ends(country: str) -> date:
    """The last day for which the days off are known: afterwards only weekends and fixed holidays would count.

    A calendar that moves days off by decree, as Russia's, is known only for the years that were decreed.
    """
    _known(country)
    found = _calendar(country)
    if country.partition("-")[0] in WORKED_SATURDAYS:
        return date(max(found.special_public_holidays), 12, 31)
    return date(found.end_year, 12, 31)


def is_working_day(day: date, country: str) -> bool:
    """Whether people work on that day there."""
    return day_off(day, country) is None


def day_off(day: date, country: str) -> Message | None:
    """Why nobody need work on that day, or None when it is a working day."""
    year = _year(country, day.year)
    holiday = year.off.get(day)
    if holiday is not None:
        return Message("%(day)s is a public holiday in %(country)s (%(holiday)s)", {
            "day": Day.of(day), "country": Place(country), "holiday": holiday})  # fmt: skip
    if day in year.worked or day.weekday() < 5:
        return None
    if day.weekday() == 5:
        return Message("%(day)s is a Saturday", {"day": Day.of(day)})
    return Message("%(day)s is a Sunday", {"day": Day.of(day)})


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


def holidays_between(first: date, last: date, country: str) -> tuple[Message, ...]:
    """What makes weekdays of that time days off, and weekend days working ones: both ends count."""
    days = (first + timedelta(days=one) for one in range((last - first).days + 1))
    return tuple(reason for day in days if (reason := _unusual(day, country)) is not None)


def _unusual(day: date, country: str) -> Message | None:
    if day.weekday() < 5:
        return day_off(day, country)
    if day in _year(country, day.year).worked:
        return Message("%(day)s is a working day in %(country)s although it is at a weekend", {
            "day": Day.of(day), "country": Place(country)})  # fmt: skip
    return None


@dataclass(frozen=True, slots=True)
class _Year:
    """One year of a calendar: the days off by name, and the weekend days on which people work."""

    off: Mapping[date, Worded]
    worked: frozenset[date]


# One finished year at a time: the library's own objects grow while they are read, which two threads must not share.
@lru_cache(maxsize=512)
def _year(country: str, year: int) -> _Year:
    _known(country)
    found = _calendar(country, year)
    others = [one for one in _tongues(country.partition("-")[0]) if one.isalpha()]
    spoken = {one: _calendar(country, year, tongue=one) for one in others}
    off = {
        day: Worded.of({"en": name, **{one: names[day] for one, names in spoken.items() if day in names}})
        for day, name in found.items()
        if day.year == year
    }
    exchanged = found.weekend_workdays if country.partition("-")[0] in WORKED_SATURDAYS else ()
    for one in CORRECTIONS:
        if one.calendar != country or one.day.year != year:
            continue
        if one.name is None:
            off.pop(one.day, None)
        else:
            off[one.day] = Worded.of(one.name)
    return _Year(off, frozenset(day for day in exchanged if day.year == year))


def _known(country: str) -> None:
    if country not in calendars():
        raise Invalid({"country": Message("There is no calendar for %(country)s.", {"country": country})})


def _calendar(country: str, *years: int, tongue: str | None = None) -> holidays.HolidayBase:
    code, _, part = country.partition("-")
    language = tongue or _english(code)
    return holidays.country_holidays(code, subdiv=part or None, years=years or None, expand=False, language=language)


@cache
def _english(code: str) -> str | None:
    languages = _tongues(code)
    return next((language for language in ("en_US", "en_GB", *languages) if language in languages), None)


@cache
def _tongues(code: str) -> tuple[str, ...]:
    return tuple(holidays.country_holidays(code).supported_languages)
