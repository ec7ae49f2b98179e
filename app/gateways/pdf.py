"""Letters and reports as PDF (Art. 12(1) GDPR, accessible): tagged, built to PDF/UA-1, from our own HTML alone.

WeasyPrint is imported when the first letter is printed: only workers need it, and it takes half a second to load.
"""

import gc
import re
import threading
from html import unescape
from pathlib import Path
from typing import Any, Protocol

from app.domain.cells import readable
from app.domain.errors import Unavailable

ASSETS = Path(__file__).resolve().parents[2] / "static"
SCHEME = "asset:"


class PdfPrinter(Protocol):
    """Turns the HTML of a letter into a PDF."""

    def print(self, html: str) -> bytes: ...


class WeasyPrinter:
    """The real one: one letter at a time, one font configuration for all (a new one each would never be freed)."""

    def __init__(self, assets: Path = ASSETS) -> None:
        self._assets = assets
        self._lock = threading.Lock()
        self._fonts: Any = None
        self._fetcher: Any = None

    def print(self, html: str) -> bytes:
        """The PDF; no byte of it comes from anywhere but the HTML and packaged assets."""
        from weasyprint import HTML

        with self._lock:
            self._prepare()
            document = HTML(string=readable(html), url_fetcher=self._fetcher, base_url=None)
            printed: bytes | None = document.write_pdf(pdf_variant="pdf/ua-1", font_config=self._fonts)
        if not printed:
            raise Unavailable("The letter could not be printed.")
        return printed

    def _prepare(self) -> None:
        if self._fonts is None:
            from weasyprint.text.fonts import FontConfiguration

            # The library's own objects live as long as the process: the collector need not walk them for every letter.
            gc.collect()
            gc.freeze()
            self._fonts = FontConfiguration()
            self._fetcher = packaged_fetcher(self._assets)


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

    def print(self, html: str) -> bytes:
        """A file that begins as a PDF does and holds the words."""
        body = re.sub(r"(?s)<(style|script|head).*?</\1>", "", html)
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
        return b"%PDF-1.7\n%" + words.encode() + b"\n%%EOF\n"
