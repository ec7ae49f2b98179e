"""What `flask deadlines explain` is told of a request, read strictly: a date wrong here would be wrong there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from pydantic import ValidationError

from app.domain.calendars import calendars
from app.domain.clock import Fact
from app.domain.policy_values import Period, Span

UNITS: Final = {"d": "days", "wd": "working_days", "w": "weeks", "m": "months", "y": "years"}
REASONS: Final = ("identity", "clarification")
_DAYS: Final = {
    "id_received": "id_received", "fee_paid": "fee_paid", "duly_executed": "duly_executed", "verify": "verified",
    "answered": "stopped", "reopened": "reopened",
}  # fmt: skip
FORMS: Final = (
    "pause A..B [identity], pause A.., extend 2m [told on D], id_received D, fee_paid D, duly_executed D, verify D,"
    " answered D, reopened D, promise 30d, kind=…, tz=… (lengths: d, wd, w, m, y)"
)
# The zone of a country's capital, or of the part named, where the country has several.
_ZONES: Final = {
    "RU": "Europe/Moscow", "US-CA": "America/Los_Angeles", "BR": "America/Sao_Paulo", "DE": "Europe/Berlin",
    "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "CY": "Asia/Nicosia",
}  # fmt: skip


class Unreadable(Exception):
    """Something that was typed cannot be meant so; the sentence says how it is written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the calendar: what came in, when and where, and what happened then."""

    received: datetime
    timezone: str
    exact: bool  # a time of day was given
    kind: str | None
    facts: tuple[Fact, ...]
    promise: Period | None
    extension: Span | None

    @property
    def day(self) -> date:
        """The day of receipt there."""
        return self.received.astimezone(ZoneInfo(self.timezone)).date()


def read(received: str, *, country: str, events: Iterable[str], kind: str | None, timezone: str | None) -> Asked:
    """All that was typed, or Unreadable."""
    if country not in calendars():
        raise Unreadable(f"There is no calendar for {country!r}. Give a country such as LV, or a part of one: GB-ENG.")
    parts = [part.strip() for event in events for part in event.split(";") if part.strip()]
    named = dict(part.split("=", 1) for part in parts if re.match(r"(kind|tz)=", part))
    parts = [part for part in parts if not re.match(r"(kind|tz)=", part)]
    at, exact = _instant(received)
    zone = _zone(timezone or named.get("tz"), country, needed=exact)
    here = ZoneInfo(zone)
    start = at if at.tzinfo else at.replace(tzinfo=here)
    facts = [Fact("received", start)]
    promise: Period | None = None
    extension: Span | None = None
    complete = any(part.split()[0] == "duly_executed" for part in parts)
    for part in parts:
        word, _, rest = part.partition(" ")
        if word == "promise":
            promise = _promise(rest, complete=complete)
            continue
        found = tuple(_facts(word, rest.strip(), here, start=start))
        facts += found
        if word == "extend":
            extension = _span(rest.partition(" ")[0])
    return Asked(start, zone, exact, kind or named.get("kind"), tuple(facts), promise, extension)


def _facts(word: str, rest: str, here: ZoneInfo, *, start: datetime) -> Iterator[Fact]:
    if word == "pause":
        yield from _pause(rest, here, start=start)
    elif word == "extend":
        length, _, told = rest.partition(" ")
        span = _span(length)
        on = _noon(_day(told), here) if told else start
        yield Fact("extended", on, {"by": {span.unit: span.count}})
    elif word in _DAYS:
        yield Fact(_DAYS[word], _noon(_day(rest), here))
    else:
        raise Unreadable(f"{word!r} is no event. Events are: {FORMS}.")


def _pause(rest: str, here: ZoneInfo, *, start: datetime) -> Iterator[Fact]:
    form = re.fullmatch(r"(\S+?)\.\.(\S*)(?:\s+(\w+))?", rest)
    if form is None:
        raise Unreadable(f"“pause {rest}” is not written as pause 2024-03-05..2024-03-12.")
    reason = form[3] or "clarification"
    if reason not in REASONS:
        raise Unreadable(f"{reason!r} is no reason to wait. Reasons are: {', '.join(REASONS)}.")
    first = _day(form[1])
    if first < start.astimezone(here).date():
        raise Unreadable(f"The pause of {first} begins before the request came in.")
    yield Fact("paused", _noon(first, here), {"reason": reason})
    if form[2]:
        last = _day(form[2])
        if last < first:
            raise Unreadable(f"The pause of {first} ends before it begins.")
        yield Fact("resumed", _noon(last, here), {"reason": reason})


def _promise(rest: str, *, complete: bool) -> Period:
    length, _, origin = rest.strip().partition(" from ")
    if origin not in {"", "received", "duly_executed"}:
        raise Unreadable(f"A promise counts from received or from duly_executed, not from {origin!r}.")
    span = _span(length)
    return Period.model_validate(
        {span.unit: span.count, "from": origin or ("duly_executed" if complete else "received")}
    )


def _span(text: str) -> Span:
    form = re.fullmatch(r"(\d{1,6})(wd|d|w|m|y)", text.strip())
    if form is None:
        raise Unreadable(f"{text.strip()!r} is no length of time; written as 30d, 5wd, 2w, 2m or 1y.")
    try:
        return Span.model_validate({UNITS[form[2]]: int(form[1])})
    except ValidationError:
        raise Unreadable(f"{text.strip()!r} is no length of time: the number is from 1 to 100000.") from None


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise Unreadable(f"{text.strip()!r} is no day; written as 2024-02-29, and one that the calendar has.")


def _instant(text: str) -> tuple[datetime, bool]:
    """The moment of receipt, and whether a time of day was given; a day alone is taken at noon."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
        day = _day(text)
        return datetime(day.year, day.month, day.day, 12), False  # noqa: DTZ001  # the zone is not known yet
    try:
        return datetime.fromisoformat(text.strip()), True
    except ValueError:
        raise Unreadable(f"{text!r} is no day or moment; written as 2024-02-29 or 2024-02-29T14:05:00+02:00.") from None


def _noon(day: date, here: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=here)


def _zone(given: str | None, country: str, *, needed: bool) -> str:
    if given is not None:
        if given not in available_timezones():
            raise Unreadable(f"{given!r} is no time zone; written as Europe/Riga.")
        return given
    code = country.partition("-")[0]
    zones = get_global("territory_zones").get(code, [])
    known = _ZONES.get(country) or _ZONES.get(code) or (zones[0] if len(zones) == 1 else None)
    if known is None and needed:
        raise Unreadable(f"{country} has several time zones: name one with --tz, such as --tz {zones[0]}.")
    return known or "UTC"
