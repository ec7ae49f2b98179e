"""A parent asks for a child: sends the birth certificate, staff accept the authority, the answer goes to the parent,
who ends it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from tests.journeys.conftest import NewWalker
from tests.journeys.steps import approve_and_release, collect, reference_on
from tests.journeys.walker import Walker, sees

LAUMA = "lauma.liepa@example.org"
CHILD = "oliver.smith@example.com"


def ask_for_child(parent: Walker) -> str:
    """Two pages: who asks, and for which child."""
    parent.open("/c/softmanager/access/")
    parent.page.get_by_label("For a child").check()
    parent.page.get_by_label("Everything", exact=False).first.check()
    parent.page.get_by_label("Your name").fill("Lauma Liepa")
    parent.page.get_by_label("Your e-mail address").fill(LAUMA)
    parent.press("Continue")
    sees(parent, "About the child")
    parent.page.get_by_label("The child’s name").fill("Oliver Smith")
    parent.page.get_by_label("The child’s date of birth").fill("1990-01-01")
    parent.page.get_by_role("radio", name="A parent").check()
    parent.page.get_by_label("The child’s e-mail address").fill(CHILD)
    parent.page.get_by_label("I am a parent or guardian of this child").check()
    parent.press("Continue")
    sees(parent, "At this age they are no child any more")
    parent.page.get_by_label("The child’s date of birth").fill(f"{datetime.now(tz=UTC).year - 10}-01-01")
    parent.press("Continue")
    sees(parent, "Oliver Smith")
    parent.press("Send my request")
    return reference_on(parent)


def test_a_parent_asks_for_a_child(window: NewWalker, desk: Callable[..., Walker], tmp_path: Path) -> None:
    parent = window(width=360)
    reference = ask_for_child(parent)
    sent = parent.page.url
    code = parent.mailed_code(LAUMA)
    parent.open(sent)
    parent.page.get_by_label("Code").first.fill(code)
    parent.press("Confirm my request")
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
    parent.page.locator("input[type=file]").last.set_input_files(path)
    if parent.page.get_by_label("It shows that I may act").count():
        parent.page.get_by_label("It shows that I may act").check()
    parent.press("Send the files")
    sees(parent, "Your files are there.")


def accept(dpo: Walker, reference: str) -> None:
    """The authority was seen, and covers receiving the answer."""
    dpo.open(f"/desk/softmanager/cases/{reference}/")
    sees(dpo, "Lauma Liepa")
    dpo.press("Accept the proof")
    dpo.page.get_by_label("authority to act").check()
    dpo.page.get_by_label("Note for the file").fill("Birth certificate, names her as his mother.")
    dpo.page.get_by_label(CHILD).check()
    dpo.page.get_by_label("Who gets the answer?").select_option("representative")
    dpo.press("Accept the proof")
    sees(dpo, "Lauma Liepa")
