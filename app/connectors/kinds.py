"""What a column can hold, so that a proven identity finds exactly its own rows (Art. 5(1)(d), (f) GDPR).

Values travel between systems (a customer number typed as text, an integer key, a text column elsewhere). They are
turned into the column's own type here, in Python: nothing is ever rounded, cut or cast by
the database on the way in, and a value that does not fit finds nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any
from uuid import UUID

_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_MOST_MIXED = 6  # 64 spellings of one address
_LONGEST = 10_000  # nothing that identifies a row is longer; longer texts would only cost


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the system describes it. `unique`: the system itself allows no value twice."""

    name: str
    kind: str  # one of FITTING, or "other": compared in its text form
    array: bool = False
    unique: bool = False
    readable: bool = True
    type_name: str = ""
    lower_index: bool = False  # there is an index on lower(column)


def _text(value: object) -> object | None:
    if isinstance(value, bool | bytes | bytearray | memoryview | dict | list):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else repr(value)
    text = str(value)
    return None if "\x00" in text or len(text) > _LONGEST or not _encodable(text) else text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no database can hold it
        return False
    return True


def _whole(value: object, bits: int) -> object | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = int(value) if _WHOLE.fullmatch(value.strip()) else None
    elif isinstance(value, Decimal | float):
        value = int(value) if value == value.__trunc__() else None
    if not isinstance(value, int):
        return None
    return value if -(1 << (bits - 1)) <= value < 1 << (bits - 1) else None


def _whole64(value: object) -> object | None:
    try:
        return _whole(value, 64)
    except (ValueError, OverflowError):  # NaN and infinity
        return None


def _number(value: object) -> object | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 1000 else None


def _float(value: object) -> object | None:
    number = _number(value)
    return None if number is None else float(str(number))


def _uuid(value: object) -> object | None:
    if isinstance(value, bytes) and len(value) == 16:
        return UUID(bytes=value)
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None


def _bytes(value: object) -> object | None:
    if isinstance(value, UUID):
        return value.bytes
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None


def _boolean(value: object) -> object | None:
    return value if isinstance(value, bool) else None


def _moment(kind: type[date] | type[time]) -> Callable[[object], object | None]:
    def read(value: object) -> object | None:
        if type(value) is kind:
            return value
        try:
            return kind.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None

    return read


def _any(value: object) -> object | None:
    """What a column without a type of its own can be compared with (SQLite): numbers, text and bytes as they are."""
    if isinstance(value, bool | bytes):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 63 else None
    if isinstance(value, float):
        return value
    return _text(value)


FITTING: dict[str, Callable[[object], object | None]] = {
    "text": _text,
    "char": _text,
    "citext": _text,
    "other": _text,
    "any": _any,
    "integer": _whole64,
    "number": _number,
    "float": _float,
    "uuid": _uuid,
    "bytes": _bytes,
    "boolean": _boolean,
    "date": _moment(date),
    "timestamp": _moment(datetime),
    "timestamptz": _moment(datetime),
    "time": _moment(time),
}
_NATIVE: dict[str, type] = {"integer": int, "uuid": UUID}


def _in_range(values: Sequence[Any]) -> bool:
    return bool(min(values) >= -(1 << 63) and max(values) < 1 << 63)


def fit(kind: str, values: Sequence[object], *, fold: bool = False) -> Sequence[object]:
    """The values as a column of this kind holds them; `fold` makes them lower case (e-mail addresses)."""
    if kind in _NATIVE and set(map(type, values)) == {_NATIVE[kind]} and (kind != "integer" or _in_range(values)):
        return values  # the common case, keys of the column's own type: nothing to do, and it costs nothing
    fitting = FITTING[kind]
    fitted = [one for one in map(fitting, values) if one is not None]
    return folded(fitted) if fold else fitted


def folded(values: Sequence[object]) -> list[object]:
    """Lower case, and every way in which the letters beyond ASCII may stand in the column: some databases lower only
    those of ASCII, and then “Ā” of the column is found by “Ā” alone."""
    out: dict[object, None] = {}
    for value in values:
        text = str(value).strip()
        lower = text.lower()
        out[lower] = None
        if not text.isascii():
            out["".join(letter.lower() if letter.isascii() else letter for letter in text)] = None
            out.update(dict.fromkeys(_cases(lower)))
    return list(out)


def _cases(lower: str) -> Iterator[str]:
    """The same word with its letters beyond ASCII small and large: all mixtures of a few of them; of many none, all, or
    the first alone, which is how names are written."""
    cased = [at for at, letter in enumerate(lower) if not letter.isascii() and _has_one_capital(letter)]
    mixtures: Iterable[tuple[int, ...]] = [(), tuple(cased), tuple(cased[:1])]
    if len(cased) <= _MOST_MIXED:
        mixtures = (chosen for many in range(len(cased) + 1) for chosen in combinations(cased, many))
    for large in mixtures:
        yield "".join(letter.upper() if at in large else letter for at, letter in enumerate(lower))


def _has_one_capital(letter: str) -> bool:
    return letter.upper() != letter and letter.upper().lower() == letter  # not ß, whose capital is two letters
