"""Who is turned away leaves a trace (Art. 5(2), 32 GDPR): in the trail of the request that they asked for, or of the
organisation whose desk it was.

The entry is the portal's own, not that of whoever tried: it neither answers a person's message nor stands in their
timeline. A request that does not exist costs the same writes, so that the time of an answer tells nothing.
"""

from dataclasses import dataclass
from typing import Any, Final

from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.permissions import SYSTEM, Actor
from app.portal import Portal
from app.queries import policies
from app.queries.reading import load
from app.services import limits

EVENT: Final = "door:refused"  # as the trail names it
# Enough to see that somebody tries, and how; a flood is a number in the last entry of the hour and fills no trail.
NOTED_AN_HOUR: Final = 20
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Try:
    """What somebody was refused: `what` is the pattern of the address, never what they filled in; `why` the status."""

    who: Actor
    what: str
    why: int
    reference: str | None = None
    slug: str | None = None


def note(portal: Portal, seen: Try) -> None:
    """Write the try down where those who answer for the data find it."""
    canonical = read_reference(seen.reference[:40]) if seen.reference else None
    key = canonical or seen.slug or f"by {seen.who.controller_id}"
    tries = limits.hit(portal, "turned-away", key, limit=10**9, seconds=HOUR)
    if tries > NOTED_AN_HOUR:
        return
    facts = {**_facts(seen), "tries": tries}
    controller_id = _controller(portal, canonical, seen)
    if controller_id is None:
        limits.hit(portal, "turned-away-nowhere", key, limit=10**9, seconds=HOUR)
        return
    with portal.work(SYSTEM, controller_id) as work:
        work.audit("door:refused", case=load(work, canonical) if canonical is not None else None, facts=facts)


def _controller(portal: Portal, canonical: str | None, seen: Try) -> int | None:
    if seen.reference is not None:
        place = policies.find_case(portal, canonical) if canonical is not None else None
        return place.controller_id if place is not None else None
    if seen.slug is None:
        return seen.who.controller_id
    try:
        return policies.find(portal, seen.slug)
    except NotFound:
        return None


def _facts(seen: Try) -> dict[str, Any]:
    by = "program" if seen.who.scopes is not None else seen.who.kind
    login = {"login": seen.who.login_id} if seen.who.login_id is not None else {}
    return {"by": by, "what": seen.what[:120], "why": seen.why, **login}
