"""What pages show of staff: where a login works. Small frozen rows, no secrets."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.controllers import Controller
from app.models.people import Login, Membership
from app.work import Work


@dataclass(frozen=True, slots=True)
class Workplace:
    """One organisation that a login works for."""

    slug: str
    name: str
    role: str


def workplaces(work: Work, login_id: int) -> tuple[Workplace, ...]:
    """Where the login works, by name; asked before a controller is chosen."""
    rows = work.session.execute(
        select(Controller.slug, Controller.name, Membership.role)
        .join(Membership, Membership.controller_id == Controller.id)
        .join(Login, Login.id == Membership.login_id)
        .where(Login.id == login_id, Login.disabled_at.is_(None))
        .order_by(Controller.name)
    )
    return tuple(Workplace(slug, name, role) for slug, name, role in rows)
