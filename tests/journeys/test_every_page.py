"""Every page, on a telephone and on wider screens: nothing sticks out, and everybody can use it."""

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.journeys.conftest import NewWalker, Running
from tests.journeys.tour import desk_pages, person_pages, public_pages
from tests.journeys.walker import TOO_WIDE, Walker

NARROW = 360
WIDER = (320, 768, 1280)


def stroll(walker: Walker, pages: Iterator[str]) -> list[str]:
    """Go through the pages at a telephone's width; each must fit other screens as well."""
    seen = []
    for name in pages:
        seen.append(name)
        for width in WIDER:
            walker.page.set_viewport_size({"width": width, "height": 800})
            for wide in walker.page.evaluate(TOO_WIDE):
                walker.faults.append(f"{name} at {width}: wider than the screen: {wide}")
        walker.page.set_viewport_size({"width": NARROW, "height": 800})
    return seen


def test_what_anybody_sees(window: NewWalker) -> None:
    walker = window(width=NARROW)
    assert len(stroll(walker, public_pages(walker))) > 15


def test_what_staff_see(desk: Callable[..., Walker]) -> None:
    walker = desk("dpo", width=NARROW)
    assert len(stroll(walker, desk_pages(walker))) > 25


def test_what_people_see_of_their_requests(window: NewWalker, desk: Callable[..., Walker]) -> None:
    walker = window(width=NARROW)
    assert len(stroll(walker, person_pages(walker, desk("dpo")))) > 15


def test_mails_as_a_mail_program_shows_them(window: NewWalker, portal: Running, tmp_path: Path) -> None:
    """One of each kind; a mail fetches nothing from anywhere."""
    walker, kinds = window(width=NARROW), {}
    for path in (portal.data / "mail").glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        kinds[re.sub(r"[A-Z0-9-]{10,}", "", str(message["Subject"]))] = message
    assert len(kinds) >= 4
    for number, message in enumerate(kinds.values()):
        body = message.get_body(("html",))
        page = tmp_path / f"{number}.html"
        page.write_text(body.get_content(), encoding="utf-8")
        walker.open_file(page)
