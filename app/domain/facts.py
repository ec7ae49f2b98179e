"""Two facts that both sides know (LAW 6): which questions are asked, and what counts as the same answer (Art. 12(6)).

An answer is compared in a normal form. Where what was typed can be read in more than one way (03/02/1990 in English,
1.234 anywhere) all readings are tried, so that nobody's habit is guessed at; a value on file has one form.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale

from app.domain.messages import Message

FactKind = Literal["text", "digits", "number", "date", "phone"]
ASKED: Final = 2
READINGS: Final = 4  # in how many ways one answer can be read at most
LONGEST: Final = 200
# Guesses at one identity, whoever makes them and in however many requests; and in one submission.
TRIES: Final = 3
TRIES_A_DAY: Final = 5
TRIES_A_MONTH: Final = 10

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t"}
)
_PHONE_DIGITS: Final = 8  # what is dialled at home; the country's number in front is written in many ways
_YEARS: Final = range(1800, 2200)
_MONTH_FIRST: Final = frozenset({"en"})  # where some write the month first
_SHORTEST_MONTH: Final = 3


class FactsResult(Enum):
    """What became of the answers; the value is the sentence that the person reads. It never says which one was wrong,
    nor whether there is anybody to know them."""

    RIGHT = Message("Thank you. We know that it is you.")
    WRONG = Message("These answers do not both agree with what is on file. Check them and try again.")
    USED_UP = Message("These questions cannot be tried again. You can show in another way who you are.")

    @property
    def message(self) -> Message:
        return self.value


def chosen(places: Collection[str], digest: bytes, *, count: int = ASKED) -> tuple[str, ...]:
    """Which facts are asked of one claimed identity, by its keyed digest: asking again never gives an easier pair, and
    the pair tells nothing of what is on file."""
    return tuple(sorted(places, key=lambda place: hashlib.sha256(digest + place.encode()).digest())[:count])


def one_name(kind: str, value: str) -> str:
    """A claimed identity in one form, whatever its spelling: everything that some system could take for the same name
    is counted together and asked the same, so that 012 is no fresh start for 12."""
    text = _with_plain_digits(unicodedata.normalize("NFKC", value)).strip().casefold()
    if kind == "email":
        return text
    if kind == "phone":
        return _digits_of(text).lstrip("0")
    try:
        return UUID(text).hex
    except ValueError:
        number = _decimal(text)
    return fold(text) if number is None else repr(float(number))


def readings(kind: FactKind, typed: str, language: str) -> frozenset[str]:
    """The normal forms of what a person typed: none where it is no such thing, several where it is ambiguous."""
    text = _with_plain_digits(unicodedata.normalize("NFKC", typed[:LONGEST])).strip()
    return frozenset(form for form in _READ[kind](text, language) if form)


def on_file(kind: FactKind, value: object, language: str, timezone: str) -> frozenset[str]:
    """The normal forms of a value as a system holds it; none for one that nobody could type."""
    if isinstance(value, datetime):
        value = (value.astimezone(ZoneInfo(timezone)) if value.tzinfo else value).date()
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return frozenset()
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if kind == "number" and (number := _decimal(text)) is not None:
        return frozenset({_number_form(number)})
    if kind == "date" and (day := _stored_day(text)) is not None:
        return frozenset({day.isoformat()})
    return readings(kind, text, language)


def _with_plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def _digits_of(text: str) -> str:
    return "".join(re.findall("[0-9]", text))


# texts, and numbers that are names
def fold(text: str) -> str:
    """Letters and digits only, without regard to case, width, marks, white space and punctuation."""
    for _ in range(8):  # one round is enough but for a few letters whose small form has marks of its own
        parts = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
        folded = unicodedata.normalize("NFKC", "".join(letter for letter in parts if letter.isalnum()))
        if folded == text:
            break
        text = folded
    return text


def _texts(text: str, _language: str) -> Iterator[str]:
    yield fold(text)


def _digits(text: str, _language: str) -> Iterator[str]:
    """The number in a number that has letters around it: SM-01001 and 1001 are one invoice."""
    found = _digits_of(text)
    yield found.lstrip("0") or found[:1]


def _phones(text: str, _language: str) -> Iterator[str]:
    yield _digits_of(text)[-_PHONE_DIGITS:]


# amounts
_NUMBER: Final = re.compile(r"(-?)([0-9]+(?:[.,' ][0-9]+)*)")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")


def _numbers(text: str, _language: str) -> Iterator[str]:
    """Amounts with or without currency: 1 234,50 € is EUR 1,234.50 and 1'234.5."""
    spaced = re.sub(r"\s+", " ", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\N{MINUS SIGN}", "-")
    found = _NUMBER.fullmatch(re.sub(r"^[^0-9-]+|[^0-9]+$", "", spaced))
    for plain in _parted(found[2]) if found else ():
        number = _decimal(plain)
        if found and number is not None:
            yield _number_form(-number if found[1] else number)


def _parted(digits: str) -> Iterator[str]:
    """How the marks between the digits can be meant: thousands, places, or either."""
    marks = _digits_removed(digits)
    if not marks or _THOUSANDS.fullmatch(digits):
        yield _digits_of(digits)
    if marks and marks[-1] in ".," and marks.count(marks[-1]) == 1:
        whole, places = digits.rsplit(marks[-1], 1)
        if whole.isdigit() or _THOUSANDS.fullmatch(whole):
            yield f"{_digits_of(whole)}.{places}"


def _digits_removed(text: str) -> str:
    return re.sub("[0-9]", "", text)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < LONGEST else None


def _number_form(number: Decimal) -> str:
    """Without an exponent or zeros at the end, and never with three places, which could be thousands."""
    whole, _, places = f"{number:f}".partition(".")
    places = places.rstrip("0")
    whole = "-" * (number < 0) + (whole.lstrip("-0") or "0")
    if not places:
        return whole
    return f"{whole}.{places}0" if len(places) == 3 else f"{whole}.{places}"


# dates
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{1,2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/. ]+)([0-9]{1,2})[-/. ]+([0-9]{4}|[0-9]{2})")
_IN_ONE: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")


