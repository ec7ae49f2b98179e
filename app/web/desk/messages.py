"""Staff write to the person about a request; the person gets a mail that points to their page (Art. 12(1))."""

from flask import redirect
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.services import conversation
from app.web.desk import case
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import MessageForm
from app.web.desk.place import controller_id
from app.web.guard import staff
from app.web.transaction import prove, writing


@blueprint.post("/desk/<slug>/cases/<reference>/messages/")
@staff("case:message")
def write(slug: str, reference: str) -> ResponseReturnValue:
    """Send the message, then back to the case; what was typed is kept where something stands in the way."""
    typed = MessageForm.of_request()
    if not typed.accepted():
        return case.page(slug, reference, writes=typed), 422
    try:
        with writing(controller_id()) as work:
            conversation.write(work, reference, str(typed.body.data))
    except Invalid as fault:
        typed.blame(fault)
        return case.page(slug, reference, writes=typed), 422
    return redirect(f"/desk/{slug}/cases/{reference}/?done=message", code=303)


@blueprint.post("/desk/<slug>/cases/<reference>/messages/read/")
@staff("case:message")
def read(slug: str, reference: str) -> ResponseReturnValue:
    """What the person wrote is read, and needs nothing more."""
    prove()
    with writing(controller_id()) as work:
        conversation.note_read(work, reference)
    return redirect(f"/desk/{slug}/cases/{reference}/?done=read", code=303)
