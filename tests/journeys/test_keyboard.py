"""With the keyboard alone: every step can be reached, and where one stands can be seen (WCAG 2.1.1, 2.4.7)."""

from collections.abc import Callable

from tests.journeys.conftest import Running
from tests.journeys.keys import FOCUS, enter, tab_to
from tests.journeys.steps import ACCESS, reference_on
from tests.journeys.walker import Walker, sees

STEFAN = "stefan.turcanu@example.com"


def file_without_a_mouse(person: Walker) -> str:
    """The form, the check and the code with the keyboard alone; gives the reference."""
    page = person.page
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"].strip() == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to(page, field="scope")
    page.keyboard.press("Space")
    tab_to(page, field="name")
    page.keyboard.type("Ștefan Țurcanu")
    tab_to(page, field="email")
    page.keyboard.type(STEFAN)
    tab_to(page, "Continue")
    enter(person)
    tab_to(page, "Send my request")
    enter(person)
    return reference_on(person)


def test_a_request_needs_no_mouse(person: Walker) -> None:
    person.open(ACCESS)
    reference = file_without_a_mouse(person)
    code = person.mailed_code(STEFAN)
    person.open(f"/case/{reference}/")
    tab_to(person.page, field="code")
    person.page.keyboard.type(code)
    enter(person)
    sees(person, "Shown to be yours")


def test_a_move_needs_no_mouse(desk: Callable[..., Walker], portal: Running) -> None:
    told = portal.told(
        "cases", "file", "--controller", "softmanager", "--right", "access", "--identity", "email=keys@example.org",
        "--proof", "identity card seen", "--as", "handler@softmanager.example",
    )  # fmt: skip
    reference = told["reference"]
    handler = desk("handler")
    handler.open(f"/desk/softmanager/?q={reference}")
    tab_to(handler.page, reference)
    enter(handler)
    tab_to(handler.page, "Assign")
    enter(handler)
    tab_to(handler.page, field="assignee")
    handler.page.keyboard.press("ArrowDown")
    tab_to(handler.page, "Assign")
    enter(handler)
    sees(handler, "Done")
