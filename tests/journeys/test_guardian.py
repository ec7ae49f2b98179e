"""A parent without a mouse asks for a child and sends the birth certificate; staff accept the authority, the answer
goes to the parent, who ends it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalker
from tests.journeys.keys import choose, enter, hand_over, tab_to, write
from tests.journeys.steps import approve_and_release, collect, reference_on
from tests.journeys.walker import Walker, sees

LAUMA = "lauma.liepa@example.org"
CHILD = "oliver.smith@example.com"


def ask_for_child(parent: Walker) -> str:
    """Two pages: who asks, and for which child."""
    page = parent.page
    parent.open("/c/softmanager/access/")
    choose(page.get_by_label("For a child"))
    choose(page.get_by_label("Everything", exact=False).first)
    write(page.get_by_label("Your name"), "Lauma Liepa")
    write(page.get_by_label("Your e-mail address"), LAUMA)
    enter(parent, "Continue")
    sees(parent, "About the child")
    write(page.get_by_label("The child’s name"), "Oliver Smith")
    born_on = page.get_by_label("The child’s date of birth")
    write(born_on, "01011990")
    choose(page.get_by_role("radio", name="A parent"))
    write(page.get_by_label("The child’s e-mail address"), CHILD)
    choose(page.get_by_label("I am a parent or guardian of this child"))
    enter(parent, "Continue")
    sees(parent, "At this age they are no child any more")
    assert page.locator(".govuk-error-summary").evaluate("node => node === document.activeElement")
    tab_to(page, page.locator(".govuk-error-summary a").inner_text())
    page.keyboard.press("Enter")
    assert born_on.evaluate("node => node === document.activeElement")
    write(born_on, f"0101{datetime.now(tz=UTC).year - 10}")
    enter(parent, "Continue")
    sees(parent, "Oliver Smith")
    enter(parent, "Send my request")
    return reference_on(parent)


def test_a_parent_asks_for_a_child(window: NewWalker, desk: Callable[..., Walker], tmp_path: Path) -> None:
    parent = window(width=360)
    reference = ask_for_child(parent)
    sent = parent.page.url
    code = parent.mailed_code(LAUMA)
    parent.open(sent)
    write(parent.page.get_by_label("Code").first, code)
    enter(parent, "Confirm my request")
    sees(parent, "Show that you may act for the child")
    send_certificate(parent, tmp_path)

    dpo = desk("dpo")
    accept(dpo, reference)
    collect(dpo, reference)
    approve_and_release(dpo, reference)

    parent.open(f"/case/{reference}/")
    sees(parent, "Get your data")
    sees(parent, "The answer goes to Lauma Liepa")
    parent.follow("End it: nobody acts for the person any more")
    parent.press("End it")
    parent.open(f"/case/{reference}/")
    assert "Oliver" not in parent.words


def send_certificate(parent: Walker, folder: Path) -> None:
    """A photo of the birth certificate."""
    path = folder / "certificate.png"
    Image.new("RGB", (400, 300), "white").save(path)
    choose(parent.page.get_by_label("It shows that I may act"))
    hand_over(parent.page.locator("input[type=file]"), path)
    tab_to(parent.page, "Send the files")
    parent.page.keyboard.press("Enter")
    expect(parent.page.locator("[role=alert]:focus")).to_contain_text("Your files are there.")
    parent.look()


def accept(dpo: Walker, reference: str) -> None:
    """The authority was seen, and covers receiving the answer."""
    dpo.open(f"/desk/softmanager/cases/{reference}/")
    sees(dpo, "Lauma Liepa")
    enter(dpo, "Accept the proof")
    choose(dpo.page.get_by_label("authority to act"))
    write(dpo.page.get_by_label("Note for the file"), "Birth certificate, names her as his mother.")
    choose(dpo.page.get_by_label(CHILD))
    answer_to = dpo.page.get_by_label("Who gets the answer?")
    write(answer_to, answer_to.locator("[value=representative]").inner_text())
    enter(dpo, "Accept the proof")
    sees(dpo, "Lauma Liepa")
