"""Somebody who reads one language: goes through pages in the browser or by plain requests, fills in whatever a form
asks, and notes whatever is not said in that language."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html
from playwright.sync_api import APIResponse, BrowserContext, Locator, Page

from tests.journeys.steps import REFERENCE
from tests.journeys.tongues import LOCALES, TYPED, english_in
from tests.journeys.walker import LOOKS, Walker

MAIN_BUTTON = "button.govuk-button:not(.govuk-button--secondary):not(.govuk-visually-hidden)"
_OF_WITHHELD = re.compile(r"items\.\d\.(ground|reason)")
_READ_ALOUD = ("aria-label", "placeholder", "alt", "title")


def text_of(tree: html.HtmlElement) -> str:
    """All that is read or read aloud."""
    for node in tree.xpath("//script|//style|//template"):
        node.drop_tree()
    aloud = [node.get(name) for name in _READ_ALOUD for node in tree.xpath(f"//*[@{name}]")]
    return "\n".join([" ".join(tree.itertext()), *aloud])


class Reader(Walker):
    """A window in one language; plain requests go with the same cookies. Pages that are in `checked` already were held
    against WCAG by another reader: long walks share most of theirs."""

    def __init__(self, context: BrowserContext, base: str, language: str, name: str, checked: set[str]) -> None:
        super().__init__(context, base)
        self.language, self.name, self.checked = language, name, checked
        self.names: frozenset[str] = frozenset()  # what is called the same in every language
        self._typed = 0
        self._pictures = 0

    # --- the browser

    def look(self) -> Page:
        self._judge(html.document_fromstring(self.page.content()), self.page.url)
        self._keep(self.page)
        size = self.page.viewport_size or {"width": 0}
        kind = (
            f"{self.language} {size['width']} {REFERENCE.sub('-', self.path)} {REFERENCE.sub('-', self.page.title())}"
        )
        self.accessible = kind not in self.checked
        self.checked.add(kind)
        return super().look()

    def answer(self, form: str = "main form", /, **given: str) -> Page:
        """Fill in what the form on the page asks and press its button."""
        tree = html.document_fromstring(self.page.content())
        for name, value in self.answers(_form(tree, given), given).items():
            self._type(self.page.locator(f'{form} [name="{name}"]'), value)
        return self.go(self.page.locator(f"{form} {MAIN_BUTTON}").first)

    def go(self, button: Locator) -> Page:
        """Press it and look at the page that comes."""
        with self.page.expect_navigation():
            button.click()
        return self.look()

    def _type(self, field: Locator, value: str | list[str]) -> None:
        kind = field.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            for one in [value] if isinstance(value, str) else value:
                field.and_(self.page.locator(f'[value="{one}"]')).check()
        elif kind != "hidden" and field.first.is_visible():
            if field.first.evaluate("e => e.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(str(value))

    # --- plain requests

    def get(self, path: str, *, status: int = 200) -> html.HtmlElement:
        """A page, read."""
        return self._read(self.context.request.get(urljoin(self.base, path)), status)

    def post(self, path: str, data: Mapping[str, str | list[str]], *, status: int = 200) -> html.HtmlElement:
        """Send a form and read what comes."""
        pairs = [(name, one) for name, value in data.items() for one in ([value] if isinstance(value, str) else value)]
        answer = self.context.request.post(
            urljoin(self.base, path), data=urlencode(pairs),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        return self._read(answer, status)

    def send(self, tree: html.HtmlElement, *, status: int = 200, **given: str) -> html.HtmlElement:
        """Fill in the page's form and send it."""
        form = _form(tree, given)
        step = form.xpath(".//button[@name='step' and @value='send']")
        data = self.answers(form, given) | ({"step": "send"} if step else {})
        return self.post(form.get("action") or urlsplit(tree.base_url).path, data, status=status)

    def fetch(self, path: str, tree: html.HtmlElement, **given: str) -> bytes:
        """A file that a button of the page gives."""
        token = tree.xpath("//input[@name='csrf_token']/@value")[0]
        answer = self.context.request.post(urljoin(self.base, path), form={"csrf_token": token, **given})
        assert answer.ok, answer.text()
        return answer.body()

    def _read(self, answer: APIResponse, status: int) -> html.HtmlElement:
        tree = html.document_fromstring(answer.text(), base_url=answer.url)
        assert answer.status == status, f"{answer.status} for {answer.url}: {' '.join(text_of(tree).split())}"
        if LOOKS:
            self._show(answer)
        self._judge(html.document_fromstring(answer.text()), answer.url)
        return tree

    # --- judging

    def judge(self, text: str, where: str) -> None:
        """Whether it is said in this reader's language."""
        self.faults.extend(f"{where} ({self.language}): {one}" for one in english_in(text, self.language, self.names))

    def _judge(self, tree: html.HtmlElement, where: str) -> None:
        if tree.get("lang") != self.language:
            self.faults.append(f"{where} is in {tree.get('lang')}, not in {self.language}")
        self.judge(text_of(tree), where)

    # --- filling in

    def answers(self, form: html.HtmlElement, given: Mapping[str, str]) -> dict[str, str | list[str]]:
        """An answer to each question: what is given, else the first choice, or something typed."""
        found: dict[str, str | list[str]] = {}
        for field in form.xpath(".//input[@name]|.//textarea[@name]|.//select[@name]"):
            name, kind = field.get("name"), field.get("type") or field.tag
            if kind == "checkbox":
                found[name] = given[name].split(",") if name in given else []
            elif name in given:
                found[name] = given[name]
            elif _OF_WITHHELD.fullmatch(name) and f"{name.rpartition('.')[0]}.decision" not in given:
                found[name] = ""
            elif kind == "radio":
                found.setdefault(name, field.get("value"))
            elif kind == "select":
                found[name] = next((one for one in field.xpath(".//option/@value") if one), "")
            elif kind in {"hidden", "date"}:
                found[name] = field.get("value") or ""
            else:
                found[name] = field.get("value") or (field.text or "").strip() or self.sentence()
        return {name: value for name, value in found.items() if value != []}

    def sentence(self) -> str:
        """The next thing to type."""
        self._typed += 1
        return TYPED[self.language][self._typed % len(TYPED[self.language])]

    # --- pictures

    def _show(self, answer: APIResponse) -> None:
        """Read as plain text so far: shown in the browser for its picture."""
        page, body = self.context.new_page(), answer.text()
        page.route(answer.url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        page.goto(answer.url)
        self._keep(page)
        page.close()

    def _keep(self, page: Page) -> None:
        if LOOKS:
            self._pictures += 1
            name = urlsplit(page.url).path.strip("/").replace("/", "-") or "home"
            page.screenshot(path=self.picture_of(f"{name}.png"), full_page=True, animations="disabled")

    def keep_pdf(self, document: bytes) -> None:
        """A letter, page by page."""
        if LOOKS:
            self._pictures += 1
            path = self.picture_of("letter.pdf")
            path.write_bytes(document)
            subprocess.run(["pdftoppm", "-r", "70", "-png", str(path), str(path.with_suffix(""))], check=True)

    def picture_of(self, name: str) -> Path:
        """Where a picture goes."""
        folder = Path(LOOKS) / self.language
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.name}-{self._pictures:03}-{name}"


def _form(tree: html.HtmlElement, given: Mapping[str, str]) -> html.HtmlElement:
    """The page's form: the one that has the fields that answers are given for."""
    forms = tree.xpath("//main//form")
    wanted = [one for one in forms if all(one.xpath(f".//*[@name='{name}']") for name in given)]
    assert wanted, f"no form asks {list(given)}"
    return wanted[0]


def options_of(language: str, network: int) -> dict[str, object]:
    """How a window of such a reader is opened: each at home in a network of its own."""
    return {
        "locale": LOCALES[language],
        "extra_http_headers": {"X-Forwarded-For": f"10.0.0.{network}", "Accept-Language": LOCALES[language]},
    }
