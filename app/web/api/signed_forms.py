"""A signed form through the API (R-2): its code leads it to the request that it belongs to, as a scanner where the post
comes in would send it."""

from datetime import date

from flask import Response, request

from app.domain.errors import Invalid, NotFound
from app.domain.fields import day
from app.domain.given import read
from app.domain.messages import Message
from app.services import policies, signed_form
from app.web import uploads
from app.web.api import bearer
from app.web.api.operations import Operation, answer, operation
from app.web.api.shapes import Shape
from app.web.transaction import prove
from app.web.visitor import portal


class SignedFormAnswer(Shape):
    """The request that the form belongs to, and the file as it is kept with it."""

    reference: str
    evidence: str
    state: str


_FIELDS = {"file", "code", "received_on"}
_FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "One form as PDF, PNG, JPEG, TIFF or HEIC; at most 20 MB.",
        },
        "code": {
            "type": "string",
            "maxLength": 40,
            "description": "The code below the square, where it cannot be read from the file.",
        },
        "received_on": {
            "type": "string",
            "maxLength": 10,
            "description": "The day on which it arrived, such as 2026-11-23; left out, it is today.",
        },
    },
}
_DAY = day("received_on", Message("When did it arrive?"))


@operation(
    Operation(
        "POST", "/controllers/{slug}/signed-forms", "add_signed_form", "Lead a signed form to its request",
        bearer.token("evidence:send", files=True), status=201, form=_FORM, answer=SignedFormAnswer,
        problems=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )
)  # fmt: skip
def add_signed_form(slug: str) -> Response:
    """One form a call. The same file sent again is the one that is there, so a call that broke off may be repeated."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    if policies.find(portal(), slug) != caller.controller_id:
        raise NotFound
    prove()
    unknown = {*request.form, *request.files} - _FIELDS
    wrong: dict[str, Message | str] = dict.fromkeys(unknown, "There is no such field here.")
    files = request.files.getlist("file")
    if len(files) != 1:
        wrong["file"] = "Send one file."
    if wrong:
        raise Invalid(wrong)
    received_on = read([_DAY], {"received_on": request.form.get("received_on", "")}, {})["received_on"]
    assert received_on is None or isinstance(received_on, date)
    (file,) = uploads.received(request, "file") or [(files[0].stream, None)]  # type: ignore[list-item]  # see uploads.Request
    try:
        led = signed_form.arrive(
            portal(), caller, caller.controller_id, file=file, typed=request.form.get("code", "")[:40],
            received_on=received_on,
        )  # fmt: skip
    except Invalid as fault:
        raise Invalid({("file" if path == "files" else path): said for path, said in fault.fields.items()}) from fault
    if led.taken.fault is not None:
        raise Invalid({"file": led.taken.fault})
    shape = SignedFormAnswer(reference=led.reference, evidence=led.taken.id or "", state=led.taken.state or "")
    return answer(shape, status=201)
