"""Into which cases a browser is let, of those that its session names (LAW 6): the one place that asks whether whoever
acts for somebody else still does.

A session names a case that somebody makes for another person as that somebody's; only who came in as the person,
through a contact of their own, has it marked so. A case of one's own needs no question: whose it is never changes.
"""

from collections.abc import Collection
from typing import Final

from app.domain.permissions import ANONYMOUS, Actor
from app.domain.representation import KINDS
from app.portal import Portal
from app.queries import policies
from app.queries.representation import still_let_in, with_representative
from app.work import Work

AS_SUBJECT: Final = "/subject"


def held_as(work: Work, references: Collection[str]) -> list[str]:
    """How a session holds cases whose code was typed: once nobody acts for the person any more, it was the person's."""
    acting = still_let_in(work, references)
    for_others = with_representative(work, references)
    return [one + AS_SUBJECT if one in for_others and one not in acting else one for one in references]


def like(portal: Portal, who: Actor, reference: str, made: str) -> str:
    """How a session holds a case that came out of another one: in the same role."""
    place = policies.find_case(portal, reference)
    for_another = place is not None and place.capacity in KINDS
    return made + AS_SUBJECT if for_another and reference not in who.representing else made


def let_in(portal: Portal, held: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """All cases that are open to this browser now, and those of them in which it acts for somebody else."""
    as_subject = {one.removesuffix(AS_SUBJECT) for one in held if one.endswith(AS_SUBJECT)}
    plain = {one for one in held if not one.endswith(AS_SUBJECT)} - as_subject
    places = {reference: policies.find_case(portal, reference) for reference in plain}
    for_others: dict[int, list[str]] = {}
    for reference, place in places.items():
        if place is not None and place.capacity in KINDS:
            for_others.setdefault(place.controller_id, []).append(reference)
    acting: set[str] = set()
    for controller_id, references in for_others.items():
        with portal.reading(ANONYMOUS, controller_id) as work:
            acting |= still_let_in(work, references)
    own = plain - {reference for named in for_others.values() for reference in named}
    return frozenset(as_subject | own | acting), frozenset(acting)
