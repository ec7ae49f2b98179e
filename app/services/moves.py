"""The one door to every move: form, API and command line all come through here, so all obey the same table and the
same `can()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.asked import REJECT_FORM, REJECT_PAPERS
from app.domain.errors import Forbidden, NotFound, Refused, Stale
from app.domain.given import Given, read
from app.domain.items import asked_items
from app.domain.labels import STATUS_FOR_DESK, label
from app.domain.lifecycle import FieldSpec, Move, expanded, fields_of, move_named, names
from app.domain.messages import Message
from app.domain.permissions import Actor, can
from app.domain.representation import KINDS
from app.models.cases import Case, Letter
from app.portal import Portal
from app.queries import signed_form
from app.queries.policies import policy_of
from app.queries.reading import facts_of, fits, load, moves_for, personal_of
from app.services import (
    by_hand,
    call_backs,
    clocks,
    collection,
    complaints,
    conversation,
    decisions,
    erasure,
    options,
    packages,
    rectification,
    representation,
    restriction,
    review,
    triage,
)  # fmt: skip
from app.services.options import Choice
from app.work import Work

Verb = Callable[..., str | None]

VERBS: Mapping[str, Verb] = {
    "accept_proof": clocks.accept_proof,
    "reject_proof": clocks.reject_proof,
    "call_back": call_backs.call_back,
    "record_contact": call_backs.record_contact,
    "clarify": conversation.clarify,
    "record_fee": clocks.record_fee,
    "assign": triage.assign,
    "recognise": triage.recognise,
    "collect": collection.start,
    "approve": review.approve,
    "release": packages.release,
    "answer_by_hand": by_hand.answer_by_hand,
    "grant": decisions.grant,
    "rectify": rectification.rectify,
    "erase": erasure.erase,
    "restrict": restriction.restrict,
    "ask_proof": clocks.ask_proof,
    "ask_clarification": clocks.ask_clarification,
    "extend": clocks.extend,
    "quote_fee": clocks.quote_fee,
    "refuse": decisions.refuse,
    "cannot_identify": decisions.cannot_identify,
    "refer": decisions.refer,
    "withdraw": decisions.withdraw,
    "close": decisions.close,
    "lift_restriction": restriction.announce,
    "complain": complaints.complain,
    "revoke_representation": representation.revoke,
    "reopen": decisions.reopen,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a move asks about a case: its fields one by one, and what each field with choices offers. `certain`: the
    things that nobody may refuse."""

    fields: tuple[FieldSpec, ...]
    choices: Mapping[str, Sequence[Choice]]
    certain: tuple[Message, ...] = ()


def perform(
    work: Work, reference: str, move: str, data: Mapping[str, str], *, version: int | None = None
) -> str | None:
    """Make one move with its fields. Gives the reference of a request that it brought about, if it did.

    Raises NotFound (no such case or move), Forbidden (not this actor), Refused (not now; `.allowed` names what is
    possible),
    Stale (`version` is no longer the case's), Invalid (fields).
    """
    case = load(work, reference)
    row = move_named(move)
    if not can(work.actor, "case:view", facts_of(case)) or row is None or move not in VERBS:
        raise NotFound("There is no such move.")
    if not can(work.actor, row.permission, facts_of(case)):
        raise Forbidden(Message("Your role does not allow “%(move)s”.", {"move": str(row.label)}))
    if version is not None and version != case.version:
        raise Stale("Somebody else has changed this request since you opened it. Look at it again, then decide.")
    _possible(work, case, row)
    return VERBS[move](work, case, **answers(work, case, row, data))


def _possible(work: Work, case: Case, move: Move) -> None:
    if case.status not in move.sources:
        raise Refused(
            Message(
                "This is not possible while the request is “%(status)s”.",
                {"status": str(label(STATUS_FOR_DESK, case.status))},
            ),
            allowed=names(moves_for(work, case)),
        )
    if not fits(work, case, move):
        raise Refused("This is not possible for such a request.", allowed=names(moves_for(work, case)))


def asked(work: Work, case: Case, move: Move) -> Asked:
    """The fields of the move for this case, and what they offer."""
    fields = fields_of(move, case.right)
    if move.name == "reject_proof":
        fields = REJECT_FORM if signed_form.awaited(work, case) else REJECT_PAPERS
    if case.capacity not in KINDS:
        fields = tuple(spec for spec in fields if spec.source != "answer_to")
    certain: list[Message] = []
    if any(spec.kind == "rows" for spec in fields):
        law = policy_of(work, case).right(case.right)
        things = asked_items(personal_of(work, case), law, case.language)
        fields = expanded(fields, [one.label for one in things], certain=[one.absolute for one in things])
        certain = [one.label for one in things if one.absolute]
    choices = {spec.name: options.of(work, case, spec) for spec in fields if spec.source is not None}
    return Asked(fields, choices, tuple(certain))


def answers(work: Work, case: Case, move: Move, data: Mapping[str, str]) -> dict[str, Given]:
    """The move's fields out of what was given; Invalid for missing, overlong, unknown and impossible ones."""
    wanted = asked(work, case, move)
    offered = {name: [choice.value for choice in found] for name, found in wanted.choices.items()}
    return read(wanted.fields, data, offered)


class _Seen(Exception):
    """Carries a letter out of a transaction that must leave nothing behind."""

    def __init__(self, page: str | None) -> None:
        self.page = page
        super().__init__()


def preview(
    portal: Portal, actor: Actor, controller_id: int, *, reference: str, move: str, data: Mapping[str, str],
    version: int | None = None,
) -> str | None:  # fmt: skip
    """The letter that the move would send, as HTML; None where it sends none.

    The move is really made and then taken back whole: what is read here is what would be sent, with its dates.
    """
    try:
        with portal.work(actor, controller_id) as work:
            newest = _newest(work, reference)
            perform(work, reference, move, data, version=version)
            letter = _newest(work, reference)
            known = newest is not None and letter is not None and newest.id == letter.id
            raise _Seen(None if letter is None or known else _page(work, reference, letter))
    except _Seen as seen:
        return seen.page


def _newest(work: Work, reference: str) -> Letter | None:
    case = load(work, reference)
    return work.session.scalars(
        select(Letter).where(Letter.case_id == case.id).order_by(Letter.id.desc()).limit(1)
    ).first()


def _page(work: Work, reference: str, letter: Letter) -> str:
    case = load(work, reference)
    written: dict[str, Any] = work.unseal_for(case, letter.inputs, place="letter")
    return str(written["page"])
