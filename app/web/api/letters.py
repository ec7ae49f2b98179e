"""Letters through the API: the PDF as it was sent; that somebody opened it stands in the trail (Art. 5(2))."""

from flask import Response, request

from app.services import letters
from app.web.api import bearer
from app.web.api.operations import Operation, operation
from app.web.transaction import looking, reading


@operation(
    Operation(
        "GET", "/cases/{reference}/letters/{letter_id}", "read_letter", "A letter as it was sent",
        bearer.token("case:view"), media_type="application/pdf", problems=(401, 403, 404, 429),
    )
)  # fmt: skip
def read_letter(reference: str, letter_id: str) -> Response:
    """The PDF, byte for byte; its hash stands with the case. The trail keeps who opened it."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    if request.method == "HEAD":  # nothing goes out, so there is nothing to write down
        with reading(caller.controller_id, who=caller) as work:
            answer = Response(mimetype="application/pdf")
            answer.headers["Content-Length"] = str(letters.size_of(work, reference, letter_id))
        return answer
    with looking(caller.controller_id, who=caller) as work:
        answer = Response(letters.open_letter(work, reference, letter_id), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{letter_id}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
