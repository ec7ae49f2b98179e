"""The API's own description (OpenAPI 3.1), made from the code: the table of calls, the shapes, the table of moves."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.domain.lifecycle import TRANSITIONS, FieldSpec, Move, fields_of
from app.web.api.operations import OPERATIONS, Operation, Query
from app.web.api.problems import MIMETYPE
from app.web.api.shapes import Problem

PREFIX: Final = "/api/v1"
MOVE_PATH: Final = "/cases/{reference}/moves/{move}"
_REF: Final = "#/components/schemas/{model}"
_PARAMETER: Final = re.compile(r"{(\w+)}")
_ABOUT: Final = """\
Requests under data-protection law: filed, handled, answered. What a token may do is what its holder's role may do at
one organisation, narrowed by its scopes: `cases:read`, `cases:write`, `packages:read`. Every failure is a problem
document (RFC 9457). A POST with an `Idempotency-Key` may be sent again within a day: it takes effect once and is
answered alike.
"""
_HEADERS: Final[Mapping[str, str]] = {
    "Idempotency-Key": "A fresh random text of at most 255 characters; the call sent again with it takes effect once.",
    "If-Match": 'The ETag (`"version"`) of the case as you saw it; 412 when somebody was quicker.',
    "If-None-Match": "An ETag that you hold; 304 when it still holds.",
    "Range": "Which bytes, such as `bytes=0-1023`; 206 with them.",
}


def describe() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Habeas", "version": "1", "description": _ABOUT},
        "servers": [{"url": PREFIX}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "Problem": {
                    "description": "What went wrong, and which way leads on.",
                    "content": {MIMETYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
                }
            },
        },
    }


def body_of(move: Move) -> dict[str, Any]:
    """The JSON Schema of a move's body, from the same specification that draws its form."""
    always = [field for field in move.fields if field.kind != "rows"]
    rows = [field for field in move.fields if field.kind == "rows"]
    by_right = {right: fields_of(move, right)[len(move.fields) :] for right in move.rights}
    properties = {field.name: _field(field) for field in always}
    for right, fields in by_right.items():
        for field in fields:
            told = _field(field)
            told.pop("minLength", None)
            told["description"] += f" For `{right}`{', needed' if field.required else ''}."
            properties.setdefault(field.name, told)
    body: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in always if field.required],
        "properties": properties,
    }
    if rows:
        body["patternProperties"] = {
            rf"^{row.name}\.\d{{1,3}}\.{column.name}$": _field(column) for row in rows for column in row.columns
        }
    return body


def _field(field: FieldSpec) -> dict[str, Any]:
    about = str(field.label) + (f" {field.hint}" if field.hint else "")
    described = {
        "type": "string",
        "maxLength": field.max_length,
        **({"minLength": 1} if field.required else {}),
        "description": about + (" Several with commas between." if field.kind == "choices" else ""),
    }
    # Left out, or empty, it is today.
    return {**described, "format": "date"} if field.kind == "date" and field.required else described


def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for call in OPERATIONS:
        if call.path == MOVE_PATH:
            for move in _offered():
                path = MOVE_PATH.replace("{move}", move.name)
                paths.setdefault(path, {})["post"] = _operation(call, move)
        else:
            paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return paths


def _offered() -> Iterable[Move]:
    return (move for move in TRANSITIONS if move.page != "system")


def _operation(call: Operation, move: Move | None = None) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{call.name}_{move.name}" if move else call.name,
        "summary": str(move.label) if move else call.summary,
        "parameters": [*_parameters(call, move)],
        "responses": _responses(call),
        "security": [{"token": []}] if not call.guard.name.startswith("public") else [{}, {"token": []}],
    }
    schema = body_of(move) if move else _ref(call.body)
    if schema is not None:
        needed = bool(schema.get("required", True))
        described["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema}}}
    if call.form is not None:
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": dict(call.form)}}}
    return described


def _parameters(call: Operation, move: Move | None) -> Iterable[dict[str, Any]]:
    for name in _PARAMETER.findall(call.path):
        if move is None or name != "move":
            kind = "integer" if name == "number" else "string"
            yield {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
    for query in call.query:
        yield {"name": query.name, "in": "query", "description": query.about, "schema": _choice(query)}
    for header in call.headers:
        yield {"name": header, "in": "header", "description": _HEADERS[header], "schema": {"type": "string"}}


def _choice(query: Query) -> dict[str, Any]:
    return {"type": "string", "enum": list(query.choices)} if query.choices else {"type": "string"}


def _responses(call: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": call.summary}
    if call.answer is not None:
        good["content"] = {call.media_type: {"schema": _ref(call.answer)}}
    elif call.media_type != "application/json":
        good["content"] = {call.media_type: {}}
    else:
        good["content"] = {call.media_type: {"schema": {"type": "object"}}}
    responses: dict[str, Any] = {str(call.status): good}
    for status, about in call.more_answers.items():
        responses[str(status)] = {"description": about}
    for status in sorted({*call.problems, 500}):
        responses[str(status)] = {"$ref": "#/components/responses/Problem"}
    return dict(sorted(responses.items()))


def _ref(shape: type[BaseModel] | None) -> dict[str, Any] | None:
    return {"$ref": _REF.format(model=shape.__name__)} if shape is not None else None


def _schemas() -> dict[str, Any]:
    given: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    for call in OPERATIONS:
        given += [(call.body, "validation")] if call.body is not None and call.path != MOVE_PATH else []
        given += [(call.answer, "serialization")] if call.answer is not None else []
    _, document = models_json_schema(list(dict.fromkeys(given)), ref_template=_REF)
    schemas: dict[str, Any] = document["$defs"]
    return schemas
