"""Notices to people about their own sign-in (Art. 32): what happened, from where, and what to do if it was not them."""

from typing import Any, Final

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.permissions import SYSTEM
from app.models.ledger import Job
from app.models.people import Login
from app.portal import Portal
from app.queries.policies import current
from app.services import sessions, staff
from app.services.posting import mail_to, message_key
from app.services.stationery import Words
from app.work import Attempt

_MAIL: Final = "mail/login-notice"


def send(portal: Portal, attempt: Attempt) -> None:
    """The job: mail one notice, in the first language of the organisation through which it was asked for."""
    login_id = int(attempt.arguments["login"])
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.scalars(select(Login).where(Login.id == login_id)).one_or_none()
        place = sessions.place_of(work, login_id, attempt.arguments["session"])
        own = not staff.works_here(work, login_id)
    if login is None:
        raise NotFound
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        controller = current(work).file.controller
        at = work.session.scalars(select(Job.created_at).where(Job.id == attempt.job_id)).one()
    facts: dict[str, Any] = {
        "notice": attempt.arguments["notice"],
        "name": login.name,
        "email": login.email,
        "at": at,
        "place": place,
        "controller": controller,
        "timezone": controller.timezone,
        "own": own,
        "own_url": f"{portal.settings.base_url}/{'you' if own else 'signin'}/safety/",
    }

    def say_it(part: str) -> str:
        return portal.renderer.render(f"{_MAIL}/{part}", language=controller.language, **facts)

    words = Words(say_it("subject.txt").strip(), say_it("body.txt"), say_it("body.html"))
    key = message_key(portal, attempt)
    portal.mailer.send(mail_to(login.email, words, portal=portal, controller=controller, key=key))
    with portal.work(SYSTEM, attempt.controller_id) as work:
        work.finish(attempt)
