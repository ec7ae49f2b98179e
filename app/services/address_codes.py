"""Codes to an address (Art. 12(6), 32 GDPR): who reads the mail there shows that it is theirs, and nothing more.

A code is bound to the browser that asked for it by a token in the address of its page: what strangers type does not use
up anybody's tries. Everything is done alike whether or not there is a sign-in for the address; what there is, only the
mail says.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, Literal

from sqlalchemy import delete, select

from app.domain.codes import LIFETIME, TRIES, CodeResult, code_from, same_code
from app.domain.errors import Invalid, NotFound
from app.domain.identity import read_email
from app.domain.messages import Message
from app.domain.permissions import ANONYMOUS, SYSTEM
from app.gateways.mail import Mail
from app.models.people import AddressCode, Login
from app.portal import Portal
from app.queries.organisations import runs_the_portal
from app.queries.policies import current
from app.services import limits
from app.services.posting import message_key
from app.services.staff import comparable
from app.work import Attempt, Work

Purpose = Literal["enter", "prove"]
HOUR, DAY = 3600, 86400
# For one address from one network, for one network, and for one address from everywhere: nobody's mailbox is filled by
# others, and nobody's own network is kept waiting by what others do elsewhere, up to the last of these.
AN_HOUR: Final = 6
A_NETWORK: Final = 30
A_DAY: Final = 30
# So long a mail that tells of the end is tried, until whoever keeps the address for it gives up.
FAREWELL: Final = timedelta(days=7)
_SPELLING: Final = Message(
    "This address has letters that look like others, so it can have no sign-in here. Everything works without one."
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A code that was asked for in this browser."""

    purpose: Purpose
    email: str
    login_id: int | None


def send(
    portal: Portal, network: str, email: str, *, language: str, purpose: Purpose = "enter", login_id: int | None = None
) -> str:
    """Mail a code; gives the token of the page on which it is typed. Invalid for what is no address, TooMany for too
    many."""
    address = _address(email)
    limits.hit(portal, "address-code-network", network, limit=A_NETWORK, seconds=HOUR)
    limits.hit(portal, "address-code", f"{address}|{network}", limit=AN_HOUR, seconds=HOUR)
    limits.hit(portal, "address-code-day", address, limit=A_DAY, seconds=DAY)
    token = secrets.token_urlsafe(24)
    with portal.work(ANONYMOUS, runs_the_portal(portal)) as work:
        row = _written(work, token, address, purpose=purpose, language=language, login_id=login_id, lasts=LIFETIME)
        work.enqueue("own_code", code=row.id)
    return token


def say_closed(portal: Portal, email: str, *, language: str, stays: bool) -> None:
    """Tell an address that the sign-in there is closed, although it is not kept any more: it lies here, where no code
    can be typed, until the mail is out. `stays`: what makes somebody a member of staff."""
    with portal.work(ANONYMOUS, runs_the_portal(portal)) as work:
        row = _written(
            work, secrets.token_urlsafe(24), email, purpose="enter", language=language, login_id=None, lasts=FAREWELL
        )
        row.used_at = work.real_now
        work.enqueue("own_closed", code=row.id, stays=stays)


def look(work: Work, token: str) -> Sent | None:
    """What was asked for; None for a made-up and a long forgotten token alike."""
    row = _row(work, token)
    return _sent(work, row) if row is not None else None


def spend(
    portal: Portal, token: str, typed: str, *, purpose: Purpose, first: Callable[[Work, Sent], None] = lambda *_: None
) -> Sent:
    """Use the code up; Invalid with the reason for anything else. A wrong try is counted, whatever follows. Whatever
    `first` raises when the code is right leaves it as it was: something is asked before it is used."""
    with portal.unscoped("an address belongs to no controller") as work:
        row = _row(work, token, lock=True)
        tries = row.attempts if row is not None else 0
        if row is None or row.purpose != purpose:
            result = CodeResult.EXPIRED
        else:
            result = _judged(work, row, typed)
            if result.accepted:
                sent = _sent(work, row)
                first(work, sent)
                return sent
    if result is CodeResult.USED_UP and tries < TRIES:  # once: who goes on typing fills no trail
        # Written down alike whether or not somebody has a sign-in there: a stranger can measure nothing.
        with portal.work(ANONYMOUS, runs_the_portal(portal)) as work:
            work.audit("login:code_refused", chain="address-codes", facts={"tries": TRIES})
    raise Invalid({"code": result.message})


