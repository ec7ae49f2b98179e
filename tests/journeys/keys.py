"""Fingers on a keyboard and no mouse: each stop on the way must be seen (WCAG 2.1.1, 2.4.7)."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, Locator, Page

from tests.journeys.walker import Walker

MOST_TABS = 80
TRIES = 5
# Seen is what looks different without the focus; the parts of a day would lose their turn, and are asked for a line.
FOCUS = """() => {
  const node = document.activeElement, box = node.getBoundingClientRect();
  const parts = [[node], [node, "::after"], [node.nextElementSibling ?? node, "::before"]];
  const drawn = s => [s.outline, s.boxShadow, s.backgroundColor].join();
  const look = () => parts.map(([one, part]) => drawn(getComputedStyle(one, part))).join();
  const stop = { name: node.innerText || node.value || "", id: node.id, tag: node.tagName, shown: true,
                 onScreen: box.top < innerHeight && box.bottom > 0 };
  if (node === document.body) return stop;
  if (node.type === "date") return { ...stop, shown: getComputedStyle(node).outlineStyle !== "none" };
  const focused = look();
  node.blur();
  stop.shown = look() !== focused;
  node.focus({ preventScroll: true });
  return stop;
}"""
# Of several answers of which one is chosen, Tab stops at one; arrows lead to the others.
HERE = """node => {
  const at = document.activeElement;
  return at === node || (node.type === "radio" && [...node.form.elements[node.name]].includes(at));
}"""


def _stops(page: Page) -> Iterator[dict[str, str]]:
    """What Tab comes to."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "BODY":  # out of the page and in again from the top
            continue
        assert stop["shown"], f"nobody sees that this has the focus: {stop}"
        assert stop["onScreen"], f"the focus is off the screen: {stop}"
        yield stop


def tab_to(page: Page, name: str = "", *, field: str = "") -> None:
    """Press Tab until there."""
    passed = []
    for stop in _stops(page):
        passed.append(f"{stop['tag']} {stop['id']} {stop['name'][:40]!r}")
        if (field and stop["id"] == field) or (stop["tag"] in {"A", "BUTTON"} and name == stop["name"].strip()):
            return
    raise AssertionError(f"{name or field} cannot be reached with Tab:\n" + "\n".join(passed))


def reach(target: Locator) -> None:
    """Press Tab until it, or one of its group, has the focus."""
    stops = _stops(target.page)
    while not target.evaluate(HERE):
        assert next(stops, None), f"{target} cannot be reached with Tab"


def enter(walker: Walker, name: str = "") -> None:
    """Press Enter, on a link or button if it is named, and look at the page that comes."""
    if name:
        tab_to(walker.page, name)
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    walker.look()


def write(field: Locator, text: str) -> None:
    """Type over what stands there."""
    reach(field)
    field.page.keyboard.press("ControlOrMeta+a")
    field.page.keyboard.type(text)


def choose(answer: Locator) -> None:
    """Check a box, or one of several answers."""
    reach(answer)
    if answer.evaluate("node => node === document.activeElement"):
        answer.page.keyboard.press("Space")
    while not answer.is_checked():
        answer.page.keyboard.press("ArrowDown")


def hand_over(field: Locator, path: Path) -> None:
    """Choose a file. A key that comes while the page's scripts still put the field in place opens nothing."""
    for _ in range(TRIES):
        reach(field)
        with suppress(Error):
            with field.page.expect_file_chooser(timeout=3000) as opened:
                field.page.keyboard.press("Enter")
            opened.value.set_files(path)
            return
    raise AssertionError("the key opens no choice of files")
