"""A case as screens and API show it; everything judged (lateness, possible moves) is computed here and stored
nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.deadlines import Clock, Lateness, lateness
from app.domain.errors import NotFound
from app.domain.events import sentence
from app.domain.identity import read_reference
from app.domain.letters import title_of
from app.domain.lifecycle import Move
from app.domain.messages import Message
from app.domain.permissions import CaseFacts, can
from app.domain.policy import Text
from app.domain.questions import Given, Told
from app.domain.rights_forms import form_of
from app.models.cases import Case
from app.models.fulfilment import Collected, Package, Run
from app.models.ledger import Job, TrailEntry
from app.models.people import Login
from app.queries.conversation import unread
from app.queries.policies import Policy, pinned, policy_of
from app.queries.reading import Happened, Sister, Whole, facts_of, load, moves_for, reckoned, whole
from app.work import Work

_PERSON: Final = Message("the person")
_KINDS: Final[Mapping[str, Message | str]] = {
    "system": "Habeas",
    "person": _PERSON,
    "anonymous": _PERSON,
    "staff": Message("staff"),
}


@dataclass(frozen=True, slots=True)
class IdentityRow:
    kind: str
    value: str
    proven_by: str | None


@dataclass(frozen=True, slots=True)
class RunRow:
    connection: str
    title: str
    state: str
    found: int
    error: Message | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionRow:
    id: int
    connection: str
    collection: str
    title: str
    rows: int
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageRow:
    id: str
    state: str
    bytes: int
    rows: int
    sha256: str
    files: int
    assembled_at: datetime
    released_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter to the person: what it is called, the hashes of letter and mail as they were sent. `words`: what its
    mail says, as long as it is not printed.
    """

    id: str
    kind: str
    sha256: str | None
    mail_sha256: str | None
    written_at: datetime
    sent_at: datetime | None
    words: str | None = None

    @property
    def title(self) -> Message:
        return title_of(self.kind)


@dataclass(frozen=True, slots=True)
class EventRow:
    at: datetime
    event: str
    text: Message
    actor: Message | str


@dataclass(frozen=True, slots=True)
class GivenUpRow:
    """A job of the case that failed too often, and why the last time."""

    kind: str
    error: str


@dataclass(frozen=True, slots=True)
class SisterRow:
    """A request that was made together with this one."""

    reference: str
    right: str
    right_title: Text
    status: str
    due: date | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case, whole. `asked`: what was answered, question by question; `sisters`: what was asked together with
    it; `new_message`: the person wrote, and nobody of staff did anything since; `moves`: those that this reader may
    make now."""

    reference: str
    submission: str
    controller_slug: str
    controller_name: str
    timezone: str
    right: str
    right_title: Text
    right_article: str
    status: str
    outcome: str | None
    lateness: Lateness | None
    received_at: datetime
    clock: Clock
    language: str
    channel: str
    name: str
    identities: tuple[IdentityRow, ...]
    details: Mapping[str, str]
    grounds: tuple[str, ...]
    asked: tuple[Told, ...]
    sisters: tuple[SisterRow, ...]
    assignee: str | None
    assignee_email: str | None
    runs: tuple[RunRow, ...]
    collections: tuple[CollectionRow, ...]
    packages: tuple[PackageRow, ...]
    letters: tuple[LetterRow, ...]
    events: tuple[EventRow, ...]
    given_up: tuple[GivenUpRow, ...]
    moves: tuple[Move, ...]
    policy_version: int
    regime_version: str
    new_message: bool
    version: int


def view(work: Work, reference: str) -> CaseView:
    """The case for this reader; NotFound when there is none, or none for them."""
    return view_of(work, whole(work, reference))


def view_of(work: Work, found: Whole) -> CaseView:
    """The same of a case that was read already."""
    case = found.case
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    policy = policy_of(work, case)
    controller, right = policy.file.controller, policy.right(case.right)
    clock = reckoned(found.facts, case, policy)
    personal = work.unseal_for(case, case.personal, place="personal")
    grounds = tuple(personal.get("grounds") or ())
    assignee = work.session.get(Login, case.assignee_id) if case.assignee_id else None
    return CaseView(
        reference=case.reference,
        submission=case.submission,
        controller_slug=controller.slug,
        controller_name=controller.name,
        timezone=controller.timezone,
        right=case.right,
        right_title=right.title,
        right_article=right.article,
        status=case.status,
        outcome=case.outcome,
        lateness=lateness(clock.due, clock.state, today(work, policy), due_at=clock.due_at, now=work.now),
        received_at=case.received_at,
        clock=clock,
        language=case.language,
        channel=case.channel,
        name=personal["name"],
        identities=_identities(work, found),
        details=personal["details"],
        grounds=grounds,
        asked=form_of(case.right, policy.regime, policy.file).told(Given(personal["details"], grounds)),
        sisters=_sisters(work, found),
        assignee=assignee.name if assignee else None,
        assignee_email=assignee.email if assignee else None,
        # How the work goes inside is the desk's business; the person's page does not ask for it.
        runs=() if work.actor.kind == "person" else _runs(work, case, policy),
        collections=() if work.actor.kind == "person" else collections(work, case, policy),
        # Nothing reaches the person before the case was closed once, so there is nothing to ask for.
        packages=() if work.actor.kind == "person" and not _was_closed(found) else _packages(work, case),
        letters=_letters(work, found),
        events=_events(work, found.trail),
        given_up=() if work.actor.kind == "person" else _given_up(work, case),
        moves=tuple(move for move in moves_for(work, case) if move.page != "system"),
        policy_version=policy.version_id,
        regime_version=case.regime_version,
        new_message=work.actor.kind != "person" and unread(found),
        version=case.version,
    )


def together(work: Work, reference: str) -> tuple[str, ...]:
    """The references of all that was asked for together with this one, itself among them, in the order asked."""
    submission = select(Case.submission).where(Case.reference == read_reference(reference)).scalar_subquery()
    return tuple(work.session.scalars(select(Case.reference).where(Case.submission == submission).order_by(Case.id)))


def _letters(work: Work, found: Whole) -> tuple[LetterRow, ...]:
    rows = []
    for one in found.letters:
        made = work.unseal_for(found.case, one.sealed, place="letter") if one.sealed and one.mail_sha256 else {}
        rows.append(LetterRow(*one[:-1], words=made.get("mail", {}).get("text")))
    return tuple(rows)


def _sisters(work: Work, found: Whole) -> tuple[SisterRow, ...]:
    """The others of the same submission that this reader may see; the first to be answered first."""
    case = found.case
    return tuple(
        SisterRow(one.reference, one.right, _title(work, one), one.status, one.due_on)
        for one in sorted(found.sisters, key=lambda one: one.due_on or date.max)
        if can(work.actor, "case:view", CaseFacts(one.reference, case.controller_id, one.status))
    )


def _title(work: Work, one: Sister) -> Text:
    return pinned(work, one.policy_version_id, one.regime_version).right(one.right).title


def _was_closed(found: Whole) -> bool:
    return found.case.status == "closed" or any(row.event == "case:reopen" for row in found.trail)


def today(work: Work, policy: Policy) -> date:
    """The controller's own day: at midnight in Bucharest a case falls due there, wherever the server stands."""
    return work.now.astimezone(ZoneInfo(policy.file.controller.timezone)).date()