def mail_code(portal: Portal, attempt: Attempt) -> None:
    """The job: the code with the words that fit what there is under the address."""
    with portal.unscoped("an address belongs to no controller", reads_only=True) as work:
        row = _asked_for(work, attempt)
        to, language = _sent(work, row).email, row.language
        login = work.session.scalars(select(Login).where(Login.email == to)).one_or_none()
        known = login is not None and login.own_since is not None
        facts = {"code": _digits(work, row), "purpose": row.purpose, "known": known}
    _post(portal, attempt, "mail/own-code", to=to, language=language, facts=facts)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        work.finish(attempt)


def mail_closed(portal: Portal, attempt: Attempt) -> None:
    """The job: that the sign-in is closed; then nothing holds the address any more."""
    with portal.unscoped("an address belongs to no controller", reads_only=True) as work:
        row = _asked_for(work, attempt)
        to, language = _sent(work, row).email, row.language
    _post(portal, attempt, "mail/own-closed", to=to, language=language, facts={"stays": attempt.arguments["stays"]})
    with portal.work(SYSTEM, attempt.controller_id) as work:
        work.session.execute(delete(AddressCode).where(AddressCode.id == attempt.arguments["code"]))
        work.finish(attempt)


def _asked_for(work: Work, attempt: Attempt) -> AddressCode:
    row = work.session.get(AddressCode, int(attempt.arguments["code"]))
    if row is None:
        raise NotFound
    return row


def _post(portal: Portal, attempt: Attempt, name: str, *, to: str, language: str, facts: dict[str, Any]) -> None:
    """From the portal itself: no organisation is asked anything. Who answers reaches the one that runs it."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        answers_to = current(work).file.controller.contact.email
    base_url = portal.settings.base_url
    facts |= {"email": to, "base_url": base_url, "own_url": f"{base_url}/you/"}

    def say_it(part: str) -> str:
        return portal.renderer.render(f"{name}/{part}", language=language, **facts)

    portal.mailer.send(
        Mail(
            key=message_key(portal, attempt),
            to=to,
            sender_name="Habeas",
            sender=f"no-reply@{portal.settings.host}",
            subject=say_it("subject.txt").strip(),
            text=say_it("body.txt"),
            html=say_it("body.html"),
            sent_at=portal.clock.real(),
            headers={"Reply-To": answers_to},
        )
    )


def _written(
    work: Work, token: str, address: str, *, purpose: Purpose, language: str, login_id: int | None, lasts: timedelta
) -> AddressCode:
    token_hash = _hashed(token)
    row = AddressCode(
        token_hash=token_hash,
        purpose=purpose,
        address=work.keyring.lock_up(address.encode(), bound_to=b"address-code/" + token_hash),
        language=language,
        login_id=login_id,
        nonce=secrets.token_bytes(16),
        attempts=0,
        created_at=work.real_now,
        expires_at=work.real_now + lasts,
    )
    work.session.add(row)
    work.flush()
    return row


def _address(email: str) -> str:
    """The form in which the address is kept and written to: always the same one, so that a look-alike gets nothing."""
    address, fault = read_email(email.strip())
    if fault is not None or address is None:
        raise Invalid({"email": fault or Message("Enter your e-mail address.")})
    if comparable(address) != address.lower():
        raise Invalid({"email": _SPELLING})
    return comparable(address)


def _row(work: Work, token: str, *, lock: bool = False) -> AddressCode | None:
    wanted = select(AddressCode).where(AddressCode.token_hash == _hashed(token))
    return work.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()


def _judged(work: Work, row: AddressCode, typed: str) -> CodeResult:
    if row.used_at is not None:
        return CodeResult.USED
    if row.attempts >= TRIES:
        return CodeResult.USED_UP
    if work.real_now >= row.expires_at:
        return CodeResult.EXPIRED
    if same_code(typed, _digits(work, row)):
        row.used_at = work.real_now
        return CodeResult.ACCEPTED
    row.attempts += 1
    return CodeResult.USED_UP if row.attempts >= TRIES else CodeResult.WRONG


def _sent(work: Work, row: AddressCode) -> Sent:
    address = work.keyring.unlock(row.address, bound_to=b"address-code/" + row.token_hash).decode()
    purpose: Purpose = "prove" if row.purpose == "prove" else "enter"
    return Sent(purpose, address, row.login_id)


def _digits(work: Work, row: AddressCode) -> str:
    """Made from the stored nonce with a key that the database does not hold; only the mail gets them."""
    return code_from(work.keyring.digest("address-code", f"{row.id}/{row.purpose}/".encode() + row.nonce))


def _hashed(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
