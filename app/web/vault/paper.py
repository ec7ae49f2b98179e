"""What the person types and chooses about a form to sign (152-FZ, Art. 14(3)): lines that may stand on it, and its
scan."""

from typing import Any

from app.domain.fields import FieldSpec
from app.domain.messages import Message, Worded
from app.domain.signed_form import LONGEST_LINE
from app.queries.signed_form import FormView
from app.web import fields
from app.web.files_form import TakesFiles
from app.web.forms import Form, from_specs

# Pictures and PDF alone: what has a code to read and pages to show.
ACCEPT = "application/pdf,image/jpeg,image/png,image/tiff,image/heic,.heic"


class ScanForm(TakesFiles):
    """The signed form, as a scan or a photo."""

    files = fields.files(
        Message("Take a photo or choose a file"),
        hint=Message("PDF, JPEG, PNG, TIFF or HEIC, up to 20 MB. On a phone you can take the photo right here."),
        accept=ACCEPT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where staff asked for something else besides, the chooser of any files stands on the same page.
        self.files.id = self.files.label.field_id = "scan-files"


def lines_form(paper: FormView) -> Form:
    """The lines that the law asks for: each may be typed, or left to be written by hand."""
    specs = [
        FieldSpec(
            field.key, "text", Message("%(line)s", {"line": Worded.of(field.title)}), required=False,
            max_length=LONGEST_LINE,
        )
        for field in paper.fields
    ]  # fmt: skip
    return from_specs(specs, {}).of_request()
