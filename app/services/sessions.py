"""Browser sessions (Art. 32 GDPR): authority lives in a row that can be ended; the browser holds only its opaque id.

All on the real clock: a rehearsal that shifts business time neither prolongs nor ends a session. Only the hash of an id
is stored, and every rise of authority gives a new id: an id seen before signing in is worth nothing afterwards.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

from sqlalchemy import ColumnElement, Row, bindparam, delete, exists, select, update

from app.models.people import BrowserSession, Login, Membership
from app.work import Work

# `full` is staff with both factors and nothing else opens the desk; `own` is a person's own sign-in, which never does,
# whatever its login may do elsewhere. `password` and `own_first` wait for what is still to be shown.
Stage = Literal["password", "full", "person", "own_first", "own"]
_WHOLE: Final = ("full", "own")

SESSIONS_PER_LOGIN = 10
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives without a sign of life, and at most."""

    idle: timedelta
    absolute: timedelta


PERSON = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
PASSWORD = Limits(idle=timedelta(minutes=10), absolute=timedelta(minutes=10))
STAFF = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=10))
ADMIN = Limits(idle=timedelta(minutes=15), absolute=timedelta(hours=8))


# So long after the second factor was shown, what cannot be taken back is done without asking for it again.
PROOF_LASTS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Place:
    """From where a session is held, in words by which its owner knows it again and nobody is followed about."""

    device: str
    network: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """A live session. `login_id` is None for a person, who is let into `references`; `proved`: the second factor was
    shown a short while ago."""

    login_id: int | None
    stage: Stage
    references: tuple[str, ...]
    touch_due: bool
    proved: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of a login's own sessions, as its owner sees it; `key` names it and opens nothing."""

    key: str
    place: Place | None
    since: datetime
    seen: datetime
    here: bool


def start(
    work: Work,
    *,
    login_id: int | None = None,
    stage: Stage,
    references: Sequence[str] = (),
    replaces: str | None = None,
    place: Place | None = None,
    keeps: bool = False,
    proved: bool | None = None,
) -> str:
    """A new session; its opaque id is returned once. `replaces` is the id that this browser held until now: it dies;
    `keeps`: the cases that it was let into stay open; `proved`: whether more than a password was shown just now, as
    whoever is wholly in has, where nothing else is said."""
    if replaces is not None:
        old = _row(work, replaces) if keeps else None
        references = [*references, *(old.references if old is not None else ())]
        end(work, replaces)
    token = secrets.token_urlsafe(32)
    limits = _limits(stage, admin=login_id is not None and _is_admin(work, login_id))
    work.session.add(
        BrowserSession(
            id_hash=_hashed(token),
            login_id=login_id,
            stage=stage,
            references=list(references),
            started_at=work.real_now,
            last_seen_at=work.real_now,
            expires_at=work.real_now + limits.absolute,
            proved_at=work.real_now if (stage in _WHOLE if proved is None else proved) else None,
            device=place.device if place is not None else None,
            network=place.network if place is not None else None,
        )
    )
    work.flush()
    if login_id is not None:
        _drop_surplus(work, login_id, newest=_hashed(token))
    return token


def find(work: Work, token: str) -> SessionView | None:
    """The live session of that id; None when there is none, it ran out, or its login was disabled."""
    row = _row(work, token)
    if row is None:
        return None
    return SessionView(
        login_id=row.login_id,
        stage=cast(Stage, row.stage),
        references=tuple(row.references),
        touch_due=work.real_now - row.last_seen_at >= TOUCH_EVERY,
        proved=row.proved_at is not None and work.real_now < row.proved_at + PROOF_LASTS,
    )


def touch(work: Work, token: str) -> None:
    """A sign of life; written at most once a minute."""
    work.session.execute(
        update(BrowserSession)
        .where(BrowserSession.id_hash == _hashed(token), BrowserSession.last_seen_at <= work.real_now - TOUCH_EVERY)
        .values(last_seen_at=work.real_now)
    )


def grant(work: Work, token: str | None, *references: str) -> str:
    """Let this browser into more cases; the new id is returned, the old one dies. The absolute limit stays."""
    old = _row(work, token) if token is not None else None
    if old is None:
        return start(work, stage="person", references=references, replaces=token)
    fresh = secrets.token_urlsafe(32)
    work.session.execute(
        update(BrowserSession)
        .where(BrowserSession.id_hash == old.id_hash)
        .values(
            id_hash=_hashed(fresh),
            references=[*(known for known in old.references if known not in references), *references],
            last_seen_at=work.real_now,
        )
    )
    return fresh


def prove(work: Work, token: str) -> str:
    """The second factor was shown again: a new id, and whoever else held the old one is out. The limits stay."""
    fresh = secrets.token_urlsafe(32)
    work.session.execute(
        update(BrowserSession)
        .where(BrowserSession.id_hash == _hashed(token), BrowserSession.stage.in_(_WHOLE))
        .values(id_hash=_hashed(fresh), proved_at=work.real_now, last_seen_at=work.real_now)
    )
    return fresh


