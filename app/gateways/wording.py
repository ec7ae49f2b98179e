"""A letter's words taken out of its HTML: its parts for the check of what must be in it (Art. 12(4)), its text for the
mail."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = {"p", "h1", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "section", "div", "table", "tr"}
_HEADINGS: Final = {"h1", "h2", "h3"}
_VOID: Final = {"br", "hr", "img", "meta", "link", "input"}
MARK: Final = "data-element"


class _Parts(HTMLParser):
    """Collects the text of everything that is marked, headings apart: a heading alone says nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._open: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        mark = dict(attrs).get(MARK)
        self._open.append((tag, mark))
        if mark:
            self.found.setdefault(mark, "")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _ = self._open.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if any(tag in _HEADINGS for tag, _ in self._open):
            return
        for mark in {mark for _, mark in self._open if mark}:
            self.found[mark] += data


def parts_of(html: str) -> Mapping[str, str]:
    """The words of each marked part; of one that stands there several times, all together."""
    parser = _Parts()
    parser.feed(html)
    parser.close()
    return {mark: " ".join(text.split()) for mark, text in parser.found.items()}


class _Text(HTMLParser):
    """Writes HTML down as plain text: one line a paragraph, a blank line between blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._line = ""
        self._lists: list[int | None] = []
        self._first = ""
        self._link = ""
        self._said = ""
        self._under_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_line()
        match tag:
            case "ul" | "ol":
                self._lists.append(0 if tag == "ol" else None)
                self._blank()
            case "li":
                self._first = self._bullet()
            case "br":
                self._end_line()
            case "a":
                self._link, self._said = dict(attrs).get("href") or "", ""
            case "p" | "h1" | "h2" | "h3" | "dl" | "table":
                self._blank()

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "ul" | "ol":
                self._end_line()
                self._lists.pop()
                self._blank()
            case "a":
                self._end_link()
            case "h1" | "h2" | "h3":
                self._end_line()
                self._under_heading = True
            case _ if tag in _BLOCKS:
                self._end_line()

    def handle_data(self, data: str) -> None:
        self._line += re.sub(r"\s+", " ", data)
        self._said += data

    def _end_link(self) -> None:
        bare = self._link.removeprefix("mailto:")
        if bare and bare != self._said.strip():
            self._line += f" ({bare})"
        self._link = ""

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _end_line(self) -> None:
        line = re.sub(r" +", " ", self._line).strip()
        if line:
            self.out.append(self._first + line)
            self._first, self._under_heading = "", False
        self._line = ""

    def _blank(self) -> None:
        if self.out and self.out[-1] and not self._lists[1:] and not self._first and not self._under_heading:
            self.out.append("")


def as_text(html: str) -> str:
    """The same words as plain text, in the same order."""
    writer = _Text()
    writer.feed(html)
    writer.close()
    writer._end_line()  # noqa: SLF001  # the same module's own writer
    return "\n".join(writer.out).strip() + "\n"
