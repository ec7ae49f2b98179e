"""Who is asking: the browser's session row and what it has been let into (the row holds authority, not the cookie)."""

from typing import Final, cast

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.domain.permissions import ANONYMOUS, Actor
from app.portal import Portal
from app.queries.let_in import let_in
from app.services import own_signin, sessions
from app.services.sessions import SessionView

SID: Final = "_user_id"  # where flask-login keeps what `get_id` gives: here the opaque id of the session row

LANGUAGE: Final = "lang"  # the language that was chosen; it says nothing about who chose it


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login ships without types
    """A browser with a live session row: a member of staff on the way in or signed in, or a person let into cases."""

    def __init__(self, held: str, seen: SessionView) -> None:
        self.held, self.seen = held, seen

    @property
    def is_authenticated(self) -> bool:
        """Signed in with both factors; a person who was let into a case, or a first factor alone, is not."""
        return self.seen.stage == "full"

    def get_id(self) -> str:
        return self.held


def install(app: Flask) -> None:
    """Let flask-login ask our session table; what it may remember by itself is nothing."""
    manager = LoginManager(app)
    manager.session_protection = None  # rotation, limits and ending are the row's
    manager.user_loader(_load)


def _load(held: str) -> Visitor | None:
    with portal().glance("a session is found before its controller") as work:
        seen = sessions.find(work, held)
    return Visitor(held, seen) if seen is not None else None


def portal() -> Portal:
    """The portal that this application serves."""
    return cast(Portal, current_app.extensions["habeas"])


def token() -> str | None:
    """The opaque id that the browser carries; only its hash is stored."""
    value = session.get(SID)
    return value if isinstance(value, str) else None


def visitor() -> SessionView | None:
    """The live session of this browser, looked up once a request."""
    return cast("SessionView | None", getattr(current_user, "seen", None))  # flask-login's anonymous user has none


def touch() -> None:
    """A sign of life of this browser, at most once a minute: beside rate counters and looks all that a GET writes."""
    seen, held = visitor(), token()
    if seen is not None and held is not None and seen.touch_due:
        with portal().unscoped("a session has no controller") as work:
            sessions.touch(work, held)


def remember(new_token: str) -> None:
    """From now on this browser carries another id; of the cookie's rest only the language stays (session
    fixation)."""
    if new_token != token():
        _clear("csrf_token", LANGUAGE)
    newcomer = _load(new_token)
    assert newcomer is not None  # the row was written a moment ago
    login_user(newcomer, force=True)
    session.pop("_id", None)  # a digest of address and browser, which nothing of ours asks for


def forget() -> None:
    """This browser carries nothing any more but its language."""
    logout_user()
    _clear(LANGUAGE)


def _clear(*kept: str) -> None:
    values = {name: session[name] for name in kept if name in session}
    session.clear()
    session.update(values)


def actor() -> Actor:
    """Who acts in this request, as the guard established it; nobody in particular where it did not."""
    return cast(Actor, g.get("actor", ANONYMOUS))


def own_address() -> str:
    """The address of who is signed in with a sign-in of their own; empty for everybody else."""
    seen = visitor()
    if seen is None or seen.login_id is None or seen.stage != "own":
        return ""
    with portal().unscoped("a login belongs to no controller", reads_only=True) as work:
        return own_signin.of(work, seen.login_id).email


def speaks_for(email: str) -> bool:
    """Whether who is signed in with a sign-in of their own has shown, not long ago, that this address is theirs."""
    seen = visitor()
    if seen is None or seen.login_id is None or seen.stage != "own" or not email:
        return False
    return own_signin.speaks_for(portal(), seen.login_id, email)


def let_into(*references: str) -> None:
    """Open these cases to this browser."""
    with portal().unscoped("a session has no controller") as work:
        fresh = sessions.grant(work, token(), *references)
    remember(fresh)


def person() -> Actor:
    """The person behind this browser, with the cases they have been let into."""
    seen = visitor()
    if seen is None:
        return ANONYMOUS
    references, representing = let_in(portal(), seen.references)
    return Actor("person", references=references, representing=representing)
