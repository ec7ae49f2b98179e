"""A request is refused: the ground, the letter before it is sent, and what the person gets to read."""

from collections.abc import Callable
from pathlib import Path

from pypdf import PdfReader

from tests.journeys.steps import ask, confirm
from tests.journeys.walker import Walker, sees

GRACE = "grace.oneill@example.com"
REASON = "The same data went to you on 2 November, and nothing in it has changed since then."


def test_a_refusal_is_read_before_it_is_sent_and_reaches_the_person(
    window: Callable[..., Walker], desk: Callable[..., Walker], tmp_path: Path
) -> None:
    person = window(width=768)
    reference = ask(person, name="Grace O’Neill", email=GRACE)
    confirm(person, GRACE)

    refuse(desk("handler"), reference)
    read_the_decision(person, reference, tmp_path / "letter.pdf")


def refuse(handler: Walker, reference: str) -> None:
    """Nothing chosen, then everything; the letter is read, changed, read again and sent."""
    handler.open(f"/desk/softmanager/cases/{reference}/")
    handler.follow("Refuse the request")
    handler.press("Read the letter first")
    sees(handler, "There is a problem")  # nothing chosen, nothing written
    handler.page.get_by_label("Reasons, as the person will read them").fill(REASON)
    handler.page.locator("[name=ground]").first.check()
    handler.press("Read the letter first")
    sees(handler, REASON)
    sees(handler, "supervisory authority")
    sees(handler, "court")
    handler.press("Change it")
    assert handler.page.get_by_label("Reasons, as the person will read them").input_value() == REASON
    handler.press("Read the letter first")
    handler.press("Send this letter and close the request")
    sees(handler, "Refused")


def read_the_decision(person: Walker, reference: str, letter: Path) -> None:
    """The mail, the page and the letter say the same."""
    person.open(f"/demo/mail/?to={GRACE}")
    person.until(lambda page: page.get_by_role("link", name="Our decision on").count() > 0, what="the mail")
    person.follow("Our decision on")
    sees(person, REASON)
    person.open(f"/case/{reference}/")
    sees(person, "Your request was refused")
    person.download("Our decision on your request (PDF)", letter)
    text = " ".join(page.extract_text() for page in PdfReader(letter).pages)
    assert reference in text
    assert "nothing in it has changed" in " ".join(text.split())
