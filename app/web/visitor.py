"""Who is asking: the browser's session row and what it has been let into (the row holds authority, not the cookie)."""

from typing import Final, cast

from flask import current_app, g, session

from app.domain.permissions import ANONYMOUS, Actor
from app.portal import Portal
from app.services import sessions
from app.services.sessions import SessionView

SID: Final = "sid"


def portal() -> Portal:
    """The portal that this application serves."""
    return cast(Portal, current_app.extensions["habeas"])


def token() -> str | None:
    """The opaque id that the browser carries; only its hash is stored."""
    value = session.get(SID)
    return value if isinstance(value, str) else None


def visitor() -> SessionView | None:
    """The live session of this browser, looked up once a request."""
    if "visitor" not in g:
        held = token()
        if held is None:
            g.visitor = None
        else:
            with portal().unscoped("a session is found before its controller", reads_only=True) as work:
                g.visitor = sessions.find(work, held)
    return cast("SessionView | None", g.visitor)


def touch() -> None:
    """A sign of life of this browser, at most once a minute: beside rate counters and looks all that a GET writes."""
    seen, held = visitor(), token()
    if seen is not None and held is not None and seen.touch_due:
        with portal().unscoped("a session has no controller") as work:
            sessions.touch(work, held)


def remember(new_token: str) -> None:
    """From now on this browser carries another id; everything else in the cookie is dropped (session fixation)."""
    if new_token != token():
        csrf = session.get("csrf_token")
        session.clear()
        if csrf is not None:
            session["csrf_token"] = csrf
        session[SID] = new_token
    g.pop("visitor", None)


def forget() -> None:
    """This browser carries nothing any more."""
    session.clear()
    g.pop("visitor", None)


def actor() -> Actor:
    """Who acts in this request, as the guard established it; nobody in particular where it did not."""
    return cast(Actor, g.get("actor", ANONYMOUS))


def person() -> Actor:
    """The person behind this browser, with the cases they have been let into."""
    seen = visitor()
    return Actor("person", references=frozenset(seen.references)) if seen else ANONYMOUS
