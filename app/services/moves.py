"""The one door to every move: form, API and command line all come through here, so all obey the same table and the
same `can()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.labels import STATUS_FOR_DESK, label
from app.domain.lifecycle import FieldSpec, Move, move_named, names
from app.domain.messages import Message
from app.domain.permissions import can
from app.models.cases import Case
from app.queries.policies import policy_of
from app.queries.reading import facts_of, load, moves_for
from app.services import collection, decisions, packages, review, triage
from app.work import Work

Verb = Callable[..., None]

VERBS: Mapping[str, Verb] = {
    "assign": triage.assign,
    "collect": collection.start,
    "approve": review.approve,
    "release": packages.release,
    "refuse": decisions.refuse,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer of a field: what is stored, what is read, and what explains it."""

    value: str
    label: Message
    hint: Message | None = None


def perform(work: Work, reference: str, move: str, data: Mapping[str, str], *, version: int | None = None) -> None:
    """Make one move with its fields.

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
    if case.status not in row.sources:
        raise Refused(
            Message(
                "This is not possible while the request is “%(status)s”.",
                {"status": str(label(STATUS_FOR_DESK, case.status))},
            ),
            allowed=names(moves_for(work, case)),
        )
    VERBS[move](work, case, **answers(row, data))


def answers(move: Move, data: Mapping[str, str]) -> dict[str, str]:
    """The move's fields out of what was given; Invalid for missing, overlong and unknown ones."""
    faults: dict[str, Message] = {
        name: Message("“%(name)s” is not a field of this move.", {"name": name[:60]})
        for name in data.keys() - {spec.name for spec in move.fields}
    }
    given = {}
    for spec in move.fields:
        value = data.get(spec.name, "")
        if fault := _field_fault(spec, value):
            faults[spec.name] = fault
        given[spec.name] = value
    if faults:
        raise Invalid(faults)
    return given


def _field_fault(spec: FieldSpec, value: object) -> Message | None:
    if not isinstance(value, str):
        return Message("This must be text.")
    if spec.required and not value.strip():
        return spec.needed
    if len(value) > spec.max_length:
        return Message("Shorten this to %(most)d characters or fewer.", {"most": spec.max_length})
    return None


def choices(work: Work, case: Case, spec: FieldSpec) -> tuple[Choice, ...]:
    """What a choice field offers for this case."""
    if spec.source == "staff":
        return tuple(Choice(login.email, Message("%(name)s", {"name": login.name})) for login in triage.handlers(work))
    if spec.source == "refusal_grounds":
        right = policy_of(work, case).right(case.right)
        return tuple(
            Choice(key, _said(ground.title), Message("%(article)s", {"article": ground.article}))
            for key, ground in right.refusal_grounds.items()
        )
    return ()


def _said(text: object) -> Message:
    """A text of the policy files in English, as a message."""
    shown = text.get("en", next(iter(text.values()))) if isinstance(text, Mapping) else text
    return Message("%(text)s", {"text": shown})
