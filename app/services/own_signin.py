"""A person's own sign-in (Art. 12(2), 12(6) GDPR): an address shown to be theirs, with or without a password, for who
asks more than once. It needs no name, is never needed, and never opens the desk.

An address may get another owner. What was asked from it is shown to whoever showed that it was theirs at that time: a
sign-in whose address nobody has shown for half a year begins anew, and knows nothing of what was before.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from app.domain.codes import CodeResult
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.models.people import AddressCode, Login, Passkey, RecoveryCode, SsoIdentity
from app.portal import Portal
from app.queries.reading import load
from app.services import address_codes, limits, passkeys, proving, sessions, signing_in, staff
from app.services.address_codes import Sent
from app.services.signing_in import Caller, Entered
from app.work import Work

# So long an address counts as theirs without being shown again.
PROOF_LASTS: Final = timedelta(days=180)
# Who asked as a guest and makes a sign-in right after finds that request in it; no address changes hands in a day.
GRACE: Final = timedelta(days=1)
UNUSED: Final = timedelta(days=730)
_WRONG: Final = Message("The e-mail address or the password is not right. Check both and try again.")
_WRONG_PASSKEY: Final = Message("This passkey does not sign anybody in here. Use a code by e-mail.")
_DISABLED: Final = Message("This sign-in was ended. You can use everything without one.")


class AgeUnsaid(Exception):
    """The code is right and would make a sign-in: whoever typed it says first whether they are old enough."""


class TooYoung(Exception):
    """No sign-in is made for who is too young to decide on it alone (Art. 8; R-4); nothing is kept of that."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a step. `entered`: signed in; else `app`: the app's code is asked for, in the session `token`; else
    a code was mailed, to be typed on the page of `code`. `made`: there was no sign-in before."""

    entered: Entered | None = None
    token: str | None = None
    code: str | None = None
    made: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A person's sign-in as its owner sees it. `staff`: it is one of staff too, and is changed there."""

    login_id: int
    email: str
    has_password: bool
    has_app: bool
    staff: bool
    address_is_theirs: bool


def by_password(portal: Portal, caller: Caller, *, email: str, password: str, language: str) -> Step:
    """E-mail address and password. Invalid in the same words for everybody."""
    login = signing_in.who_knows(portal, caller, email=email, password=password)
    if login.own_since is None:
        raise Invalid({"password": _WRONG})
    return _after_first(portal, caller, login, language=language)


def by_passkey(portal: Portal, caller: Caller, answer: str, *, language: str) -> Step:
    """The device has the key and its owner unlocked it: both steps at once."""
    limits.hit(
        portal, "sign-in-network", caller.network, limit=signing_in.TRIES_PER_NETWORK, seconds=signing_in.QUARTER
    )
    proof = passkeys.read(portal, answer, "own")
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.get_one(Login, proof.login_id)
        stale = _is_stale(work, login)
    if login.own_since is None or login.disabled_at is not None:
        raise Invalid({"credential": _WRONG_PASSKEY})
    if stale:
        return Step(code=address_codes.send(portal, caller.network, login.email, language=language, login_id=login.id))
    try:
        return Step(entered=signing_in.come_in(portal, caller, login, proof, stage="own"))
    except Invalid as error:
        raise Invalid({"credential": _WRONG_PASSKEY}) from error


def by_code(portal: Portal, caller: Caller, token: str, typed: str, *, old_enough: bool | None = None) -> Step:
    """The code from the mail. Whoever has no sign-in yet has one from here on, if they say that they are old enough:
    AgeUnsaid keeps the code for when they have said it, TooYoung has used it up."""

    def ask_first(work: Work, sent: Sent) -> None:
        login = work.session.scalars(select(Login).where(Login.email == sent.email)).one_or_none()
        if old_enough is None and (login is None or login.disabled_at is None) and _makes(work, sent, login):
            raise AgeUnsaid

    sent = address_codes.spend(portal, token, typed, purpose="enter", first=ask_first)
    with portal.unscoped("a login belongs to no controller") as work:
        work.lock(f"login:{sent.email}")  # of two codes at once one makes the sign-in
        login = work.session.scalars(select(Login).where(Login.email == sent.email).with_for_update()).one_or_none()
        if login is not None and login.disabled_at is not None:
            raise Invalid({"code": _DISABLED})
        made = _makes(work, sent, login)
        if made and not old_enough:
            raise AgeUnsaid if old_enough is None else TooYoung
        if made or login is None:
            login = _begun(work, sent, login)
        if login.totp_last_step is None:
            _show_address(work, login)
    if login.totp_last_step is not None:
        return _wait_for_app(portal, caller, login, address_shown=True)
    if made:
        staff.note(portal, login.id, "login:own_made")
    return Step(entered=_in(portal, caller, login, told=True), made=made)


def by_app(portal: Portal, caller: Caller, typed: str) -> Step:
    """The code of the app, or a recovery code, after the first step."""
    with portal.unscoped("a session is of a login, not of a controller", reads_only=True) as work:
        login, now = signing_in.waiting(work, caller.token, "own_first"), work.real_now
        seen = sessions.find(work, caller.token or "")
    signing_in.count_code(portal, caller, login)
    entered = signing_in.come_in(portal, caller, login, proving.read(portal, login, typed, at=now), stage="own")
    if seen is not None and seen.proved:
        with portal.unscoped("a login belongs to no controller") as work:
            _show_address(work, work.session.get_one(Login, login.id))
    return Step(entered=entered)


