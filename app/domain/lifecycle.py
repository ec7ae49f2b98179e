"""Where a case can be and what moves it on: the one table that draws the buttons, guards the verbs and documents
the API.

Status (where it is), outcome (how it ended) and lateness (computed from the clock) are three axes and are never mixed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.messages import Message

STATUSES = (
    "unverified", "proof_needed", "open", "waiting", "in_progress", "in_review", "ready", "cooling_off", "closed",
)  # fmt: skip
OUTCOMES = (
    "granted", "partly_granted", "refused", "withdrawn", "referred", "no_data", "unidentified", "lapsed",
)  # fmt: skip
UNDECIDED = ("open", "in_progress", "in_review", "ready")

FieldKind = Literal["text", "long_text", "choice", "code"]
ChoiceSource = Literal["staff", "refusal_grounds"]
Page = Literal["person", "desk", "system"]

_NEEDED = Message("Answer this question.")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One answer that a move asks for; feeds form, API and command line alike.

    `source` names where choices come from; `needed` is what is said when a required answer is missing.
    """

    name: str
    kind: FieldKind
    label: Message
    hint: Message | None = None
    required: bool = True
    max_length: int = 200
    source: ChoiceSource | None = None
    needed: Message = _NEEDED


@dataclass(frozen=True, slots=True)
class Move:
    """One row: from which statuses to which, with what permission, asking what, and whose page offers it.

    `target` None keeps the status. `mail` names the mail that the person gets, if any.
    """

    name: str
    sources: tuple[str, ...]
    target: str | None
    label: Message
    page: Page
    fields: tuple[FieldSpec, ...] = ()
    mail: str | None = None
    dangerous: bool = False

    @property
    def permission(self) -> str:
        """The word that `can()` decides by."""
        return f"case:{self.name}"


TRANSITIONS: tuple[Move, ...] = (
    Move(
        "confirm", ("unverified",), "open", Message("Confirm your request"), "person",
        (FieldSpec("code", "code", Message("Code from the e-mail"), Message("6 digits"), max_length=20),),
        mail="case-confirmed",
    ),
    Move(
        "assign", UNDECIDED, None, Message("Assign"), "desk",
        (
            FieldSpec(
                "assignee", "choice", Message("Who handles this request?"), source="staff",
                needed=Message("Choose who handles this request."),
            ),
        ),
    ),
    Move("collect", ("open", "in_progress", "in_review"), "in_progress", Message("Start the collection"), "desk"),
    Move("collected", ("in_progress",), "in_review", Message("Collection finished"), "system"),
    Move("approve", ("in_review",), None, Message("Approve the answer"), "desk"),
    Move("assembled", ("in_review",), "ready", Message("Package assembled"), "system"),
    Move(
        "release", ("ready",), "closed", Message("Release to the person"), "desk",
        mail="case-released", dangerous=True,
    ),
    Move(
        "refuse", UNDECIDED, "closed", Message("Refuse the request"), "desk",
        (
            FieldSpec(
                "ground", "choice", Message("On which ground?"), source="refusal_grounds",
                needed=Message("Choose the ground on which the request is refused."),
            ),
            FieldSpec(
                "reason", "long_text", Message("Reasons, as the person will read them"),
                Message("State the facts of this request. The letter adds the right to complain and the way to court."),
                max_length=4000, needed=Message("Write the reasons, as the person will read them."),
            ),
        ),
        mail="case-refused", dangerous=True,
    ),
)  # fmt: skip

_BY_NAME = {move.name: move for move in TRANSITIONS}


def move_named(name: str) -> Move | None:
    """The row of that name, if there is one."""
    return _BY_NAME.get(name)


def possible(status: str) -> Iterator[Move]:
    """The moves that lead on from a status, in the order of the table."""
    return (move for move in TRANSITIONS if status in move.sources)


def names(moves: Iterable[Move]) -> tuple[str, ...]:
    """The names alone, as the API lists them."""
    return tuple(move.name for move in moves)
