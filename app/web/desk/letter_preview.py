"""A letter shown inside a page of the desk, as its reader will read it (Art. 12(4))."""

import re
from typing import Final

from markupsafe import Markup

_BODY: Final = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
# The page has a first heading of its own: the letter's headings stand below it.
_LOWER: Final = {"1": "2", "2": "3"}


def part_of_page(letter: str) -> Markup:
    """The letter's body. It comes from our own template, which escapes whatever was typed into it."""
    body = _BODY.search(letter)
    assert body is not None
    lowered = re.sub(r"(</?h)([12])\b", lambda found: found[1] + _LOWER[found[2]], body[1])
    return Markup(lowered.replace("<a ", '<a rel="noreferrer" '))  # noqa: S704  # our own template's escaped words
