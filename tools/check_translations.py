"""Whether everything that people read can be said in their language: answers must be understood (Art. 12(1)).

Always: each sentence can be collected, and no template holds human text that is not marked. With `--complete`: no
catalogue lacks a sentence, says one with other places, elements or edges than the source, or in too few plural forms.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import translations
from babel.messages import Catalog, Message
from translations import ABOUT, ROOT, Unmarked

from app.catalogs import LANGUAGES

_TRANS = re.compile(r"\{%-?\s*(trans\b.*?\{%-?\s*endtrans|block robots\b.*?endblock)\s*-?%\}", re.DOTALL)
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_QUIET = {"style", "script", "code"}
_SPOKEN = {"alt", "aria-label", "placeholder", "title"}
# Names, formats and things to type: the same in all languages.
_NAMES = re.compile(
    r"\b(Habeas|SHA-256|PDF|CSV|JSON|ZIP|QR|jwks\.json|report\.pdf|Get-FileHash|shasum|zip)\b|\$\{?\w+|&\w+;"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLACE = re.compile(r"%\(\w+\)[sd]|%\{\w+\}|%%")
_COUNTED = (
    "characters letters minutes hours days weeks months years files records approvals passkeys requests times codes"
)
_UNCOUNTED = re.compile(rf"%(?:\(\w+\)[sd]|\{{\w+\}}) (?:more |working )?(?:{_COUNTED.replace(' ', '|')})\b")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


class _Unmarked(HTMLParser):
    """Collects words that stand in a page outside of any mark."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _QUIET or any(name == "class" and "habeas-code" in (value or "") for name, value in attrs):
            self._open.append(tag)
        for name, value in attrs:
            if name in _SPOKEN:
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            self._look(data)

    def _look(self, text: str) -> None:
        if _WORD.search(_NAMES.sub(" ", text)):
            self.found.append((self.getpos()[0], " ".join(text.split())))


def unmarked() -> Iterator[str]:
    """Human text in templates that no catalogue will ever see."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        parser = _Unmarked()
        bare = _JINJA.sub(_lines, _TRANS.sub(_lines, path.read_text("utf-8")))
        parser.feed(bare)
        parser.close()
        yield from (f"{path.relative_to(ROOT)}:{line}: not marked: “{text}”" for line, text in parser.found)


def _lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def lacking(language: str, domain: str) -> Iterator[str]:
    """What one catalogue does not say, or does not say as it must."""
    catalogue, path = translations.read(language, domain), translations.path_of(language, domain).relative_to(ROOT)
    wanted = translations.template(domain)
    for (sentence, context), places in wanted.items():
        found = catalogue.get(sentence, context)
        shown = sentence if isinstance(sentence, str) else sentence[0]
        if found is None or found.fuzzy or found.pluralizable != isinstance(sentence, tuple):
            yield f"{path}: not translated: “{shown}” ({places[0]})"
        else:
            yield from (f"{path}: “{shown}”: {fault}" for fault in faults(found, catalogue))
    for found in catalogue:
        if found.id and (found.id, found.context) not in wanted:
            yield f"{path}: no longer in the source: “{found.id}”; run `make translations`"


def faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one translation."""
    sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    if len(said) != (catalogue.num_plurals if message.pluralizable else 1):
        yield f"has {len(said)} forms, not {catalogue.num_plurals}"
    for form in said:
        if not form.strip():
            yield "is empty"
            continue
        if not any(_places(form) == _places(one) for one in sources):
            yield f"has other places than the source: {' '.join(sorted(_places(form)))} in “{form}”"
        if not any(Counter(_TAG.findall(form)) == Counter(_TAG.findall(one)) for one in sources):
            yield f"has other elements than the source: “{form}”"
        if not any(_edges(form) == _edges(one) for one in sources):
            yield f"begins or ends with other space than the source: “{form}”"
    if message.pluralizable:
        # A form that more numbers than one take must say which: in Russian the first is that of 1, 21 and 31.
        form_of = c2py(catalogue.plural_expr)
        shared = {form_of(number) for number in range(2, 200)}
        yield from (
            f"does not say how many: “{form}”"
            for number, form in enumerate(said)
            if form.strip() and number in shared and not _places(sources[1]) <= _places(form)
        )


def _places(text: str) -> set[str]:
    return {place[:-1] + "s" if place.endswith(")d") else place for place in _PLACE.findall(text)}


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def clashes() -> Iterator[str]:
    """One sentence with two different plurals: a catalogue holds only one of them."""
    seen: dict[tuple[str, str | None], str] = {}
    for one in translations.sentences("habeas"):
        said = one.text, one.context
        if one.plural and seen.setdefault(said, one.plural) != one.plural:
            yield f"{one.place}: “{one.text}” has another plural elsewhere: “{seen[said]}”"


def uncounted() -> Iterator[str]:
    """A number before a word in the plural, without the form for one: elsewhere two and five are not said alike."""
    for one in translations.sentences("habeas"):
        if not one.plural and (number := _UNCOUNTED.search(one.text)):
            yield f"{one.place}: “{number[0]}” needs its form for one as well: “{one.text}”"


if __name__ == "__main__":
    try:
        found = [*unmarked(), *clashes(), *uncounted()]
        if "--complete" in sys.argv:
            found += [fault for domain in ABOUT for one in LANGUAGES[1:] for fault in lacking(one, domain)]
        counted = {domain: len(translations.template(domain)) for domain in ABOUT}
    except Unmarked as fault:
        sys.exit(str(fault))
    print("\n".join(found) or ", ".join(f"{domain}: {count} sentences" for domain, count in counted.items()))
    sys.exit(1 if found else 0)
