"""One Jinja renderer for pages, mails, letters and packages, in web and worker alike, so that one sentence has one
form."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from app.domain.citing import Article, cite
from app.domain.messages import Message
from app.gateways.speech import Speech, speech

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def _speech(context: Context) -> Speech:
    # What is imported without context has no language: said in English it would be a fault that nobody sees.
    return speech(context["language"])


def _timezone(context: Context) -> str:
    return context.get("timezone") or "UTC"


@pass_context
def _day(context: Context, value: date) -> str:
    """22 November 2026; of a moment, the day in the controller's time zone."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(_timezone(context)))
    return _speech(context).day(value)


@pass_context
def _moment(context: Context, value: datetime) -> str:
    """22 November 2026 at 14:05, in the controller's time zone (`timezone` in the context, else UTC)."""
    return _speech(context).moment(value, _timezone(context))


@pass_context
def _number(context: Context, value: int) -> str:
    """12,345"""
    return _speech(context).number(value)


@pass_context
def _size(context: Context, count: int) -> str:
    """1.4 MB"""
    return _speech(context).size(count)


@pass_context
def _country(context: Context, code: str) -> str:
    """Romania"""
    return _speech(context).country(code)


@pass_context
def _sentence(context: Context, value: Message | str) -> str:
    """A Message in the reader's language, with everything inside it."""
    return _speech(context).sentence(value, _timezone(context))


@pass_context
def _gettext(context: Context, text: str, /, **values: object) -> str:
    speaker = _speech(context)
    return _filled(context, speaker, speaker.catalogue.gettext(text), values)


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int, /, **values: object) -> str:
    speaker = _speech(context)
    values.setdefault("num", speaker.number(count))
    return _filled(context, speaker, speaker.catalogue.ngettext(one, many, count), values)


@pass_context
def _pgettext(context: Context, about: str, text: str, /, **values: object) -> str:
    speaker = _speech(context)
    return _filled(context, speaker, speaker.catalogue.pgettext(about, text), values)


@pass_context
def _npgettext(context: Context, about: str, one: str, many: str, count: int, /, **values: object) -> str:  # noqa: PLR0917  # as gettext has it
    speaker = _speech(context)
    values.setdefault("num", speaker.number(count))
    return _filled(context, speaker, speaker.catalogue.npgettext(about, one, many, count), values)


def _filled(context: Context, speaker: Speech, said: str, values: Mapping[str, object]) -> str:
    """As Jinja's own "new style": the text is ours and safe, the values are escaped, %% is one %."""
    escapes = context.eval_ctx.autoescape
    if not values:
        plain = said.replace("%%", "%") if "%" in said else said
        return Markup(plain) if escapes else plain  # noqa: S704  # ours, or a translator's: checked for its elements
    values = {name: cite(item, speaker.language) if type(item) is Article else item for name, item in values.items()}
    if not escapes:
        return speaker.tidy(said % values)
    # As a plain string: to join what a pattern parted, Markup would escape it again.
    return Markup(speaker.tidy(str(Markup(said) % values)))  # noqa: S704  # every value was escaped


@pass_context
def _cite(context: Context, article: str) -> str:
    """Art. 12(3), as lawyers of the reader's country cite it."""
    return cite(article, _speech(context).language)


FUNCTIONS: Mapping[str, Any] = {
    "_": _gettext, "gettext": _gettext, "ngettext": _ngettext, "pgettext": _pgettext, "npgettext": _npgettext,
}  # fmt: skip
FILTERS: Mapping[str, Any] = {
    "day": _day, "moment": _moment, "number": _number, "size": _size, "country": _country, "sentence": _sentence,
    "cite": _cite,
}  # fmt: skip


def size(count: int, language: str = "en") -> str:
    """A number of bytes as people say it: 1.4 MB."""
    return speech(language).size(count)


def equip(environment: Environment) -> Environment:
    """Give a Jinja environment the house's filters and translations; the web's own environment gets the same ones.

    The language is looked up in the context at each use, so that one environment with its compiled templates serves
    all languages.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the i18n extension
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(FUNCTIONS)
    environment.filters.update(FILTERS)
    return environment


class Renderer:
    """Templates by name, relative to `templates/`. HTML is escaped; names ending in `.txt` are plain text."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self.environment = equip(
            Environment(
                loader=FileSystemLoader(folder),
                autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
            )
        )

    def equip(self, environment: Environment) -> None:
        """Let another environment, that of the pages, speak as this one does."""
        equip(environment)

    def render(self, template: str, *, language: str, **context: Any) -> str:
        """The finished text."""
        return self.environment.get_template(template).render(language=language, **context)

    def say(self, message: Message | str, language: str, *, timezone: str = "UTC") -> str:
        """One sentence, for the places where a template cannot speak."""
        return speech(language).sentence(message, timezone)

    def plurals(self, one: str, many: str, language: str) -> dict[str, str]:
        """A sentence in every plural form of a language, for scripts that count on the page."""
        speaker = speech(language)
        return {name: speaker.catalogue.ngettext(one, many, number) for name, number in speaker.plurals.items()}
