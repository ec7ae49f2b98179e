"""What staff type on a case's page beside its moves."""

from app.domain.evidence import PURPOSES_FOR_DESK
from app.domain.messages import Message
from app.web import fields
from app.web.files_form import TakesFiles
from app.web.forms import Form


class MessageForm(Form):
    """What staff want to tell the person."""

    body = fields.passage(
        Message("Write to the person"),
        hint=Message("They get an e-mail that points to their page, and read it there. It is kept with the request."),
        needed=Message("Write something first."), rows=4,
    )  # fmt: skip


class FilesForm(TakesFiles):
    """What came by post or at the counter."""

    purpose = fields.radios(
        Message("What does it show?"), tuple(PURPOSES_FOR_DESK.items()), needed=Message("Choose what the files show.")
    )
    files = fields.files(
        Message("Choose files"),
        hint=Message(
            "PDF, PNG, JPEG, TIFF, HEIC, EML or DOCX. Up to 10 files at once, each up to 20 MB, 100 MB in all."
        ),
        accept=".pdf,.png,.jpg,.jpeg,.tif,.tiff,.heic,.eml,.docx",
    )


class NoteForm(Form):
    """What staff saw in a file."""

    note = fields.passage(
        Message("What does it show?"),
        hint=Message(
            "Such as: passport, name and date of birth fit. Copy no numbers from it. The note stays when the file is"
            " destroyed, and stands ready when you accept the proof."
        ),
        needed=Message("Write what you saw."), longest=2000, rows=3,
    )  # fmt: skip
