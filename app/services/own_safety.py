"""What its owner changes about their own sign-in (Art. 32 GDPR): a password or none, an app or none.

A member of staff changes nothing here: who reads their mail must not get near what opens the desk.
"""

from sqlalchemy import update

from app.domain.errors import Invalid, Refused
from app.domain.messages import Message
from app.models.people import Login
from app.portal import Portal
from app.services import recovery, second_factor, staff
from app.services.proving import AppCode
from app.services.second_factor import Enrolment
from app.work import Work

_OF_STAFF = Message("You are a member of staff here: what protects your sign-in is changed where staff sign in.")
_HAS_ONE = Message("An app is set up already. Remove it first.")
_NOT_BEGUN = Message("Begin again: the app was not set up.")
_WRONG_CODE = Message("That is not the code of this moment. Wait for the next one.")


def insist_own(portal: Portal, login_id: int) -> None:
    """Refused for a member of staff."""
    with portal.unscoped("a login may work for several controllers", reads_only=True) as work:
        _insist(work, login_id)


def set_password(portal: Portal, login_id: int, password: str, *, keep: str | None) -> None:
    """From now on the password signs in too; every other browser is signed out. Invalid for one that is easy to
    guess."""
    insist_own(portal, login_id)
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        had = work.session.get_one(Login, login_id).password_hash is not None
    staff.set_password(portal, login_id, password, keep=keep, tell="password_changed" if had else None)


def forget_password(portal: Portal, login_id: int) -> None:
    """From now on only a code by mail, or a passkey, signs in."""
    with portal.unscoped("a login belongs to no controller") as work:
        _insist(work, login_id)
        work.session.execute(update(Login).where(Login.id == login_id).values(password_hash=None))
    staff.note(portal, login_id, "login:password_dropped", tell="password_dropped")


def begin_app(portal: Portal, login_id: int) -> Enrolment:
    """A fresh secret for an app; it counts once a code of it was typed."""
    with portal.unscoped("a login belongs to no controller") as work:
        _insist(work, login_id)
        login = work.session.get_one(Login, login_id)
        if login.totp_last_step is not None:
            raise Refused(_HAS_ONE)
        login.totp_secret = second_factor.new_secret(work.keyring, login_id)
        return second_factor.enrolment(work.keyring, login)


def begun_app(portal: Portal, login_id: int) -> Enrolment:
    """The secret that waits for its first code; Refused when none does."""
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.get_one(Login, login_id)
        if login.totp_secret is None or login.totp_last_step is not None:
            raise Refused(_NOT_BEGUN)
        return second_factor.enrolment(work.keyring, login)


def confirm_app(portal: Portal, login_id: int, typed: str) -> None:
    """From now on its codes are asked for. Invalid for a wrong one."""
    begun_app(portal, login_id)
    with portal.unscoped("a login belongs to no controller") as work:
        _insist(work, login_id)
        login = work.session.get_one(Login, login_id)
        step = second_factor.step_of(work.keyring, login, typed, at=work.real_now)
        if step is None or not AppCode(step).use_up(work, login_id):
            raise Invalid({"code": _WRONG_CODE})
    staff.note(portal, login_id, "login:enrolled", tell="app_added")


def remove_app(portal: Portal, login_id: int) -> None:
    """Its codes are not asked for any more; recovery codes, which stand in for it, go with it."""
    with portal.unscoped("a login belongs to no controller") as work:
        _insist(work, login_id)
        work.session.execute(update(Login).where(Login.id == login_id).values(totp_secret=None, totp_last_step=None))
        recovery.forget(work, login_id)
    staff.note(portal, login_id, "login:app_removed", tell="app_removed")


def _insist(work: Work, login_id: int) -> None:
    if staff.works_here(work, login_id):
        raise Refused(_OF_STAFF)
