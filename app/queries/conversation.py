"""What staff and person wrote to each other about a request, in order (Art. 12(1), 12(2))."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.events import WRITES
from app.domain.permissions import can
from app.models.people import Login
from app.queries.reading import Whole, facts_of, whole
from app.work import Work


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message; `author` is the member of staff, whom the person's page does not name."""

    id: str
    direction: str
    kind: str
    body: str
    author: str
    written_at: datetime


def thread(work: Work, reference: str) -> tuple[MessageRow, ...]:
    """All messages of a case; NotFound for who may not see it. With the case's key their words are gone too."""
    return thread_in(work, whole(work, reference))


def thread_in(work: Work, found: Whole) -> tuple[MessageRow, ...]:
    """The same of a case that was read already."""
    if not can(work.actor, "case:view", facts_of(found.case)):
        raise NotFound
    if found.case.data_key is None:
        return ()
    names = {} if work.actor.kind == "person" else _names(work, {one.login_id for one in found.messages} - {None})
    return tuple(
        MessageRow(
            id=one.public_id,
            direction=one.direction,
            kind=one.kind,
            body=work.unseal_for(found.case, one.sealed, place=f"message/{one.public_id}"),
            author=names.get(one.login_id, ""),
            written_at=one.written_at,
        )
        for one in found.messages
    )


def unread(found: Whole) -> bool:
    """Whether the person wrote and nobody of staff has done anything with the case since."""
    new = False
    for row in found.trail:
        if row.actor_kind == "staff":
            new = False
        elif row.actor_kind == "person" and row.event in WRITES:
            new = True
    return new


def _names(work: Work, ids: AbstractSet[int | None]) -> dict[int | None, str]:
    if not ids:
        return {}
    found = work.session.execute(select(Login.id, Login.name).where(Login.id.in_(ids))).all()
    return {row.id: row.name for row in found}
