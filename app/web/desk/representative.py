"""Staff record that somebody's authority covers receiving the answer (LAW 6): until then it goes to the person."""

from flask import redirect
from flask.typing import ResponseReturnValue

from app.services import representation
from app.web.desk import case
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import CoversForm
from app.web.desk.place import controller_id
from app.web.guard import staff
from app.web.transaction import writing


@blueprint.post("/desk/<slug>/cases/<reference>/proof/representative/answer", endpoint="covers_answer")
@staff("case:accept_proof")
def covers_answer(slug: str, reference: str) -> ResponseReturnValue:
    """With what shows it; then back to the case."""
    typed = CoversForm.of_request()
    if not typed.accepted():
        return case.page(slug, reference, covers=typed), 422
    with writing(controller_id()) as work:
        representation.cover_answer(work, reference, note=str(typed.note.data))
    return redirect(f"/desk/{slug}/cases/{reference}/?done=covers#acting", code=303)
