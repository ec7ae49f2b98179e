"""What a filing's body says of each right, described and read from the same questions as the page's form."""

from collections.abc import Mapping
from typing import Any

from app.domain.questions import GROUNDS, Question
from app.domain.rights_forms import outline


def described(schema: dict[str, Any]) -> None:
    """Name each right with its answers in the description."""
    schema.pop("propertyNames", None)
    schema["additionalProperties"] = False
    schema["properties"] = {
        name: {
            "type": "object",
            "additionalProperties": False,
            "properties": {one.name: _answer(one) for one in form.questions if one.name != GROUNDS},
        }
        for name, form in outline().items()
    }


def flattened(details: object) -> object:
    """A list of choices as one text with commas, a list of corrections as `corrections.0.right`; all else as it is,
    to be judged by whoever reads it."""
    if not isinstance(details, dict):
        return details
    return {right: _flat(answers) if isinstance(answers, dict) else answers for right, answers in details.items()}


def _flat(answers: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            flat |= {f"{name}.{at}.{part}": one for at, row in enumerate(value) for part, one in row.items()}
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            flat[name] = ",".join(value)
        else:
            flat[name] = value
    return flat


def _answer(question: Question) -> dict[str, Any]:
    about = " ".join(str(words) for words in (question.label, question.hint) if words)
    if question.kind == "rows":
        row = {one.name: _answer(one) for one in question.columns}
        items = {"type": "object", "additionalProperties": False, "properties": row}
        return {"type": "array", "maxItems": question.most, "items": items, "description": about}
    if question.kind == "choices":
        return {"type": "array", "items": {"type": "string"}, "description": about}
    if question.options:
        return {"type": "string", "enum": [option.value for option in question.options], "description": about}
    return {"type": "string", "maxLength": question.longest, "description": about}
