"""Which keys are allowed at a place of a controller file or regime pack, for the message that names them."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from app.policies.faults import Path


def model_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys of the model at this path, as a file writes them."""
    here: list[type[BaseModel]] = [model]
    for part in path:
        if not isinstance(part, int):
            here = [below for one in here for below in _below(one, part)] or here
    return tuple(field.alias or name for one in here for name, field in one.model_fields.items())


def _below(model: type[BaseModel], key: str) -> Iterator[type[BaseModel]]:
    field = next((one for name, one in model.model_fields.items() if key in {name, one.alias}), None)
    if field is not None:
        yield from _models(field.annotation)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for argument in get_args(annotation):
            yield from _models(argument)