def of_login(work: Work, login_id: int, token: str) -> tuple[SessionRow, ...]:
    """Where the login is signed in now, the one that asks first, then the latest seen."""
    rows = work.session.scalars(
        select(BrowserSession).where(
            BrowserSession.login_id == login_id,
            BrowserSession.stage.in_(_WHOLE),
            BrowserSession.expires_at > work.real_now,
        )
    )
    admin, mine = _is_admin(work, login_id), _hashed(token)
    live = [
        SessionRow(
            key=_key_of(row.id_hash),
            place=Place(row.device, row.network or "") if row.device is not None else None,
            since=row.started_at,
            seen=row.last_seen_at,
            here=row.id_hash == mine,
        )
        for row in rows
        if work.real_now < row.last_seen_at + _limits(row.stage, admin=admin).idle
    ]
    return tuple(sorted(live, key=lambda row: (not row.here, -row.seen.timestamp(), row.key)))


def end_one(work: Work, login_id: int, key: str) -> bool:
    """End one of the login's own sessions by its key; False when there is none (any more)."""
    rows = work.session.scalars(select(BrowserSession.id_hash).where(BrowserSession.login_id == login_id)).all()
    named = [id_hash for id_hash in rows if _key_of(id_hash) == key]
    work.session.execute(delete(BrowserSession).where(BrowserSession.id_hash.in_(named)))
    return bool(named)


def place_of(work: Work, login_id: int, key: str) -> Place | None:
    """From where the session of that key is held, while it lives."""
    rows = work.session.scalars(
        select(BrowserSession).where(BrowserSession.login_id == login_id, BrowserSession.device.is_not(None))
    )
    return next((Place(row.device or "", row.network or "") for row in rows if _key_of(row.id_hash) == key), None)


def key_of(token: str) -> str:
    """What names the session of that id to its owner, and opens nothing."""
    return _key_of(_hashed(token))


def _key_of(id_hash: bytes) -> str:
    return hashlib.sha256(b"name" + id_hash).hexdigest()[:16]


def end(work: Work, token: str) -> None:
    """Sign this browser out."""
    work.session.execute(delete(BrowserSession).where(BrowserSession.id_hash == _hashed(token)))


def end_all(work: Work, login_id: int, *, but: str | None = None, stage: Stage | None = None) -> None:
    """Sign the login out everywhere, except in the browser that holds the id `but`; or only sessions of that stage."""
    kept: ColumnElement[bool] = BrowserSession.id_hash != _hashed(but or "")
    if stage is not None:
        kept &= BrowserSession.stage == stage
    work.session.execute(delete(BrowserSession).where(BrowserSession.login_id == login_id, kept))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _limits(stage: str, *, admin: bool) -> Limits:
    if stage == "full":
        return ADMIN if admin else STAFF
    return PERSON if stage in {"person", "own"} else PASSWORD


def _is_admin(work: Work, login_id: int) -> bool:
    return bool(
        work.session.scalar(select(exists().where(Membership.login_id == login_id, Membership.role == "admin")))
    )


def _row(work: Work, token: str) -> Row[Any] | None:
    rows = work.session.standing(_LIVE, id_hash=_hashed(token), now=work.real_now)
    if not rows:
        return None
    row = rows[0]
    limits = _limits(row.stage, admin=row.admin)
    return row if work.real_now < row.last_seen_at + limits.idle else None


# Asked at every request, hence made once.
_LIVE: Final = (
    select(
        BrowserSession.id_hash,
        BrowserSession.login_id,
        BrowserSession.stage,
        BrowserSession.references,
        BrowserSession.last_seen_at,
        BrowserSession.proved_at,
        exists().where(Membership.login_id == BrowserSession.login_id, Membership.role == "admin").label("admin"),
    )
    .outerjoin(Login, Login.id == BrowserSession.login_id)
    .where(
        BrowserSession.id_hash == bindparam("id_hash"),
        BrowserSession.expires_at > bindparam("now"),
        Login.disabled_at.is_(None),
    )
)


def _drop_surplus(work: Work, login_id: int, *, newest: bytes) -> None:
    """The oldest go. Of several that began at one moment any may, but never the one that was just begun."""
    surplus = work.session.scalars(
        select(BrowserSession.id_hash)
        .where(BrowserSession.login_id == login_id, BrowserSession.id_hash != newest)
        .order_by(BrowserSession.started_at.desc(), BrowserSession.last_seen_at.desc(), BrowserSession.id_hash)
        .offset(SESSIONS_PER_LOGIN - 1)
    ).all()
    if surplus:
        work.session.execute(delete(BrowserSession).where(BrowserSession.id_hash.in_(surplus)))
