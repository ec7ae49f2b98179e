"""Triage: who handles a case."""

from sqlalchemy import select

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.domain.permissions import ROLE_PERMISSIONS
from app.models.cases import Case
from app.models.people import Login, Membership
from app.services.casework import advance
from app.work import Work


def handlers(work: Work) -> list[Login]:
    """Staff of this controller who may be given a case."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if "case:view" in permissions and role != "auditor"]
    return list(
        work.session.scalars(
            select(Login)
            .join(Membership, Membership.login_id == Login.id)
            .where(
                Membership.controller_id == work.controller_id, Membership.role.in_(roles), Login.disabled_at.is_(None)
            )
            .order_by(Login.name)
        )
    )


def assign(work: Work, case: Case, *, assignee: str) -> None:
    """Give the case to a member of staff, named by e-mail."""
    login = next((login for login in handlers(work) if login.email == assignee.strip().lower()), None)
    if login is None:
        raise Invalid({"assignee": Message("Choose a member of staff who handles requests here.")})
    case.assignee_id = login.id
    advance(work, case, "assign", facts={"assignee": login.id})
