"""Every failure as a page in plain words with a way on; what a stranger may not know of looks like nothing at all."""

import traceback
from typing import Final
from urllib.parse import quote

import structlog
from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.domain.errors import Forbidden, HabeasError, Invalid, NotFound, Refused, Stale, TooMany, Unavailable
from app.domain.messages import Message
from app.web.guard import SignInNeeded
from app.web.security import request_number
from app.web.transaction import SAFE, Unproven

_STATUS: Final[dict[type[HabeasError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Refused: 409,
    Stale: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
    Unproven: 400,
}
_OWN_PAGES: Final = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
_log = structlog.get_logger("habeas.web")


def install(app: Flask) -> None:
    """One handler each for what the verbs raise, what HTTP raises and what nobody expected."""
    app.register_error_handler(SignInNeeded, _to_sign_in)
    app.register_error_handler(HabeasError, _from_a_verb)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_nowhere)


def status_of(error: HabeasError) -> int:
    """The HTTP status that says what this failure is."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def page(status: int, *, sentence: Message | None = None) -> tuple[str, int]:
    """The error page for a status."""
    shown = status if status in _OWN_PAGES else (500 if status >= 500 else 400)
    start = "/desk/" if request.path.startswith("/desk/") else "/"
    return render_template(
        f"errors/{shown}.html", sentence=sentence, number=request_number(), back=_way_back(), start=start
    ), status


def _to_sign_in(needed: SignInNeeded) -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method in SAFE else ""
    return redirect(f"{needed.door}?next={quote(wanted)}" if wanted else needed.door, code=303)


def _from_a_verb(error: HabeasError) -> ResponseReturnValue:
    status = status_of(error)
    if status == 500:
        return _from_nowhere(error)
    body, code = page(status, sentence=error.message if status != 404 else None)
    return body, code, {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}


def _from_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    body, code = page(error.code)
    keep = {name: value for name, value in error.get_headers() if name in {"Allow", "Content-Range", "Retry-After"}}
    return body, code, keep


def _from_nowhere(error: Exception) -> ResponseReturnValue:
    # Where it happened and what kind it was; never the values at hand, which may be personal or a key.
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("failed", error=type(error).__name__, where=where, rule=str(request.url_rule))
    return page(500)


def _way_back() -> str | None:
    """The page that the reader came from, if it was ours."""
    referrer, ours = request.referrer or "", request.host_url.rstrip("/")
    path = referrer.removeprefix(ours)
    # "//elsewhere.example" would be another host's address again.
    return path if referrer.startswith(f"{ours}/") and not path.startswith(("//", "/\\")) else None
