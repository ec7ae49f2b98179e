"""Which controller keeps a request that this browser has been let into."""

from app.domain.errors import NotFound
from app.queries import policies
from app.web.visitor import portal


def controller_of(reference: str) -> int:
    """The controller's number; NotFound where the request is gone although the session still names it."""
    place = policies.find_case(portal(), reference)
    if place is None:
        raise NotFound
    return place.controller_id
