"""A case as screens and API show it; everything judged (lateness, possible moves) is computed here and stored
nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.deadlines import Clock, Lateness, lateness
from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.letters import title_of
from app.domain.lifecycle import PACKAGED, Move
from app.domain.messages import Message
from app.domain.permissions import CaseFacts, can
from app.domain.policy import Text
from app.domain.questions import Given, Told
from app.domain.rights_forms import form_of
from app.models.cases import Case
from app.models.people import Login
from app.queries import representation
from app.queries.conversation import unread
from app.queries.findings import (
    CollectionRow,
    GivenUpRow,
    PackageRow,
    RunRow,
    collections,
    given_up,
    packages,
    runs,
)  # fmt: skip
from app.queries.history import EventRow, events
from app.queries.policies import Policy, pinned, policy_of
from app.queries.reading import Sister, Whole, facts_of, moves_for, reckoned, whole
from app.queries.representation import ANSWERED, ANSWERS, Represented
from app.queries.sight import kept_from
from app.work import Work


@dataclass(frozen=True, slots=True)
class IdentityRow:
    kind: str
    value: str
    proven_by: str | None


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
    capacity: str = "self"

    @property
    def title(self) -> Message:
        return title_of(self.kind, self.capacity)


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
    it; `kept_from`: the functions of staff that look after what was found and this reader does not see;
    `new_message`: the person wrote, and nobody of staff did anything since; `moves`: those that this reader may
    make now; `packaged`: systems are searched for it, and a package answers it."""

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
    capacity: str
    represented: Represented | None
    under: int | None
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
    kept_from: tuple[str, ...]
    packages: tuple[PackageRow, ...]
    letters: tuple[LetterRow, ...]
    events: tuple[EventRow, ...]
    given_up: tuple[GivenUpRow, ...]
    moves: tuple[Move, ...]
    packaged: bool
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
        outcome=_outcome(work, found),
        lateness=lateness(clock.due, clock.state, today(work, policy), due_at=clock.due_at, now=work.now),
        received_at=case.received_at,
        clock=clock,
        language=case.language,
        channel=case.channel,
        capacity=case.capacity,
        represented=representation.of_case(work, case),
        under=personal.get("under"),
        name=personal["name"],
        identities=_identities(work, found),
        details=personal["details"],
        grounds=grounds,
        asked=form_of(case.right, policy.regime, policy.file).told(Given(personal["details"], grounds)),
        sisters=_sisters(work, found),
        assignee=assignee.name if assignee else None,
        assignee_email=assignee.email if assignee else None,
        # How the work goes inside is the desk's business; the person's page does not ask for it.
        runs=() if work.actor.kind == "person" else runs(work, case, policy),
        collections=() if work.actor.kind == "person" else collections(work, case, policy),
        kept_from=() if work.actor.kind == "person" else kept_from(work, case, policy),
        # Nothing reaches the person before the case was closed once, so there is nothing to ask for.
        packages=() if not _may_have(work, found) else packages(work, case),
        letters=_letters(work, found),
        events=events(work, found.trail),
        given_up=() if work.actor.kind == "person" else given_up(work, case),
        moves=tuple(move for move in moves_for(work, case) if move.page != "system"),
        packaged=case.right in PACKAGED and bool(policy.file.connections),
        policy_version=policy.version_id,
        regime_version=case.regime_version,
        new_message=work.actor.kind != "person" and unread(found),
        version=case.version,
    )


def _may_have(work: Work, found: Whole) -> bool:
    """Whether this reader sees packages: staff; the person once there can be any, and only who gets the answer."""
    if work.actor.kind != "person":
        return True
    return _was_closed(found) and representation.receives(work, found.case)


def _outcome(work: Work, found: Whole) -> str | None:
    """How it ended; not for who acts for somebody else, where that is the answer and goes to the person alone."""
    answered = found.case.outcome in ANSWERED
    return None if answered and not representation.receives(work, found.case) else found.case.outcome


def together(work: Work, reference: str) -> tuple[str, ...]:
    """The references of all that was asked for together with this one, itself among them, in the order asked."""
    submission = select(Case.submission).where(Case.reference == read_reference(reference)).scalar_subquery()
    return tuple(work.session.scalars(select(Case.reference).where(Case.submission == submission).order_by(Case.id)))


def _letters(work: Work, found: Whole) -> tuple[LetterRow, ...]:
    rows = []
    hidden = frozenset() if representation.receives(work, found.case) else ANSWERS
    for one in found.letters:
        if one.kind in hidden:
            continue
        made = work.unseal_for(found.case, one.sealed, place="letter") if one.sealed and one.mail_sha256 else {}
        rows.append(LetterRow(*one[:-1], words=made.get("mail", {}).get("text"), capacity=found.case.capacity))
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


def _identities(work: Work, found: Whole) -> tuple[IdentityRow, ...]:
    return tuple(
        IdentityRow(
            one.kind, work.unseal_for(found.case, one.sealed, place=f"identity/{one.kind}"), proven_by=one.proven_by
        )
        for one in found.identities
    )
