"""Who answers requests here: what the start page lists (Art. 12(2): the way to one's rights is easy to find)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.ages import strictest
from app.domain.errors import Unavailable
from app.domain.permissions import ANONYMOUS
from app.domain.policy_values import Text
from app.models.controllers import Controller, PolicyVersion
from app.portal import Portal
from app.queries.policies import Policy, current


@dataclass(frozen=True, slots=True)
class Organisation:
    """One controller that has procedures in force."""

    slug: str
    name: str
    about: Text | None


def listed(portal: Portal) -> tuple[Organisation, ...]:
    """All of them by name; one without a controller file yet is not shown."""
    return tuple(
        Organisation(slug, name, _policy(portal, number).file.controller.about)
        for number, slug, name in _answering(portal)
    )


def age_alone(portal: Portal) -> int:
    """From which age somebody makes a sign-in for all of them alone (Art. 8; R-4, I-5): the strictest of all."""
    policies = (_policy(portal, number) for number, _, _ in _answering(portal))
    mine = ((one.regime.ages, one.file.controller) for one in policies)
    return max((strictest(ages, its.no_use_under, its.country) for ages, its in mine), default=0)


def runs_the_portal(portal: Portal) -> int:
    """Whose affair is what belongs to no organisation, such as a sign-in that nobody has yet: the first one's."""
    with portal.unscoped("which organisation runs the portal", reads_only=True) as work:
        first: int | None = work.session.scalar(select(func.min(Controller.id)))
    if first is None:
        raise Unavailable("No organisation answers here yet.")
    return first


def _answering(portal: Portal) -> list[tuple[int, str, str]]:
    with portal.unscoped("which organisations answer here", reads_only=True) as work:
        rows = work.session.execute(
            select(Controller.id, Controller.slug, Controller.name)
            .where(Controller.id.in_(select(PolicyVersion.controller_id)))
            .order_by(func.lower(Controller.name))
        )
        return [(number, slug, name) for number, slug, name in rows]


def _policy(portal: Portal, controller_id: int) -> Policy:
    with portal.reading(ANONYMOUS, controller_id) as work:
        return current(work)
