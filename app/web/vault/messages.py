"""The person writes to the organisation about a request: about proof, or because they are not content (Art. 12(2))."""

from flask import redirect
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.services import conversation
from app.web import visitor
from app.web.guard import person
from app.web.limits import HOUR, slow_down
from app.web.transaction import writing
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.forms import MessageForm
from app.web.vault.place import controller_of

MESSAGES_AN_HOUR = 20


@blueprint.post("/case/<reference>/messages")
@person
def write(reference: str) -> ResponseReturnValue:
    """Keep the message with the request; staff see it there."""
    typed = MessageForm.of_request()
    if not typed.accepted():
        return status.page(reference, writes=typed), 422
    slow_down("messages-for", reference, limit=MESSAGES_AN_HOUR, seconds=HOUR)
    try:
        with writing(controller_of(reference), who=visitor.person()) as work:
            conversation.write(work, reference, str(typed.body.data))
    except Invalid as fault:
        typed.blame(fault)
        return status.page(reference, writes=typed), 422
    return redirect(f"/case/{reference}/?done=message", code=303)
