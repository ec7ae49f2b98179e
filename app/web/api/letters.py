"""Letters through the API: the PDF as it was sent; that somebody opened it stands in the trail (Art. 5(2))."""

from flask import Response

from app.services import letters
from app.web.api import bearer
from app.web.api.operations import Operation, operation
from app.web.transaction import looking


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
    with looking(caller.controller_id, who=caller) as work:
        document = letters.open_letter(work, reference, letter_id)
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{letter_id}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
