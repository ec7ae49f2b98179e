"""How each language says sentences, dates, numbers and countries (Art. 12(1): in a form that is easily understood)."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal
from babel.units import format_unit

from app.catalogs import LANGUAGES, translation
from app.domain.calendars import City, Moment, Place
from app.domain.citing import Article, cite
from app.domain.messages import Listed, Message, Worded

# A day and a moment as letters write them. Latvian inflects the names of months, which a date inside a sentence cannot
# know; written in digits, as its rules for documents allow, it is right everywhere.
_DATES: Final[Mapping[str, tuple[str, str]]] = {
    "en": ("d MMMM y", "d MMMM y 'at' HH:mm"),
    "lv": ("dd.MM.y.", "dd.MM.y. 'plkst'. HH:mm"),
    "ru": ("d MMMM y 'г'.", "d MMMM y 'г'. 'в' HH:mm"),
    "ro": ("d MMMM y", "d MMMM y, 'ora' HH:mm"),
    "bg": ("d MMMM y 'г'.", "d MMMM y 'г'. 'в' HH:mm 'ч'."),
}
# A date that ends with a point takes in the one that ends the sentence, also across the end of an element.
_TWO_POINTS: Final = re.compile(r"((?:\d{4}| г| ч|\u00a0г|\u00a0ч)\.)((?:</[a-z]+>)*)\.(?!\.)")
_UNITS: Final = ("digital-byte", "digital-kilobyte", "digital-megabyte", "digital-gigabyte")


class Speech:
    """One language, ready to speak; made once."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.catalogue = translation(self.language)
        self._locale = Locale.parse(self.language)
        self._day, self._moment = _DATES[self.language]
        self._dotted = self._day.endswith(".")

    def day(self, value: date) -> str:
        """22 November 2026"""
        return format_date(value, self._day, locale=self._locale)

    def moment(self, value: datetime, timezone: str) -> str:
        """22 November 2026 at 14:05, in that time zone."""
        return format_datetime(value.astimezone(ZoneInfo(timezone)), self._moment, locale=self._locale)

    def number(self, value: float) -> str:
        """12,345"""
        return format_decimal(value, locale=self._locale)

    def size(self, count: int) -> str:
        """A number of bytes as people say it: 1.4 MB."""
        if count < 1000:
            return format_unit(count, _UNITS[0], length="long", locale=self._locale)
        amount, step = count / 1000, 1
        while amount >= 1000 and step < len(_UNITS) - 1:
            amount, step = amount / 1000, step + 1
        return format_unit(amount, _UNITS[step], length="short", format="#,##0.0", locale=self._locale)

    def country(self, code: str) -> str:
        """A country's name, or that of a part of one by its whole; what is no country stays as it is."""
        return str(self._locale.territories.get(code.partition("-")[0], code))

    @cached_property
    def plurals(self) -> Mapping[str, int]:
        """For each of the language's plural categories (one, few, many, other …) a number that falls into it."""
        found: dict[str, int] = {}
        for number in range(201):
            found.setdefault(self._locale.plural_form(number), number)
        return found

    def sentence(self, message: object, timezone: str = "UTC") -> str:
        """A Message in this language, and whatever stands inside it; anything else as it is."""
        if not isinstance(message, Message):
            return str(message)
        text = self._said(message) if message.text else ""
        if not message.values:
            return text
        return self.tidy(text % {name: self._inside(name, item, timezone) for name, item in message.values.items()})

    def _said(self, message: Message) -> str:
        text, about = message.text, message.context
        if not message.plural:
            return self.catalogue.pgettext(about, text) if about else self.catalogue.gettext(text)
        count = _count(message.values)
        if about:
            return self.catalogue.npgettext(about, text, message.plural, count)
        return self.catalogue.ngettext(text, message.plural, count)

    def tidy(self, said: str) -> str:
        """What filling in has left: two points where a date ended the sentence."""
        return _TWO_POINTS.sub(r"\1\2", said) if self._dotted else said

    def _inside(self, name: str, item: object, timezone: str) -> object:
        if isinstance(item, Message):
            return self.sentence(item, timezone)
        if isinstance(item, Listed):
            return item.between.join(self.sentence(one, timezone) for one in item.items)
        if isinstance(item, Moment):
            return format_datetime(item, self._moment, locale=self._locale)  # told in its own zone
        if isinstance(item, date):
            return self.moment(item, timezone) if isinstance(item, datetime) else self.day(item)
        if isinstance(item, Article | City | Place | Worded):
            return self._named(item)
        return _Counted(item, self.number(item)) if name == "count" and isinstance(item, int) else item

    def _named(self, item: Article | City | Place | Worded) -> str:
        if isinstance(item, Worded):
            return item.texts.get(self.language, str(item))
        if isinstance(item, City):
            return str(get_timezone_location(str.__str__(item), locale=self._locale, return_city=True))
        return cite(item, self.language) if isinstance(item, Article) else self.country(str.__str__(item))


class _Counted(int):
    """A number that a sentence counts: `%(count)s` gives it as the language writes it."""

    def __new__(cls, value: int, shown: str) -> "_Counted":
        made = super().__new__(cls, value)
        made.shown = shown
        return made

    shown: str

    def __str__(self) -> str:
        return self.shown


def _count(values: Mapping[str, object]) -> int:
    count = values["count"]
    return count if isinstance(count, int) else 0


@cache
def speech(language: str) -> Speech:
    """The language by its code; English for one that we do not have."""
    return Speech(language)
