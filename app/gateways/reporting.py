"""The report of an access request (Art. 15(1), (2) GDPR): the letter, then each point of the law as its own section."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from app.catalogs import NAMES
from app.domain.citing import Article
from app.domain.messages import Message
from app.domain.packaging import Answer, CategoryFacts
from app.gateways.archive import Found
from app.gateways.rendering import TEMPLATES, Renderer

# Each point of Art. 15 has its section, also where it does not apply: silence would not be an answer. The article
# beside it is that of the law under which the answer is given.
SECTIONS = (
    ("copy", "copy", Message("The copy of your data")),
    ("withheld", "", Message("What we left out")),
    ("purposes", "purposes", Message("Purposes and legal bases")),
    ("categories", "categories", Message("Categories of data")),
    ("recipients", "recipients", Message("Recipients")),
    ("transfers", "safeguards", Message("Safeguards for transfers to third countries")),
    ("retention", "retention", Message("How long the data is kept")),
    ("rights", "rights", Message("Your other rights")),
    ("complaint", "complaint", Message("Complaint and court")),
    ("source", "source", Message("Where the data comes from")),
    ("automated", "automated_decisions", Message("Automated decisions")),
)
NOTHING = Message("This does not apply: no data was found.")


def report_pages(answer: Answer, found: Sequence[Found], renderer: Renderer) -> tuple[str, str]:
    """The HTML that the printer turns into report.pdf: the letter, and what is enclosed with it.

    In what is enclosed stands nothing of the person: whoever has the same kinds of data at the same organisation gets
    the same words, and the printer lays them out once.
    """
    headings = {key: renderer.say(title, answer.language) for key, title in titles(answer.articles).items()}
    common = {"answer": answer, "titles": headings, "style": report_style()}
    letter = renderer.render(
        "letters/report.html",
        language=answer.language,
        timezone=answer.timezone,
        sections=[*headings.items()],
        language_name=NAMES.get(answer.language, answer.language),
        **_counted(answer, found),
        **common,
    )
    facts = renderer.render(
        "letters/report_facts.html",
        language=answer.language,
        timezone=answer.timezone,
        on_file=said_of(answer.categories),
        nothing=renderer.say(NOTHING, answer.language),
        **common,
    )
    return letter, facts


def said_of(categories: Sequence[CategoryFacts]) -> dict[str, Any]:
    """What the law wants said about these kinds of data, as `letters/on_file.html` says it."""
    recipients = tuple(dict.fromkeys(one for category in categories for one in category.recipients))
    return {
        "categories": categories,
        "purposes": _together(categories, "purposes"),
        "recipients": recipients,
        "receives": {one: ", ".join(of.title for of in categories if one in of.recipients) for one in recipients},
        "transfers": tuple(one for one in recipients if one.abroad and one.safeguards),
        "keeping": _together(categories, "keep"),
        "sources": _together(categories, "source"),
    }


def _counted(answer: Answer, found: Sequence[Found]) -> dict[str, Any]:
    """What was found and what of it is in the copy, system by system."""
    counts = {}  # records in the copy; a collection that was left out as a whole is not in it
    for one in found:
        hidden = answer.withheld_from(one.spooled.connection, one.spooled.collection)
        if hidden is not None:
            counts[one.spooled.object_name] = one.spooled.rows - len(hidden)
    shown = [one for one in found if one.spooled.object_name in counts]
    connections = dict.fromkeys(one.connection_title for one in shown)
    return {
        "groups": [(title, [one for one in shown if one.connection_title == title]) for title in connections],
        "total": sum(one.spooled.rows for one in found),
        "counts": counts,
    }


def titles(articles: Mapping[str, str]) -> dict[str, Message]:
    """What each section is called, and what asks for it."""
    said = {}
    for key, element, words in SECTIONS:
        article = articles.get(element)
        named = Message("%(title)s (%(article)s)", {"title": words, "article": Article(article)}) if article else words
        said[key] = named
    return said


def _together(categories: Sequence[CategoryFacts], name: str) -> list[tuple[str, Any]]:
    """The categories of which the same is to be said, named together: nobody reads one sentence a dozen times."""
    said: dict[str, tuple[list[str], Any]] = {}
    for one in categories:
        value = getattr(one, name)
        said.setdefault(str(value), ([], value))[0].append(one.title)
    return [("; ".join(titles), value) for titles, value in said.values()]


@cache
def report_style() -> Markup:
    """How the report looks."""
    return Markup((TEMPLATES / "package" / "report.css").read_text("utf-8"))  # noqa: S704  # our own file


@cache
def letter_style() -> Markup:
    """How every letter looks that the organisation prints."""
    return Markup((TEMPLATES / "letters/letter.css").read_text("utf-8"))  # noqa: S704  # our own file
