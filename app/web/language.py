"""In which language a page speaks; English alone for now, chosen in one place."""

from typing import Final

from flask import Flask, request

from app.domain.messages import Message
from app.domain.policy_values import say as text_in

LANGUAGES: Final = ("en",)


def language() -> str:
    """The language asked for if we have it; an unknown one changes nothing."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def say(sentence: Message | str) -> str:
    """A sentence for this reader, for the places where a template cannot speak (widgets, error lists)."""
    return str(sentence)


def install(app: Flask) -> None:
    """`language` and `timezone` in every template, and `said`: a text of the policy files in the reader's language."""
    app.add_template_filter(lambda text: text_in(text, language()), "said")
    app.context_processor(lambda: {"language": language(), "htmlLang": language(), "timezone": "UTC"})
