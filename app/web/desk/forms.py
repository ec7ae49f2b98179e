"""What staff type on a case's page beside its moves."""

from app.domain.messages import Message
from app.web import fields
from app.web.forms import Form


class MessageForm(Form):
    """What staff want to tell the person."""

    body = fields.passage(
        Message("Write to the person"),
        hint=Message("They get an e-mail that points to their page, and read it there. It is kept with the request."),
        needed=Message("Write something first."), rows=4,
    )  # fmt: skip
