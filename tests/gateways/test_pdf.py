import io

import pikepdf
import pypdf
import pytest

from app.domain.packaging import Withheld
from app.gateways.pdf import Kept, PlainPrinter, WeasyPrinter, packaged_fetcher
from app.gateways.reporting import SECTIONS, report_pages
from app.gateways.storage import MemoryStorage
from tests.gateways.packages import ANSWER, ARTICLES, HOSTILE, RENDERER, answer, collections


@pytest.fixture(scope="module")
def printer():
    return WeasyPrinter()


@pytest.fixture(scope="module")
def found():
    return collections(MemoryStorage())


@pytest.fixture(scope="module")
def report(printer, found):
    withheld = (Withheld("shop", 3, f"About others {HOSTILE}", collection="notes"),)
    return printer.print(*report_pages(answer(person=HOSTILE, withheld=withheld), found, RENDERER))


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def structure(element):
    """All structure types below an element, in order."""
    yield str(element.get("/S", ""))
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from structure(kid)


def test_the_report_is_tagged_and_says_so(report):
    with pikepdf.open(io.BytesIO(report)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        assert ANSWER.reference in str(pdf.docinfo["/Title"])
        assert all(page.Tabs == "/S" for page in pdf.pages)
        assert b'part="1"' in root.Metadata.read_bytes() or b"<pdfuaid:part>1<" in root.Metadata.read_bytes()
        kinds = list(structure(root.StructTreeRoot))
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 1 + len(SECTIONS)
        assert {"/Document", "/P", "/Link"} <= set(kinds)
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
        assert len(fonts) <= 3
        assert all("/ToUnicode" in font for page in pdf.pages for font in page.Resources.Font.values())


def test_the_contents_lead_to_the_sections(report):
    with pikepdf.open(io.BytesIO(report)) as pdf:
        links = [note for page in pdf.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        titles = {str(pdf.Root.Names.Dests.Names[at]) for at in range(0, len(pdf.Root.Names.Dests.Names), 2)}
        assert titles == {key for key, _, _ in SECTIONS}, "each leads somewhere"
        assert {str(link.Dest) for link in links} == {key for key, _, _ in SECTIONS}
        with pdf.open_outline() as outline:
            assert outline.root


def test_every_point_of_the_law_has_its_section(report):
    text = words(report)
    for _, element, words_of in SECTIONS:
        title = f"{words_of} (Art. {ARTICLES[element]})" if element in ARTICLES else str(words_of)
        assert text.count(title) >= 2  # in the contents and as a heading
    for said in (
        "Yes, we process personal data about you", "451 records", "Providing the service: this rests on a contract",
        "Example Mailer (Germany)", "Receives: Contact data.", "Standard contractual clauses", "Kept for 2 years",
        "Have it corrected (Art. 16)", "Data State Inspectorate", "You may go to court", "You gave it.",
        "no decision that rests on automated processing alone",
    ):  # fmt: skip
        assert said in text


def test_hostile_words_are_only_words(report):
    text = words(report)
    assert "</style><script>alert('x')</script>&\"'" in text
    with pikepdf.open(io.BytesIO(report)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})


def test_no_data_is_said_as_plainly(printer):
    text = words(printer.print(*report_pages(answer(categories=()), [], RENDERER)))
    assert "we found no personal data about you" in text
    assert text.count("This does not apply") >= 6


def test_the_letter_counts_what_the_copy_holds(printer, found):
    withheld = (
        Withheld("shop", 2, "About others", collection="orders", rows=frozenset({1, 2})),
        Withheld("shop", 1, "A secret", collection="customers"),
    )
    text = words(printer.print(*report_pages(answer(withheld=withheld), found, RENDERER)))
    assert "We found 451 records." in text
    assert "Orders: 448 records." in text
    assert "Customers:" not in text
    assert "orders: 2 records. About others" in text


def test_the_same_letter_gives_the_same_bytes(printer, found):
    pages = report_pages(ANSWER, found, RENDERER)
    assert printer.print(*pages) == printer.print(*pages) == WeasyPrinter().print(*pages)


def test_what_is_enclosed_for_many_is_nobodys_own(printer, found):
    first, second = (printer.print(*report_pages(answer(person=who), found, RENDERER)) for who in ("Ana", "Bob"))
    assert "Ana" in words(first)
    assert "Ana" not in words(second)
    for pdf in (first, second):
        pages = [page.extract_text().split() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
        assert [page[-1] for page in pages] == [str(number) for number in range(1, len(pages) + 1)], "numbered through"
        assert ANSWER.reference in pages[0]
        assert all(ANSWER.reference not in page for page in pages[1:])
    letter, facts = report_pages(ANSWER, found, RENDERER)
    longer = letter.replace("</body>", "<p>More.</p>" * 90 + "</body>")
    numbers = [
        page.extract_text().split()[-1] for page in pypdf.PdfReader(io.BytesIO(printer.print(longer, facts))).pages
    ]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)], "after a longer letter too"


def test_only_what_was_asked_for_last_is_kept():
    kept, made = Kept(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: made.append(key) or key.upper()) == key.upper()
    assert made == ["a", "b", "c", "b"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.com/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "asset:../secret.txt",
        "asset:/etc/passwd",
        "asset:missing.png",
        "ftp://example.com/",
        "",
    ],
)
def test_nothing_is_fetched_but_packaged_assets(tmp_path, url):
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "static" / "logo.svg").write_text("<svg/>")
    fetcher = packaged_fetcher(tmp_path / "static")
    assert fetcher.fetch("asset:logo.svg").read() == b"<svg/>"
    with pytest.raises(BaseException, match="packaged assets only"):
        fetcher.fetch(url)


def test_a_letter_that_asks_for_a_foreign_file_is_not_printed(printer):
    for html in ('<img src="file:///etc/passwd">', '<link rel="attachment" href="file:///etc/passwd">'):
        with pytest.raises(BaseException, match="packaged assets only"):
            printer.print(html)


def test_the_twin_keeps_the_words():
    printed = PlainPrinter().print("<html><head><style>x{}</style></head><p>Dear &lt;Maria&gt;,<br>yes")
    assert printed.startswith(b"%PDF-1.7")
    assert b"Dear <Maria>, yes" in printed
