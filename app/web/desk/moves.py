"""Every move of the desk: a page that says what it does and asks its fields, and the POST that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Forbidden, HabeasError, Invalid, NotFound, Refused, Stale
from app.domain.given import several
from app.domain.lifecycle import FieldSpec, Move, move_named
from app.domain.messages import Message
from app.domain.permissions import can
from app.domain.policy import Text
from app.domain.policy import say as text_in
from app.queries import cases
from app.queries.cases import CaseView
from app.queries.evidence import notes_of
from app.queries.history import EventRow
from app.queries.reading import load
from app.services import clocks, moves
from app.services.moves import Asked
from app.web import sudo
from app.web.desk import letter_preview
from app.web.desk.blueprint import blueprint
from app.web.desk.place import Desk, controller_id, desk_of, show
from app.web.desk.words import move_words
from app.web.fields import Option, Words
from app.web.forms import Form, from_specs, typed_in
from app.web.guard import staff
from app.web.language import language
from app.web.transaction import prove, reading, writing
from app.web.visitor import actor, portal

# For which answer the time may stand still while it is waited for.
_ASKS = {"ask_proof": "identity", "ask_clarification": "clarification", "quote_fee": "fee"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A move's page: the case as it is now, the move, its fields, and what its choice fields offer."""

    place: Desk
    case: CaseView
    move: Move
    fields: tuple[FieldSpec, ...]
    options: Mapping[str, Sequence[Option]]
    stands_still: bool
    certain: tuple[Message, ...] = ()
    noted: str = ""  # what was seen in the proof that the person sent

    @property
    def possible(self) -> bool:
        return self.move in self.case.moves

    def form(self) -> Form:
        """The form as typed, or begun with what is so now."""
        now = {"assignee": self.case.assignee_email or "", "note": self.noted}
        return from_specs(self.fields, self.options).of_request(now)


@blueprint.get("/desk/<slug>/cases/<reference>/moves/<move>/", endpoint="move")
@staff("case:view")
def move_page(slug: str, reference: str, move: str) -> ResponseReturnValue:
    """What the move does, and its fields; in a state that does not let it, why not."""
    opened = _open(slug, reference, move)
    return _page(opened, opened.form()) if opened.possible else _not_now(opened)


@blueprint.post("/desk/<slug>/cases/<reference>/moves/<move>/")
@staff("case:view")
def make_move(slug: str, reference: str, move: str) -> ResponseReturnValue:
    """Make the move, then back to the case. Whatever stands in the way is said with everything typed kept."""
    opened = _open(slug, reference, move)
    form = opened.form()
    if not form.accepted():
        return _page(opened, form, 422)
    step = request.form.get("step")
    if step == "change":
        return _page(opened, form)
    try:
        return _made(opened, form, send=step == "send")
    except Stale as fault:
        return _changed(_open(slug, reference, move), form, fault)
    except Refused as fault:
        return _not_now(_open(slug, reference, move), fault)
    except Invalid as fault:
        form.blame(fault)
        return _page(opened, form, 422)


def _made(opened: Opened, form: Form, *, send: bool) -> ResponseReturnValue:
    typed, reference, move = typed_in(form, opened.fields), opened.case.reference, opened.move
    if move.letters and not send:
        prove()
        letter = moves.preview(
            portal(), actor(), controller_id(), reference=reference, move=move.name, data=typed, version=_version()
        )
        if letter is not None:
            return _letter_first(opened, form, typed, letter)
    if move.dangerous and (again := sudo.ask_again()) is not None:
        return again
    with writing(controller_id()) as work:
        moves.perform(work, reference, move.name, typed, version=_version())
    return redirect(f"{opened.place.case_url(reference)}?done={move.name}", code=303)


