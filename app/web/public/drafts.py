"""Which kept answers belong to this browser: a signed cookie names the sealed draft row, which lives 24 hours."""

from typing import Final

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web.limits import DAY
from app.web.visitor import portal

_COOKIE: Final = "habeas-draft"
_SENT: Final = "sent"


def held() -> str | None:
    """The draft's token, if this browser holds one that is ours and not older than a day."""
    return _read()[0]


def sent_here() -> bool:
    """Whether it was this browser that sent the draft: another one may hold a copy of the cookie from before."""
    return _read()[1]


def hand_over(response: Response, token: str, *, path: str, sent: bool = False) -> Response:
    """Let this browser find the draft again, on the pages of this one form only; and, once `sent`, what it became."""
    response.set_cookie(
        _COOKIE,
        _signer().dumps([token, _SENT] if sent else token),
        max_age=DAY,
        path=path,
        secure=portal().settings.production,
        httponly=True,
        samesite="Lax",
    )
    return response


def _read() -> tuple[str | None, bool]:
    try:
        found = _signer().loads(request.cookies.get(_COOKIE, ""), max_age=DAY)
    except BadSignature:
        return None, False
    match found:
        case str():
            return found, False
        case [str() as token, str(mark)] if mark == _SENT:
            return token, True
    return None, False


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(portal().settings.secret_key, salt="draft-cookie")
