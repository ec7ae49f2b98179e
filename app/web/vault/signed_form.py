"""A form to sign: the person makes it, prints it, signs it and sends a picture of it back (R-2; 152-FZ, Art. 14(3))."""

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, Refused
from app.domain.signed_form import OF_ANOTHER
from app.services import evidence, signed_form
from app.web import uploads, visitor
from app.web.guard import person, person_with_files
from app.web.limits import HOUR, slow_down
from app.web.transaction import prove
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.evidence import UPLOADS_AN_HOUR
from app.web.vault.paper import ScanForm, lines_form
from app.web.vault.place import controller_of

PRINTED_AN_HOUR = 20


@blueprint.post("/case/<reference>/proof/signed-form")
@person
def make_form(reference: str) -> ResponseReturnValue:
    """The form as PDF, with what was typed for its lines; the same code each time."""
    _, shown = status.look(reference)
    if shown["paper"] is None:
        prove()
        return redirect(f"/case/{reference}/", code=303)
    form = lines_form(shown["paper"])
    if not form.accepted():
        return status.page(reference, lines=form), 422
    slow_down("form-for", reference, limit=PRINTED_AN_HOUR, seconds=HOUR)
    typed = {field.name: str(field.data or "") for field in form}
    try:
        document = signed_form.print_form(
            visitor.portal(), visitor.person(), controller_of(reference), reference, typed=typed
        )
    except Invalid as fault:
        form.blame(fault)
        return status.page(reference, lines=form), 422
    except Refused as fault:
        form.blame_all(fault.message)
        return status.page(reference, lines=form), 409
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-form.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/case/<reference>/proof/signed-form/scan")
@person_with_files
def send_scan(reference: str) -> ResponseReturnValue:
    """Take the signed form; of another request's form no more is said than that it is not this one's."""
    form = ScanForm.of_request()
    if not form.accepted():
        return status.page(reference, scan=form), 422
    prove()
    slow_down("files-for", reference, limit=UPLOADS_AN_HOUR, seconds=HOUR)
    try:
        taken = evidence.take(
            visitor.portal(), visitor.person(), controller_of(reference), reference,
            files=uploads.received(request, "files"), purpose="identity",
        )  # fmt: skip
    except Refused as fault:
        form.blame_all(fault.message)
        return status.page(reference, scan=form), 409
    except Invalid as fault:
        form.blame(fault)
        return status.page(reference, scan=form), 422
    if any(one.form == "other" for one in taken):
        form.wrong("files", OF_ANOTHER)
        return status.page(reference, scan=form), 422
    if form.blame_files(taken):
        return status.page(reference, scan=form), 422
    return redirect(f"/case/{reference}/?done=evidence#signed-form", code=303)
