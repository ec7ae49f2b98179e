"""Letters as they come out of the printer (Art. 12(1)): tagged for everybody's reader, on as few pages as can be."""

import io

import pikepdf
import pypdf

from app.domain.regime import LetterKind
from app.gateways.pdf import WeasyPrinter
from app.queries.reading import load
from app.services import letters
from tests.factories import House
from tests.gateways.test_pdf import structure
from tests.services.letters import ABOUT_CASES, WITHOUT_CASE, of_right

LONG: frozenset[LetterKind] = frozenset({"breach_authority", "access"})


def printed(house: House) -> dict[LetterKind, bytes]:
    """Every letter as PDF."""
    printer = WeasyPrinter()
    reference = of_right(house, "access")
    found: dict[LetterKind, bytes] = {}
    with house.work("dpo") as work:
        for kind, (right, inputs) in ABOUT_CASES.items():
            load(work, reference).right = right
            found[kind] = printer.print(letters.preview(house.portal, work, reference, kind, inputs))
        for kind, inputs in WITHOUT_CASE.items():
            found[kind] = printer.print(letters.compose(work, kind, inputs))
    return found


def test_every_letter_is_tagged_and_short(acme_on_sqlite: House) -> None:
    for kind, document in printed(acme_on_sqlite).items():
        with pikepdf.open(io.BytesIO(document)) as pdf:
            assert pdf.Root.MarkInfo.Marked, kind
            assert str(pdf.Root.Lang) == "en"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
            kinds = list(structure(pdf.Root.StructTreeRoot))
            assert kinds.count("/H1") == 1, kind
            assert kinds.count("/H2") >= 1
            assert len(pdf.pages) <= (2 if kind in LONG else 1), kind
            assert all("/ToUnicode" in font for page in pdf.pages for font in page.Resources.Font.values())
        last = pypdf.PdfReader(io.BytesIO(document)).pages[-1].extract_text().split()
        assert len(last) > 15, f"{kind}: the last page is all but empty"
