"""Rows as a person's copy shows them (Art. 15(3), 20(1) GDPR): JSON with native types, CSV that no spreadsheet runs.

Blocks of about a thousand rows are turned column by column: one look at a column's types decides for all its cells, so
that the common case never leaves C. `codes` keeps what the types were, so that rows can be read back as they came.
Binary values are base64; large ones come as `FileCell`, set aside before. Binary values inside lists and objects stay
base64 whatever their size: they have no column to be named after, and no source that is read here nests large ones.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

import msgspec

Column = Sequence[Any]

SAFE_INTEGER = 2**53  # beyond it a JavaScript reader would round
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes UTF-8 for the local code page
NEWLINE = "\r\n"


@dataclass(frozen=True, slots=True)
class FileCell:
    """A large binary value lies in a file of its own; this is what its cell says instead."""

    file: str  # the path in the package
    bytes: int
    sha256: str


_CODES: tuple[tuple[type, str], ...] = (
    (bool, "b"),
    (int, "i"),
    (float, "f"),
    (str, "s"),
    (datetime, "t"),
    (date, "D"),
    (time, "T"),
    (timedelta, "p"),
    (Decimal, "d"),
    (UUID, "u"),
    (bytes, "y"),
    (bytearray, "y"),
    (memoryview, "y"),
    (dict, "j"),
    (list, "j"),
    (tuple, "j"),
    (set, "j"),
    (frozenset, "j"),
    (FileCell, "F"),
)
_TYPES: dict[str, Any] = {
    "t": list[datetime | None],
    "D": list[date | None],
    "T": list[time | None],
    "p": list[timedelta | None],
    "d": list[Decimal | None],
    "u": list[UUID | None],
    "y": list[bytes | None],
    "F": list[FileCell | None],
}
_QUOTED = re.compile(r'[,;"\r\n]')
_FORMULA_START = r"[ \xa0'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
_FORMULA = re.compile(_FORMULA_START)
_ANY_FORMULA = re.compile(f"\x1f(?:{_FORMULA_START})")
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_ENDLESS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_json = msgspec.json.Encoder()
_known: dict[type, str] = {}


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of one collection: JSON objects joined by comma and line break, and CSV lines with their line ends."""

    rows: int
    codes: tuple[str, ...]
    json: bytes
    csv: bytes


