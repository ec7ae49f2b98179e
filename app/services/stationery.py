"""How a letter comes to paper (Art. 12(1), 12(4)): one template of words for PDF and mail, and the check that nothing
is missing in it.

It is at hand in every `Work`, so that a move that would send an incomplete letter is refused before anything is
written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from app.catalogs import LANGUAGES, NAMES
from app.domain.errors import Refused
from app.domain.letters import lacks, required, title_of
from app.domain.policy import ControllerFile
from app.domain.regime import Element, LetterKind, Regime
from app.gateways.rendering import Renderer
from app.gateways.reporting import letter_style
from app.gateways.wording import as_text, parts_of
from app.work import Work

STATIONERY: Final = "stationery"
MAIL: Final = "mail/letter"


@dataclass(frozen=True, slots=True)
class Stationery:
    """What letters are written with: the words' renderer, and where the portal is found."""

    renderer: Renderer
    base_url: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it is printed: its kind, whose language it speaks, and every fact that it may say."""

    kind: LetterKind
    language: str
    facts: Mapping[str, Any]
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says of a letter."""

    subject: str
    text: str
    html: str


def of(work: Work) -> Stationery:
    """The stationery of this portal."""
    stationery: Stationery = work.memo[STATIONERY]
    return stationery


def language_of(wanted: str, file: ControllerFile) -> str:
    """The person's own language where the portal speaks it, else the organisation's first."""
    return wanted if wanted in LANGUAGES else file.controller.language


def draft(
    kind: LetterKind, language: str, facts: Mapping[str, Any], *, regime: Regime, right: str | None = None
) -> Draft:
    """A letter with what its law asks to stand in it."""
    elements = required(
        regime, kind, right=right, evidence=bool(facts.get("must_prove")), officer=facts["controller"].dpo is not None
    )
    named = NAMES.get(language, language)
    return Draft(kind, language, {"language_name": named, **facts}, elements)


def page(stationery: Stationery, letter: Draft) -> str:
    """The letter as HTML, ready for the printer and for a preview."""
    body = _body(stationery, letter, for_mail=False)
    return stationery.renderer.render(
        "letters/layout.html", language=letter.language, body=body, style=letter_style(),
        title=_title(stationery, letter), **letter.facts,
    )  # fmt: skip


def mail(stationery: Stationery, letter: Draft) -> Words:
    """The same words for the mail; what is private in them stays on the person's page."""
    body = _body(stationery, letter, for_mail=True)
    facts = {**letter.facts, "title": _title(stationery, letter), "body": body, "text": as_text(body)}

    def say_it(part: str) -> str:
        return stationery.renderer.render(f"{MAIL}/{part}", language=letter.language, **facts)

    return Words(say_it("subject.txt"), say_it("body.txt"), say_it("body.html"))


def missing(html: str, elements: Iterable[Element]) -> tuple[Element, ...]:
    """Which mandatory elements the finished letter does not have, or has without a word in them."""
    found = parts_of(html)
    return tuple(one for one in elements if not found.get(one.key))


def checked(stationery: Stationery, letter: Draft) -> str:
    """The finished letter; Refused names what it lacks."""
    html = page(stationery, letter)
    if lacking := missing(html, letter.elements):
        raise Refused(lacks(lacking))
    return html


def _title(stationery: Stationery, letter: Draft) -> str:
    return stationery.renderer.say(title_of(letter.kind, letter.facts.get("capacity", "self")), letter.language)


def _body(stationery: Stationery, letter: Draft, *, for_mail: bool) -> Markup:
    html = stationery.renderer.render(
        f"letters/{letter.kind}.html", language=letter.language, for_mail=for_mail, **letter.facts
    )
    return Markup(html)  # noqa: S704  # our own template, which escapes whatever was typed into it
