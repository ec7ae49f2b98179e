"""The two steps of signing in (Art. 32 GDPR): guessing is slow from everywhere, and nobody can lock somebody else out.

Tries are counted before any password is hashed, for an address per network; a browser that this member of staff has
signed in with before has a budget of its own: a stranger's tries, even from the same office, do not use it up.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.domain.errors import Invalid, Refused, TooMany
from app.domain.messages import Message
from app.models.people import Login
from app.portal import Portal
from app.services import limits, passkeys, passwords, proving, second_factor, sessions, staff
from app.services.proving import Proof
from app.services.second_factor import Enrolment
from app.services.sessions import Place, Stage
from app.work import Work

QUARTER, HOUR, DAY = 900, 3600, 86400
TRIES_PER_ADDRESS: Final = 10
TRIES_PER_NETWORK: Final = 60
# Tries at one address from everywhere, beyond which each new network gets only a few: guessing from many networks
# becomes slow, while no network, and no known browser, ever finds the door shut by the tries of others.
TRIES_FROM_EVERYWHERE: Final = 50
TRIES_UNDER_ATTACK: Final = 3
CODES_PER_SESSION: Final = 5
CODES_PER_ADDRESS: Final = 20
CODES_A_DAY: Final = 100
MARK_DAYS: Final = 90

_WRONG: Final = Message("The e-mail address or the password is not right. Check both and try again.")
_WRONG_PASSKEY: Final = Message("This passkey does not sign anybody in here. Use your password and your app.")
_WRONG_CODE: Final = Message("That is not the code of this moment, or it was used already. Wait for the next one.")
_START_AGAIN: Final = Message("Your sign-in took too long. Enter your e-mail address and password again.")
_USED_UP: Final = Message("The code was wrong 5 times. Enter your e-mail address and password again.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from. `token` is the session id of the browser, `mark` what it got at an earlier sign-in."""

    network: str
    token: str | None = None
    mark: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Signed in: the browser's new session id, and the mark by which it is known from now on. `first`: the second
    factor has just been set up."""

    token: str
    mark: str
    first: bool = False


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Who is about to enter a code; `enrolment` when their app must be set up first."""

    email: str
    enrolment: Enrolment | None


class StartAgain(Refused):
    """The first step is over: too long ago, or used up."""


def check_password(portal: Portal, caller: Caller, *, email: str, password: str) -> str:
    """The first step. Gives the id of a session that waits for the code; Invalid in the same words for everybody."""
    login = who_knows(portal, caller, email=email, password=password)
    if not _of_staff(portal, login):
        raise Invalid({"password": _WRONG})
    # The tries stay counted until the second step is done: a known password must not buy endless guesses at the code.
    with portal.unscoped("a session is of a login, not of a controller") as work:
        staff.prepare_second_factor(work, login.id)
        return sessions.start(work, login_id=login.id, stage="password", replaces=caller.token)


def who_knows(portal: Portal, caller: Caller, *, email: str, password: str) -> Login:
    """Whose password it is, at whichever door; Invalid in the same words and after the same time for everybody."""
    address = staff.comparable(email)
    count_try(portal, caller, address)
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.scalars(select(Login).where(Login.email == address)).one_or_none()
    stored = login.password_hash if login is not None and login.disabled_at is None else None
    if not passwords.matches(portal, password, stored) or login is None:
        # Counted for everybody alike, and told in the trail at the next success: a stranger can measure nothing.
        limits.hit(portal, "failed-sign-in", address, limit=10**9, seconds=7 * DAY)
        raise Invalid({"password": _WRONG})
    return login


def second_step(work: Work, token: str | None) -> SecondStep:
    """What the second page shows; StartAgain when no first step is waiting."""
    login = waiting(work, token)
    pending = login.totp_last_step is None
    return SecondStep(login.email, second_factor.enrolment(work.keyring, login) if pending else None)


def enter_code(portal: Portal, caller: Caller, code: str) -> Entered:
    """The second step, by app or recovery code. Invalid for a wrong or used one, StartAgain after five, or when the
    first step is too old."""
    with portal.unscoped("a session is of a login, not of a controller", reads_only=True) as work:
        login = waiting(work, caller.token)
        now = work.real_now
    assert caller.token is not None
    count_code(portal, caller, login)
    proof = proving.read(portal, login, code, at=now)
    return come_in(portal, caller, login, proof)


