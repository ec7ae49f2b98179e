"""API tokens: another system acts for one member of staff at one controller, with no more than they may do (Art. 32).

A token is 256 random bits, shown once and stored as a keyed digest; it dies with the membership or the login behind it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.messages import Message
from app.domain.permissions import Actor
from app.models.people import ApiToken, Login, Membership
from app.portal import Portal
from app.work import Work

SCOPES: Final = ("cases:read", "cases:write", "packages:read")
# A fixed beginning lets secret scanners recognise a token that was left in a repository.
PREFIX: Final = "habeas_"
LONGEST: Final = 200


def create(work: Work, *, email: str, scopes: Sequence[str], expires: datetime | None = None) -> str:
    """A new token of this member of staff at the controller at hand. It is returned here and never again."""
    _check(scopes, expires, now=work.real_now)
    login = work.session.scalars(select(Login).where(Login.email == email.strip().casefold())).one_or_none()
    if login is None or _membership(work, login.id, work.controller_id) is None:
        raise NotFound(Message("Nobody with the address %(email)s works for this organisation.", {"email": email}))
    if login.disabled_at is not None:
        raise Forbidden("This sign-in is switched off.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        login_id=login.id, token_hash=_digest(work, token), scopes=sorted(set(scopes)),
        created_at=work.real_now, expires_at=expires,
    )  # fmt: skip
    work.session.add(row)
    work.flush()
    work.audit("token:created", facts={"token": row.id, "login": login.id, "scopes": row.scopes})
    return token


def revoke(work: Work, token_id: int) -> None:
    """End a token now; ending it twice changes nothing."""
    row = work.session.scalars(select(ApiToken).where(ApiToken.id == token_id)).one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = work.real_now
        work.audit("token:revoked", facts={"token": row.id})


def authenticate(portal: Portal, bearer: str) -> Actor | None:
    """The member of staff for whom this token acts, narrowed to its scopes; None for every token that is not good.

    A made-up, expired, revoked or orphaned token takes the same way (one digest, one look-up) and gets the same answer.
    """
    with portal.unscoped("a token names its controller", reads_only=True) as work:
        found = work.session.execute(
            select(ApiToken, Login, Membership)
            .join(Login, Login.id == ApiToken.login_id)
            .join(
                Membership,
                (Membership.login_id == ApiToken.login_id) & (Membership.controller_id == ApiToken.controller_id),
            )
            .where(ApiToken.token_hash == _digest(work, bearer[:LONGEST]))
        ).one_or_none()
    if found is None:
        return None
    token, login, member = found
    over = token.expires_at is not None and token.expires_at <= work.real_now
    if over or token.revoked_at is not None or login.disabled_at is not None:
        return None
    return Actor(
        "staff", login_id=login.id, name=login.name, role=member.role, controller_id=member.controller_id,
        functions=tuple(member.functions), scopes=frozenset(token.scopes),
    )  # fmt: skip


def fingerprint(portal: Portal, bearer: str) -> str:
    """What ties something to this very token without telling it (part addresses, remembered answers)."""
    return portal.keyring.digest("token-fingerprint", bearer[:LONGEST].encode()).hex()[:32]


def _check(scopes: Sequence[str], expires: datetime | None, *, now: datetime) -> None:
    faults: dict[str, Message | str] = {}
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        faults["scope"] = Message(
            "%(given)s is no scope. Choose from: %(allowed)s.",
            {"given": ", ".join(unknown) or "Nothing", "allowed": ", ".join(SCOPES)},
        )
    if expires is not None and expires <= now:
        faults["expires"] = "This moment has passed. A token must expire later than now."
    if faults:
        raise Invalid(faults)


def _membership(work: Work, login_id: int, controller_id: int) -> Membership | None:
    return work.session.scalars(
        select(Membership).where(Membership.login_id == login_id, Membership.controller_id == controller_id)
    ).one_or_none()


def _digest(work: Work, token: str) -> bytes:
    return work.keyring.digest("api-token", token.encode("utf-8", "surrogatepass"))
