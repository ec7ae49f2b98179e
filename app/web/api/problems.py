"""Everything that goes wrong, as a problem document (RFC 9457): one shape for a wrong field, moment or address."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError

from app.domain.errors import Forbidden, HabeasError, Invalid, NotFound, Refused, Stale, TooMany, Unavailable
from app.web.security import request_number

MIMETYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 30
_STATUS: Final[Mapping[type[HabeasError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Refused: 409,
    Stale: 412,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}


class Unauthorised(HabeasError):
    """The call needs a token, or the one it brought is not good; which of the reasons is nobody's business."""

    def __init__(self) -> None:
        super().__init__("This call needs a valid token: Authorization: Bearer …")


class Malformed(HabeasError):
    """The request itself cannot be read: no JSON, a header that makes no sense."""


def pointer(path: str) -> str:
    """The JSON Pointer (RFC 6901, as a fragment) of a field's path: `identities.email` is `#/identities/email`."""
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in path.split("."))


def of(error: HabeasError) -> Response:
    """The problem document of an expected failure."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, Unauthorised):
        status, headers["WWW-Authenticate"] = 401, 'Bearer realm="habeas"'
    if isinstance(error, Malformed):
        status = 400
    if isinstance(error, Invalid):
        more["errors"] = [{"pointer": pointer(path), "detail": str(text)} for path, text in error.fields.items()]
    if isinstance(error, Refused):
        more["allowed"] = list(error.allowed)
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    if status == 500:
        current_app.logger.error("request failed", exc_info=error)
        return document(500, "Something went wrong here. Nothing was changed.", kind="fault")
    return document(status, str(error.message), kind=_kind(error), more=more, headers=headers)


def of_status(error: HTTPException) -> Response:
    """The problem document of what HTTP itself refuses: a wrong address, method, type or length."""
    status = error.code or 500
    if isinstance(error, InternalServerError):
        return document(500, "Something went wrong here. Nothing was changed.", kind="fault")
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "Content-Range"}}
    return document(status, _SAID.get(status, error.description or ""), kind=None, headers=headers)


def document(
    status: int,
    detail: str,
    *,
    kind: str | None,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem; `request` is the number that stands in our log too."""
    body = {
        "type": f"urn:habeas:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request": request_number(),
        **(more or {}),
    }
    return Response(json.dumps(body), status=status, mimetype=MIMETYPE, headers=dict(headers or {}))


_SAID: Final[Mapping[int, str]] = {
    404: "There is nothing here under that address.",
    405: "This address does not take that method.",
    413: "The body is too large.",
    415: "Send the body as application/json.",
}


def _kind(error: HabeasError) -> str:
    return type(error).__name__.lower()


def install(blueprint: Blueprint) -> None:
    """Problems for all that happens inside the API, and for addresses under it that do not exist."""
    blueprint.register_error_handler(HabeasError, of)
    blueprint.register_error_handler(HTTPException, of_status)
    blueprint.after_app_request(_none_but_problems)


def _none_but_problems(response: Response) -> Response:
    """An unknown address or a wrong method never reaches a view of ours: the site's error page becomes a problem."""
    if response.status_code < 400 or not f"{request.path}/".startswith("/api/") or response.mimetype == MIMETYPE:
        return response
    problem = document(
        response.status_code, _SAID.get(response.status_code, HTTPStatus(response.status_code).description), kind=None
    )
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            problem.headers[name] = response.headers[name]
    return problem
