"""What one value of a controller file must agree with: calendars, languages, the regime, the data map, itself.

These checks read the plain document, so that they also speak up where a type has already found a mistake elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from app.domain.calendars import calendars, country_name
from app.domain.countries import GROUPS
from app.domain.policy import Regime
from app.policies.dataset_file import data_categories
from app.policies.datasets import Dataset
from app.policies.faults import Fault, Path, closest, one_of
from app.policies.yaml_file import Document

TEXTS = (
    ("controller", "about"), ("rights", "*", "note"), ("purposes", "*", "title"), ("purposes", "*", "law"),
    ("categories", "*", "title"), ("categories", "*", "criteria"), ("categories", "*", "source"),
    ("recipients", "*", "name"), ("recipients", "*", "safeguards"), ("backups", "*", "name"), ("automated_decisions",),
)  # fmt: skip
CATEGORY_KEYS = (("categories",), ("erasure", "fields"))


def check_values(document: Document, regimes: Mapping[str, Regime]) -> Iterator[Fault]:
    """Every value that is well formed and yet wrong."""
    yield from _controller(document)
    yield from _law(document, regimes)
    yield from _texts(document)
    yield from _references(document)
    yield from _twice(document)


def check_rows(document: Document, datasets: Mapping[str, Dataset]) -> Iterator[Fault]:
    """Rules for rows name connection.collection."""
    known = {f"{connection}.{name}" for connection, one in datasets.items() for name in one.collections}
    for path, _ in places(document.value, ("erasure", "rows", "*")):
        if path[-1] not in known:
            yield document.fault(path, f"“{path[-1]}” is no collection{closest(path[-1], known)}", one_of(known))


def places(value: Any, pattern: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every (path, value) in the document that fits the pattern; `*` stands for any key or entry."""
    if not pattern:
        yield path, value
    elif isinstance(value, dict):
        for key in value if pattern[0] == "*" else {pattern[0]} & value.keys():
            yield from places(value[key], pattern[1:], (*path, key))
    elif isinstance(value, list) and pattern[0] == "*":
        for at, one in enumerate(value):
            yield from places(one, pattern[1:], (*path, at))


def _controller(document: Document) -> Iterator[Fault]:
    yield from _known(document, ("controller", "country"), lambda code: code in calendars(), (
        "a country whose holidays are known, such as LV, or a part of one such as GB-ENG"))  # fmt: skip
    yield from _known(document, ("controller", "timezone"), is_timezone, "a time zone such as Europe/Riga")
    yield from _known(document, ("controller", "languages", "*"), is_language, "a language such as en")
    yield from _known(document, ("recipients", "*", "country"), is_country, "a country such as LV")


def _known(
    document: Document, pattern: tuple[str, ...], is_known: Callable[[str], bool], allowed: str
) -> Iterator[Fault]:
    for path, value in places(document.value, pattern):
        if isinstance(value, str) and not is_known(value):
            yield document.fault(path, f"“{value}” is unknown", allowed)


def _law(document: Document, regimes: Mapping[str, Regime]) -> Iterator[Fault]:
    for path, key in places(document.value, ("controller", "regime")):
        if key not in regimes:
            yield document.fault(path, f"“{key}” is unknown{closest(key, regimes)}", one_of(regimes))
            return
        regime = regimes[key]
        known = regime.offered_by_choice()
        for right, _ in places(document.value, ("rights", "*")):
            if right[-1] not in known:
                wrong = f"“{right[-1]}” is no right under {key}{closest(right[-1], known)}"
                yield document.fault(right, wrong, one_of(known))
        for where, country in places(document.value, ("controller", "country")):
            if isinstance(country, str) and country in calendars() and regime.complaint.lead(country) is None:
                wrong = f"“{country}” has no supervisory authority under {key}"
                yield document.fault(where, wrong, one_of(regime.complaint.authorities))


def _texts(document: Document) -> Iterator[Fault]:
    """A text in several languages is there in the first one and in none that the controller does not speak."""
    spoken = [value for _, value in places(document.value, ("controller", "languages", "*")) if isinstance(value, str)]
    for path, text in (found for pattern in TEXTS for found in places(document.value, pattern)):
        if not isinstance(text, dict) or not spoken:
            continue
        if spoken[0] not in text:
            yield document.fault(path, f"is missing in {spoken[0]}, the first language", one_of(spoken))
        for language in text.keys() - set(spoken):
            wrong = f"“{language}” is no language of this controller{closest(language, spoken)}"
            yield document.fault((*path, language), wrong, one_of(spoken))


def _references(document: Document) -> Iterator[Fault]:
    purposes = [path[-1] for path, _ in places(document.value, ("purposes", "*"))]
    for path, name in places(document.value, ("categories", "*", "purposes", "*")):
        if name not in purposes:
            yield document.fault(path, f"“{name}” is no purpose{closest(name, map(str, purposes))}", (
                one_of(map(str, purposes))))  # fmt: skip
    named = [(path, path[-1]) for keys in CATEGORY_KEYS for path, _ in places(document.value, (*keys, "*"))]
    named += [(path, value) for path, value in places(document.value, ("recipients", "*", "categories", "*"))]
    for path, name in named:
        if name not in data_categories():
            wrong = f"“{name}” is no data category{closest(name, data_categories())}"
            yield document.fault(path, wrong, "the data categories of fideslang")


def _twice(document: Document) -> Iterator[Fault]:
    for pattern in (("connections", "*", "key"), ("backups", "*", "name"), ("recipients", "*", "name")):
        seen: set[str] = set()
        for path, name in places(document.value, pattern):
            if str(name) in seen:
                yield document.fault(path, f"“{name}” stands here twice", "each name once")
            seen.add(str(name))


def is_timezone(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name and ("/" in name or name == "UTC")
    except (KeyError, ValueError, OSError):  # no such zone, a path that leads elsewhere, a directory of zones
        return False


def is_language(code: str) -> bool:
    try:
        return Locale.parse(code).language == code
    except (UnknownLocaleError, ValueError):
        return False


def is_country(code: object) -> bool:
    """A country in the sense of ISO 3166."""
    return isinstance(code, str) and code[:2].isalpha() and code not in GROUPS and country_name(code, "en") is not None
