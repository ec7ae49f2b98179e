"""What the person can do with a request: answer what was asked, withdraw it, complain (Art. 7(3), 12(2))."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.fields import FieldSpec
from app.domain.lifecycle import Move, move_named
from app.queries.let_in import like
from app.services import moves, sessions
from app.web import visitor
from app.web.forms import Form, from_specs, typed_in
from app.web.guard import person
from app.web.limits import HOUR, slow_down
from app.web.transaction import writing, writing_unscoped
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.place import controller_of

MOVES_AN_HOUR = 20
# What only staff add when they record something for the person.
_OF_STAFF = frozenset({"received_on", "note"})


@blueprint.get("/case/<reference>/moves/<move>/", endpoint="move")
@person
def move_page(reference: str, move: str) -> ResponseReturnValue:
    """What it does, and what it asks."""
    row = _row(move)
    return _page(reference, row, _form(row))


@blueprint.post("/case/<reference>/moves/<move>/")
@person
def make_move(reference: str, move: str) -> ResponseReturnValue:
    """Do it, then back to the request. What stands in the way is said with everything typed kept."""
    row = _row(move)
    form = _form(row)
    if not form.accepted():
        return _page(reference, row, form, 422)
    slow_down("moves-for", reference, limit=MOVES_AN_HOUR, seconds=HOUR)
    try:
        with writing(controller_of(reference), who=visitor.person()) as work:
            made = moves.perform(work, reference, move, typed_in(form, _fields(row)))
    except Refused:
        return _page(reference, row, form, 409)
    except Invalid as fault:
        form.blame(fault)
        return _page(reference, row, form, 422)
    if made is not None:
        _let_in(like(visitor.portal(), visitor.person(), reference, made))
    return redirect(f"/case/{reference}/?done={move}", code=303)


def _let_in(made: str) -> None:
    """Into what was just asked: who is in this request has proven that they are the same person."""
    with writing_unscoped("a session has no controller") as work:
        fresh = sessions.grant(work, visitor.token(), made)
    visitor.remember(fresh)


def _row(name: str) -> Move:
    row = move_named(name)
    if row is None or not row.of_person:
        raise NotFound
    return row


def _fields(row: Move) -> tuple[FieldSpec, ...]:
    return tuple(spec for spec in row.fields if spec.name not in _OF_STAFF)


def _form(row: Move) -> Form:
    return from_specs(_fields(row), {}).of_request()


def _page(reference: str, row: Move, form: Form, code: int = 200) -> ResponseReturnValue:
    case, shown = status.look(reference)
    possible = row in case.moves
    template = f"vault/moves/{row.name}.html" if possible else "vault/moves/not_now.html"
    typed = [str(form[spec.name].data) for spec in _fields(row) if form[spec.name].data]
    page = render_template(template, case=case, move=row, fields=_fields(row), form=form, typed=typed, **shown)
    return page, code if possible else 409
