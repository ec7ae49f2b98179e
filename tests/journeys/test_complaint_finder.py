"""Somebody finds the authority to complain to, with the keyboard alone, and takes the history of a request there."""

from pathlib import Path

from pypdf import PdfReader

from tests.journeys.conftest import NewWalker
from tests.journeys.keys import enter, tab_to
from tests.journeys.steps import ask, confirm
from tests.journeys.walker import Walker, sees

NORA = "nora.kalnina@example.com"
WORDS = "They answered about one system and left out the invoices."


def test_to_whom_to_complain_and_with_what(window: NewWalker, tmp_path: Path) -> None:
    person = window(width=360)
    find_without_a_mouse(person)
    reference = ask(person, name="Nora Kalniņa", email=NORA)
    confirm(person, NORA)
    person.follow("Other authorities, and a PDF for your complaint")
    choose(person, residence="Latvia")
    sees(person, "Where you live: Latvia")
    person.page.get_by_label("What do you complain about?").fill(WORDS)
    paper = tmp_path / "complaint.pdf"
    assert person.download("Download the PDF", paper).suggested_filename == f"{reference}-complaint.pdf"
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(paper).pages).split())
    for said in ("Data State Inspectorate", "Nora Kalniņa", NORA, reference, WORDS, "You confirmed your request"):
        assert said in words
    person.open(f"/case/{reference}/")
    sees(person, "You made a complaint pack")


def find_without_a_mouse(person: Walker) -> None:
    """From the organisation's page, by typing the first letters of a country."""
    person.open("/c/softmanager/")
    tab_to(person.page, "Complain about SoftManager")
    enter(person)
    sees(person, "Where the organisation has its seat: Romania")
    tab_to(person.page, field="residence")
    person.page.keyboard.type("Bulg")
    tab_to(person.page, field="work")
    person.page.keyboard.type("Indo")
    tab_to(person.page, "Show the authorities")
    enter(person)
    sees(person, "Where you live: Bulgaria")
    sees(person, "We know no authority in this country: Indonesia.")
    assert person.page.get_by_label("Where do you live?").input_value() == "BG", "the answers stay"


def choose(person: Walker, *, residence: str) -> None:
    person.page.get_by_label("Where do you live?").select_option(label=residence)
    person.press("Show the authorities")


def test_it_needs_no_script(window: NewWalker) -> None:
    person = window(scripts=False)
    person.open("/c/softmanager/complain/?residence=GB&work=DE&infringement=DE-BY")
    sees(person, "BayLDA (private sector)")
    choose(person, residence="Germany (Berlin)")
    sees(person, "BlnBDI")
