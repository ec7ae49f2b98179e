"""Reading a JSON body strictly: what two parsers could understand differently is refused (Art. 32)."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import UnsupportedMediaType

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.web.api.problems import Malformed

LARGEST: Final = 256_000
DEEPEST: Final = 12
Shape = TypeVar("Shape", bound=BaseModel)


class _Unclear(ValueError):
    """JSON that has no single meaning."""


def raw() -> bytes:
    """The body as it came; 413 beyond 256 kB, whatever its length was said to be."""
    request.max_content_length = LARGEST
    return request.get_data()


def read(shape: type[Shape]) -> Shape:
    """The body as that shape. 400 for no JSON, 415 for another type, 422 with a pointer for each wrong field."""
    content = raw()
    if not content:
        content = b"{}"
    elif request.mimetype != "application/json":
        raise UnsupportedMediaType
    check(content)
    try:
        return shape.model_validate_json(content, strict=True)
    except ValidationError as error:
        raise _wrong_fields(error) from error


def check(content: bytes) -> None:
    """Malformed unless this is one JSON object in UTF-8 without repeated keys, NaN or deep nesting."""
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_each_key_once, parse_constant=_no_such_number)
    except _Unclear as error:
        raise Malformed(str(error)) from error
    except RecursionError as error:
        raise Malformed(_TOO_DEEP) from error
    except ValueError as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error
    if not isinstance(value, dict):
        raise Malformed("The body must be a JSON object.")
    if _deeper_than(value, DEEPEST):
        raise Malformed(_TOO_DEEP)


_TOO_DEEP: Final = f"The body is nested too deeply: at most {DEEPEST} levels."


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unclear("The body names a key twice in one object.")
    return found


def _no_such_number(_: str) -> float:
    raise _Unclear("The body holds NaN or Infinity, which are no JSON numbers.")


def _deeper_than(value: object, most: int) -> bool:
    level: list[object] = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(item, dict | list) for item in level)


def _wrong_fields(error: ValidationError) -> Invalid:
    fields: dict[str, Message | str] = {}
    for fault in error.errors(include_url=False, include_input=False):
        if fault["type"] == "json_invalid":  # half a surrogate pair, which one reader takes and the other does not
            raise Malformed("The body is not valid JSON in UTF-8.") from error
        fields.setdefault(".".join(str(part) for part in fault["loc"]) or "", _said(fault))
    return Invalid(fields)


_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field here.",
    "string_type": "This must be text.",
    "string_too_short": "This must not be empty.",
    "string_unicode": "This is not valid text.",
    "list_type": "This must be a list.",
    "tuple_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "int_type": "This must be a whole number.",
    "timezone_aware": "Give the time with its offset, such as 2026-03-01T09:00:00+02:00.",
    "datetime_type": "This must be an ISO 8601 time with its offset.",
    "datetime_from_date_parsing": "This must be an ISO 8601 time with its offset.",
    "datetime_parsing": "This must be an ISO 8601 time with its offset.",
}


def _said(fault: ErrorDetails) -> Message | str:
    limits = fault.get("ctx", {})
    if fault["type"] == "string_too_long":
        return Message("Shorten this to %(most)d characters or fewer.", {"most": limits["max_length"]})
    if fault["type"] in {"too_long", "too_short"}:
        return Message("This list has a wrong number of entries: %(most)s.", {"most": _bounds(limits)})
    if fault["type"] in {"enum", "literal_error"}:
        return Message("Choose from: %(allowed)s.", {"allowed": str(limits["expected"])})
    return _SENTENCES.get(fault["type"], fault["msg"])


def _bounds(limits: Mapping[str, Any]) -> str:
    return f"at most {limits['max_length']}" if "max_length" in limits else f"at least {limits.get('min_length', 1)}"