def prove_by_code(portal: Portal, caller: Caller, token: str, typed: str) -> str:
    """Show the mailbox once more in a running session; gives its new id. Invalid for anything but its own code."""
    login, _ = signing_in.signed_in(portal, caller)
    sent = address_codes.spend(portal, token, typed, purpose="prove")
    if sent.login_id != login.id or sent.email != login.email:
        raise Invalid({"code": CodeResult.WRONG.message})
    with portal.unscoped("a session is of a login, not of a controller") as work:
        _show_address(work, work.session.get_one(Login, login.id))
        return sessions.prove(work, caller.token or "")


def waits_for_app(portal: Portal, token: str | None) -> str:
    """Whose app's code is asked for; StartAgain when no first step is waiting."""
    with portal.unscoped("a session is of a login, not of a controller", reads_only=True) as work:
        return signing_in.waiting(work, token, "own_first").email


def of(work: Work, login_id: int) -> Own:
    """The sign-in that somebody has signed in with."""
    login = work.session.get_one(Login, login_id)
    return Own(
        login_id=login.id,
        email=login.email,
        has_password=login.password_hash is not None,
        has_app=login.totp_last_step is not None,
        staff=staff.works_here(work, login_id),
        address_is_theirs=not _is_stale(work, login),
    )


def speaks_for(portal: Portal, login_id: int, email: str) -> bool:
    """Whether who is signed in has shown, not long ago, that this very address is theirs."""
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.get_one(Login, login_id)
        # Letters that merely fold to those of the address are another address.
        return email.strip().lower() == login.email and login.own_since is not None and not _is_stale(work, login)


def note_entry(work: Work, reference: str) -> None:
    """Somebody opened one of their requests from their sign-in: it stands in the request's trail."""
    work.audit("case:entered_own", case=load(work, reference))


def close(portal: Portal, login_id: int, *, language: str) -> None:
    """End the sign-in for good: nothing of its owner stays, requests stay where they are, and its address is told once.
    What makes somebody a member of staff is not theirs to end here."""
    staff.note(portal, login_id, "login:own_closed")
    with portal.unscoped("a login belongs to no controller") as work:
        login = work.session.get_one(Login, login_id)
        email, stays = login.email, staff.works_here(work, login_id)
        if stays:
            login.own_since = login.address_proven_at = None
            sessions.end_all(work, login_id, stage="own")
        else:
            _empty(work, login)
    address_codes.say_closed(portal, email, language=language, stays=stays)


def close_unused(portal: Portal) -> int:
    """Close every sign-in whose address nobody has shown for two years (Art. 5(1)(e)); how many."""
    with portal.unscoped("sign-ins lapse by the clock") as work:
        old = select(Login).where(Login.own_since.is_not(None), Login.address_proven_at <= work.now - UNUSED)
        logins = [one for one in work.session.scalars(old) if not staff.works_here(work, one.id)]
        for login in logins:
            _empty(work, login)
    return len(logins)


def _after_first(portal: Portal, caller: Caller, login: Login, *, language: str) -> Step:
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        stale = _is_stale(work, login)
    if stale:
        return Step(code=address_codes.send(portal, caller.network, login.email, language=language, login_id=login.id))
    if login.totp_last_step is not None:
        return _wait_for_app(portal, caller, login, address_shown=False)
    return Step(entered=_in(portal, caller, login))


def _wait_for_app(portal: Portal, caller: Caller, login: Login, *, address_shown: bool) -> Step:
    with portal.unscoped("a session is of a login, not of a controller") as work:
        return Step(
            token=sessions.start(
                work, login_id=login.id, stage="own_first", replaces=caller.token, keeps=True, proved=address_shown
            )
        )


def _in(portal: Portal, caller: Caller, login: Login, *, told: bool = False) -> Entered:
    """`told`: the mail with the code has said all that a notice would, and shown who is there; a password has not."""
    with portal.unscoped("a session is of a login, not of a controller") as work:
        token = sessions.start(
            work, login_id=login.id, stage="own", replaces=caller.token, place=caller.place, keeps=True, proved=told
        )
    return signing_in.welcomed(portal, caller, login, None, token=token, first=told)


def _is_stale(work: Work, login: Login) -> bool:
    return login.address_proven_at is None or work.now > login.address_proven_at + PROOF_LASTS


def _makes(work: Work, sent: Sent, login: Login | None) -> bool:
    """Whether the code makes a sign-in: there is none, or it is left behind, as after half a year without a word only
    the address speaks for it. It may be somebody else's by now."""
    if login is None or login.own_since is None:
        return True
    return sent.login_id != login.id and login.totp_last_step is None and _is_stale(work, login)


def _begun(work: Work, sent: Sent, login: Login | None) -> Login:
    """The new one. What makes somebody a member of staff stays."""
    if login is not None and (login.own_since is None or staff.works_here(work, login.id)):
        login.own_since = None
        return login
    if login is not None:
        _empty(work, login)
    login = Login(email=sent.email, name="", created_at=work.real_now)
    work.session.add(login)
    work.flush()
    return login


def _show_address(work: Work, login: Login) -> None:
    if login.own_since is None:
        login.own_since = work.now - GRACE
    login.address_proven_at = work.now


def _empty(work: Work, login: Login) -> None:
    """Only the number stays, so that the trail never means somebody else by it."""
    for table in (Passkey, RecoveryCode, AddressCode, SsoIdentity):
        work.session.execute(delete(table).where(table.login_id == login.id))
    sessions.end_all(work, login.id)
    login.email, login.name, login.disabled_at = f"closed-{login.id}", "", work.real_now
    login.password_hash = login.totp_secret = login.totp_last_step = None
    login.own_since = login.address_proven_at = None
    work.flush()
