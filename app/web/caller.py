"""Who is trying to sign in, or to show the second factor again: network, browser, and what it is known by (Art. 32)."""

from typing import Final

from flask import request

from app.domain.devices import coarse, device_words
from app.services.sessions import Place
from app.services.signing_in import Caller
from app.web import limits, visitor

MARK: Final = "habeas-known"


def caller() -> Caller:
    """Where this try comes from."""
    place = Place(device_words(request.user_agent.string), coarse(request.remote_addr or "::"))
    return Caller(network=limits.network(), token=visitor.token(), mark=request.cookies.get(MARK), place=place)
