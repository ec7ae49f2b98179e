"""What somebody asked from an address that is theirs (Art. 12(2)): at every organisation, as far as it is known to have
been them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select

from app.domain.permissions import Actor
from app.domain.representation import KINDS
from app.models.cases import Case, Identity
from app.models.people import Login
from app.portal import Portal
from app.queries import cases
from app.queries.reading import identity_digest
from app.work import Work

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One line of the list."""

    reference: str
    controller: str
    title: object
    status: str
    outcome: str | None
    received_at: datetime
    due: date | None


def references(portal: Portal, login_id: int) -> tuple[tuple[int, str], ...]:
    """Controller and reference of each request that was proven from the login's address while it was shown to be this
    login's: neither before it was made, when the address may have been somebody else's, nor after it was last shown."""
    with portal.unscoped("a person's requests may be at several organisations", reads_only=True) as work:
        login = work.session.get_one(Login, login_id)
        if login.own_since is None or login.address_proven_at is None:
            return ()
        rows = work.session.execute(
            select(Case, Identity)
            .join(Identity, Identity.case_id == Case.id)
            .where(
                Identity.kind == "email",
                Identity.of == "subject",
                Identity.digest == identity_digest(work, "email", login.email),
                Identity.proven_at >= login.own_since,
                or_(Identity.proven_by == "account_session", Identity.proven_at <= login.address_proven_at),
                Case.data_key.is_not(None),
                Case.capacity.not_in(KINDS),  # whoever acts for somebody else comes in by that case's own code
            )
            .order_by(Case.filed_at.desc(), Case.id.desc())
            .limit(MOST)
        ).all()
        return tuple((case.controller_id, case.reference) for case, row in rows if _same(work, case, row, login.email))


def listed(portal: Portal, login_id: int) -> tuple[OwnRequest, ...]:
    """The same as a list to read, the newest first."""
    return tuple(_line(portal, controller_id, reference) for controller_id, reference in references(portal, login_id))


def _same(work: Work, case: Case, row: Identity, email: str) -> bool:
    """The digest folds letters that look alike; these are addresses of different people all the same."""
    value: str = work.unseal_for(case, row.value, place="identity/email")
    return value.strip().lower() == email


def _line(portal: Portal, controller_id: int, reference: str) -> OwnRequest:
    with portal.reading(Actor("person", references=frozenset({reference})), controller_id) as work:
        case = cases.view(work, reference)
    return OwnRequest(
        reference, case.controller_name, case.right_title, case.status, case.outcome, case.received_at, case.clock.due
    )
