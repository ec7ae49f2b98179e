"""Where a case can be and what moves it on: the one table that draws the buttons, guards the verbs and documents
the API.

Status (where it is), outcome (how it ended) and lateness (computed from the clock) are three axes and are never mixed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain import answers, asked, by_hand, call_backs
from app.domain.fields import FieldKind, FieldSpec, expanded
from app.domain.messages import Message

__all__ = ["FieldKind", "FieldSpec", "Move", "expanded", "fields_of", "move_named", "possible"]

STATUSES = (
    "unverified", "proof_needed", "open", "waiting", "in_progress", "in_review", "ready", "cooling_off", "closed",
)  # fmt: skip
OUTCOMES = (
    "granted", "partly_granted", "refused", "withdrawn", "referred", "no_data", "unidentified", "lapsed",
)  # fmt: skip
HANDLED = ("open", "in_progress", "in_review")
UNDECIDED = (*HANDLED, "ready")
ACTIVE = ("proof_needed", "waiting", *UNDECIDED)
ALIVE = ("unverified", *ACTIVE)
# From where the person was asked something, and where the request goes on when they have answered: a search that was
# going on is begun anew, since the answer may change what is searched for.
RETURNS = {"unverified": "open", "open": "open", "in_progress": "open", "in_review": "in_review"}
# Where a closed request is taken up again: who the person is stays as open as it was.
AGAIN = {"unverified": "unverified", "proof_needed": "proof_needed"}
ASKING = ("case:ask_proof", "case:ask_clarification", "case:quote_fee")

PACKAGED = ("access", "portability")  # answered by a package, or by hand
GRANTED = (
    "objection", "automated_decision_review", "consent_withdrawal", "confirmation", "disclosure_information",
    "transfer_mechanism_copy", "instruction", "complaint", "other",
)  # fmt: skip  # answered by a letter alone

Page = Literal["person", "desk", "both", "system"]


@dataclass(frozen=True, slots=True)
class Move:
    """One row: from which statuses to which, with what permission, asking what, and whose page offers it.

    `target` None keeps the status; `returns` leads back to where the request was before the person was asked, or
    before it was closed. `mail` names the mail that the person gets, if any, and `letters` the letters that may go out.
    `rights`: only for these.
    """

    name: str
    sources: tuple[str, ...]
    target: str | None
    label: Message
    page: Page
    fields: tuple[FieldSpec, ...] = ()
    mail: str | None = None
    letters: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    returns: bool = False
    dangerous: bool = False

    @property
    def permission(self) -> str:
        """The word that `can()` decides by."""
        return f"case:{self.name}"

    @property
    def of_desk(self) -> bool:
        """Whether the desk has a page for it."""
        return self.page in ("desk", "both")

    @property
    def of_person(self) -> bool:
        """Whether the person has a page for it, beside the code that confirms."""
        return self.page == "both"

    def fits(self, right: str) -> bool:
        """Whether it is for that right."""
        return not self.rights or right in self.rights


TRANSITIONS: tuple[Move, ...] = (
    Move(
        "confirm", ("unverified",), "open", Message("Confirm your request"), "person",
        (FieldSpec("code", "code", Message("Code from the e-mail"), Message("6 digits"), max_length=20),),
        letters=("acknowledgement",),
    ),
    Move(
        "accept_proof", ("unverified", "proof_needed"), None, Message("Accept the proof"), "desk", asked.ACCEPT_PROOF,
        returns=True,
    ),
    Move(
        "reject_proof", ("proof_needed",), None, Message("Say that the proof does not suffice"), "desk",
        asked.REJECT_PROOF, letters=("identity_request",),
    ),
    Move("call_back", ("proof_needed",), None, Message("Call the company back"), "desk", call_backs.CALL_BACK),
    Move(
        "record_contact", ("proof_needed",), None, Message("Record a contact from the company’s papers"), "desk",
        call_backs.RECORD_CONTACT,
    ),
    Move(
        "clarify", ("waiting",), None, Message("Answer the question"), "both", asked.CLARIFY, returns=True,
    ),
    Move(
        "record_fee", ("waiting",), None, Message("Record that the fee was paid"), "desk", asked.RECORD_FEE,
        returns=True,
    ),
    Move("assign", ACTIVE, None, Message("Assign"), "desk", (asked.ASSIGNEE,)),
    Move(
        "recognise", ("open", "in_review"), None, Message("Say which right it is"), "desk", (asked.RECOGNISED,),
        rights=("other",),
    ),
    Move("collect", UNDECIDED, "in_progress", Message("Start the collection"), "desk"),
    Move("collected", ("in_progress",), "in_review", Message("Collection finished"), "system"),
    Move("approve", ("in_review",), None, Message("Approve the answer"), "desk"),
    Move("assembled", ("in_review",), "ready", Message("Package assembled"), "system", rights=PACKAGED),
    Move(
        "release", ("ready",), "closed", Message("Release to the person"), "desk",
        mail="case-released", letters=("partial", "no_data", "portability"), rights=PACKAGED, dangerous=True,
    ),
    Move(
        "answer_by_hand", HANDLED, "closed", Message("Answer with a letter"), "desk", by_hand.ASKED,
        letters=("partial", "access", "portability", "no_data"), rights=PACKAGED, dangerous=True,
    ),
    Move(
        "grant", HANDLED, "closed", Message("Do what was asked, and answer"), "desk", (answers.ITEMS,),
        letters=("objection", "automated_decision", "consent_withdrawn", "answer", "complaint", "partial"),
        rights=GRANTED, dangerous=True,
    ),
    Move(
        "rectify", HANDLED, "closed", Message("Correct the data, and answer"), "desk", answers.RECTIFY,
        letters=("rectified", "partial"), rights=("rectification",), dangerous=True,
    ),
    Move(
        "erase", HANDLED, "closed", Message("Erase the data, and answer"), "desk", answers.ERASE,
        letters=("erased", "partial"), rights=("erasure",), dangerous=True,
    ),
    Move(
        "restrict", HANDLED, "closed", Message("Set the data aside, and answer"), "desk", answers.RESTRICT,
        letters=("restricted", "partial"), rights=("restriction",), dangerous=True,
    ),
    Move(
        "ask_proof", ("unverified", *HANDLED), "proof_needed", Message("Ask for proof of identity"), "desk",
        asked.ASK_PROOF, letters=("identity_request",),
    ),
    Move(
        "ask_clarification", HANDLED, "waiting", Message("Ask what is meant"), "desk", asked.ASK_CLARIFICATION,
        letters=("clarification",),
    ),
    Move("extend", ACTIVE, None, Message("Extend the time"), "desk", asked.EXTEND, letters=("extension",)),
    Move(
        "quote_fee", HANDLED, "waiting", Message("Ask for a fee"), "desk", asked.QUOTE_FEE, letters=("fee_notice",),
    ),
    Move(
        "refuse", ("waiting", *UNDECIDED), "closed", Message("Refuse the request"), "desk", asked.REFUSE,
        letters=("refusal",), dangerous=True,
    ),
    Move(
        "cannot_identify", ("proof_needed", "waiting", *HANDLED), "closed",
        Message("Say that you cannot identify them"), "desk", asked.CANNOT_IDENTIFY, letters=("refusal",),
        dangerous=True,
    ),
    Move(
        "refer", ALIVE, "closed", Message("Refer to who is responsible"), "desk", asked.REFER, letters=("referral",),
        dangerous=True,
    ),
    Move(
        "withdraw", ALIVE, "closed", Message("Withdraw the request"), "both", asked.WITHDRAW, letters=("withdrawn",),
        dangerous=True,
    ),
    Move(
        "close", ("unverified", "proof_needed", "waiting"), "closed", Message("Close without an answer"), "desk",
        asked.CLOSE, letters=("lapsed",), dangerous=True,
    ),
    Move(
        "lift_restriction", ("closed",), None, Message("Announce that the data will be used again"), "desk", asked.LIFT,
        letters=("lifting",), rights=("restriction",), dangerous=True,
    ),
    Move(
        "revoke_representation", (*ALIVE, "closed"), None, Message("End that somebody acts for the person"), "both",
        asked.REVOKE,
    ),
    Move("complain", (*ALIVE, "closed"), None, Message("Complain to the organisation"), "both", asked.COMPLAIN),
    Move(
        "reopen", ("closed",), None, Message("Take the request up again"), "desk", asked.REOPEN, mail="case-message",
        returns=True,
    ),
)  # fmt: skip

_OF_RIGHT = {"grant": answers.GRANT, "answer_by_hand": by_hand.PARTS}
_BY_NAME = {move.name: move for move in TRANSITIONS}


def move_named(name: str) -> Move | None:
    """The row of that name, if there is one."""
    return _BY_NAME.get(name)


def possible(status: str) -> Iterator[Move]:
    """The moves that lead on from a status, in the order of the table."""
    return (move for move in TRANSITIONS if status in move.sources)


def fields_of(move: Move, right: str) -> tuple[FieldSpec, ...]:
    """What the move asks where it is about that right: an answer must say what that right's letter must."""
    return move.fields + _OF_RIGHT.get(move.name, {}).get(right, ())


def names(moves: Iterable[Move]) -> tuple[str, ...]:
    """The names alone, as the API lists them."""
    return tuple(move.name for move in moves)
