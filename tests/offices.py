"""Staff who can sign in: with an invitation, or with a known password and the codes of a known secret."""

import pyotp

from app.domain.permissions import SYSTEM
from app.gateways.clock import FixedClock
from app.portal import Portal
from app.queries import policies
from app.services import staff
from app.services.staff import Invited

PASSWORD = "four words in a row"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def clock_of(portal: Portal) -> FixedClock:
    """The clock, to be moved."""
    assert isinstance(portal.clock, FixedClock)
    return portal.clock


def invited(portal: Portal, email: str, *, role: str = "handler", slug: str = "acme") -> Invited:
    """Somebody with an invitation."""
    with portal.work(SYSTEM, policies.find(portal, slug)) as work:
        return staff.invite(work, email=email, role=role)


def hired(portal: Portal, email: str, *, role: str = "handler", slug: str = "acme") -> int:
    """Somebody who can sign in with PASSWORD and the codes of SECRET; the number of the login."""
    login_id = invited(portal, email, role=role, slug=slug).login_id
    staff.set_password(portal, login_id, PASSWORD)
    staff.enrol_known(portal, login_id, SECRET)
    return login_id


def code_now(portal: Portal, *, secret: str = SECRET, steps: int = 0) -> str:
    """What the app shows now, or so many steps from now."""
    return pyotp.TOTP(secret).at(portal.clock.real(), counter_offset=steps)
