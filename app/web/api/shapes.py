"""The shapes of the API's bodies and answers: what is read is checked against them, what is given is made of them."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.ladder import LADDER
from app.domain.letters import KINDS as LETTER_KINDS
from app.domain.lifecycle import OUTCOMES, STATUSES

CAPACITIES = ("self", "guardian", "agent", "customer")
LATENESS = ("overdue", "due_soon", "on_time")
CLOCK_STATES = ("not_started", "running", "paused", "stopped")
RUN_STATES = ("queued", "running", "done", "failed", "skipped")
PACKAGE_STATES = ("preparing", "ready", "released", "expired")
DECISIONS = ("include", "withhold")


class Shape(BaseModel):
    """Exact: an unknown key is a mistake, and a number is no text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def one_of(*words: str | None) -> Any:
    """Documents the words that the domain allows; the domain itself says which one is wrong, in the reader's words."""
    return Field(json_schema_extra={"enum": list(words)})


Word = Annotated[str, StringConstraints(max_length=60)]
Line = Annotated[str, StringConstraints(max_length=2000)]
Passage = Annotated[str, StringConstraints(max_length=20_000)]


class FiledAnswer(Shape):
    """One submission, one case per right, in the order asked."""

    submission: str
    cases: list[str]


class StepAnswer(Shape):
    """One step of the counting, with the article that asks for it."""

    date: date
    rule: str
    why: str


class ClockAnswer(Shape):
    """The clock: a paused one has no due date, only an earliest one."""

    state: Annotated[str, one_of(*CLOCK_STATES)]
    due: date | None
    earliest_due: date | None
    statutory_due: date | None
    promised_due: date | None
    base_due: Annotated[date | None, Field(description="The last day for an extension notice or a refusal.")]
    steps: list[StepAnswer]


class IdentityAnswer(Shape):
    """One identity of the person and how it was proven; the value itself is not told."""

    kind: str
    proven_by: str | None


class ProofAnswer(Shape):
    """Where the case stands on the ladder of proof: what is asked for next, what was shown, what is closed."""

    asked: Annotated[str | None, one_of(*LADDER, None)]
    shown: list[str]
    closed: list[str]


class RunAnswer(Shape):
    """One connection working for the case."""

    connection: str
    state: Annotated[str, one_of(*RUN_STATES)]
    found: int
    error: str | None


class CollectionAnswer(Shape):
    """What one collection gave."""

    connection: str
    collection: str
    rows: int
    categories: list[str]


class PackageAnswer(Shape):
    """A package of the case."""

    id: str
    state: Annotated[str, one_of(*PACKAGE_STATES)]
    bytes: int
    sha256: str | None
    released_at: datetime | None
    expires_at: datetime | None


class LetterAnswer(Shape):
    """A letter to the person; the hashes are those of its PDF and of its mail, as they were sent."""

    id: str
    kind: Annotated[str, one_of(*LETTER_KINDS)]
    title: str
    sent_at: datetime | None
    sha256: str | None
    mail_sha256: str | None


class RepresentationAnswer(Shape):
    """Who acts for the person: until when, and whether they still do. `answer_to`: who gets the answer now."""

    kind: Annotated[str, one_of("guardian", "agent")]
    stands: bool
    ends_on: date | None
    cosigned: bool
    accepted: bool
    answer_to: Annotated[str, one_of("subject", "representative")]


class CaseAnswer(Shape):
    """One case. `moves` are those that the caller may make now; `version` is the ETag."""

    reference: str
    submission: str
    controller: str
    right: str
    status: Annotated[str, one_of(*STATUSES)]
    outcome: Annotated[str | None, one_of(*OUTCOMES, None)]
    lateness: Annotated[str | None, one_of(*LATENESS, None)]
    received_at: datetime
    clock: ClockAnswer
    identities: list[IdentityAnswer]
    proof: ProofAnswer
    capacity: Annotated[str, one_of(*CAPACITIES)]
    representation: RepresentationAnswer | None
    assignee: str | None
    moves: list[str]
    runs: list[RunAnswer]
    collections: list[CollectionAnswer]
    packages: list[PackageAnswer]
    letters: list[LetterAnswer]
    new_message: bool
    version: int


class CaseRow(Shape):
    """One case in the queue."""

    reference: str
    submission: str
    right: str
    status: Annotated[str, one_of(*STATUSES)]
    outcome: Annotated[str | None, one_of(*OUTCOMES, None)]
    lateness: Annotated[str | None, one_of(*LATENESS, None)]
    received_at: datetime
    due: date | None
    assignee: str | None
    new_message: bool
    version: int


class CasesAnswer(Shape):
    """A page of the queue; `next` is the cursor of the following page, null on the last."""

    cases: list[CaseRow]
    next: str | None


class TrailRow(Shape):
    """One entry of the trail."""

    number: int
    at: datetime
    event: str
    text: str
    actor: str
    facts: dict[str, Any]
    hash: str


class TrailAnswer(Shape):
    """What happened to the case, in order."""

    entries: list[TrailRow]


class ItemRow(Shape):
    """One found record: which one it is and what was decided, not what stands in it."""

    id: str
    connection: str
    collection: str
    row: int
    categories: list[str]
    decision: Annotated[str, one_of(*DECISIONS)]
    ground: str | None
    reason: str | None


class ItemsAnswer(Shape):
    """A page of found records."""

    items: list[ItemRow]
    next: str | None


ItemIds = Annotated[list[Word], Field(min_length=1, max_length=500, description="Ids of found records.")]


class WithholdBody(Shape):
    """Records that are left out of the package, and why (Art. 15(4))."""

    items: ItemIds
    ground: Word
    reason: Line


class IncludeBody(Shape):
    """Records that go into the package after all."""

    items: ItemIds


class DecidedAnswer(Shape):
    """The case after the decision: its new version, and how many records the decision was for."""

    reference: str
    decided: int
    version: int


class MessageBody(Shape):
    """What staff tell the person."""

    body: Annotated[Passage, Field(json_schema_extra={"minLength": 1, "maxLength": 4000})]


class MessageRow(Shape):
    """One message of staff or person about the case."""

    id: str
    direction: Annotated[str, one_of("to_person", "from_person")]
    kind: str
    body: str
    author: str | None
    written_at: datetime


class MessagesAnswer(Shape):
    """What staff and person wrote to each other, in order."""

    messages: list[MessageRow]


class WrittenAnswer(Shape):
    """The message that was written."""

    id: str


class PartAnswer(Shape):
    """One file of a package. The address works only together with the token that asked for it, and not for long."""

    url: str
    name: str
    bytes: int
    sha256: str


class OpenedAnswer(Shape):
    """The parts of an opened package."""

    package: str
    parts: list[PartAnswer]
    expires_at: datetime


class FieldFault(Shape):
    """One wrong field: where (JSON Pointer) and how to mend it."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    request: str
    errors: list[FieldFault] | None = None
    allowed: list[str] | None = None
