"""Whose request a reference is, asked so that it takes as long for one that does not exist (FIELD, attack 8)."""

from sqlalchemy import func, select

from app.models.cases import Case
from app.models.controllers import Controller
from app.portal import Portal


def home_of(portal: Portal, reference: str) -> int:
    """The controller that keeps the request; for an unknown reference the first one, so that the same work is done.

    Never remembered, unlike `find_case`: what is known must not be faster.
    """
    kept = select(Case.controller_id).where(Case.reference == reference).scalar_subquery()
    first = select(func.min(Controller.id)).scalar_subquery()
    with portal.unscoped("find which controller keeps a case, or some other", reads_only=True) as work:
        return int(work.session.execute(select(func.coalesce(kept, first))).scalar_one())