def _dates(text: str, language: str) -> Iterator[str]:
    """The usual ways of writing a date; in English 03/02/1990 is read both ways."""
    # “1990. gada 3. februāris”, “3.2.1990 г.”: the word for the year says nothing.
    numbers = re.sub(r"^\D+|\D+$", "", text)
    if found := _YEAR_FIRST.fullmatch(numbers):
        yield from _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := _YEAR_LAST.fullmatch(numbers):
        yield from _either_order(int(found[1]), int(found[3]), found[4], dotted="." in found[2], language=language)
    elif found := _IN_ONE.fullmatch(numbers):
        yield from _either_order(int(found[1]), int(found[2]), found[3], dotted=False, language=language)
        yield from _day(int(numbers[:4]), int(numbers[4:6]), int(numbers[6:]))
    else:
        yield from _in_words(text.casefold(), language)


def _stored_day(text: str) -> date | None:
    """Systems that have no type for dates write them as the standard does, perhaps with a time."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _either_order(first: int, second: int, year: str, *, dotted: bool, language: str) -> Iterator[str]:
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    for one in years:
        yield from _day(one, second, first)
        if language in _MONTH_FIRST and not dotted:
            yield from _day(one, first, second)


def _in_words(text: str, language: str) -> Iterator[str]:
    """3 February 1990, February 3rd, 1990, 1990. gada 3. februārī."""
    numbers = re.findall("[0-9]+", text)
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", text)]
    named = {month for word in words for month in [_month(word, language)] if month}
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(numbers) == 2 and len(years) == len(days) == len(named) == 1:
        yield from _day(int(years[0]), named.pop(), int(days[0]))


def _day(year: int, month: int, day: int) -> Iterator[str]:
    if year in _YEARS:
        try:
            yield date(year, month, day).isoformat()
        except ValueError:
            return


def _month(word: str, language: str) -> int | None:
    """The month that this folded word names in that language or in English, whatever its ending."""
    for one in dict.fromkeys((language, "en")):
        for begin, month in _months(one).items():
            if word == begin or (len(begin) > _SHORTEST_MONTH and word.startswith(begin)):
                return month
    return None


@cache
def _months(language: str) -> Mapping[str, int]:
    """How the names of the months begin, long ones first: their endings change with the sentence."""
    locale = Locale.parse(language)
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for month, name in locale.months[context][width].items():
                folded = fold(name)
                found[folded] = month
                for ending in (1, 2):
                    if len(folded) - ending > _SHORTEST_MONTH:
                        found.setdefault(folded[:-ending], month)
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


_READ: Final[Mapping[FactKind, Callable[[str, str], Iterator[str]]]] = {
    "text": _texts, "digits": _digits, "number": _numbers, "date": _dates, "phone": _phones,
}  # fmt: skip
