"""What the sign-in pages share: where they wanted to go, and how a browser gets its new session."""

from typing import Final
from urllib.parse import quote, urlsplit

from flask import Blueprint, current_app, redirect, request, session
from werkzeug.wrappers import Response

from app.services.signing_in import MARK_DAYS
from app.web import visitor
from app.web.caller import MARK

blueprint = Blueprint("signin", __name__)
DESK: Final = "/desk/"
SAFETY: Final = "/signin/safety/"


def wanted(start: str = DESK) -> str:
    """The own page that the reader wanted to see before signing in; the start (the desk) when it is none of ours."""
    path = request.args.get("next", "")
    own = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if own and not urlsplit(path).netloc else start


def onward(path: str, start: str = DESK) -> str:
    """The address of a sign-in page that still knows where the reader wanted to go."""
    target = wanted(start)
    return path if target == start else f"{path}?next={quote(target)}"


def known_from_now_on(answer: Response, mark: str, *, path: str) -> Response:
    """The browser keeps what it is known by at this door: no authority, only a budget of tries of its own."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(MARK, mark, max_age=MARK_DAYS * 86400, path=path, secure=secure, httponly=True, samesite="Lax")
    return answer


def enter(token: str, path: str) -> Response:
    """Give the browser its new session. The form token changes too: one that was planted before is worth nothing."""
    visitor.remember(token)
    session.pop("csrf_token", None)
    return redirect(path, code=303)
