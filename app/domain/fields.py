"""What kinds of answers a move can ask for: one specification feeds form, API and command line alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.domain.messages import Message

FieldKind = Literal["text", "long_text", "choice", "choices", "code", "date", "money", "rows"]
ChoiceSource = Literal[
    "staff", "refusal_grounds", "grounds_with_evidence", "extension_reasons", "proof_methods", "proof_ways", "unproven",
    "restriction_grounds", "grounds_of_parts", "decisions", "granted", "held", "rights", "defects", "answer_to",
    "registered", "call_results", "contact_kinds",
]  # fmt: skip
PASSAGE = 4000

_NEEDED = Message("Answer this question.")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One answer that a move asks for.

    `source` names where choices come from; `needed` is what is said when a required answer is missing. Several
    choices are one text with commas between. `rows` asks its `columns` once for each thing that was asked for: then
    `items.0.decision` is the first one's decision.
    """

    name: str
    kind: FieldKind
    label: Message
    hint: Message | None = None
    required: bool = True
    max_length: int = 200
    source: ChoiceSource | None = None
    needed: Message = _NEEDED
    columns: tuple["FieldSpec", ...] = ()
    row: Message | None = None  # of which row this is a column


def text(
    name: str, label: Message, hint: Message | None = None, *, needed: Message = _NEEDED, required: bool = True
) -> FieldSpec:
    """One line."""
    return FieldSpec(name, "text", label, hint, required, needed=needed)


def passage(
    name: str, label: Message, hint: Message | None = None, *, needed: Message = _NEEDED, required: bool = True
) -> FieldSpec:
    """Several lines."""
    return FieldSpec(name, "long_text", label, hint, required, PASSAGE, needed=needed)


def choice(
    name: str,
    label: Message,
    source: ChoiceSource,
    hint: Message | None = None,
    *,
    needed: Message = _NEEDED,
    required: bool = True,
) -> FieldSpec:
    """One of those that the source gives."""
    return FieldSpec(name, "choice", label, hint, required, source=source,
                     needed=needed)  # fmt: skip


def day(name: str, label: Message, hint: Message | None = None) -> FieldSpec:
    """A day; today where none is given."""
    return FieldSpec(name, "date", label, hint, required=False, max_length=10)


def expanded(
    specs: Sequence[FieldSpec], rows: Sequence[Message], *, certain: Sequence[bool] = ()
) -> tuple[FieldSpec, ...]:
    """The fields one by one: those of `rows` once for each row. Where the answer is `certain`, nobody need say it, and
    nothing else is asked."""
    found: list[FieldSpec] = []
    for spec in specs:
        if spec.kind != "rows":
            found.append(spec)
            continue
        for number, row in enumerate(rows):
            if number < len(certain) and certain[number]:
                only = replace(spec.columns[0], source="granted", required=False, row=row)
                found.append(replace(only, name=f"{spec.name}.{number}.{only.name}"))
                continue
            needed = Message("Decide on this: %(what)s.", {"what": row})
            found += [
                replace(column, name=f"{spec.name}.{number}.{column.name}", row=row, needed=needed)
                for column in spec.columns
            ]
    return tuple(found)