def come_in(portal: Portal, caller: Caller, login: Login, proof: Proof | None, *, stage: Stage = "full") -> Entered:
    """Signed in, once the proof holds; Invalid for none, a wrong or a used one."""
    token = _entered(portal, caller, login, proof, stage=stage) if proof is not None else None
    if proof is None or token is None:
        staff.note(portal, login.id, "login:code_refused")
        raise Invalid({"code": _WRONG_CODE})
    return welcomed(portal, caller, login, proof, token=token)


def enter_by_passkey(portal: Portal, caller: Caller, answer: str) -> Entered:
    """Both steps at once: the device has the key, and its owner unlocked it. Invalid for everything else."""
    limits.hit(portal, "sign-in-network", caller.network, limit=TRIES_PER_NETWORK, seconds=QUARTER)
    proof = passkeys.read(portal, answer, "sign-in")
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.get_one(Login, proof.login_id)
    token = _entered(portal, caller, login, proof, stage="full") if _of_staff(portal, login) else None
    if token is None:
        staff.note(portal, login.id, "login:code_refused")
        raise Invalid({"credential": _WRONG_PASSKEY})
    return welcomed(portal, caller, login, proof, token=token)


def prove_again(portal: Portal, caller: Caller, code: str = "", *, passkey: str = "") -> str:
    """Show the second factor once more in a running session; gives its new id. Invalid as above."""
    login, now = signed_in(portal, caller)
    assert caller.token is not None
    count_code(portal, caller, login, session="proof-session")
    try:
        proof = (
            passkeys.read(portal, passkey, "prove", login.id) if passkey else proving.read(portal, login, code, at=now)
        )
    except Invalid:  # another's passkey, or one that was made up
        staff.note(portal, login.id, "login:code_refused")
        raise
    with portal.unscoped("a session is of a login, not of a controller") as work:
        well = proof is not None and proof.use_up(work, login.id)
        token = sessions.prove(work, caller.token) if well else ""
    if proof is None or not well:
        staff.note(portal, login.id, "login:code_refused")
        raise Invalid({"code": _WRONG_CODE})
    _tell_of_recovery(portal, login, proof, key=sessions.key_of(token))
    limits.clear(portal, "code", _budget(portal, caller, login.email))
    return token


def sign_out(portal: Portal, token: str) -> None:
    """End this browser's session."""
    with portal.unscoped("a session is of a login, not of a controller") as work:
        seen = sessions.find(work, token)
        sessions.end(work, token)
    if seen is not None and seen.login_id is not None and seen.stage in {"full", "own"}:
        staff.note(portal, seen.login_id, "login:signed_out")


def change_password(portal: Portal, caller: Caller, *, current: str, new: str) -> None:
    """Change one's own password; every other browser of this login is signed out, and a mail tells its owner."""
    login, _ = signed_in(portal, caller)
    limits.hit(portal, "password-change", str(login.id), limit=TRIES_PER_ADDRESS, seconds=QUARTER)
    if not passwords.matches(portal, current, login.password_hash):
        raise Invalid({"current": "This is not your password now. Type it again."})
    staff.set_password(portal, login.id, new, keep=caller.token, tell="password_changed")


def _of_staff(portal: Portal, login: Login) -> bool:
    """Whether this door is theirs: a person's own sign-in opens another one."""
    with portal.unscoped("a login may work for several controllers", reads_only=True) as work:
        return login.disabled_at is None and staff.works_here(work, login.id)


def signed_in(portal: Portal, caller: Caller) -> tuple[Login, datetime]:
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        seen = sessions.find(work, caller.token or "")
        if seen is None or seen.login_id is None or seen.stage not in {"full", "own"}:
            raise StartAgain(_START_AGAIN)
        return work.session.get_one(Login, seen.login_id), work.real_now


def waiting(work: Work, token: str | None, stage: Stage = "password") -> Login:
    seen = sessions.find(work, token) if token else None
    if seen is None or seen.login_id is None or seen.stage != stage:
        raise StartAgain(_START_AGAIN)
    return work.session.get_one(Login, seen.login_id)


