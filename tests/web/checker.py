"""What holds for every page that the portal shows, whoever it is for."""

import re
from collections import Counter
from itertools import pairwise

import html5lib
from werkzeug.test import TestResponse

from app.catalogs import LANGUAGES

HTML = "{http://www.w3.org/1999/xhtml}"
REMOTE = re.compile(r"^(?:[a-z]+:)?//", re.IGNORECASE)
TYPED = {"input", "textarea", "select"}
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}


class Page:
    """A parsed page: what tests look at."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        self.tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=True).parse(self.html)

    def all(self, name: str) -> list:
        return list(self.tree.iter(HTML + name))

    @property
    def title(self) -> str:
        return words(self.all("title")[0])

    @property
    def language(self) -> str:
        return self.all("html")[0].get("lang")

    @property
    def h1(self) -> str:
        return words(self.all("h1")[0])

    @property
    def main(self) -> str:
        """Everything in words that stands in the middle of the page."""
        return words(self.all("main")[0])

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The error summary: where each line leads and what it says."""
        boxes = [node for node in self.all("div") if node.get("class", "").startswith("govuk-error-summary")][:1]
        items = [item for box in boxes for item in box.iter(HTML + "li")]
        return [(next((a.get("href") for a in item.iter(HTML + "a")), ""), words(item)) for item in items]

    def value(self, name: str) -> str | None:
        """What a field of the form shows as typed."""
        for node in (*self.all("input"), *self.all("textarea")):
            if node.get("name") == name and (node.get("type") not in {"radio", "checkbox"} or "checked" in node.attrib):
                return node.get("value") if node.tag == HTML + "input" else (node.text or "").removeprefix("\n")
        return None

    def links(self) -> list[str]:
        return [a.get("href") for a in self.all("a")]

    def token(self) -> str:
        return next(node.get("value") for node in self.all("input") if node.get("name") == "csrf_token")


def words(node) -> str:
    return " ".join("".join(node.itertext()).split())


def check(response: TestResponse) -> Page:
    """Every rule at once; an assertion names the one that is broken."""
    page = Page(response)
    _check_words(page)
    _check_names(page)
    _check_policy(page)
    _check_forms(page)
    return page


def _check_words(page: Page) -> None:
    assert page.language in LANGUAGES
    assert len(page.all("h1")) == 1, "one h1"
    after_error = page.title.partition(": ")[2]
    assert page.title.startswith(page.h1) or after_error.startswith(page.h1), (
        f"{page.title!r} does not start with {page.h1!r}"
    )
    tags = [str(node.tag).removeprefix(HTML) for node in page.tree.iter()]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    shown = levels[levels.index(1) :]
    assert all(later <= earlier + 1 for earlier, later in pairwise(shown)), f"skips a level: {levels}"
    assert not re.search(r"\{\{ |\{%", page.html), "a template shows through"


def _check_names(page: Page) -> None:
    counted = Counter(node.get("id") for node in page.tree.iter() if node.get("id"))
    assert [name for name, count in counted.items() if count > 1] == [], "ids are unique"
    for node in page.tree.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (node.get(attribute) or "").split():
                assert name in counted, f"{attribute} names {name}, which is not there"
        if node.tag == HTML + "a" and (node.get("href") or "").startswith("#"):
            assert node.get("href")[1:] in counted, f"{node.get('href')} leads nowhere"


def _check_policy(page: Page) -> None:
    policy = page.response.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert "unsafe" not in policy
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["X-Content-Type-Options"] == "nosniff"
    assert page.all("style") == []
    for node in page.tree.iter():
        tag = str(node.tag).removeprefix(HTML)
        assert "style" not in node.attrib, f"<{tag}> has an inline style"
        assert not [name for name in node.attrib if str(name).startswith("on")], f"<{tag}> has a handler"
        if tag in LOADS and node.get(LOADS[tag]):
            assert not REMOTE.match(node.get(LOADS[tag])), f"<{tag}> loads from elsewhere"
        if tag == "script":
            assert node.get("nonce") == nonce[1]
        if tag == "a" and REMOTE.match(node.get("href") or ""):
            assert "noreferrer" in (node.get("rel") or ""), "a link outside tells where it came from"


def _check_forms(page: Page) -> None:
    labelled = {node.get("for") for node in page.all("label")}
    for node in page.tree.iter():
        tag = str(node.tag).removeprefix(HTML)
        if tag in TYPED and node.get("type") not in {"hidden", "submit"}:
            assert node.get("id") in labelled or node.get("aria-label"), f"{node.get('name')} has no label"
    for form in page.all("form"):
        assert (form.get("action") or "/").startswith("/")
        if form.get("method", "get").lower() == "post":
            names = [node.get("name") for node in form.iter(HTML + "input")]
            assert "csrf_token" in names, "a form without proof"
