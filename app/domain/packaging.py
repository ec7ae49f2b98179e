"""What a package says about itself (Art. 12(1), 15 GDPR): its facts, the names of its files, its manifest.

Everything here is ready to be shown: texts are in the reader's language already.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from app.domain.messages import Message

FORMAT = "habeas-package/1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.jws"
_LONGEST_NAME = 60
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d|clock\$")  # Windows: no file may be called so


@dataclass(frozen=True, slots=True)
class ControllerFacts:
    """Who answers, and how to reach them (Art. 15 presupposes Art. 13(1)(a), (b))."""

    slug: str
    name: str
    email: str
    phone: str = ""
    post: str = ""
    officer: str = ""
    officer_email: str = ""


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    """Why, and what allows it (Art. 15(1)(a))."""

    title: str
    legal_basis: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """To whom (Art. 15(1)(c)); the safeguards of a transfer to a third country (Art. 15(2))."""

    name: str
    role: str
    country: str
    safeguards: str = ""


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What the law wants said about one category of data; all collections that hold such data point here."""

    key: str
    title: str
    purposes: tuple[PurposeFacts, ...] = ()
    recipients: tuple[RecipientFacts, ...] = ()
    keep: Message | str = ""
    source: Message | str = ""


@dataclass(frozen=True, slots=True)
class RightFacts:
    """A right that the person also has (Art. 15(1)(e))."""

    title: str
    article: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not in the package and why (Art. 15(4), 12(4)); `rows` are numbers in the spool, None is all of them."""

    connection: str
    count: int
    ground: str
    collection: str | None = None
    category: str | None = None
    until: date | None = None
    rows: frozenset[int] | None = None
    title: str = ""  # what people call the collection

    @property
    def where(self) -> str:
        """Where it is missing, in the words of a reader."""
        return self.title or self.collection or self.category or self.connection


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that report, viewer and manifest say beside the data itself."""

    package_id: str
    reference: str
    controller: ControllerFacts
    right: str
    right_title: str
    right_article: str
    law: str
    case_version: int
    received_at: datetime
    generated_at: datetime
    generator: str
    person: str
    subject: Mapping[str, Any]
    categories: tuple[CategoryFacts, ...]
    rights: tuple[RightFacts, ...]
    authority: str
    authority_url: str
    complaint: str
    court: str
    keys_url: str
    automated: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    searched: tuple[str, ...] = ()  # titles of the systems that were searched
    language: str = "en"
    timezone: str = "UTC"

    @property
    def recipients(self) -> tuple[RecipientFacts, ...]:
        """Each recipient once, whatever it gets."""
        return tuple(dict.fromkeys(one for category in self.categories for one in category.recipients))

    def withheld_from(self, connection: str, collection: str) -> frozenset[int] | None:
        """The numbers of the rows that are left out of a collection; None when all of it is."""
        about = [one for one in self.withheld if one.connection == connection and one.collection in {None, collection}]
        if any(one.rows is None for one in about):
            return None
        return frozenset[int]().union(*(one.rows or () for one in about))

    @property
    def transfers(self) -> tuple[RecipientFacts, ...]:
        """The recipients for which safeguards are stated (Art. 15(2))."""
        return tuple(one for one in self.recipients if one.safeguards)


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """One file of the package, as the manifest lists it."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None
    connection: str | None = None
    collection: str | None = None
    categories: tuple[str, ...] = field(default=())

    def as_facts(self) -> dict[str, Any]:
        """Only what there is to say."""
        facts: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in facts.items() if value not in {None, ()}}


def manifest(answer: Answer, files: Sequence[PackagedFile]) -> bytes:
    """The list of all other files with their checksums, and what was withheld: the thing that is signed."""
    facts = {
        "format": FORMAT,
        "package_id": answer.package_id,
        "reference": answer.reference,
        "controller": answer.controller.slug,
        "right": answer.right,
        "case_version": answer.case_version,
        "generated_at": answer.generated_at,
        "generator": answer.generator,
        "subject": dict(answer.subject),
        "files": [file.as_facts() for file in files],
        "withheld": [_withheld(one) for one in answer.withheld],
        "parts": {"n": 1, "of": 1},
    }
    return msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n"


def _withheld(one: Withheld) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in ("connection", "collection", "category", "count", "ground", "until")}
    return {name: value for name, value in facts.items() if value is not None}


class Names:
    """File names that every system can hold, made from names that may be meant to harm.

    Letters, digits, `_` and `-` only: no path, no device, no control character, no change of direction, nothing hidden.
    Two names of one folder differ also where upper and lower case are the same.
    """

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def unique(self, folder: str, name: str) -> str:
        """A name that nothing else in the folder has; the same calls in the same order give the same names."""
        plain, number = safe_name(name), 1
        found = plain
        while (folder.lower(), found.lower()) in self._taken:
            number += 1
            found = f"{plain[: _LONGEST_NAME - 6]}-{number}"
        self._taken.add((folder.lower(), found.lower()))
        return found


def safe_name(name: str) -> str:
    """The name in plain ASCII, not longer than any file system takes."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", ascii_only)[:_LONGEST_NAME].strip("-_") or "unnamed"
    return plain + "_" if _RESERVED.fullmatch(plain) else plain


def folder_names(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """For each (connection, collection) its folder path `connection/collection`, safe and unique."""
    names, folders = Names(), {}
    paths = {}
    for connection, collection in places:
        if connection not in folders:
            folders[connection] = names.unique("", connection)
        folder = folders[connection]
        paths[connection, collection] = f"{folder}/{names.unique(folder, collection)}"
    return paths
