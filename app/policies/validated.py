"""A document held against its type: every mistake with its line, in words that say what is allowed."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.policy_values import Data
from app.policies.faults import Fault, closest, describe, one_of
from app.policies.models_at import model_at
from app.policies.yaml_file import Document

_Model = TypeVar("_Model", bound=Data)


def validated(model: type[_Model], document: Document) -> tuple[_Model | None, list[Fault]]:
    """The document as this type, or None and all that is wrong with it."""
    if not isinstance(document.value, dict):
        return None, [document.fault((), "is empty or no map", one_of(model.model_fields))]
    try:
        return model.model_validate(document.value), []
    except ValidationError as error:
        return None, [_told(model, document, one) for one in error.errors(include_url=False)]


def _told(model: type[Data], document: Document, error: ErrorDetails) -> Fault:
    path = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        known = model_at(model, path[:-1])
        return document.fault(path, f"is no key here{closest(path[-1], known)}", one_of(known))
    if error["type"] != "missing":
        # A type may have filled in what the file says shorter: proof: [email_code].
        while path and not document.holds(path):
            path = path[:-1]
    return document.fault(path, *describe(error))
