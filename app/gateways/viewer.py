"""The pages of a package (Art. 12(1) GDPR: concise, intelligible, easily accessible): read offline, without any script.

Cells are other people's words. They are escaped, kept inside their own cell and shown without characters that steer
text; the browser is told (content security policy) to load and run nothing, so a page can only be read.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from markupsafe import Markup, escape

from app.domain.cells import Column, plain_cells, readable
from app.domain.packaging import Answer
from app.gateways.rendering import TEMPLATES, Renderer, size
from app.gateways.spool import Spooled, read_columns
from app.gateways.storage import Storage

PAGE_ROWS = 200
MOST_ROWS = 10_000  # beyond, the CSV and JSON files serve better
CARDS_UP_TO = 3  # so few records are easier to read one below the other than side by side
_BETWEEN = "\x00"


@dataclass(frozen=True, slots=True)
class Shown:
    """One collection with the words for it and its place in the package."""

    spooled: Spooled
    title: str
    connection_title: str
    categories: tuple[str, ...]
    folder: str
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def headings(self) -> list[tuple[str, str]]:
        """What people call each column, and beside it what its system does; empty where that is as good as the same."""
        pairs = [(heading(column), self.columns.get(column, ""), column) for column in self.spooled.columns]
        return [(said or own, column if said and said.lower() != own.lower() else "") for own, said, column in pairs]

    @property
    def pages(self) -> int:
        """How many pages show it; a collection without rows has one that says so."""
        return max(1, -(-min(self.spooled.rows, MOST_ROWS) // PAGE_ROWS))

    def page_path(self, number: int) -> str:
        """The place of a page in the package."""
        return f"html/{self.folder}/page-{number:04d}.html"


def heading(column: str) -> str:
    """`placed_at` → `Placed at`; the data files keep the source's own name."""
    words = column.replace("_", " ").strip()
    return words[:1].upper() + words[1:] or column


class Viewer:
    """Makes the pages of one package."""

    def __init__(self, answer: Answer, renderer: Renderer) -> None:
        style = (TEMPLATES / "package" / "style.css").read_text("utf-8").strip()
        if colour := answer.controller.colour:
            style += f"\n:root {{ --link: {colour}; --band: {colour}; }}"
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._renderer, self._answer = renderer, answer
        self._common: dict[str, Any] = {
            "language": answer.language,
            "timezone": answer.timezone,
            "answer": answer,
            "style": Markup(style),  # noqa: S704  # our own file
            "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        }

    def index(self, shown: Sequence[Shown]) -> bytes:
        """The summary: it stands alone, also where the rest of the ZIP is not unpacked."""
        connections = dict.fromkeys(one.connection_title for one in shown)
        groups = [(title, [one for one in shown if one.connection_title == title]) for title in connections]
        total = sum(one.spooled.rows for one in shown)
        files = any(one.spooled.has_files for one in shown)
        return self._page("package/index.html", groups=groups, total=total, most=MOST_ROWS, files=files)

    def pages(self, one: Shown, storage: Storage, key: bytes) -> Iterator[tuple[str, bytes]]:
        """Path and content of each page of a collection."""
        up = "../" * len(PurePosixPath(one.page_path(1)).parent.parts)
        cards = one.spooled.rows <= CARDS_UP_TO
        rows = _escaped_rows(storage, key, one.spooled, up=up)
        about = (one.spooled.connection, one.spooled.collection)
        for number in range(1, one.pages + 1):
            first = (number - 1) * PAGE_ROWS
            body = list(islice(rows, PAGE_ROWS))
            page = self._page(
                "package/page.html",
                one=one,
                up=up,
                number=number,
                first=first + 1,
                last=first + len(body),
                cards=[list(map(Markup, row)) for row in body] if cards else None,
                body=None if cards else _table_body(body, first),
                most=MOST_ROWS,
                withheld=self._answer.withheld_about(*about),
            )
            yield one.page_path(number), page

    def _page(self, template: str, **context: Any) -> bytes:
        page = self._renderer.render(template, **self._common, **context)
        return readable(page).encode("utf-8", "replace")


def _escaped_rows(storage: Storage, key: bytes, spooled: Spooled, *, up: str) -> Iterator[tuple[str, ...]]:
    left = MOST_ROWS
    for rows, codes, columns in read_columns(storage, key, spooled):
        cells = [_linked(*one, up) if "F" in one[1] else _escaped(*one) for one in zip(columns, codes, strict=True)]
        yield from zip(*cells, strict=True)
        left -= rows
        if left <= 0:
            return


def _escaped(column: Column, code: str) -> list[str]:
    """All cells of a column at once: joined, escaped, parted again."""
    cells = plain_cells(column, code)
    together = _BETWEEN.join(cells)
    if together.count(_BETWEEN) != len(cells) - 1:
        together = _BETWEEN.join(map(readable, cells))
    return str(escape(together)).split(_BETWEEN)


def _linked(column: Column, code: str, up: str) -> list[str]:
    """A column with files in it. They are saved, not opened, where the browser lets a page ask for that."""
    codes = code * len(column) if len(code) == 1 else code
    return [
        _link(value, up) if one == "F" and value is not None else _escaped([value], one)[0]
        for value, one in zip(column, codes, strict=True)
    ]


def _link(file: dict[str, Any], up: str) -> str:
    path = PurePosixPath(file["file"])
    return str(Markup('<a href="{}{}" download>{}</a>, {}').format(up, path, path.name, size(file["bytes"])))


def _table_body(rows: list[tuple[str, ...]], before: int) -> Markup:
    lines = (
        f'<tr><th scope="row">{number}</th><td>{"</td><td>".join(row)}</td></tr>'
        for number, row in enumerate(rows, start=before + 1)
    )
    return Markup("\n".join(lines))  # noqa: S704  # each cell was escaped
