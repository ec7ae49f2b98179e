"""Evidence through the API: a file that shows who a person is, kept until it has done its work (LAW 6)."""

from datetime import date

from flask import Response, request

from app.domain.errors import Invalid
from app.domain.evidence import PURPOSES
from app.domain.messages import Message
from app.queries.evidence import files_of
from app.services import evidence
from app.web import uploads
from app.web.api import bearer
from app.web.api.operations import Operation, answer, operation
from app.web.api.shapes import Shape
from app.web.transaction import prove, reading
from app.web.visitor import portal


class EvidenceAnswer(Shape):
    """The file as it is kept. `waiting_for_scanner`: nobody can open it before the virus scanner has seen it."""

    id: str
    purpose: str
    state: str
    kind: str
    bytes: int
    sha256: str
    destroy_by: date


_FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file", "purpose"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "PDF, PNG, JPEG, TIFF, HEIC, EML or DOCX, seen from what it holds; at most 20 MB.",
        },
        "purpose": {"type": "string", "enum": list(PURPOSES)},
    },
}


@operation(
    Operation(
        "POST", "/cases/{reference}/evidence", "add_evidence", "Keep a file with a case",
        bearer.token("evidence:send", files=True), status=201, form=_FORM, answer=EvidenceAnswer,
        problems=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )
)  # fmt: skip
def add_evidence(reference: str) -> Response:
    """One file a call. The same file sent again is the one that is there, so a call that broke off may be repeated."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    prove()
    unknown = {*request.form, *request.files} - {"file", "purpose"}
    wrong: dict[str, Message | str] = dict.fromkeys(unknown, "There is no such field here.")
    if len(request.files.getlist("file")) != 1:
        wrong["file"] = "Send one file."
    if wrong:
        raise Invalid(wrong)
    (taken,) = evidence.take(
        portal(), caller, caller.controller_id, reference,
        files=uploads.received(request, "file") or [(request.files["file"].stream, None)],  # type: ignore[list-item]  # see uploads.Request
        purpose=request.form.get("purpose", ""),
    )  # fmt: skip
    if taken.fault is not None:
        raise Invalid({"file": taken.fault})
    with reading(caller.controller_id, who=caller) as work:
        row = next(row for row in files_of(work, reference) if row.id == taken.id)
    shape = EvidenceAnswer(
        id=row.id, purpose=row.purpose, state=row.state, kind=row.kind, bytes=row.size, sha256=row.sha256,
        destroy_by=row.destroy_by,
    )  # fmt: skip
    return answer(shape, status=201)
