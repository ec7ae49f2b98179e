"""Every move of the desk: a page that says what it does and asks its fields, and the POST that does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Forbidden, HabeasError, Invalid, NotFound, Refused, Stale
from app.domain.lifecycle import Move, move_named
from app.domain.permissions import can
from app.queries import cases
from app.queries.cases import CaseView, EventRow
from app.queries.reading import load
from app.services import decisions, letters, moves
from app.web.desk import letter_preview
from app.web.desk.blueprint import blueprint
from app.web.desk.place import Desk, controller_id, desk_of, show
from app.web.desk.words import move_words
from app.web.fields import Option
from app.web.forms import Form, from_specs
from app.web.guard import staff
from app.web.transaction import reading, writing
from app.web.visitor import actor, portal


@dataclass(frozen=True, slots=True)
class Opened:
    """A move's page: the case as it is now, the move, and what its choice fields offer."""

    place: Desk
    case: CaseView
    move: Move
    options: dict[str, Sequence[Option]]

    @property
    def possible(self) -> bool:
        return self.move in self.case.moves

    def form(self) -> Form:
        """The form as typed, or begun with what is so now."""
        now = {"assignee": self.case.assignee_email or ""}
        return from_specs(self.move.fields, self.options).of_request(now)


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
    typed = {spec.name: form[spec.name].data or "" for spec in opened.move.fields}
    step = request.form.get("step")
    if move == "refuse" and step != "send":
        return _page(opened, form) if step == "change" else _letter_first(opened, form, typed)
    try:
        with writing(controller_id()) as work:
            moves.perform(work, reference, move, typed, version=_version())
    except Stale as fault:
        return _changed(_open(slug, reference, move), form, fault)
    except Refused as fault:
        return _not_now(_open(slug, reference, move), fault)
    except Invalid as fault:
        form.blame(fault)
        return _page(opened, form, 422)
    return redirect(f"{opened.place.case_url(opened.case.reference)}?done={move}", code=303)


def _open(slug: str, reference: str, name: str) -> Opened:
    move = move_named(name)
    with reading(controller_id()) as work:
        place, case = desk_of(work, slug), cases.view(work, reference)
        if move is None or move.page != "desk":
            raise NotFound
        if not can(actor(), move.permission):
            raise Forbidden("Your role here does not include this.")
        row = load(work, reference, lock=False)
        options: dict[str, Sequence[Option]] = {
            spec.name: [
                (choice.value, choice.label, choice.hint) if choice.hint else (choice.value, choice.label)
                for choice in moves.choices(work, row, spec)
            ]
            for spec in move.fields
            if spec.kind == "choice"
        }
    return Opened(place, case, move, options)


def _version() -> int:
    """The version that the page showed; none or nonsense counts as an old one, never as "any"."""
    shown = request.form.get("version", "")
    return int(shown) if shown.isdecimal() and len(shown) < 10 else -1


def _page(opened: Opened, form: Form, status: int = 200, **shown: Any) -> ResponseReturnValue:
    return _show(f"moves/{opened.move.name}.html", opened, form=form, **shown), status


def _show(template: str, opened: Opened, **shown: Any) -> str:
    return show(
        template, opened.place, case=opened.case, move=opened.move, words=move_words(opened.case, opened.move), **shown
    )


def _letter_first(opened: Opened, form: Form, typed: dict[str, str]) -> ResponseReturnValue:
    """A refusal is read as its reader will read it before it is sent (Art. 12(4))."""
    if not opened.possible:
        return _not_now(opened)
    try:
        with reading(controller_id()) as work:
            decisions.check_refusal(work, load(work, opened.case.reference), **typed)
            letter = letters.preview(portal(), work, opened.case.reference, "refusal", typed)
    except Invalid as fault:
        form.blame(fault)
        return _page(opened, form, 422)
    except Refused as fault:
        return _not_now(opened, fault)
    shown = {"typed": typed, "version": _version(), "events_seen": _events_seen()}
    return _show("moves/refuse_letter.html", opened, form=form, letter=letter_preview.part_of_page(letter), **shown)


def _changed(opened: Opened, form: Form, fault: HabeasError) -> ResponseReturnValue:
    """Somebody was quicker: what they did, with everything typed still there to be sent again."""
    if not opened.possible:
        return _not_now(opened, fault)
    form.blame_all(fault.message)
    return _page(opened, form, 409, changes=_since(opened.case))


def _not_now(opened: Opened, fault: HabeasError | None = None) -> ResponseReturnValue:
    typed = [(spec.label, request.form.get(spec.name, "")) for spec in opened.move.fields]
    kept = [(label, text) for label, text in typed if text]
    changes = _since(opened.case) if request.method == "POST" else ()
    shown = {"fault": fault.message if fault else None, "typed": kept, "changes": changes}
    return _show("moves/not_now.html", opened, **shown), 409


def _since(case: CaseView) -> tuple[EventRow, ...]:
    return case.events[_events_seen() :]


def _events_seen() -> int:
    seen = request.form.get("events_seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0
