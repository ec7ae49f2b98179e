"""The files of a case as its pages list them: what, since when, until when, and what became of each (LAW 6)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.permissions import can
from app.models.cases import Case
from app.models.evidence import Evidence
from app.models.people import Login
from app.queries.reading import facts_of, load
from app.work import Work


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One file. `name` and `note` are empty when they are gone; `author` is staff who took it in, for staff only."""

    id: str
    purpose: str
    state: str
    kind: str
    name: str
    size: int
    sha256: str
    author: str
    uploaded_at: datetime
    scan: str
    finding: str
    note: str
    destroy_by: date
    destroyed_at: datetime | None
    how: str | None
    form: str | None = None  # whose signed form it is, where one is waited for

    @property
    def openable(self) -> bool:
        return self.state == "ready"


def files_of(work: Work, reference: str) -> tuple[EvidenceRow, ...]:
    """In the order in which they came; NotFound for who may not see the case."""
    return files_in(work, load(work, reference, lock=False))


def files_in(work: Work, case: Case) -> tuple[EvidenceRow, ...]:
    """The same of a case that was read already."""
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    rows = work.session.execute(
        select(Evidence, Login.name)
        .outerjoin(Login, Login.id == Evidence.login_id)
        .where(Evidence.case_id == case.id)
        .order_by(Evidence.id)
    ).all()
    staff = work.actor.kind == "staff"
    return tuple(_row(work, case, one, (author or "") if staff else "", staff=staff) for one, author in rows)


def notes_of(work: Work, reference: str) -> str:
    """What staff saw in the proof of identity, as the beginning of the note on which its acceptance rests."""
    return "\n".join(row.note for row in files_of(work, reference) if row.note and row.purpose == "identity")


def _row(work: Work, case: Case, one: Evidence, author: str, *, staff: bool) -> EvidenceRow:
    def opened(sealed: bytes | None, place: str) -> str:
        if sealed is None or case.data_key is None:
            return ""
        return str(work.unseal_for(case, sealed, place=f"evidence/{one.public_id}/{place}"))

    return EvidenceRow(
        id=one.public_id,
        purpose=one.purpose,
        state=one.state,
        kind=one.kind,
        name=opened(one.name, "name"),
        size=one.size,
        sha256=one.sha256,
        author=author,
        uploaded_at=one.uploaded_at,
        scan=one.scan,
        finding=(one.finding or "") if staff else "",
        note=opened(one.note, "note") if staff else "",
        destroy_by=one.destroy_by,
        destroyed_at=one.destroyed_at,
        how=one.how,
        form=one.form if staff else None,
    )
