"""What was given for a move, read by what the move asks: one check for form, API and command line, and a mistake is
named with the way to mend it (Art. 12(2))."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from app.domain.errors import Invalid
from app.domain.fields import FieldSpec
from app.domain.identity import text_fault, tidy
from app.domain.messages import Message

Given = str | tuple[str, ...] | date | None | list[dict[str, str]]
_MONEY: Final = re.compile(r"\d{1,7}([.,]\d{1,2})?")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def read(
    specs: Sequence[FieldSpec], data: Mapping[str, str], offered: Mapping[str, Collection[str]]
) -> dict[str, Given]:
    """The answers by field; those of rows as a list. Invalid for missing, overlong, unknown and impossible ones.

    Decisions may be left out as a whole: then all of it is granted.
    """
    known = {spec.name for spec in specs}
    faults: dict[str, Message] = {
        name: Message("“%(name)s” is not a field of this move.", {"name": name[:60]}) for name in data.keys() - known
    }
    undecided = not any(name in data for name in known if _row_of(name) is not None)
    answers: dict[str, Given] = {}
    for spec in specs:
        if _row_of(spec.name) is not None and undecided:
            answers.setdefault(spec.name.partition(".")[0], [])
            continue
        value = data.get(spec.name, "")
        fault = fault_of(spec, value, offered.get(spec.name))
        if fault is not None:
            faults[spec.name] = _with_choices(fault, offered.get(spec.name)) if value == "" else fault
        else:
            _keep(answers, spec, tidy(value))
    if faults:
        raise Invalid(faults)
    return answers


def _with_choices(needed: Message, offered: Collection[str] | None) -> Message:
    """What is missing, and what may stand there: whoever has no form before them cannot see it."""
    if not offered:
        return needed
    return Message("%(needed)s Choose from: %(allowed)s.", {"needed": needed, "allowed": ", ".join(offered)})


def fault_of(spec: FieldSpec, value: object, offered: Collection[str] | None) -> Message | None:
    """What is wrong with one answer."""
    if not isinstance(value, str):
        return Message("This must be text.")
    if not value.strip():
        return spec.needed if spec.required else None
    if len(value) > spec.max_length:
        room = {"count": spec.max_length}
        return Message(
            "Shorten this to %(count)s character or fewer.", room, "Shorten this to %(count)s characters or fewer."
        )
    if offered is not None and (wrong := _not_offered(spec, value, offered)):
        return wrong
    if spec.kind == "date":
        return _day_fault(value.strip())
    return _text_fault(spec, tidy(value))


def _not_offered(spec: FieldSpec, value: str, offered: Collection[str]) -> Message | None:
    chosen = several(value) if spec.kind == "choices" else (value.strip(),)
    wrong = [one for one in chosen if one not in offered]
    if not wrong:
        return None
    return Message("“%(given)s” is not offered here. Choose from: %(allowed)s.", {
        "given": wrong[0][:60], "allowed": ", ".join(offered) or "–"})  # fmt: skip


def _text_fault(spec: FieldSpec, text: str) -> Message | None:
    if spec.kind == "money" and _MONEY.fullmatch(text) is None:
        return Message("Give an amount such as 12.50.")
    return text_fault(text, max_length=spec.max_length, lines=spec.kind == "long_text")


def several(value: str) -> tuple[str, ...]:
    """Several choices out of one text."""
    return tuple(one.strip() for one in value.split(",") if one.strip())


def _day_fault(value: str) -> Message | None:
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        return Message("Give a day such as 2026-11-23.")
    if not EARLIEST <= day < LATEST:
        return Message("Check the year of this day.")
    return None


def _row_of(name: str) -> int | None:
    parts = name.split(".")
    return int(parts[1]) if len(parts) == 3 else None


def _keep(answers: dict[str, Given], spec: FieldSpec, value: str) -> None:
    number = _row_of(spec.name)
    if number is not None:
        group, _, column = spec.name.split(".")
        rows = answers.setdefault(group, [])
        assert isinstance(rows, list)
        rows.extend({} for _ in range(len(rows), number + 1))
        rows[number][column] = value
    elif spec.kind == "choices":
        answers[spec.name] = several(value)
    elif spec.kind == "date":
        answers[spec.name] = date.fromisoformat(value) if value else None
    else:
        answers[spec.name] = value
