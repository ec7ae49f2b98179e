"""One Jinja renderer for pages, mails, letters and packages, in web and worker alike, so that one sentence has one
form."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from app.domain.messages import Message

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def _language(context: Context) -> str:
    return str(context.get("language") or "en")


@pass_context
def _day(context: Context, value: date) -> str:
    """22 November 2026"""
    return format_date(value, "d MMMM y", locale=Locale.parse(_language(context)))


@pass_context
def _moment(context: Context, value: datetime) -> str:
    """22 November 2026 at 14:05, in the controller's time zone (`timezone` in the context, else UTC)."""
    zone = ZoneInfo(str(context.get("timezone") or "UTC"))
    return format_datetime(value.astimezone(zone), "d MMMM y 'at' HH:mm", locale=Locale.parse(_language(context)))


@pass_context
def _number(context: Context, value: int) -> str:
    """12,345"""
    return format_decimal(value, locale=Locale.parse(_language(context)))


@pass_context
def _sentence(context: Context, value: Message | str) -> str:
    """A Message in the reader's language, its dates and numbers too."""
    if not isinstance(value, Message):
        return str(value)
    shown = {
        name: _day(context, item) if isinstance(item, date) and not isinstance(item, datetime) else item
        for name, item in value.values.items()
    }
    return value.text % shown if shown else value.text


def size(count: int) -> str:
    """A number of bytes as people say it: 1.4 MB."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")


def equip(environment: Environment) -> Environment:
    """Give a Jinja environment the house's filters and translations; the web's own environment gets the same ones."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_translations(NullTranslations(), newstyle=True)  # type: ignore[attr-defined]  # by the i18n extension
    environment.filters.update(day=_day, moment=_moment, number=_number, sentence=_sentence, size=size)
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment


class Renderer:
    """Templates by name, relative to `templates/`. HTML is escaped; names ending in `.txt` are plain text."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self.environment = equip(
            Environment(
                loader=FileSystemLoader(folder),
                autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
            )
        )

    def render(self, template: str, *, language: str, **context: Any) -> str:
        """The finished text."""
        return self.environment.get_template(template).render(language=language, **context)