def count_try(portal: Portal, caller: Caller, address: str) -> None:
    known, most = _known(portal, caller.mark, address), TRIES_PER_ADDRESS
    if (
        not known
        and limits.hit(portal, "sign-in-everywhere", address, limit=10**9, seconds=HOUR) > TRIES_FROM_EVERYWHERE
    ):
        most = TRIES_UNDER_ATTACK
    limits.hit(portal, "sign-in", _budget(portal, caller, address), limit=most, seconds=QUARTER)
    if not known:
        limits.hit(portal, "sign-in-network", caller.network, limit=TRIES_PER_NETWORK, seconds=QUARTER)


def count_code(portal: Portal, caller: Caller, login: Login, *, session: str = "code-session") -> None:
    assert caller.token is not None
    limits.hit(portal, "code", _budget(portal, caller, login.email), limit=CODES_PER_ADDRESS, seconds=HOUR)
    if not _known(portal, caller.mark, login.email):
        # Only somebody who knows the password gets here, so this cannot be used to lock a stranger's victim out.
        limits.hit(portal, "codes-a-day", login.email, limit=CODES_A_DAY, seconds=DAY)
    try:
        limits.hit(portal, session, caller.token, limit=CODES_PER_SESSION, seconds=HOUR)
    except TooMany as error:
        with portal.unscoped("a session is of a login, not of a controller") as work:
            sessions.end(work, caller.token)
        raise StartAgain(_USED_UP) from error


def _entered(portal: Portal, caller: Caller, login: Login, proof: Proof, *, stage: Stage) -> str | None:
    """Use the proof up and raise the session, together; None when another request used the same one first."""
    with portal.unscoped("a session is of a login, not of a controller") as work:
        if not proof.use_up(work, login.id):
            return None
        return sessions.start(
            work, login_id=login.id, stage=stage, replaces=caller.token, place=caller.place, keeps=stage == "own"
        )


def welcomed(
    portal: Portal, caller: Caller, login: Login, proof: Proof | None, *, token: str, first: bool = False
) -> Entered:
    """What follows from a sign-in: the trail, the notices, and the tries that need not be counted any more."""
    if login.totp_last_step is None and isinstance(proof, proving.AppCode):
        first = True
        staff.note(portal, login.id, "login:enrolled")
    failed, key = limits.peek(portal, "failed-sign-in", login.email), sessions.key_of(token)
    news = _place_is_new(portal, caller, login) and not first
    staff.note(
        portal, login.id, "login:signed_in", {"failed_before": failed}, tell="new_place" if news else None, session=key
    )
    _tell_of_recovery(portal, login, proof, key=key)
    for name in ("sign-in", "code"):
        limits.clear(portal, name, _budget(portal, caller, login.email))
    limits.clear(portal, "failed-sign-in", login.email)
    return Entered(token=token, mark=_mark(portal, login.email), first=first)


def _tell_of_recovery(portal: Portal, login: Login, proof: Proof | None, *, key: str) -> None:
    if isinstance(proof, proving.RecoveryProof):
        staff.note(portal, login.id, "login:recovery_used", tell="recovery_used", session=key)


def _place_is_new(portal: Portal, caller: Caller, login: Login) -> bool:
    """Whether this login was never seen in this browser, or not in this network, for the time that a mark lasts."""
    where = caller.place.network if caller.place is not None else caller.network
    times = limits.hit(portal, "seen-network", f"{login.id}|{where}", limit=10**9, seconds=MARK_DAYS * DAY)
    return times == 1 or not _known(portal, caller.mark, login.email)


def _budget(portal: Portal, caller: Caller, address: str) -> str:
    return f"{address}|{caller.mark if _known(portal, caller.mark, address) else caller.network}"


def _mark(portal: Portal, address: str) -> str:
    """What a browser keeps to be known again: no authority, only a budget of tries of its own."""
    day = int(portal.clock.real().timestamp()) // DAY
    name = f"{day}.{secrets.token_hex(8)}"
    return f"{name}.{_seal_of(portal, name, address)}"


def _known(portal: Portal, mark: str | None, address: str) -> bool:
    name, _, seal = (mark or "").rpartition(".")
    day = name.partition(".")[0]
    if not day.isdecimal() or not hmac.compare_digest(seal.encode(), _seal_of(portal, name, address).encode()):
        return False
    return int(portal.clock.real().timestamp()) // DAY - int(day) <= MARK_DAYS


def _seal_of(portal: Portal, name: str, address: str) -> str:
    return portal.keyring.digest("known-browser", f"{name}|{address}".encode()).hex()[:32]
