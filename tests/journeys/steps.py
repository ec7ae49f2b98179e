"""What several journeys have in common: asking, confirming, and what the desk does with it."""

import re

from tests.journeys.walker import Walker, sees

ACCESS = "/c/softmanager/access/"
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
CODE_FIELD = "Code from the e-mail"


def answer_form(walker: Walker, *, name: str, email: str) -> None:
    """The least that the form asks for."""
    walker.page.get_by_label("Everything", exact=False).first.check()
    answer_about(walker, name=name, email=email)


def answer_about(walker: Walker, *, name: str, email: str) -> None:
    """Who asks."""
    walker.page.get_by_label("Your name").fill(name)
    walker.page.get_by_label("E-mail address").fill(email)


def ask(walker: Walker, *, name: str, email: str) -> str:
    """From the organisation's page to a request that is sent; gives its reference."""
    walker.open("/c/softmanager/")
    walker.follow(re.compile("copy of your data"))
    answer_form(walker, name=name, email=email)
    walker.press("Continue")
    sees(walker, email)
    walker.press("Send my request")
    return reference_on(walker)


def reference_on(walker: Walker) -> str:
    """The reference that the page shows."""
    found = REFERENCE.search(walker.words)
    assert found, walker.words
    return found[0]


def confirm(walker: Walker, email: str) -> None:
    """Read the code in the mail, come back and type it in."""
    sent = walker.page.url
    code = walker.mailed_code(email)
    walker.open(sent)
    walker.page.get_by_label("Code").first.fill(code)
    walker.press("Confirm my request")
    sees(walker, "Shown to be yours")


def collect(desk: Walker, reference: str) -> None:
    """Search the systems, and wait until they are searched."""
    desk.open(f"/desk/softmanager/cases/{reference}/")
    desk.press("Start the collection")
    desk.until(lambda page: page.locator("#found").count() > 0, what="the systems are searched")


def approve_and_release(desk: Walker, reference: str, *, partly: bool = False) -> None:
    """Two moves, with the package put together in between."""
    desk.open(f"/desk/softmanager/cases/{reference}/")
    desk.press("Approve the answer", role="button")
    desk.press("Approve the answer")
    desk.until(lambda page: page.get_by_role("button", name="Release to the person").count() > 0, what="the package")
    desk.press("Release to the person")
    desk.press("Release to the person")
    if partly:  # what was left out is told in a letter, which is read before it is sent
        desk.press("Send this letter and close the request")
    sees(desk, "Answered")
