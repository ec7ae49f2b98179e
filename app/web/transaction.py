"""How a view opens its transaction: reading for a GET, writing only where the request came from our own page."""

from flask import g, request

from app.domain.errors import HabeasError
from app.domain.permissions import Actor
from app.web.visitor import actor, portal
from app.work import Work

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Unproven(HabeasError):
    """The request did not carry the page's own token: too old a page, or another site's doing."""

    def __init__(self) -> None:
        super().__init__("This page had been open for too long, so nothing was sent. Press the button again.")


def reading(controller_id: int, *, who: Actor | None = None) -> Work:
    """A transaction that cannot write."""
    return portal().reading(who or actor(), controller_id)


def glancing(controller_id: int, *, who: Actor | None = None) -> Work:
    """The same without a transaction around it, for a page that reads in one statement or two."""
    return portal().glancing(who or actor(), controller_id)


def writing(controller_id: int, *, who: Actor | None = None) -> Work:
    """A transaction that writes: never for a GET, never for a request whose origin is not proved."""
    _insist_on_origin()
    return portal().work(who or actor(), controller_id)


def looking(controller_id: int, *, who: Actor) -> Work:
    """For the one thing that a GET may write about a case: that somebody looked at it or took it away."""
    return portal().work(who, controller_id)


def writing_unscoped(reason: str) -> Work:
    """The same where no controller is known yet (signing in, a session)."""
    _insist_on_origin()
    return portal().unscoped(reason, actor=actor())


def reading_unscoped(reason: str) -> Work:
    """A look over all controllers that cannot write."""
    return portal().unscoped(reason, actor=actor(), reads_only=True)


def _insist_on_origin() -> None:
    if request.method in SAFE:
        raise AssertionError("a GET changes nothing")
    if not g.get("origin_proved", False):
        raise Unproven


def prove() -> None:
    """Stop here unless the request came from our own page, before anything is counted or looked up."""
    _insist_on_origin()
