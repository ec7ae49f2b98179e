"""What surrounds every request (Art. 32): its number, content policy and headers, and proof that a form was our own."""

import secrets
from time import perf_counter
from typing import Final

import structlog
from flask import Flask, Response, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from app.settings import Settings
from app.web.transaction import SAFE

LARGEST_BODY: Final = 1_000_000
SESSION_HOURS: Final = 12
_log = structlog.get_logger("habeas.web")

_CONTENT = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src {images}; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": _PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TWO_YEARS: Final = "max-age=63072000; includeSubDomains"


def configure(app: Flask, settings: Settings) -> None:
    """Cookies, limits, proxies and the hooks around each request."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-habeas" if settings.production else "habeas",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        # The token lives as long as the browser's session: a page left open over lunch still works.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_FIELD_NAME="csrf_token",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it
    app.before_request(_number)
    if settings.production:
        app.before_request(_insist_on_https)
    app.after_request(_harden)
    if settings.production:
        app.after_request(_promise_https)
    app.after_request(_note)
    app.context_processor(lambda: {"cspNonce": nonce(), "csrf_token": generate_csrf})


def nonce() -> str:
    """This response's own nonce: the only inline script that may run carries it."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def content_policy(*, images: str = "'self'") -> str:
    """What a page of ours may load and run; a preview brings its pictures inside itself."""
    return _CONTENT.format(nonce=nonce(), images=images)


def request_number() -> str:
    """Names this request in log and error page alike."""
    return str(g.get("request_number", "-"))


def prove_origin() -> None:
    """Whether this request came from our own page; what it may not do without, `transaction.writing` refuses."""
    guard = g.get("guard")
    if request.method in SAFE or guard is None:
        return
    g.origin_proved = not guard.browser or (_from_our_site() and _has_our_token())


def _from_our_site() -> bool:
    # Browsers say where a request began; older ones say nothing, and the token decides alone.
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def _has_our_token() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRF-Token"))
    except ValidationError:
        return False
    return True


def _number() -> None:
    g.started = perf_counter()
    g.request_number = secrets.token_hex(6)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_number)


def _insist_on_https() -> ResponseReturnValue | None:
    if request.is_secure or request.path in {"/healthz", "/readyz", "/metrics"}:
        return None
    if request.method in SAFE:
        return redirect(request.url.replace("http://", "https://", 1), code=301)
    return "Use https.\n", 403, {"Content-Type": "text/plain"}


def _harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_policy())
    # Pages show what a person wrote or what is held about them: no shared computer keeps them.
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Request-ID"] = request_number()
    return response


def _promise_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = _TWO_YEARS
    return response


def _note(response: Response) -> Response:
    # The rule, not the address: a reference in a log line would tie a network address to a person's request.
    _log.info(
        "request",
        method=request.method,
        rule=str(request.url_rule) if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((perf_counter() - g.get("started", perf_counter())) * 1000, 1),
    )
    return response
