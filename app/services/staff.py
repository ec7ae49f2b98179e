"""Members of staff: how they are invited, get a password and a second factor, and act where (Art. 32 GDPR).

What happens to a login stands in the trail of every controller it works for, in the chain `login:<id>`, with no
personal data.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from app.domain.errors import Invalid, NotFound
from app.domain.identity import NAME_LENGTH, read_email, text_fault, tidy
from app.domain.messages import Message
from app.domain.permissions import Actor, ActorKind
from app.models.controllers import Controller
from app.models.people import ROLES, Login, Membership, Passkey, RecoveryCode
from app.portal import Portal
from app.services import passwords, second_factor, sessions
from app.work import Work

LONGEST_EMAIL: Final = 254
INVITATION_LASTS: Final = timedelta(hours=72)
# Names that are reserved for examples (RFC 2606): nobody real can have an address there.
_MADE_UP: Final = (".example", "@example.com", "@example.org", "@example.net")
_GONE: Final = Message("This invitation has been used, or is older than 72 hours. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited. `token` opens the invitation page, once; None when they can sign in already."""

    login_id: int
    token: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the invitation page shows."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoCode:
    """What the app of a made-up member of staff shows now."""

    name: str
    email: str
    roles: tuple[tuple[str, str], ...]
    code: str
    seconds_left: int


def invite(work: Work, *, email: str, role: str, functions: Sequence[str] = (), name: str = "") -> Invited:
    """Make somebody a member of staff of the controller at hand, or change what they do there. May raise Invalid."""
    address = _checked(email, role)
    login = work.session.scalars(select(Login).where(Login.email == address)).one_or_none()
    if login is None:
        login = Login(email=address, name=tidy(name) or address.partition("@")[0], created_at=work.real_now)
        work.session.add(login)
        work.flush()
    elif not works_here(work, login.id):
        _begin_anew(work, login)
    _join(work, login, role=role, functions=functions)
    token = None
    if login.password_hash is None:
        token = secrets.token_urlsafe(32)
        login.invitation_hash = _hashed(token)
        login.invitation_expires_at = work.real_now + INVITATION_LASTS
    work.flush()
    return Invited(login_id=login.id, token=token)


def open_invitation(work: Work, token: str) -> Invitation:
    """Whom an invitation is for; NotFound for a used, an old and a made-up one alike. Looking uses nothing up."""
    login = work.session.scalars(
        select(Login).where(Login.invitation_hash == _hashed(token), Login.invitation_expires_at > work.real_now)
    ).one_or_none()
    if login is None or login.disabled_at is not None:
        raise NotFound(_GONE)
    return Invitation(email=login.email, name=login.name)


def accept(portal: Portal, token: str, *, name: str, password: str, replaces: str | None = None) -> str:
    """Use the invitation up: name and password are set, and the browser's new session waits for the second factor."""
    with portal.unscoped("an invitation is opened before its controller", reads_only=True) as work:
        invitation = open_invitation(work, token)
    name = _checked_name(name)
    passwords.check(password, email=invitation.email, name=name)
    stored = passwords.hashed(portal, password)
    with portal.unscoped("a login belongs to no controller") as work:
        # The condition makes it once, however many press the button at the same moment.
        login_id = work.session.scalar(
            update(Login)
            .where(Login.invitation_hash == _hashed(token), Login.invitation_expires_at > work.real_now)
            .values(name=name, password_hash=stored, invitation_hash=None, invitation_expires_at=None)
            .returning(Login.id)
        )
        if login_id is None:
            raise NotFound(_GONE)
        prepare_second_factor(work, login_id)
        sessions.end_all(work, login_id)
        session = sessions.start(work, login_id=login_id, stage="password", replaces=replaces)
    note(portal, login_id, "login:password_set")
    return session


def prepare_second_factor(work: Work, login_id: int) -> None:
    """Give a login without a confirmed second factor a secret to set up; a confirmed one is left alone."""
    login = work.session.get_one(Login, login_id, populate_existing=True)
    if login.totp_secret is None:
        login.totp_secret = second_factor.new_secret(work.keyring, login_id)
        work.flush()


def set_password(
    portal: Portal, login_id: int, password: str, *, keep: str | None = None, tell: str | None = None
) -> None:
    """Set a new password and sign the login out everywhere, except in the browser that holds the session id `keep`."""
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login = work.session.get_one(Login, login_id)
    passwords.check(password, email=login.email, name=login.name)
    stored = passwords.hashed(portal, password)
    with portal.unscoped("a login belongs to no controller") as work:
        work.session.execute(
            update(Login)
            .where(Login.id == login_id)
            .values(password_hash=stored, invitation_hash=None, invitation_expires_at=None)
        )
        sessions.end_all(work, login_id, but=keep)
    note(portal, login_id, "login:password_set", tell=tell)


def enrol_known(portal: Portal, login_id: int, secret: str) -> None:
    """Give a login a second factor whose secret is known beforehand: for made-up staff and scripts' robots only."""
    with portal.unscoped("a login belongs to no controller") as work:
        login = work.session.get_one(Login, login_id)
        login.totp_secret = second_factor.seal(work.keyring, login_id, secret)
        login.totp_last_step = 0
    note(portal, login_id, "login:enrolled")


