"""Letters as they were sent; opening one is a POST and leaves a trace (Art. 5(2))."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.services import letters
from app.web.desk.blueprint import blueprint
from app.web.desk.place import controller_id
from app.web.guard import staff
from app.web.transaction import writing


@blueprint.post("/desk/<slug>/cases/<reference>/letters/<letter_id>/", endpoint="letter")
@staff("case:view")
def letter(slug: str, reference: str, letter_id: str) -> ResponseReturnValue:
    """The PDF."""
    with writing(controller_id()) as work:
        document = letters.open_letter(work, reference, letter_id)
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{letter_id}.pdf"'
    return answer
