"""A portal on a fresh SQLite file with two organisations, and staff to sign in: what tests of sign-in and desk stand on."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyotp

from app import bootstrap
from app.domain.permissions import SYSTEM
from app.gateways.clock import FixedClock
from app.models.base import Base
from app.models.controllers import Controller
from app.portal import Portal
from app.services import staff
from app.services.staff import Invited
from app.settings import read_settings

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "four words in a row"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_portal(folder: Path, *, env: str = "test") -> Portal:
    """Two organisations, `acme` and `borealis`, a clock that stands still, and nobody yet."""
    folder.mkdir(parents=True, exist_ok=True)
    portal = bootstrap.build(
        read_settings(
            {
                "HABEAS_ENV": env,
                "HABEAS_DATA_DIR": str(folder),
                "HABEAS_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
                "HABEAS_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
            }
        )
    )
    portal = replace(portal, ground=replace(portal.ground, clock=FixedClock(START)))
    Base.metadata.create_all(portal.ground.engine)
    with portal.unscoped("the test's organisations") as work:
        for slug in ("acme", "borealis"):
            work.session.add(Controller(slug=slug, name=slug.title(), created_at=work.now))
    return portal


def clock_of(portal: Portal) -> FixedClock:
    """The clock, to be moved."""
    assert isinstance(portal.clock, FixedClock)
    return portal.clock


def invited(portal: Portal, email: str, *, role: str = "handler", controller_id: int = 1) -> Invited:
    """Somebody with an invitation."""
    with portal.work(SYSTEM, controller_id) as work:
        return staff.invite(work, email=email, role=role)


def hired(portal: Portal, email: str, *, role: str = "handler", controller_id: int = 1) -> int:
    """Somebody who can sign in with PASSWORD and the codes of SECRET; the number of the login."""
    login_id = invited(portal, email, role=role, controller_id=controller_id).login_id
    staff.set_password(portal, login_id, PASSWORD)
    staff.enrol_known(portal, login_id, SECRET)
    return login_id


def code_now(portal: Portal, *, secret: str = SECRET, steps: int = 0) -> str:
    """What the app shows now, or so many steps from now."""
    return pyotp.TOTP(secret).at(portal.clock.real(), counter_offset=steps)
