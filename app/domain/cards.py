"""Numbers of payment cards in what is copied: no copy carries one on (M-9; PCI DSS 3.3), and staff are told.

A number is taken for a card's when it begins and is as long as those of a card scheme, its check digit is right
(ISO/IEC 7812-1, Luhn), and it stands alone: in groups of digits as people write them, not inside a longer word. Only
text is looked at: a column of whole numbers holds identifiers, of which one in ten would pass for a card.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?<![0-9][ -])[2-6][0-9]{3}(?:[ -]?[0-9]){9,15}(?![ -]?[0-9])(?![A-Za-z])")
_SCHEMES = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|220[0-4]\d{12,15}"  # Mir
    r"|(?:6011|64[4-9]\d|65\d{2})\d{12}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|(?:50|5[6-9]|6[37])\d{14,17}"  # Maestro
)
# Digits, what parts their groups, and all else: three bytes, so that a search for shapes never leaves C.
_SHAPE: Final = bytes(48 if 48 <= one <= 57 else 45 if one in b" -" else 120 for one in range(256))
_SHAPES: Final = (b"0" * 13, b"0000-0000-0000-0", b"0000-000000-00000")
_SHOWN: Final = 4


def possible(text: bytes) -> bool:
    """Whether there can be such a number at all: a quick look at the bytes of many records at once."""
    shape = text.translate(_SHAPE)
    return any(one in shape for one in _SHAPES)


def masked(text: str) -> tuple[str, int]:
    """The text with all but the last four digits of each card's number as stars, and how many there were."""
    count = 0

    def mask(found: re.Match[str]) -> str:
        nonlocal count
        number = re.sub(r"[ -]", "", found[0])
        if not (_SCHEMES.fullmatch(number) and _checks(number)):
            return found[0]
        count += 1
        return re.sub(r"\d", "*", found[0][:-_SHOWN]) + found[0][-_SHOWN:]

    return _DIGITS.sub(mask, text), count


def masked_rows(rows: Sequence[Sequence[Any]]) -> tuple[Sequence[Sequence[Any]], int]:
    """The same for every text in records, also inside objects and lists; the records themselves where there is none."""
    count, made = 0, []
    for row in rows:
        cells = [_cell(value) for value in row]
        count += sum(found for _, found in cells)
        made.append([value for value, _ in cells])
    return (made, count) if count else (rows, 0)


def _cell(value: Any) -> tuple[Any, int]:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        parts = {name: _cell(one) for name, one in value.items()}
        return {name: one for name, (one, _) in parts.items()}, sum(found for _, found in parts.values())
    if isinstance(value, list | tuple):
        items = [_cell(one) for one in value]
        return [one for one, _ in items], sum(found for _, found in items)
    return value, 0


def _checks(number: str) -> bool:
    digits = [int(one) for one in reversed(number)]
    doubled = sum(sum(divmod(2 * one, 10)) for one in digits[1::2])
    return (sum(digits[::2]) + doubled) % 10 == 0
