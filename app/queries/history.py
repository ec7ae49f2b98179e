"""What happened with a case, from its trail: the timeline of its pages, and the audit trail whole (Art. 5(2))."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.events import sentence
from app.domain.messages import Message
from app.domain.permissions import can
from app.models.cases import Case
from app.models.ledger import TrailEntry
from app.models.people import Login
from app.queries.reading import Happened, facts_of, load
from app.work import Work

_PERSON: Final = Message("the person")
_KINDS: Final[Mapping[str, Message | str]] = {
    "system": "Habeas",
    "person": _PERSON,
    "anonymous": _PERSON,
    "staff": Message("staff"),
}


@dataclass(frozen=True, slots=True)
class EventRow:
    at: datetime
    event: str
    text: Message
    actor: Message | str


def events(work: Work, trail: Iterable[Happened]) -> tuple[EventRow, ...]:
    """The timeline: for the person only what concerns them, without staff's names."""
    person = work.actor.kind == "person"
    names = {} if person else _actor_names(work, trail)
    shown = []
    for row in trail:
        text = sentence(row.event, person=person)
        if text is not None:
            shown.append(EventRow(row.at, row.event, text, names.get(row.actor_id, "") or _kind_of(row)))
    return tuple(shown)


def _kind_of(row: TrailEntry | Happened) -> Message | str:
    return _KINDS[row.actor_kind]


def _actor_names(work: Work, rows: Iterable[TrailEntry | Happened]) -> dict[int | None, str]:
    """Who the numbers stand for."""
    ids = {row.actor_id for row in rows if row.actor_id is not None}
    if not ids:
        return {}
    found = work.session.execute(select(Login.id, Login.name).where(Login.id.in_(ids))).all()
    return {row.id: row.name for row in found}


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry of the trail, with what it says and what proves it."""

    number: int
    at: datetime
    event: str
    text: Message
    actor: Message | str
    facts: Mapping[str, Any]
    personal: Mapping[str, Any] | None
    hash: str


def trail(work: Work, reference: str) -> tuple[TrailRow, ...]:
    """The case's audit trail; its personal parts are readable as long as the case's key exists."""
    case = load(work, reference, lock=False)
    if not can(work.actor, "case:trail", facts_of(case)):
        raise NotFound
    rows = work.session.scalars(select(TrailEntry).where(TrailEntry.case_id == case.id).order_by(TrailEntry.id)).all()
    names = _actor_names(work, rows)
    return tuple(
        TrailRow(
            number=row.number,
            at=row.at,
            event=row.event,
            text=sentence(row.event) or Message(row.event),
            actor=names.get(row.actor_id, "") or _kind_of(row),
            facts=row.facts,
            personal=_personal(work, case, row),
            hash=row.hash.hex(),
        )
        for row in rows
    )


def _personal(work: Work, case: Case, row: TrailEntry) -> Mapping[str, Any] | None:
    if row.personal is None or case.data_key is None:
        return None
    opened: Mapping[str, Any] = work.unseal_for(case, row.personal, place="trail")
    return opened
