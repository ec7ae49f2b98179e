"""Whose page this is: the controller's name and colour around everything it says (Art. 12(1), 13(1)(a))."""

import hashlib
from dataclasses import dataclass

from app.queries import policies
from app.queries.policies import Policy
from app.web.language import offer
from app.web.transaction import reading
from app.web.visitor import portal


@dataclass(frozen=True, slots=True)
class Owner:
    """What the frame of a page shows of a controller; `theme` is the address of its colours, if it has any."""

    slug: str
    name: str
    theme: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A controller as a public page needs it."""

    controller_id: int
    policy: Policy
    owner: Owner

    @property
    def timezone(self) -> str:
        return self.policy.file.controller.timezone


def place(slug: str) -> Place:
    """The controller of that address with its newest procedures; NotFound when there is none."""
    controller_id = policies.find(portal(), slug)
    with reading(controller_id) as work:
        policy = policies.current(work)
    offer(policy.file.controller.languages)
    return Place(controller_id, policy, owner_of(policy))


def owner_of(policy: Policy) -> Owner:
    """The controller of a policy, as the frame shows it."""
    controller = policy.file.controller
    colour = controller.look.colour
    theme = f"/theme/{controller.slug}.{mark_of(colour)}.css" if colour else None
    return Owner(controller.slug, controller.name, theme)


def mark_of(colour: str) -> str:
    """What makes the address of a theme change with its colour."""
    return hashlib.sha256(colour.encode()).hexdigest()[:10]