def _open(slug: str, reference: str, name: str) -> Opened:
    move = move_named(name)
    with reading(controller_id()) as work:
        place, case = desk_of(work, slug), cases.view(work, reference)
        if move is None or not move.of_desk:
            raise NotFound
        if not can(actor(), move.permission):
            raise Forbidden("Your role here does not include this.")
        row = load(work, reference, lock=False)
        noted = notes_of(work, reference) if name == "accept_proof" else ""
        asked = moves.asked(work, row, move)
        fields = asked.fields
        if not any(spec.name.startswith("items.1.") for spec in fields):
            # One thing alone is granted by doing it; not to do it is a refusal, which has its own page.
            fields = tuple(spec for spec in fields if spec.row is None)
        fields = tuple(spec for spec in fields if spec.source != "granted")
        stands_still = name in _ASKS and clocks.stands_still(work, row, _ASKS[name])
    return Opened(place, case, move, fields, options_of(asked), stands_still, asked.certain, noted)


def options_of(asked: Asked) -> dict[str, Sequence[Option]]:
    """What each field with choices offers, in the reader's language."""
    return {
        field: [
            (choice.value, _words(choice.label), choice.hint) if choice.hint else (choice.value, _words(choice.label))
            for choice in found
        ]
        for field, found in asked.choices.items()
    }


def _words(label: Message | Text) -> Message | str:
    """What a law says, in the reader's language where it is written in it."""
    return label if isinstance(label, Message) else text_in(label, language())


def _version() -> int:
    """The version that the page showed; none or nonsense counts as an old one, never as "any"."""
    shown = request.form.get("version", "")
    return int(shown) if shown.isdecimal() and len(shown) < 10 else -1


def _page(opened: Opened, form: Form, status: int = 200, **shown: Any) -> ResponseReturnValue:
    return _show(f"moves/{opened.move.name}.html", opened, form=form, **shown), status


def _show(template: str, opened: Opened, **shown: Any) -> str:
    return show(
        template, opened.place, case=opened.case, move=opened.move, words=move_words(opened.case, opened.move),
        groups=_groups(opened.fields), certain=opened.certain, stands_still=opened.stands_still, **shown,
    )  # fmt: skip


def _groups(fields: Sequence[FieldSpec]) -> list[tuple[Message | None, list[FieldSpec]]]:
    """The fields, those about one thing that was asked for together under its name."""
    grouped = [list(found) for _, found in groupby(fields, key=lambda one: one.row and one.name.split(".")[1])]
    return [(found[0].row, found) for found in grouped]


def _letter_first(opened: Opened, form: Form, typed: Mapping[str, str], letter: str) -> ResponseReturnValue:
    """A letter is read as its reader will read it before it is sent (Art. 12(1), 12(4))."""
    kept = [(spec.name, one) for spec in opened.fields for one in _parts(spec, typed.get(spec.name, ""))]
    shown = {"typed": kept, "version": _version(), "events_seen": _events_seen()}
    return _show("moves/letter.html", opened, form=form, letter=letter_preview.part_of_page(letter), **shown)


def _parts(spec: FieldSpec, text: str) -> tuple[str, ...]:
    """An answer as a form sends it: of several choices, each by itself."""
    return several(text) if spec.kind == "choices" else (text,)


def _changed(opened: Opened, form: Form, fault: HabeasError) -> ResponseReturnValue:
    """Somebody was quicker: what they did, with everything typed still there to be sent again."""
    if not opened.possible:
        return _not_now(opened, fault)
    form.blame_all(fault.message)
    return _page(opened, form, 409, changes=_since(opened.case))


def _not_now(opened: Opened, fault: HabeasError | None = None) -> ResponseReturnValue:
    kept = [(spec.label, _as_read(opened, spec.name, text)) for spec in opened.fields
            for text in request.form.getlist(spec.name) if text]  # fmt: skip
    changes = _since(opened.case) if request.method == "POST" else ()
    shown = {"fault": fault.message if fault else None, "typed": kept, "changes": changes}
    return _show("moves/not_now.html", opened, **shown), 409


def _as_read(opened: Opened, name: str, text: str) -> Words:
    """What was typed; a choice in the words in which it was offered."""
    return next((option[1] for option in opened.options.get(name, ()) if option[0] == text), text)


def _since(case: CaseView) -> tuple[EventRow, ...]:
    return case.events[_events_seen() :]


def _events_seen() -> int:
    seen = request.form.get("events_seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0
