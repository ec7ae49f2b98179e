"""A member of staff lost their second factor (Art. 32 GDPR): a new beginning, by the operator or by two colleagues.

Whoever talks one colleague round has nothing yet: another one must confirm it, and the person concerned is told by mail
at each step.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, select, update

from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.messages import Message
from app.domain.permissions import can
from app.models.people import FactorReset, Login, Membership, Passkey
from app.portal import Portal
from app.services import recovery, sessions, staff
from app.work import Work

ASKING_LASTS: Final = timedelta(hours=24)
PERMISSION: Final = "staff:reset_factor"
_ELSEWHERE: Final = Message(
    "This person works for other organisations too: only the operator of the portal can do this."
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as colleagues see them; `asked_by` names who asked for a new beginning, `asked_by_me` if it
    was the reader."""

    number: int
    name: str
    email: str
    role: str
    enrolled: bool
    me: bool
    asked_by: str | None
    asked_by_me: bool


def colleagues(work: Work) -> tuple[Colleague, ...]:
    """Everybody who works for the controller at hand, by name."""
    _insist(work)
    open_ = {row.login_id: row for row in work.session.scalars(_open(work.real_now))}
    rows = work.session.execute(
        select(Login, Membership.role)
        .join(Membership, Membership.login_id == Login.id)
        .where(Membership.controller_id == work.controller_id, Login.disabled_at.is_(None))
        .order_by(Login.name, Login.id)
    ).all()
    names = {login.id: login.name for login, _ in rows}
    return tuple(
        Colleague(
            number=login.id,
            name=login.name,
            email=login.email,
            role=role,
            enrolled=login.totp_last_step is not None,
            me=login.id == work.actor.login_id,
            asked_by=names.get(open_[login.id].asked_by_id, "?") if login.id in open_ else None,
            asked_by_me=login.id in open_ and open_[login.id].asked_by_id == work.actor.login_id,
        )
        for login, role in rows
    )


def ask(work: Work, login_id: int) -> None:
    """Ask for a new beginning for that colleague; asking again while one is open changes nothing."""
    _insist(work)
    login = _colleague(work, login_id)
    if login.id == work.actor.login_id:
        raise Refused("You cannot ask this for yourself: a colleague does it for you.")
    if login.totp_last_step is None:
        raise Refused(Message("%(name)s has no second factor yet, so there is nothing to reset.", {"name": login.name}))
    if _works_elsewhere(work, login_id):
        raise Refused(_ELSEWHERE)
    work.lock(f"factor-reset:{login_id}")
    if work.session.scalars(_open(work.real_now).where(FactorReset.login_id == login_id)).first() is not None:
        return
    work.session.add(
        FactorReset(login_id=login_id, asked_by_id=work.actor.login_id, asked_at=work.real_now, confirmed=False)
    )
    work.audit("login:reset_asked", chain=f"login:{login_id}", facts={"login": login_id})
    work.enqueue("login_mail", login=login_id, notice="reset_asked", session="")


def drop(work: Work, login_id: int) -> None:
    """It is not needed, or was not right: nothing is reset."""
    _insist(work)
    row = _asked(work, login_id)
    row.settled_by_id, row.settled_at = work.actor.login_id, work.real_now
    work.audit("login:reset_dropped", chain=f"login:{login_id}", facts={"login": login_id})


def confirm(work: Work, login_id: int) -> None:
    """The second person: only with their word is the factor taken away. The next sign-in sets up a new one."""
    _insist(work)
    row = _asked(work, login_id)
    if work.actor.login_id in {row.asked_by_id, login_id}:
        raise Refused("Somebody else must confirm this: neither who asked for it nor the person concerned.")
    if _works_elsewhere(work, login_id):
        raise Refused(_ELSEWHERE)
    row.confirmed, row.settled_by_id, row.settled_at = True, work.actor.login_id, work.real_now
    _take_away(work, login_id)
    work.audit("login:factor_reset", chain=f"login:{login_id}", facts={"login": login_id})
    work.enqueue("login_mail", login=login_id, notice="factor_reset", session="")


def reset_by_operator(portal: Portal, email: str) -> None:
    """The same from the command line of the server; NotFound when nobody has that address."""
    with portal.unscoped("a login belongs to no controller") as work:
        login_id = work.session.scalar(select(Login.id).where(Login.email == staff.comparable(email)))
        if login_id is None:
            raise NotFound(Message("Nobody signs in as %(email)s.", {"email": email}))
        _take_away(work, login_id)
    staff.note(portal, login_id, "login:factor_reset", tell="factor_reset")


def _take_away(work: Work, login_id: int) -> None:
    """Every second factor, and with it every session."""
    work.session.execute(update(Login).where(Login.id == login_id).values(totp_secret=None, totp_last_step=None))
    work.session.execute(delete(Passkey).where(Passkey.login_id == login_id))
    recovery.forget(work, login_id)
    sessions.end_all(work, login_id)


def _insist(work: Work) -> None:
    if not can(work.actor, PERMISSION):
        raise Forbidden("Your role here does not include this.")


def _colleague(work: Work, login_id: int) -> Login:
    login = work.session.scalars(
        select(Login)
        .join(Membership, Membership.login_id == Login.id)
        .where(Login.id == login_id, Membership.controller_id == work.controller_id, Login.disabled_at.is_(None))
    ).one_or_none()
    if login is None:
        raise NotFound
    return login


def _works_elsewhere(work: Work, login_id: int) -> bool:
    others = select(Membership.id).where(
        Membership.login_id == login_id, Membership.controller_id != work.controller_id
    )
    return work.session.scalars(others).first() is not None


def _asked(work: Work, login_id: int) -> FactorReset:
    _colleague(work, login_id)
    work.lock(f"factor-reset:{login_id}")
    row = work.session.scalars(_open(work.real_now).where(FactorReset.login_id == login_id)).first()
    if row is None:
        raise Refused("Nobody has asked for this, or it was settled or more than 24 hours ago. Ask for it anew.")
    return row


def _open(now: datetime) -> Select[FactorReset]:
    return select(FactorReset).where(FactorReset.settled_at.is_(None), FactorReset.asked_at > now - ASKING_LASTS)
