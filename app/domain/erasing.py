"""What an erasure takes and what it leaves (Art. 17), as the controller file has it; when its last copy is gone."""

from typing import Final

from app.domain.policy import ControllerFile, ErasureEffect, Span, covers

_DAYS: Final = {"hours": 1 / 24, "days": 1.0, "working_days": 1.4, "weeks": 7.0, "months": 30.4, "years": 365.2}


def effect(file: ControllerFile, category: str) -> ErasureEffect:
    """What is done to data of this category: the longest name decides; of two as long, the category's own rule."""
    named = {key: effect for key, effect in file.erasure.fields.items() if covers(key, category)}
    rule = file.rule_for(category)
    if rule is not None and rule[1].on_erasure is not None:
        named[rule[0]] = rule[1].on_erasure
    return named[max(named, key=len)] if named else file.erasure.default


def goes(file: ControllerFile, category: str, *, rows: str = "") -> bool:
    """Whether it is gone after an erasure; `rows` names the connection.collection, whose rule counts before others."""
    return (file.erasure.rows.get(rows) or effect(file, category)) != "keep"


def longest(span: Span) -> float:
    """About how many days it is, to find the longest of several."""
    return span.count * _DAYS[span.unit]
