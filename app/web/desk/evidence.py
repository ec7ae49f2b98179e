"""Files that show who a person is: looked at as pictures, opened as they are, noted, destroyed - each by POST, each in
the trail, and never shown inside a page as they came (FIELD, attack 17)."""

from base64 import b64encode
from urllib.parse import quote

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from app.domain import evidence as evidence_words
from app.domain.errors import Invalid, Refused
from app.queries import cases
from app.queries.evidence import files_of
from app.services import evidence
from app.web import security, uploads
from app.web.desk import case
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import FilesForm, NoteForm
from app.web.desk.place import controller_id, desk_of, show
from app.web.guard import staff
from app.web.transaction import prove, reading, writing
from app.web.visitor import actor, portal

_ADDRESS = "/desk/<slug>/cases/<reference>/evidence/"


@blueprint.post(_ADDRESS, endpoint="add_files")
@staff("evidence:send", files=True)
def add_files(slug: str, reference: str) -> ResponseReturnValue:
    """Keep with the case what came by post or at the counter."""
    form = FilesForm.of_request()
    if not form.accepted():
        return case.page(slug, reference, sends=form), 422
    prove()
    try:
        taken = evidence.take(
            portal(), actor(), controller_id(), reference,
            files=uploads.received(request, "files"), purpose=str(form.purpose.data),
        )  # fmt: skip
    except Refused as fault:
        form.blame_all(fault.message)
        return case.page(slug, reference, sends=form), 409
    except Invalid as fault:
        form.blame(fault)
        return case.page(slug, reference, sends=form), 422
    if form.blame_files(taken):
        return case.page(slug, reference, sends=form), 422
    return redirect(f"/desk/{slug}/cases/{reference}/?done=evidence#evidence", code=303)


@blueprint.post(f"{_ADDRESS}<evidence_id>/look/", endpoint="look_at_file")
@staff("evidence:open")
def look_at_file(slug: str, reference: str, evidence_id: str) -> ResponseReturnValue:
    """Its pages as pictures made anew, and a field for what they show."""
    prove()
    return _look(slug, reference, evidence_id, NoteForm.of_request())


@blueprint.post(f"{_ADDRESS}<evidence_id>/note/", endpoint="note_file")
@staff("evidence:open")
def note_file(slug: str, reference: str, evidence_id: str) -> ResponseReturnValue:
    """Keep what was seen: it stays when the file goes, and stands ready when the proof is accepted."""
    form = NoteForm.of_request()
    if not form.accepted():
        prove()
        return _look(slug, reference, evidence_id, form)
    try:
        with writing(controller_id()) as work:
            evidence.note(work, reference, evidence_id, str(form.note.data))
    except Invalid as fault:
        form.blame(fault)
        return _look(slug, reference, evidence_id, form)
    return redirect(f"/desk/{slug}/cases/{reference}/?done=evidence_noted#evidence", code=303)


def _look(slug: str, reference: str, evidence_id: str, form: NoteForm) -> ResponseReturnValue:
    with writing(controller_id()) as work:
        opened = evidence.open_(work, reference, evidence_id, look=True)
    drawn = evidence.pages_of(portal(), opened)
    with reading(controller_id()) as work:
        place, seen = desk_of(work, slug), cases.view(work, reference)
        file = next(row for row in files_of(work, reference) if row.id == evidence_id)
    pictures = [f"data:image/png;base64,{b64encode(page).decode()}" for page in drawn.pages]
    page = show("evidence_look.html", place, case=seen, file=file, pictures=pictures, more=drawn.more,
                form=form, evidence_words=evidence_words)  # fmt: skip
    answer = Response(page, status=422 if form.failed else 200)
    answer.headers["Content-Security-Policy"] = security.content_policy(images="'self' data:")
    return answer


@blueprint.post(f"{_ADDRESS}<evidence_id>/open/", endpoint="open_file")
@staff("evidence:open")
def open_file(slug: str, reference: str, evidence_id: str) -> ResponseReturnValue:
    """The bytes as they came, to be saved: no browser shows them in our name."""
    with writing(controller_id()) as work:
        opened = evidence.open_(work, reference, evidence_id)
    answer = Response(evidence.bytes_of(portal(), opened), mimetype="application/octet-stream", direct_passthrough=True)
    plain = f"{slug}-{reference}-{opened.id[:8]}.{opened.kind}"
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(opened.name)}"
    answer.headers["Content-Length"] = str(opened.size)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post(f"{_ADDRESS}<evidence_id>/destroy/", endpoint="destroy_file")
@staff("evidence:open")
def destroy_file(slug: str, reference: str, evidence_id: str) -> ResponseReturnValue:
    """Before its time: more was sent than was asked for, or it is not needed."""
    with writing(controller_id()) as work:
        evidence.destroy(work, reference, evidence_id)
    return redirect(f"/desk/{slug}/cases/{reference}/?done=evidence_destroyed#evidence", code=303)
