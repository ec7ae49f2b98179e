"""As much of JSON Schema and OpenAPI as our own description uses: a second reading, apart from what makes it."""

import re
from functools import cache
from typing import Any

from app.web.api.openapi import describe

KINDS: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
    "null": type(None),
}  # fmt: skip
KNOWN = {
    "$ref", "additionalProperties", "anyOf", "default", "description", "enum", "examples", "format", "items",
    "maxItems", "maxLength", "minItems", "minLength", "minimum", "properties", "required", "title",
    "type", "maxProperties",
}  # fmt: skip


@cache
def document() -> dict[str, Any]:
    return describe()


def response_schema(method: str, path: str, status: int, mimetype: str) -> dict[str, Any] | None:
    """The schema of an answer; None where the description foresees no body. Fails for one that it does not foresee."""
    call = call_for(method, path)
    if call is None:
        assert status in {404, 405}, f"{method} {path} is not described"
        return {"$ref": "#/components/schemas/Problem"}
    described = resolved(call["responses"].get(str(status)))
    assert described is not None, f"{method} {path} is described without {status}"
    content = described.get("content", {})
    if not content:
        return None
    assert mimetype in content, f"{method} {path} {status}: {mimetype} is not described"
    found: dict[str, Any] | None = content[mimetype].get("schema")
    return found


def call_for(method: str, path: str) -> dict[str, Any] | None:
    for template, calls in document()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in calls:
            found: dict[str, Any] = calls[method.lower()]
            return found
    return None


def resolved(part: Any) -> Any:
    while isinstance(part, dict) and "$ref" in part:
        found: Any = document()
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def faults_of(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """Where the value is not as the schema says; an unknown word in the schema is a fault too."""
    schema = resolved(schema)
    faults = [f"{place}: the schema says {word}" for word in schema.keys() - KNOWN]
    if "anyOf" in schema and all(faults_of(value, one, place) for one in schema["anyOf"]):
        faults.append(f"{place}: fits none of the kinds")
    if "enum" in schema and value not in schema["enum"]:
        faults.append(f"{place}: {value!r} is not foreseen")
    if "type" in schema:
        kind = KINDS[schema["type"]]
        if not isinstance(value, kind) or (isinstance(value, bool) and schema["type"] != "boolean"):
            return [*faults, f"{place}: {value!r} is no {schema['type']}"]
    if isinstance(value, dict):
        faults += _of_object(value, schema, place)
    if isinstance(value, list):
        faults += [f for at, one in enumerate(value) for f in faults_of(one, schema.get("items", {}), f"{place}[{at}]")]
    return faults


def _of_object(value: dict[str, Any], schema: dict[str, Any], place: str) -> list[str]:
    faults = [f"{place}.{name} is missing" for name in schema.get("required", []) if name not in value]
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, one in value.items():
        if name in properties:
            faults += faults_of(one, properties[name], f"{place}.{name}")
        elif rest is False:
            faults.append(f"{place}.{name} is not foreseen")
        elif isinstance(rest, dict):
            faults += faults_of(one, rest, f"{place}.{name}")
    return faults
