"""Letters as they were sent, byte for byte; opening one is a POST and leaves a trace (Art. 5(2))."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.services import letters
from app.web import visitor
from app.web.guard import person
from app.web.transaction import writing
from app.web.vault.blueprint import blueprint
from app.web.vault.place import controller_of


@blueprint.post("/case/<reference>/letter/<letter_id>")
@person
def letter(reference: str, letter_id: str) -> ResponseReturnValue:
    """The PDF."""
    with writing(controller_of(reference), who=visitor.person()) as work:
        document = letters.open_letter(work, reference, letter_id)
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-letter.pdf"'
    return answer
