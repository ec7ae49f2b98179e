"""With the keyboard alone: every step can be reached, and where one stands can be seen (WCAG 2.1.1, 2.4.7)."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.steps import ACCESS, reference_on
from tests.journeys.walker import Walker, sees

STEFAN = "stefan.turcanu@example.com"
FOCUS = """() => {
  const node = document.activeElement, box = node.getBoundingClientRect();
  const style = getComputedStyle(node), label = node.nextElementSibling ? getComputedStyle(node.nextElementSibling, "::before") : null;
  const shown = [style, label].some(s => s && (s.boxShadow !== "none" || (s.outlineStyle !== "none" && s.outlineColor !== "rgba(0, 0, 0, 0)")));
  return { name: node.innerText || node.value || "", id: node.id, tag: node.tagName, shown,
           onScreen: box.top < innerHeight && box.bottom > 0 };
}"""


def tab_to(page: Page, name: str = "", *, id: str = "") -> None:
    """Press Tab until there; on the way each stop must be visible."""
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        passed.append(f"{stop['tag']} {stop['id']} {stop['name'][:40]!r}")
        if stop["tag"] == "BODY":  # out of the page and in again from the top
            continue
        assert stop["shown"], f"nobody sees that this has the focus: {passed[-1]}"
        assert stop["onScreen"], f"the focus is off the screen: {passed[-1]}"
        if (id and stop["id"] == id) or (name and stop["tag"] in {"A", "BUTTON"} and name == stop["name"].strip()):
            return
    raise AssertionError(f"{name or id} cannot be reached with Tab:\n" + "\n".join(passed))


def enter(walker: Walker) -> None:
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    walker.look()


def test_a_request_and_a_move_need_no_mouse(person: Walker, desk: Callable[..., Walker]) -> None:
    person.open(ACCESS)
    page = person.page
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"].strip() == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to(page, id="name")
    page.keyboard.type("Ștefan Țurcanu")
    tab_to(page, id="email")
    page.keyboard.type(STEFAN)
    tab_to(page, id="scope")
    page.keyboard.press("Space")
    tab_to(page, "Continue")
    enter(person)
    tab_to(page, "Send my request")
    enter(person)
    reference = reference_on(person)
    code = person.mailed_code(STEFAN)
    person.open(f"/case/{reference}/")
    tab_to(page, id="code")
    page.keyboard.type(code)
    enter(person)
    sees(person, "Shown to be yours")

    handler = desk("handler")
    handler.open(f"/desk/softmanager/?q={reference}")
    tab_to(handler.page, reference)
    enter(handler)
    tab_to(handler.page, "Assign")
    enter(handler)
    tab_to(handler.page, id="assignee")
    handler.page.keyboard.press("ArrowDown")
    tab_to(handler.page, "Assign")
    enter(handler)
    sees(handler, "Done")
