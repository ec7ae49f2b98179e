"""Who calls: a bearer token and nothing else. A browser's cookie has no authority here: there is nothing to forge."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flask import g, request

from app.domain.errors import Forbidden
from app.domain.messages import Message
from app.domain.permissions import ANONYMOUS, Actor, can
from app.services import tokens
from app.web import limits
from app.web.api.problems import Unauthorised
from app.web.guard import Guard
from app.web.visitor import portal

WRONG_TOKENS: Final = 30


def caller() -> Actor:
    """Who acts in this call; nobody in particular in a public one without a token."""
    actor: Actor = g.actor
    return actor


def fingerprint() -> str:
    """What ties a thing to the token of this call; empty for a public call."""
    held = _held()
    return tokens.fingerprint(portal(), held) if held else ""


def token(permission: str | None = None, *, files: bool = False) -> Guard:
    """Only with a token that includes this permission; None leaves the question to the verb."""
    return Guard(
        f"token {permission or 'any'}", partial(_with_token, permission=permission), browser=False, files=files
    )


def anyone() -> Guard:
    """Without a token too; but one that is brought must be good, so that nobody is taken for a stranger by mistake."""
    return Guard("public or token", _with_or_without, browser=False)


OPEN: Final = Guard("public", lambda _: None, browser=False)


def _with_token(_: Mapping[str, Any], *, permission: str | None) -> None:
    held = _held()
    if held is None:
        raise Unauthorised
    g.actor = _known(held)
    if permission is not None and not can(g.actor, permission):
        raise Forbidden(
            Message("This token does not allow it: its role or its scopes leave out %(what)s.", {"what": permission})
        )


def _with_or_without(_: Mapping[str, Any]) -> None:
    held = _held()
    g.actor = ANONYMOUS if held is None else _known(held)


def _known(held: str) -> Actor:
    actor = tokens.authenticate(portal(), held)
    if actor is None:
        limits.slow_down("wrong-token", limits.network(), limit=WRONG_TOKENS, seconds=limits.MINUTE)
        raise Unauthorised
    return actor


def _held() -> str | None:
    """The token that came along; None when there is no Authorization header, Unauthorised for another kind of one."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, value = header.partition(" ")
    if kind.lower() != "bearer" or not value.strip():
        raise Unauthorised
    return value.strip()
