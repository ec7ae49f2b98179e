"""Which kept answers belong to this browser: a signed cookie names the sealed draft row, which lives 24 hours."""

from typing import Final

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web.limits import DAY
from app.web.visitor import portal

_COOKIE: Final = "habeas-draft"


def held() -> str | None:
    """The draft's token, if this browser holds one that is ours and not older than a day."""
    try:
        token = _signer().loads(request.cookies.get(_COOKIE, ""), max_age=DAY)
    except BadSignature:
        return None
    return token if isinstance(token, str) else None


def hand_over(response: Response, token: str, *, path: str) -> Response:
    """Let this browser find the draft again, on the pages of this one form only."""
    response.set_cookie(
        _COOKIE,
        _signer().dumps(token),
        max_age=DAY,
        path=path,
        secure=portal().settings.production,
        httponly=True,
        samesite="Lax",
    )
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(portal().settings.secret_key, salt="draft-cookie")
