"""What the sign-in pages share: where they wanted to go, and how a browser gets its new session."""

from typing import Final
from urllib.parse import quote, urlsplit

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from app.web import visitor

blueprint = Blueprint("signin", __name__)
DESK: Final = "/desk/"
SAFETY: Final = "/signin/safety/"


def wanted() -> str:
    """The own page that the reader wanted to see before signing in; the desk when it is none of ours."""
    path = request.args.get("next", "")
    own = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if own and not urlsplit(path).netloc else DESK


def onward(path: str) -> str:
    """The address of a sign-in page that still knows where the reader wanted to go."""
    target = wanted()
    return path if target == DESK else f"{path}?next={quote(target)}"


def enter(token: str, path: str) -> Response:
    """Give the browser its new session. The form token changes too: one that was planted before is worth nothing."""
    visitor.remember(token)
    session.pop("csrf_token", None)
    return redirect(path, code=303)
