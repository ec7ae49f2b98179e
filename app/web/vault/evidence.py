"""The person sends files that show who they are or for whom they act; each says until when it is kept (LAW 6)."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, Refused
from app.services import evidence
from app.web import uploads, visitor
from app.web.guard import person_with_files
from app.web.limits import HOUR, slow_down
from app.web.transaction import prove
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.forms import FilesForm
from app.web.vault.place import controller_of

UPLOADS_AN_HOUR = 40


@blueprint.post("/case/<reference>/evidence")
@person_with_files
def send_files(reference: str) -> ResponseReturnValue:
    """Take what can be taken; what cannot is named beside the field, and the rest is kept all the same."""
    form = FilesForm.of_request()
    if not form.accepted():
        return status.page(reference, sends=form), 422
    prove()
    slow_down("files-for", reference, limit=UPLOADS_AN_HOUR, seconds=HOUR)
    try:
        taken = evidence.take(
            visitor.portal(), visitor.person(), controller_of(reference), reference,
            files=uploads.received(request, "files"), purpose=str(form.purpose.data),
        )  # fmt: skip
    except Refused as fault:
        form.blame_all(fault.message)
        return status.page(reference, sends=form), 409
    except Invalid as fault:
        form.blame(fault)
        return status.page(reference, sends=form), 422
    if form.blame_files(taken):
        return status.page(reference, sends=form), 422
    return redirect(f"/case/{reference}/?done=evidence#files-sent", code=303)
