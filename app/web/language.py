"""In which language a page speaks (Art. 12(1)): what the reader asked for, else what their browser prefers, else what
the organisation writes first."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from flask import Flask, g, request, session
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from app.catalogs import LANGUAGES, NAMES
from app.domain.messages import Message
from app.domain.policy_values import say as text_in
from app.web.transaction import SAFE
from app.web.visitor import LANGUAGE, portal

ASKED: Final = "lang"


def offer(languages: Sequence[str], *, case: str | None = None) -> None:
    """From here on this page speaks only these: an organisation's own. `case` is that of the request it shows, which
    goes before what the browser says and after what the reader chose."""
    g.offered = tuple(one for one in languages if one in LANGUAGES) or LANGUAGES[:1]
    g.case_language = case
    g.pop("language", None)


def language() -> str:
    """The language of this page; asking for one that we do not have changes nothing."""
    known: str | None = g.get("language")
    if known is None:
        known = g.language = _choose(g.get("offered", LANGUAGES))
    return known


def switching() -> bool:
    """Whether this POST sends a half-filled form only to see it in another language."""
    return request.method == "POST" and ASKED not in request.args and _asked() in LANGUAGES


def say(sentence: Message | str) -> str:
    """A sentence for this reader, for the places where a template cannot speak (widgets, error lists)."""
    return portal().renderer.say(sentence, language())


def counted(one: str, many: str) -> dict[str, str]:
    """A sentence in every plural form of this reader's language, for scripts that count."""
    return portal().renderer.plurals(one, many, language())


def install(app: Flask) -> None:
    """`language` and `timezone` in every template, `said`: a text of the policy files in the reader's language, and
    what the language switch shows."""
    app.before_request(_remember)
    app.add_template_filter(lambda text: text_in(text, language()), "said")
    app.context_processor(_frame)


def _choose(offered: Sequence[str]) -> str:
    chosen = (_asked(), session.get(LANGUAGE), g.get("case_language"))
    found = next((one for one in chosen if one in offered), None)
    return found or _preferred(request.headers.get("Accept-Language", ""), tuple(offered))


def _asked() -> str | None:
    if ASKED in request.args or request.method in SAFE:
        return request.args.get(ASKED)
    try:
        return request.form.get(ASKED)
    except HTTPException:  # a body that is too large or broken asks for nothing; its error page needs a language too
        return None


@lru_cache(maxsize=1024)
def _preferred(header: str, offered: tuple[str, ...]) -> str:
    wished = parse_accept_header(header[:400], LanguageAccept)  # best first
    mains = (tag.partition("-")[0].lower() for tag, weight in wished if weight > 0)  # lv-LV is Latvian
    return next((one for one in mains if one in offered), offered[0])


def _remember() -> None:
    """In the signed cookie, so that no GET writes to the database; a program that calls the API has none."""
    if getattr(g.get("guard"), "browser", True) and (asked := _asked()) in LANGUAGES:
        session[LANGUAGE] = asked


def _frame() -> dict[str, object]:
    now = language()
    return {"language": now, "htmlLang": now, "timezone": "UTC", "tongues": _tongues}


def _tongues() -> list[tuple[str, str, str]]:
    """For each language that this page speaks: its code, its own name, and the address of this page in it."""
    return [(one, NAMES[one], _address(one)) for one in g.get("offered", LANGUAGES)]


def _address(wanted: str) -> str:
    """This page's address in another language; where that takes no GET, the page before it or the start page."""
    rule = request.url_rule
    if rule is not None and rule.methods is not None and "GET" not in rule.methods:
        return f"/?{ASKED}={wanted}"
    query = request.args.copy()
    query[ASKED] = wanted
    return f"?{urlencode(list(query.items(multi=True)))}"
