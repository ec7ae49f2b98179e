"""What the person types about a request they have made: its reference, and codes from the mail."""

from app.domain.evidence import PURPOSES
from app.domain.identity import read_reference
from app.domain.messages import Message
from app.web import fields
from app.web.files_form import TakesFiles
from app.web.forms import Form


class CodeForm(Form):
    """The six digits."""

    code = fields.code(
        Message("Code from the e-mail"), hint=Message("6 digits. It works for 10 minutes; you can ask for another one.")
    )


class OnFileForm(CodeForm):
    """The six digits from the notice, and whose the request is."""

    mine = fields.radios(
        Message("Was it you?"),
        (
            ("yes", Message("Yes, it is me"), Message("I made this request, from another address.")),
            ("no", Message("No, I did not ask for this"), Message("Somebody else uses my name or number.")),
        ),
        needed=Message("Say whether it was you."),
    )


class CosignForm(CodeForm):
    """The six digits from the mail, and whether somebody may act for the person."""

    agrees = fields.radios(
        Message("Do you agree?"),
        (
            ("yes", Message("Yes, I agree"), Message("They may make this request for me.")),
            ("no", Message("No, I did not ask for this"), Message("They may not act for me.")),
            ("see", Message("I only want to see the request"), Message("I answered before, or look first.")),
        ),
        needed=Message("Say whether you agree."),
    )


class ReferenceForm(Form):
    """Which request."""

    reference = fields.line(
        Message("Reference"),
        hint=Message("12 letters and digits, such as 7K2M-9QXF-4TRB. It stands in every e-mail about your request."),
        needed=Message("Enter the reference of your request."),
        classes="govuk-input--width-20", autocomplete="off", spellcheck="false", autocapitalize="characters",
    )  # fmt: skip

    def place(self) -> str | None:
        """The canonical reference; what cannot be one is named as a fault."""
        reference = read_reference(self.reference.data or "")
        if reference is None:
            self.wrong(
                "reference", Message("Check the reference: it has 12 letters and digits, and no 0, 1, I, L, O or U.")
            )
        return reference


class MessageForm(Form):
    """What the person wants to say."""

    body = fields.passage(
        Message("Write to the organisation"),
        hint=Message("For example about the proof, or why you are not content. It is kept with your request."),
        needed=Message("Write something first."),
    )  # fmt: skip


class FilesForm(TakesFiles):
    """Files, and what they are to show."""

    purpose = fields.radios(
        Message("What does it show?"), tuple(PURPOSES.items()), needed=Message("Choose what the files show.")
    )
    files = fields.files(
        Message("Choose files"),
        hint=Message(
            "PDF, PNG, JPEG, TIFF, HEIC, EML or DOCX. Up to 10 files at once, each up to 20 MB, 100 MB in all."
        ),
        accept=".pdf,.png,.jpg,.jpeg,.tif,.tiff,.heic,.eml,.docx",
    )
