"""A reader in a real browser: every page that is shown is held against WCAG 2.2 AA and against its own promises."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import BrowserContext, ConsoleMessage, Download, Locator, Page, Request, Response, expect

LOOKS = os.environ.get("HABEAS_LOOKS", "")  # a folder: each page that is looked at is kept there as a picture
ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "img"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The rule about the size of targets is off unless asked for by name.
RUN_AXE = f"""async () => (await axe.run(document, {{
  runOnly: {TAGS}, rules: {{"target-size": {{enabled: true}}}}, resultTypes: ["violations"]
}})).violations.map(v => v.id + ": " + v.help + "\\n" + v.nodes.map(n => "    " + n.html.slice(0, 200)).join("\\n"))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map(e => e.outerHTML.slice(0, 160))"""
# A reply that is a page in words (422, 409, 404, ...) is no fault of the page, yet Chromium notes it as an error.
NOTED_REPLY = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
CODE = re.compile(r"^\s*(\d{3} ?\d{3}|[0-9A-Z]{3,4}[ -]?[0-9A-Z]{3,4})\s*$", re.MULTILINE)


class Walker:
    """One browser window. Whatever is wrong with a page is kept in `faults`; `settle()` tells it at the end."""

    def __init__(self, context: BrowserContext, base: str, *, scripts: bool = True) -> None:
        self.context, self.base, self.scripts = context, base, scripts
        self.page = context.new_page()
        self.faults: list[str] = []
        self.seen: list[str] = []
        self.accessible = True  # whether pages are held against WCAG
        self._offline = False
        self._copy: Page | None = None
        self._watch()

    def _watch(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        self.page.on("response", self._on_response)
        self.context.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not NOTED_REPLY.match(message.text):
            self.faults.append(f"console of {self.page.url}: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.faults.append(f"{response.status} for {response.url}")

    def _on_request(self, request: Request) -> None:
        ours = request.url.startswith((self.base + "/", "data:")) or (self._offline and request.url.startswith("file:"))
        if not ours:
            self.faults.append(f"a request left for {request.url}")

    # --- going from page to page

    def open(self, address: str) -> Page:
        """Go to an address of the portal and look at what is there."""
        self.page.goto(address if "://" in address else self.base + address)
        return self.look()

    def open_file(self, path: Path) -> Page:
        """Open a file of an unpacked package: from here on nothing may be asked of any server."""
        self._offline = True
        self.page.goto(path.as_uri())
        return self.look()

    def press(self, name: str | re.Pattern[str], *, role: str = "button", within: Locator | None = None) -> Page:
        """Press a button or link and look at the page that comes."""
        target = (within or self.page).get_by_role(role, name=name).first  # type: ignore[arg-type]  # a role's name
        with self.page.expect_navigation():
            target.click()
        return self.look()

    def follow(self, name: str | re.Pattern[str]) -> Page:
        """Follow a link."""
        return self.press(name, role="link")

    def download(self, name: str, path: Path) -> Download:
        """Press a button that gives a file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=name).click()
        waiting.value.save_as(path)
        return waiting.value

    def fill(self, **answers: str) -> None:
        """Type into fields by their visible names (underscores for spaces)."""
        for label, text in answers.items():
            self.page.get_by_label(label.replace("_", " ").replace("email", "e-mail"), exact=False).first.fill(text)

    def until(self, there: Callable[[Page], bool], *, what: str, seconds: float = 20) -> Page:
        """Load the page again until the worker has done its part; looked at once, when it is there."""
        for _ in range(int(seconds / 0.15)):
            if there(self.page):
                return self.look()
            self.page.wait_for_timeout(150)
            self.page.reload()
        raise AssertionError(f"not within {seconds} s: {what}; the page says:\n{self.words}")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """The page's words, as they are read."""
        return self.page.locator("main").inner_text()

    # --- looking

    def look(self) -> Page:
        """Hold the page that is shown against what every page promises."""
        size = self.page.viewport_size
        where = f"{self.page.url} ({size['width'] if size else '?'} wide)"
        self.seen.append(self.page.url)
        if LOOKS:
            self._draw(size["width"] if size else 0)
        page = self._readable()
        if self.accessible:
            page.evaluate(AXE)
            self.faults.extend(f"{where}: {fault}" for fault in page.evaluate(RUN_AXE))
        self.faults.extend(f"{where}: wider than the screen: {wide}" for wide in page.evaluate(TOO_WIDE))
        return self.page

    def _draw(self, width: int) -> None:
        """The page as a picture, for eyes."""
        folder = Path(LOOKS) / "walks" / os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].partition(" ")[0]
        folder.mkdir(parents=True, exist_ok=True)
        path = urlsplit(self.page.url).path.strip("/").replace("/", "-") or "home"
        name = f"{len(self.seen):03}-{width}-{path}.png"
        self.page.screenshot(path=folder / name, full_page=True, animations="disabled")

    def _readable(self) -> Page:
        """The page to check: where scripts are off, a copy of what the reader sees, since the checker is a script."""
        if self.scripts:
            return self.page
        copy = SCRIPT.sub("", self.page.content())
        browser = self.context.browser
        assert browser
        if self._copy is None:
            self._copy = browser.new_context(viewport=self.page.viewport_size).new_page()
        self._copy.unroute_all()
        self._copy.route(self.page.url, lambda route: route.fulfill(body=copy, content_type="text/html; charset=utf-8"))
        self._copy.goto(self.page.url)
        return self._copy

    def settle(self) -> None:
        """Close the window; whatever was wrong on the way fails the journey."""
        self.context.close()
        if self._copy is not None:
            self._copy.context.close()
        assert not self.faults, "\n".join(self.faults)

    # --- the demo's conveniences

    def mailed_code(self, email: str, *, after: int = 0) -> str:
        """The code in the newest mail to an address that has got more than `after` mails with a code."""
        self.open(f"/demo/mail/?to={email}")
        codes = self.page.get_by_role("link", name=re.compile("code|Confirm", re.IGNORECASE))
        self.until(lambda _: codes.count() > after, what=f"a mail with a code to {email}")
        with self.page.expect_navigation():
            codes.first.click()
        self.look()
        found = CODE.search(self.page.locator(".habeas-letter").inner_text())
        assert found, self.words
        return found[1]

    def picture(self, name: str, *, height: int = 900) -> None:
        """A picture for the handbook, taken only where HABEAS_SCREENSHOTS asks for it."""
        if os.environ.get("HABEAS_SCREENSHOTS") != "1" or not self.scripts:
            return
        from PIL import Image  # only here: the portal itself draws no pictures

        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        size = self.page.viewport_size or {"width": 1280, "height": height}
        self.page.set_viewport_size({"width": size["width"], "height": height})
        self.page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        self.page.screenshot(path=path, animations="disabled")
        self.page.set_viewport_size(size)
        with Image.open(path) as image:
            image.convert("RGB").quantize(colors=128, dither=Image.Dither.NONE).save(path, optimize=True)
        assert path.stat().st_size < 200_000, f"{path.name} is too big for the handbook"


def sees(walker: Walker, words: str | re.Pattern[str]) -> None:
    """The words stand on the page."""
    expect(walker.page.locator("main")).to_contain_text(words)