def demo_codes(portal: Portal) -> tuple[DemoCode, ...]:
    """The present codes of the made-up staff; NotFound everywhere but in the demo."""
    if not portal.settings.demo:
        raise NotFound
    with portal.unscoped("the demo's staff work for several controllers", reads_only=True) as work:
        rows = work.session.execute(
            select(Login, Membership.role, Controller.name)
            .join(Membership, Membership.login_id == Login.id)
            .join(Controller, Controller.id == Membership.controller_id)
            .where(Login.totp_last_step.is_not(None), Login.disabled_at.is_(None))
            .order_by(func.lower(Controller.name), Login.email)
        ).all()
    logins = {login.id: login for login, _, _ in rows if login.email.endswith(_MADE_UP)}
    return tuple(
        DemoCode(
            name=login.name,
            email=login.email,
            roles=tuple((role, controller) for other, role, controller in rows if other.id == login.id),
            code=second_factor.current_code(portal.keyring, login, at=work.real_now),
            seconds_left=second_factor.SECONDS - int(work.real_now.timestamp()) % second_factor.SECONDS,
        )
        for login in logins.values()
    )


def member(work: Work, login_id: int, slug: str) -> Actor | None:
    """The login as it acts at that controller; None when it does not work there (or there is no such controller)."""
    if not slug.isprintable():  # PostgreSQL refuses to compare with some of these
        return None
    found = work.session.execute(
        select(Login, Membership)
        .join(Membership, Membership.login_id == Login.id)
        .join(Controller, Controller.id == Membership.controller_id)
        .where(Login.id == login_id, Controller.slug == slug, Login.disabled_at.is_(None))
    ).one_or_none()
    return _actor(*found) if found is not None else None


def works_here(work: Work, login_id: int) -> bool:
    """Whether the login is of staff at all, wherever."""
    memberships = select(Membership.id).where(Membership.login_id == login_id).limit(1)
    return work.session.scalars(memberships).first() is not None


def _begin_anew(work: Work, login: Login) -> None:
    """Somebody had a sign-in of their own under this address before: whoever that was, what opened that one must not
    open the desk. Only the invitation does."""
    for table in (Passkey, RecoveryCode):
        work.session.execute(delete(table).where(table.login_id == login.id))
    sessions.end_all(work, login.id)
    login.password_hash = login.totp_secret = login.totp_last_step = None
    login.own_since = login.address_proven_at = None


def member_by_email(work: Work, email: str, slug: str) -> Actor | None:
    """As `member`, for the command line, which names staff by their address."""
    login_id = work.session.scalar(select(Login.id).where(Login.email == comparable(email)))
    return member(work, login_id, slug) if login_id is not None else None


def comparable(email: str) -> str:
    """The form in which addresses of staff are stored and looked up; what no address can be becomes nobody's."""
    folded = email.strip().casefold()
    return folded if folded.isprintable() and len(folded) <= LONGEST_EMAIL else ""


def note(
    portal: Portal, login_id: int, event: str, facts: dict[str, Any] | None = None, *, tell: str | None = None,
    session: str = "",
) -> None:  # fmt: skip
    """Write what happened to a login into the trail of every controller that it works for. `tell` also mails a notice
    of that name to its owner (services/notices), once; `session` is the key of the one that it is about."""
    with portal.unscoped("a login may work for several controllers", reads_only=True) as work:
        controllers = work.session.scalars(
            select(Membership.controller_id).where(Membership.login_id == login_id).order_by(Membership.controller_id)
        ).all()
        kind: ActorKind = "staff" if controllers else "person"
        # A person's own sign-in is the portal's affair: it is written down with the organisation that runs it.
        controllers = controllers or work.session.scalars(select(func.min(Controller.id))).all()
    for controller_id in filter(None, controllers):
        with portal.work(Actor(kind, login_id=login_id, controller_id=controller_id), controller_id) as work:
            work.audit(event, chain=f"login:{login_id}", facts={"login": login_id, **(facts or {})})
            if tell is not None and controller_id == controllers[0]:
                work.enqueue("login_mail", login=login_id, notice=tell, session=session)


def _actor(login: Login, membership: Membership) -> Actor:
    return Actor(
        "staff",
        login_id=login.id,
        name=login.name,
        role=membership.role,
        controller_id=membership.controller_id,
        functions=tuple(membership.functions),
    )


def _checked(email: str, role: str) -> str:
    faults: dict[str, Message | str] = {}
    address, fault = read_email(email.strip())
    if fault is not None:
        faults["email"] = fault
    if role not in ROLES:
        text = "%(given)s is no role. Choose from: %(allowed)s."
        faults["role"] = Message(text, {"given": role, "allowed": ", ".join(ROLES)})
    if faults or address is None:
        raise Invalid(faults)
    return comparable(address)


def _checked_name(name: str) -> str:
    tidied = tidy(name)
    fault = text_fault(tidied, max_length=NAME_LENGTH) if tidied else Message("Enter your name.")
    if fault is not None:
        raise Invalid({"name": fault})
    return tidied


def _join(work: Work, login: Login, *, role: str, functions: Sequence[str]) -> None:
    wanted = sorted(set(functions))
    row = work.session.scalars(
        select(Membership).where(Membership.login_id == login.id, Membership.controller_id == work.controller_id)
    ).one_or_none()
    if row is not None and (row.role, sorted(row.functions)) == (role, wanted):
        return
    event = "membership:added" if row is None else "membership:changed"
    if row is None:
        row = Membership(login_id=login.id, controller_id=work.controller_id, created_at=work.real_now)
        work.session.add(row)
    row.role, row.functions = role, wanted
    work.audit(event, chain=f"login:{login.id}", facts={"login": login.id, "role": role, "functions": wanted})


def _hashed(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
