"""Triage: who handles a case, and which right it is about where the person said it in their own words (Art. 12(2))."""

from sqlalchemy import select

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.domain.permissions import ROLE_PERMISSIONS
from app.domain.rights_forms import ORDER
from app.models.cases import Case
from app.models.people import Login, Membership
from app.queries.policies import policy_of
from app.services import representation
from app.services.casework import advance, count_again
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


def recognisable(work: Work, case: Case) -> tuple[str, ...]:
    """The rights that can be meant by free words: all that the law gives, whether or not they have a form here."""
    laws = policy_of(work, case).regime.rights
    return tuple(name for name in ORDER if name in laws and name != case.right)


def recognise(work: Work, case: Case, *, right: str) -> None:
    """From here on it is a request for that right. What the person wrote, the reference and the day of receipt stay."""
    if right not in recognisable(work, case):
        raise Invalid({"right": Message("Choose which right is meant.")})
    representation.check_scope(work, case, right)
    case.right = right
    advance(work, case, "recognise", facts={"right": right})
    count_again(work, case)
