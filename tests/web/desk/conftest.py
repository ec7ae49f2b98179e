"""What the tests of the desk share: acme with staff of every role and two systems, and browsers that are signed in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.portal import Portal
from app.services import sessions
from tests.factories import House
from tests.web.conftest import Browser


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    """The verbs' house instead of the pages' own: its organisations have staff."""
    return sqlite_portal


class Desks:
    """Browsers of staff, each signed in at its own organisation."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, house: House, name: str) -> Browser:
        """A browser with that member of staff in it: one per role, and `approver2`."""
        client: FlaskClient = self.app.test_client()
        with house.portal.unscoped("the test signs somebody in") as work:
            token = sessions.start(work, login_id=house.staff(name).login_id, stage="full")
        with client.session_transaction() as session:
            session["_user_id"] = token
        return Browser(client)


@pytest.fixture
def desks(app: Flask) -> Desks:
    return Desks(app)


@pytest.fixture
def handler(desks: Desks, acme: House) -> Browser:
    return desks(acme, "handler")


@pytest.fixture
def dpo(desks: Desks, acme: House) -> Browser:
    return desks(acme, "dpo")


def case_url(reference: str, rest: str = "", *, slug: str = "acme") -> str:
    """The address of a case's page, or of one below it."""
    return f"/desk/{slug}/cases/{reference}/{rest}"


def shown(page) -> dict[str, str]:
    """What the page's own forms would send back: the version and how much of the trail was seen."""
    return {name: page.value(name) or "" for name in ("version", "events_seen")}
