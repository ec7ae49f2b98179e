"""What staff and person wrote to each other about a request, in order (Art. 12(1), 12(2))."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.permissions import can
from app.models.cases import Case, Message
from app.models.people import Login
from app.queries.reading import facts_of
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
    rows = work.session.execute(
        select(Case, Message, Login.name)
        .outerjoin(Message, Message.case_id == Case.id)
        .outerjoin(Login, Login.id == Message.login_id)
        .where(Case.reference == read_reference(reference))
        .order_by(Message.id)
    ).all()
    found: list[tuple[Any, ...]] = [tuple(row) for row in rows]  # the types do not know of outer joins
    if not rows or not can(work.actor, "case:view", facts_of(rows[0][0])):
        raise NotFound
    case: Case = rows[0][0]
    if case.data_key is None:
        return ()
    named = work.actor.kind != "person"
    return tuple(
        MessageRow(
            id=row.public_id,
            direction=row.direction,
            kind=row.kind,
            body=work.unseal_for(case, row.body, place=f"message/{row.public_id}"),
            author=(name or "") if named else "",
            written_at=row.written_at,
        )
        for _, row, name in found
        if row is not None
    )
