"""What is wrong in a file that an operator wrote: where it stands, what is wrong and what is allowed, all at once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from app.domain.errors import HabeasError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake (or, among the warnings of a good file, one remark). Never holds a value that may be a secret."""

    file: str
    line: int | None
    field: str
    wrong: str
    allowed: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.field}: {self.wrong}" if self.field else self.wrong
        return f"{place}: {what}; {self.allowed}" if self.allowed else f"{place}: {what}"


class PolicyFaults(HabeasError):
    """A file that cannot be used; `faults` has every mistake in it, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        unique = dict.fromkeys(faults)
        self.faults = tuple(sorted(unique, key=lambda fault: (fault.file, fault.line or 0)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def dotted(path: Path) -> str:
    """('rights', 'access', 'proof', 0) → rights.access.proof[0]."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def closest(word: object, words: Iterable[str]) -> str:
    """` (did you mean access?)`, or nothing where nothing is near."""
    near = get_close_matches(str(word).lower(), list(words), n=1, cutoff=0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def one_of(words: Iterable[str]) -> str:
    return "allowed: " + (", ".join(sorted(words)) or "nothing")


SHAPES = {
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "small letters and digits, joined by single hyphens, a letter first",
    r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$": "small letters and digits, joined by single _ or -, a letter first",
    r"^[a-z_]+(\.[a-z_]+)*$": "a data category such as user.contact.email",
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "a country such as LV, or a part of one such as GB-ENG",
    r"^[a-z]{2,3}$": "a language such as en",
    r"^[^\x00-\x1f\x7f]+$": "one line of text",
    r"^https://[\w.-]+(/\S*)?$": "an address that begins with https://",
}
KINDS: dict[str, tuple[str, str]] = {
    "string_type": ("text", "text, in quotes where it would be read as something else"),
    "int_type": ("a whole number", "a whole number without quotes"),
    "tuple_type": ("a list", "a list: [a, b], or one `- a` a line"),
    "list_type": ("a list", "a list: [a, b], or one `- a` a line"),
    "dict_type": ("a map", "keys with values, indented below it"),
    "model_type": ("a map", "keys with values, indented below it"),
    "bool_type": ("true or false", "true, false"),
    "bool_parsing": ("true or false", "true, false"),
    "date_from_datetime_parsing": ("a date", "a date such as 2018-05-25"),
}


def describe(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong, what is allowed; in plain words for each kind of mistake that a type can find."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in KINDS:
        wanted, allowed = KINDS[kind]
        return f"is {_kind_of(error['input'])}, not {wanted}", allowed
    if kind in {"literal_error", "enum"}:
        words = re.findall(r"'([^']*)'", str(context["expected"]))
        return f"is {_shown(error['input'])}{closest(error['input'], words)}", one_of(words)
    if kind == "string_pattern_mismatch":
        return f"is {_shown(error['input'])}", SHAPES[str(context["pattern"])]
    if kind in {"greater_than_equal", "less_than_equal"}:
        least = kind == "greater_than_equal"
        return f"is {error['input']}", f"at {'least' if least else 'most'} {context['ge' if least else 'le']}"
    return _size(kind, context) or _told(error["msg"])


def _size(kind: str, context: dict[str, Any]) -> tuple[str, str] | None:
    if kind in {"string_too_short", "too_short"}:
        return "is empty", "something in it"
    if kind in {"string_too_long", "too_long"}:
        return "is too long", f"up to {context['max_length']}"
    return ("is missing", "it must be given") if kind == "missing" else None


def _told(message: str) -> tuple[str, str]:
    """Our own checks say both halves themselves, parted by a semicolon."""
    wrong, _, allowed = message.removeprefix("Value error, ").partition("; ")
    return wrong, allowed


def _kind_of(value: object) -> str:
    if value is None or value == "":
        return "empty"
    names: Sequence[tuple[type, str]] = [
        (bool, "true or false"), (int, "a number"), (float, "a number"),
        (str, "text"), (dict, "a map"), (list, "a list"),
    ]  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "something else")


def _shown(value: object) -> str:
    return f"“{value[:60]}”" if isinstance(value, str) else _kind_of(value)
