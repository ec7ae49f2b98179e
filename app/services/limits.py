"""Named counters against guessing and flooding (Art. 32 GDPR): so many tries in a window of real time, then a pause.

A counter is keyed by a digest: the table tells nobody's address or e-mail. Each hit is a transaction of its own, as
a try must be counted even though the use case around it fails; so call it before, never inside, an open `Work`.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.errors import TooMany
from app.domain.messages import Message
from app.models.people import Rate
from app.portal import Portal

_REASON = "limits guard the portal as a whole, before a controller is known"


def hit(portal: Portal, name: str, key: str, *, limit: int, seconds: int) -> int:
    """Count one try of `name` for `key`; TooMany when it is more than `limit` in the window. Gives how many so far."""
    with portal.unscoped(_REASON) as work:
        count, ends_at = _counted(work.session, _digest(portal, name, key), work.real_now, seconds)
        now = work.real_now
    if count > limit:
        raise _too_many(ends_at - now)
    return count


def within(portal: Portal, name: str, key: str, *, limit: int, seconds: int) -> bool:
    """The same for what is left out without a word when there was enough of it."""
    try:
        hit(portal, name, key, limit=limit, seconds=seconds)
    except TooMany:
        return False
    return True


def peek(portal: Portal, name: str, key: str) -> int:
    """How many tries the running window has seen."""
    with portal.unscoped(_REASON, reads_only=True) as work:
        row = work.session.scalars(select(Rate).where(Rate.key == _digest(portal, name, key))).one_or_none()
        return row.count if row is not None and row.window_ends_at > work.real_now else 0


def clear(portal: Portal, name: str, key: str) -> None:
    """Forget the tries: the one who made them has shown who they are."""
    with portal.unscoped(_REASON) as work:
        work.session.execute(delete(Rate).where(Rate.key == _digest(portal, name, key)))


def _digest(portal: Portal, name: str, key: str) -> bytes:
    return portal.keyring.digest(f"rate/{name}", key.encode())


def _counted(session: Session, key: bytes, now: datetime, seconds: int) -> tuple[int, datetime]:
    """One statement, so that two tries at once are two."""
    fresh = {"key": key, "window_ends_at": now + timedelta(seconds=seconds), "count": 1}
    over = Rate.window_ends_at <= now
    changes: dict[str, Any] = {
        "count": case((over, 1), else_=Rate.count + 1),
        "window_ends_at": case((over, fresh["window_ends_at"]), else_=Rate.window_ends_at),
    }
    if session.get_bind().dialect.name == "postgresql":
        statement: Any = postgresql.insert(Rate)
    else:
        statement = sqlite.insert(Rate)
    upsert = statement.values(fresh).on_conflict_do_update(index_elements=["key"], set_=changes)
    count, ends_at = session.execute(upsert.returning(Rate.count, Rate.window_ends_at)).one()
    return count, ends_at


def _too_many(wait: timedelta) -> TooMany:
    seconds = max(1, ceil(wait.total_seconds()))
    minutes = ceil(seconds / 60)
    if minutes <= 1:
        return TooMany(Message("That was tried too often. Try again in a minute."), retry_after=seconds)
    one = "That was tried too often. Try again in %(count)s minute."
    many = "That was tried too often. Try again in %(count)s minutes."
    return TooMany(Message(one, {"count": minutes}, many), retry_after=seconds)
