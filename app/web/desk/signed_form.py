"""Signed forms at the desk (R-2, R-3): one that arrived is led to its request, laid beside the form as it was made, and
found duly executed or defective."""

from base64 import b64encode
from typing import Any

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from app.domain import evidence as evidence_words
from app.domain.errors import Invalid, Refused
from app.domain.lifecycle import move_named
from app.queries import cases
from app.queries.evidence import files_of
from app.queries.reading import load, moves_for
from app.queries.signed_form import Arrived, form_of
from app.services import evidence, moves, signed_form
from app.web import security, uploads
from app.web.desk import letter_preview
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import ArrivedForm
from app.web.desk.moves import options_of
from app.web.desk.place import controller_id, desk_of, show
from app.web.forms import Form, from_specs
from app.web.guard import staff
from app.web.limits import HOUR, slow_down
from app.web.transaction import prove, reading, writing
from app.web.visitor import actor, portal
from app.work import Work

# What staff decide about a form, and which of the move's questions stand beside it.
_VERDICTS = {"accept_proof": ("identities", "received_on", "note"), "reject_proof": ("defects", "doubt")}
ARRIVALS_AN_HOUR = 200


@blueprint.get("/desk/<slug>/forms/", endpoint="forms")
@staff("evidence:send")
def forms(slug: str) -> ResponseReturnValue:
    """Where a form goes that came by post, by mail or at the counter."""
    return _forms(slug, ArrivedForm.of_request())


@blueprint.post("/desk/<slug>/forms/", endpoint="form_arrived")
@staff("evidence:send", files=True)
def form_arrived(slug: str) -> ResponseReturnValue:
    """Read its code, and keep it with the request that it belongs to."""
    form = ArrivedForm.of_request()
    if not form.accepted():
        return _forms(slug, form), 422
    prove()
    slow_down("forms-arrived", f"{controller_id()}:{actor().login_id}", limit=ARRIVALS_AN_HOUR, seconds=HOUR)
    files = uploads.received(request, "files")
    try:
        if len(files) != 1:
            raise Invalid({"files": ArrivedForm.ONE})
        led = signed_form.arrive(
            portal(), actor(), controller_id(), file=files[0], typed=str(form.code.data or ""), received_on=form.day()
        )
    except Refused as fault:
        form.blame_all(fault.message)
        return _forms(slug, form), 409
    except Invalid as fault:
        form.blame(fault)
        return _forms(slug, form), 422
    if form.blame_files([led.taken]):
        return _forms(slug, form), 422
    return redirect(f"/desk/{slug}/cases/{led.reference}/?done=form_arrived#signed-form", code=303)


def _forms(slug: str, form: Form) -> str:
    with reading(controller_id()) as work:
        place = desk_of(work, slug)
    return show("forms.html", place, form=form)


@blueprint.post("/desk/<slug>/cases/<reference>/proof/signed-form/", endpoint="print_form")
@staff("evidence:send")
def print_form(slug: str, reference: str) -> ResponseReturnValue:
    """The form on paper for somebody who wrote by post or cannot print: the same code, all lines left to the pen."""
    prove()
    try:
        document = signed_form.print_form(portal(), actor(), controller_id(), reference, typed={})
    except Refused:  # it waits for no form any more: the page says for what it waits
        return redirect(f"/desk/{slug}/cases/{reference}/#proof", code=303)
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{reference}-form.pdf"'
    return answer


@blueprint.post("/desk/<slug>/cases/<reference>/proof/signed-form/<evidence_id>/", endpoint="look_at_form")
@staff("evidence:open")
def look_at_form(slug: str, reference: str, evidence_id: str) -> ResponseReturnValue:
    """What came, as pictures made anew, beside the words of the form as it was made, and the two verdicts below."""
    prove()
    with writing(controller_id()) as work:
        made = signed_form.as_made(portal(), work, reference)
        if made is None:
            return redirect(f"/desk/{slug}/cases/{reference}/#evidence", code=303)
        opened = evidence.open_(work, reference, evidence_id, look=True)
    drawn = evidence.pages_of(portal(), opened)
    with reading(controller_id()) as work:
        place, seen = desk_of(work, slug), cases.view(work, reference)
        file = next(row for row in files_of(work, reference) if row.id == evidence_id)
        paper = form_of(work, load(work, reference, lock=False))
        arrived = next((one for one in paper.arrived if one.id == evidence_id), None)
        verdicts = _verdicts(work, reference, arrived)
    page = show(
        "form_look.html", place, case=seen, file=file, more=drawn.more, arrived=arrived, verdicts=verdicts,
        made=letter_preview.part_of_page(made), evidence_words=evidence_words,
        pictures=[f"data:image/png;base64,{b64encode(page).decode()}" for page in drawn.pages],
    )  # fmt: skip
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = security.content_policy(images="'self' data:")
    return answer


def _verdicts(work: Work, reference: str, arrived: Arrived | None) -> dict[str, Form]:
    """The forms of the moves that are possible now. Each is sent to its move's own page, which names every fault."""
    case = load(work, reference, lock=False)
    able = {move.name for move in moves_for(work, case)}
    if arrived is None:  # it was judged already
        return {}
    begun: dict[str, Any] = {"received_on": arrived.day.isoformat()}
    found = {}
    for name, wanted in _VERDICTS.items():
        move = move_named(name)
        # What belongs to another request cannot be this one's signed form.
        if move is None or name not in able or (name == "accept_proof" and arrived.form == "other"):
            continue
        asked = moves.asked(work, case, move)
        options = options_of(asked)
        specs = [spec for spec in asked.fields if spec.name in wanted and (spec.source is None or options[spec.name])]
        form = found[name] = from_specs(specs, options)(data=begun)
        form.faults = []
    return found
