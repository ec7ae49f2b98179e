"""One table of what the API can do: each entry makes the route, its guard, its body's reading and its description."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, request
from pydantic import BaseModel

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.web.api import bodies
from app.web.guard import Guard, declare

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class Query:
    """One parameter after the question mark."""

    name: str
    about: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. `path` as in OpenAPI (`/cases/{reference}`); `body` and `answer` are what is read and given."""

    method: str
    path: str
    name: str
    summary: str
    guard: Guard
    status: int = 200
    body: type[BaseModel] | None = None
    form: Mapping[str, Any] | None = None  # the schema of a multipart body, which the view reads itself
    answer: type[BaseModel] | None = None
    media_type: str = "application/json"
    query: tuple[Query, ...] = ()
    headers: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    more_answers: Mapping[int, str] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """The same path as Flask writes it."""
        return self.path.replace("{number}", "<int:number>").replace("{", "<").replace("}", ">")


OPERATIONS: Final[list[Operation]] = []
View = Callable[..., Response]


def operation(call: Operation) -> Callable[[View], View]:
    """Serve this call with the function below, which gets the path's values and, where there is one, the body."""

    def attach(view: View) -> View:
        def serve(**values: Any) -> Response:
            _check_query(call)
            if call.body is not None:
                values["body"] = bodies.read(call.body)
            return view(**values)

        serve.__name__ = call.name
        blueprint.add_url_rule(call.rule, call.name, declare(call.guard)(serve), methods=[call.method])
        OPERATIONS.append(call)
        return view

    return attach


def _check_query(call: Operation) -> None:
    faults: dict[str, Message | str] = {}
    known = {query.name: query for query in call.query}
    for name in request.args:
        if name not in known:
            names = ", ".join(known) or "none"
            faults[name] = Message("There is no such parameter. Known: %(known)s.", {"known": names})
        elif known[name].choices and request.args[name] not in known[name].choices:
            faults[name] = Message("Choose from: %(allowed)s.", {"allowed": ", ".join(known[name].choices)})
    if faults:
        raise Invalid(faults)


def whole_number(name: str, default: int, *, most: int) -> int:
    """A parameter that must be a number from 1 to `most`."""
    given = request.args.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) < 8 and 1 <= int(given) <= most):
        raise Invalid({name: Message("Give a whole number from 1 to %(most)d.", {"most": most})})
    return int(given)


def answer(shape: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The shape as JSON."""
    return Response(
        shape.model_dump_json(by_alias=True), status=status, mimetype="application/json", headers=dict(headers or {})
    )