def _runs(work: Work, case: Case, policy: Policy) -> tuple[RunRow, ...]:
    rows = work.session.scalars(select(Run).where(Run.case_id == case.id).order_by(Run.id))
    return tuple(
        RunRow(
            connection=row.connection,
            title=policy.datasets[row.connection].name,
            state=row.state,
            found=row.found,
            error=Message(row.error["text"], row.error["values"]) if row.error else None,
            left_out=tuple(row.left_out),
        )
        for row in rows
    )


def collections(work: Work, case: Case, policy: Policy) -> tuple[CollectionRow, ...]:
    """What was found, collection by collection."""
    rows = work.session.scalars(select(Collected).where(Collected.case_id == case.id).order_by(Collected.id))
    return tuple(
        CollectionRow(
            id=row.id,
            connection=row.connection,
            collection=row.collection,
            title=policy.datasets[row.connection].collections[row.collection].title,
            rows=row.rows,
            categories=tuple(row.categories),
        )
        for row in rows
    )


def _given_up(work: Work, case: Case) -> tuple[GivenUpRow, ...]:
    rows = work.session.scalars(select(Job).where(Job.case_id == case.id, Job.state == "dead").order_by(Job.id))
    return tuple(GivenUpRow(row.kind, row.error or "") for row in rows)


def _packages(work: Work, case: Case) -> tuple[PackageRow, ...]:
    rows = work.session.scalars(select(Package).where(Package.case_id == case.id).order_by(Package.id))
    shown = [row for row in rows if row.released_at is not None or row.object_name is not None]
    if work.actor.kind == "person":  # what is not released is nobody's business outside
        shown = [row for row in shown if row.released_at is not None]
    return tuple(
        PackageRow(
            id=row.public_id,
            state=_package_state(row, work.now),
            bytes=row.bytes,
            rows=row.rows,
            sha256=row.sha256,
            files=len(row.manifest["files"]),
            assembled_at=row.assembled_at,
            released_at=row.released_at,
            expires_at=row.expires_at,
        )
        for row in shown
    )


def _package_state(row: Package, now: datetime) -> str:
    if row.object_name is None or (row.expires_at is not None and row.expires_at <= now):
        return "expired"
    return "released" if row.released_at is not None else "ready"


def _identities(work: Work, found: Whole) -> tuple[IdentityRow, ...]:
    return tuple(
        IdentityRow(
            one.kind, work.unseal_for(found.case, one.sealed, place=f"identity/{one.kind}"), proven_by=one.proven_by
        )
        for one in found.identities
    )


def _events(work: Work, trail: Iterable[Happened]) -> tuple[EventRow, ...]:
    """The timeline: for the person only what concerns them, without staff's names."""
    person = work.actor.kind == "person"
    names = {} if person else actor_names(work, trail)
    shown = []
    for row in trail:
        text = sentence(row.event, person=person)
        if text is not None:
            shown.append(EventRow(row.at, row.event, text, names.get(row.actor_id, "") or _kind_of(row)))
    return tuple(shown)


def _kind_of(row: TrailEntry | Happened) -> Message | str:
    return _KINDS[row.actor_kind]


def actor_names(work: Work, rows: Iterable[TrailEntry | Happened]) -> dict[int | None, str]:
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
    names = actor_names(work, rows)
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