class Table:
    """Turns rows of one collection into blocks and back."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self._names = [f"f{number}" for number in range(len(columns))]
        self._shape: Callable[..., object] = self._as_dict
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(list[dict[str, Any]])
        self._fields: list[Callable[[Any], Any]] = [itemgetter(column) for column in self.columns]
        if not any(re.search(r'[\x00-\x1f"\\]', column) for column in self.columns):  # such names a Struct cannot bear
            shape = msgspec.defstruct(
                "Row",
                [(name, Any) for name in self._names],
                rename=dict(zip(self._names, self.columns, strict=True)),
                gc=False,
            )
            self._shape = shape
            self._decoder = msgspec.json.Decoder(list[shape])  # type: ignore[valid-type]  # made above
            self._fields = [attrgetter(name) for name in self._names]

    def header(self) -> bytes:
        """The first line of the CSV file."""
        line = ",".join(_guarded(list(self.columns))) + NEWLINE
        return (BYTE_ORDER_MARK + line).encode("utf-8", "replace")

    def encode(self, rows: Sequence[Sequence[Any]]) -> Block:
        """One block; `rows` must not be empty."""
        raw: list[Column] = list(zip(*rows, strict=True))
        try:
            return self._encode(raw)
        except UnicodeEncodeError:  # half a surrogate pair: no valid text anywhere, shown as the replacement character
            return self._encode([[_whole_text(value) for value in column] for column in raw])

    def _encode(self, raw: list[Column]) -> Block:
        codes, columns = [], []
        for values in raw:
            code, native = _native_column(values)
            codes.append(code)
            columns.append(native)
        lines = _json.encode_lines(list(map(self._shape, *columns)))
        cells = [_csv_column(column, code) for column, code in zip(columns, codes, strict=True)]
        if len(cells) == 1:  # a line without any character would be no row to a CSV reader
            cells = [[cell or '""' for cell in cells[0]]]
        csv = NEWLINE.join(map(",".join, zip(*cells, strict=True))) + NEWLINE
        return Block(len(raw[0]), tuple(codes), lines[:-1].replace(b"\n", b",\n"), csv.encode())

    def native(self, json: bytes) -> list[Column]:
        """The columns of a block's JSON, with JSON-native values."""
        rows = self._decoder.decode(b"[" + json + b"]")
        return [list(map(field, rows)) for field in self._fields]

    def decode(self, json: bytes, codes: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of a block with the types they came with."""
        columns = [_restored(column, code) for column, code in zip(self.native(json), codes, strict=True)]
        return list(zip(*columns, strict=True))

    def _as_dict(self, *values: object) -> dict[str, object]:
        return dict(zip(self.columns, values, strict=True))


def native(value: Any) -> Any:
    """One value as JSON may hold it; nested ones too."""
    code = _code(type(value))
    if code == "j":
        if isinstance(value, dict):
            return {str(name): native(item) for name, item in value.items()}
        return [native(item) for item in value]
    _, column = _native_column([value])
    return column[0]


def _code(kind: type) -> str:
    if kind not in _known:
        _known[kind] = next((code for known, code in _CODES if issubclass(kind, known)), "x")
    return _known[kind]


def _native_column(values: Column) -> tuple[str, Column]:
    """The column's code (one letter, or one per row when types differ) and its JSON-native values."""
    kinds = set(map(type, values))
    empty = type(None) in kinds
    kinds.discard(type(None))
    found = set(map(_code, kinds))
    if not found:
        return "n", values
    if len(found) > 1:  # SQLite lets every cell have a type of its own
        pairs = [("n", value) if value is None else (_code(type(value)), native(value)) for value in values]
        return "".join(code for code, _ in pairs), [value for _, value in pairs]
    code = found.pop()
    if not empty:
        return code, _CONVERT[code](values)
    converted = iter(_CONVERT[code]([value for value in values if value is not None]))
    return code, [None if value is None else next(converted) for value in values]


def _as_is(values: Column) -> Column:
    return values


def _integers(values: Column) -> Column:
    if min(values) >= -SAFE_INTEGER and max(values) <= SAFE_INTEGER:
        return values
    return [value if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(int(value)) for value in values]


def _floats(values: Column) -> Column:
    """JSON knows no infinity and no NaN; leaving them out would be a hole in the copy."""
    if math.isfinite(sum(values)):
        return values
    return [value if math.isfinite(value) else _ENDLESS[str(value)] for value in values]


def _texts(values: Column) -> Column:
    """ISO 8601, decimal digits, base64: texts without quotes or escapes, so one encoding and one split do for all."""
    return _json.encode(values)[2:-2].decode("ascii").split('","')


def _moments(values: Column) -> Column:
    texts = _texts(values)
    if min(texts) < "1973":  # offsets once had seconds, which ISO 8601 cannot say: those moments are told in UTC
        return _texts([_plain_offset(value) for value in values])
    return texts


def _plain_offset(value: datetime) -> datetime:
    offset = value.utcoffset()
    return value.astimezone(UTC) if offset is not None and offset.total_seconds() % 60 else value


def _nested(values: Column) -> Column:
    return [native(value) for value in values]


def _bytes(values: Column) -> Column:
    return _texts([bytes(value) for value in values])


def _files(values: Column) -> Column:
    return [{"file": one.file, "bytes": one.bytes, "sha256": one.sha256} for one in values]


def _others(values: Column) -> Column:
    return list(map(str, values))


_CONVERT: dict[str, Callable[[Column], Column]] = dict.fromkeys("sb", _as_is)
_CONVERT |= dict.fromkeys("DTpdu", _texts)
_CONVERT |= {"i": _integers, "f": _floats, "t": _moments, "y": _bytes, "j": _nested, "F": _files, "x": _others}


def _whole_text(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole_text(name): _whole_text(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_whole_text(item) for item in value]
    return value


def _restored(column: Column, code: str) -> Column:
    if len(code) > 1:
        return [_restored([value], one)[0] for value, one in zip(column, code, strict=True)]
    if code in _TYPES:
        restored: Column = msgspec.convert(column, type=_TYPES[code])
        return restored
    if code == "i":
        return [int(value) if isinstance(value, str) else value for value in column]
    if code == "f":
        return [float(value) if isinstance(value, str) else value for value in column]
    return column


def _csv_column(column: Column, code: str) -> list[str]:
    if len(code) > 1:
        return [_csv_column([value], one)[0] for value, one in zip(column, code, strict=True)]
    if code == "n":
        return [""] * len(column)
    if code in "if":
        return _json.encode(column)[1:-1].decode("ascii").replace('"', "").replace("null", "").split(",")
    if code == "b":
        return ["" if value is None else "true" if value else "false" for value in column]
    if code == "j":
        return _guarded(["" if value is None else _json.encode(value).decode() for value in column])
    if code == "F":
        column = [value and value["file"] for value in column]
    texts = ["" if value is None else value for value in column]
    return texts if code in "DTtduF" else _guarded(texts)


def _guarded(cells: list[str]) -> list[str]:
    """Quoted where CSV needs it; led by an apostrophe where a spreadsheet would run the cell (OWASP, CSV injection)."""
    together = "\x1f" + "\x1f".join(cells)
    if _ANY_FORMULA.search(together):
        cells = ["'" + cell if _FORMULA.match(cell) else cell for cell in cells]
        together = "\x1f".join(cells)
    if _QUOTED.search(together):
        cells = ['"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells]
    return cells


def readable(text: str) -> str:
    """For pages and letters: without the characters that steer how a text or its surroundings are shown."""
    return _STEERING.sub("\ufffd", text)


def plain_cells(column: Column, code: str) -> list[str]:
    """A column's cells as words for reading on a page; an empty text where there is nothing."""
    if len(code) > 1:
        return [plain_cells([value], one)[0] for value, one in zip(column, code, strict=True)]
    if code == "b":
        return ["" if value is None else "yes" if value else "no" for value in column]
    if code == "j":
        return ["" if value is None else _json.encode(value).decode() for value in column]
    if code == "t":
        return ["" if value is None else _readable(value) for value in column]
    if code == "F":
        return ["" if value is None else value["file"] for value in column]
    return ["" if value is None else str(value) for value in column]


def _readable(moment: str) -> str:
    return moment.replace("T", " ").replace("Z", " UTC")
