"""What staff type on a case's page beside its moves."""

from datetime import date
from typing import ClassVar

from app.domain.evidence import PURPOSES_FOR_DESK
from app.domain.fields import day as day_field
from app.domain.given import read
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


class CoversForm(Form):
    """What shows that an authority covers receiving the answer."""

    note = fields.passage(
        Message("What shows that the answer may go to whoever acts for the person?"),
        hint=Message("Such as: a line of the mandate, or parental responsibility. The person does not see it."),
        needed=Message("Say what shows it."), rows=2,
    )  # fmt: skip


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


class ArrivedForm(TakesFiles):
    """A signed form that came by another way than the person's page."""

    ONE: ClassVar[Message] = Message("Choose the file of one form.")

    files = fields.files(
        Message("The form, as a scan or a photo"),
        hint=Message("PDF, JPEG, PNG, TIFF or HEIC, up to 20 MB. One form with all its pages."),
        accept=".pdf,.png,.jpg,.jpeg,.tif,.tiff",
    )
    code = fields.line(
        Message("Code below the square"),
        hint=Message("Only if it could not be read from the file. 16 letters and digits."), longest=40,
        classes="govuk-input--width-20", autocomplete="off", spellcheck="false", autocapitalize="characters",
    )  # fmt: skip
    received_on = fields.line(
        Message("When did it arrive?"), hint=Message("Today, if you leave it empty."), longest=10, kind="date",
        classes="govuk-input--width-10",
    )  # fmt: skip

    def day(self) -> date | None:
        """The day that was typed; Invalid for what is none."""
        spec = day_field("received_on", Message("When did it arrive?"))
        found = read([spec], {"received_on": str(self.received_on.data or "")}, {})["received_on"]
        assert found is None or isinstance(found, date)
        return found
