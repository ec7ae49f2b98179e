"""Who answers requests here: what the start page lists (Art. 12(2): the way to one's rights is easy to find)."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.permissions import ANONYMOUS
from app.domain.policy_values import Text
from app.models.controllers import Controller, PolicyVersion
from app.portal import Portal
from app.queries.policies import current


@dataclass(frozen=True, slots=True)
class Organisation:
    """One controller that has procedures in force."""

    slug: str
    name: str
    about: Text | None


def listed(portal: Portal) -> tuple[Organisation, ...]:
    """All of them by name; one without a controller file yet is not shown."""
    with portal.unscoped("the start page lists every organisation", reads_only=True) as work:
        rows = work.session.execute(
            select(Controller.id, Controller.slug, Controller.name)
            .where(Controller.id.in_(select(PolicyVersion.controller_id)))
            .order_by(Controller.name)
        ).all()
    return tuple(Organisation(slug, name, _about(portal, number)) for number, slug, name in rows)


def _about(portal: Portal, controller_id: int) -> Text | None:
    with portal.reading(ANONYMOUS, controller_id) as work:
        return current(work).file.controller.about
