"""Letters and reports as PDF (Art. 12(1) GDPR, accessible): tagged, built to PDF/UA-1, from our own HTML alone.

WeasyPrint is imported when the first letter is printed: only workers need it, and it takes half a second to load.
"""

import gc
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from html import unescape
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from app.domain.cells import readable
from app.domain.errors import Unavailable

ASSETS = Path(__file__).resolve().parents[2] / "static"
SCHEME = "asset:"
VARIANT = "pdf/ua-1"
STYLES, ENCLOSURES = 32, 16
Value = TypeVar("Value")


class PdfPrinter(Protocol):
    """Turns the HTML of a letter into a PDF, and what is enclosed with it into the pages that follow."""

    def print(self, html: str, enclosed: str = "") -> bytes: ...


class WeasyPrinter:
    """The real one: one letter at a time, one font configuration for all (a new one each would never be freed).

    Laying out is most of the work. What is enclosed is said to many in the same words, so its pages are kept and only
    painted anew; so is a parsed stylesheet.
    """

    def __init__(self, assets: Path = ASSETS) -> None:
        self._assets = assets
        self._lock = threading.Lock()
        self._fonts: Any = None
        self._fetcher: Any = None
        self._styles: Kept[Any] = Kept(STYLES)
        self._pages: Kept[list[Any]] = Kept(ENCLOSURES)

    def print(self, html: str, enclosed: str = "") -> bytes:
        """The PDF; no byte of it comes from anywhere but the HTML and packaged assets."""
        with self._lock:
            self._prepare()
            document = self._laid_out(html)
            if enclosed:
                document = document.copy([*document.pages, *self._following(len(document.pages), enclosed)])
            printed: bytes | None = document.write_pdf(pdf_variant=VARIANT)
        if not printed:
            raise Unavailable("The letter could not be printed.")
        return printed

    def _following(self, pages: int, enclosed: str) -> list[Any]:
        """What is enclosed, numbered after that many pages."""

        def lay_out() -> list[Any]:
            numbered = f"@page :first {{ counter-reset: page {pages + 1} }}</style>"
            return list(self._laid_out(enclosed.replace("</style>", numbered, 1)).pages)

        return self._pages.get((pages, enclosed), lay_out)

    def _laid_out(self, html: str) -> Any:
        from weasyprint import CSS, HTML

        before, style, after = _parted(readable(html))
        sheet = self._styles.get(
            style, lambda: CSS(string=style, url_fetcher=self._fetcher, font_config=self._fonts, base_url=None)
        )
        page = HTML(string=before + after, url_fetcher=self._fetcher, base_url=None)
        return page.render(font_config=self._fonts, stylesheets=[sheet], pdf_variant=VARIANT)

    def _prepare(self) -> None:
        if self._fonts is None:
            from weasyprint.text.fonts import FontConfiguration

            # The library's own objects live as long as the process: the collector need not walk them for every letter.
            gc.collect()
            gc.freeze()
            self._fonts = FontConfiguration()
            self._fetcher = packaged_fetcher(self._assets)


class Kept(Generic[Value]):
    """The values that were asked for last, as many as are worth their memory."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of that key, made when it is not there."""
        if key not in self._values:
            self._values[key] = make()
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        self._values.move_to_end(key)
        return self._values[key]


def _parted(html: str) -> tuple[str, str, str]:
    """The stylesheet of a page, with what stands before and after it; what was typed cannot hold a tag."""
    before, _, rest = html.partition("<style>")
    style, _, after = rest.partition("</style>")
    return (before, style, after) if rest else (html, "", "")


def packaged_fetcher(assets: Path) -> Any:
    """Gives `asset:name` from the folder, and refuses every other address: no network, no local file, no data URI."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    folder = assets.resolve()

    class PackagedFetcher(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            path = (folder / url.removeprefix(SCHEME)).resolve()
            if not url.startswith(SCHEME) or not path.is_relative_to(folder) or not path.is_file():
                raise FatalURLFetchingError(f"a letter may load packaged assets only, not {url[:80]!r}")
            return URLFetcherResponse(url, path.read_bytes())

    return PackagedFetcher()


class PlainPrinter:
    """The twin for tests: no layout, but the text can be found again."""

    def print(self, html: str, enclosed: str = "") -> bytes:
        """A file that begins as a PDF does and holds the words."""
        body = re.sub(r"(?s)<(style|script|head).*?</\1>", "", html + enclosed)
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
        return b"%PDF-1.7\n%" + words.encode() + b"\n%%EOF\n"
