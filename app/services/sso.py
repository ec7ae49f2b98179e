"""Staff sign in with their organisation's account (OpenID Connect; Art. 32 GDPR): only who is on the staff here.

What goes to the provider with somebody is sealed, bound to their browser, good for ten minutes and once; so a page
needs to write nothing, and nobody can be made to sign in as somebody else. The first time a verified address leads to
the login, from then on only the provider's own name for the person: an address that went to somebody else opens
nothing.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.domain.errors import Invalid, TooMany
from app.domain.messages import Message
from app.domain.permissions import ANONYMOUS
from app.gateways.oidc import Asked, Claims
from app.models.people import Login, SsoIdentity
from app.portal import Portal
from app.queries.organisations import runs_the_portal
from app.services import limits, sessions, signing_in, staff
from app.services.signing_in import Caller, Entered
from app.work import Work

LASTS: Final = 600
RETURN: Final = "/signin/sso/return/"
_AGAIN: Final = Message("Begin again: this way back was used already, took too long, or began in another browser.")
_UNKNOWN: Final = Message("Your organisation knows you, but you are not on the staff here. Ask for an invitation.")


@dataclass(frozen=True, slots=True)
class Come:
    """Somebody came back: `entered` with both factors, or with a session `token` that waits for our own second step.
    `wanted`: the page that they had asked for."""

    entered: Entered | None
    token: str | None
    wanted: str


def new_mark() -> str:
    """What a browser keeps while its reader is at their organisation."""
    return secrets.token_urlsafe(32)


def address(portal: Portal, browser: str, *, wanted: str) -> str:
    """Where to send them; Unavailable when their organisation's sign-in does not answer."""
    path = urlsafe_b64encode(wanted.encode()).decode().rstrip("=")
    name = f"{int(portal.clock.real().timestamp())}.{secrets.token_hex(16)}.{path}"
    return portal.sso.address(_asked(portal, f"{name}.{_seal(portal, name, browser)}", browser))


def come_back(portal: Portal, caller: Caller, *, browser: str, state: str, code: str, issuer: str = "") -> Come:
    """They are back with a code. Invalid for anything that does not hold, and for who is not on the staff here."""
    limits.hit(
        portal, "sign-in-network", caller.network, limit=signing_in.TRIES_PER_NETWORK, seconds=signing_in.QUARTER
    )
    wanted = _spent(portal, state, browser)
    if issuer and issuer != portal.sso.issuer:  # RFC 9207: another provider's answer
        raise Invalid({"sso": _AGAIN})
    claims = portal.sso.claims(_asked(portal, state, browser), code, now=portal.clock.real())
    login, linked = _login_of(portal, claims)
    if linked:
        staff.note(portal, login.id, "login:sso_linked", tell="sso_linked")
    with portal.unscoped("a session is of a login, not of a controller") as work:
        if not claims.second_factor:
            staff.prepare_second_factor(work, login.id)
            waiting = sessions.start(work, login_id=login.id, stage="password", replaces=caller.token)
            return Come(None, waiting, wanted)
        token = sessions.start(work, login_id=login.id, stage="full", replaces=caller.token, place=caller.place)
    return Come(signing_in.welcomed(portal, caller, login, None, token=token, first=linked), None, wanted)


def _login_of(portal: Portal, claims: Claims) -> tuple[Login, bool]:
    """Whose account it is, and whether it was linked just now."""
    with portal.unscoped("a login belongs to no controller") as work:
        known = select(Login).join(SsoIdentity, SsoIdentity.login_id == Login.id)
        login = work.session.scalars(
            known.where(SsoIdentity.issuer == claims.issuer, SsoIdentity.subject == claims.subject)
        ).one_or_none()
        linked = login is None
        if login is None:
            login = _first_time(work, claims)
        fits = login is not None and login.disabled_at is None and staff.works_here(work, login.id)
        if fits and linked and login is not None:
            row = SsoIdentity(login_id=login.id, issuer=claims.issuer, subject=claims.subject, linked_at=work.real_now)
            work.session.add(row)
    if login is not None and fits:
        return login, linked
    if login is not None:
        staff.note(portal, login.id, "login:sso_refused")
    else:  # that somebody tried, and not who: they are nobody's here
        with portal.work(ANONYMOUS, runs_the_portal(portal)) as work:
            work.audit("login:sso_refused", chain="sign-on")
    raise Invalid({"sso": _UNKNOWN})


def _first_time(work: Work, claims: Claims) -> Login | None:
    """By the address, where the provider has verified it and nobody came by it before."""
    if claims.email is None or claims.email.strip().lower() != staff.comparable(claims.email):
        return None
    address = staff.comparable(claims.email)
    work.lock(f"login:{address}")
    login = work.session.scalars(select(Login).where(Login.email == address)).one_or_none()
    if login is None:
        return None
    taken = select(SsoIdentity.id).where(SsoIdentity.login_id == login.id, SsoIdentity.issuer == claims.issuer)
    return login if work.session.scalars(taken).first() is None else None


def _asked(portal: Portal, state: str, browser: str) -> Asked:
    """Made from the state alone with a key of ours: what comes back must fit all of it."""

    def drawn(what: str) -> str:
        return portal.keyring.digest(f"sso-{what}", f"{state}|{browser}".encode()).hex()

    return Asked(state, drawn("nonce"), drawn("verifier"), f"{portal.settings.base_url}{RETURN}")


def _spent(portal: Portal, state: str, browser: str) -> str:
    """The page that was wanted; Invalid for a state that is not this browser's, too old, or used."""
    name, _, seal = state.encode("ascii", "replace").decode().rpartition(".")
    made, _, rest = name.partition(".")
    ours = bool(browser) and hmac.compare_digest(seal.encode(), _seal(portal, name, browser).encode())
    if not ours or int(portal.clock.real().timestamp()) - int(made) > LASTS:
        raise Invalid({"sso": _AGAIN})
    try:
        limits.hit(portal, "sso-state", name, limit=1, seconds=2 * LASTS)
        path = rest.partition(".")[2]
        return urlsafe_b64decode(path + "=" * (-len(path) % 4)).decode()
    except (TooMany, NoBase64, ValueError) as error:
        raise Invalid({"sso": _AGAIN}) from error


def _seal(portal: Portal, name: str, browser: str) -> str:
    return portal.keyring.digest("sso-state", f"{name}|{browser}".encode()).hex()[:40]
