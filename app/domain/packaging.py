"""What a package says about itself (Art. 12(1), 15 GDPR): its facts, the names of its files, its manifest.

Everything here is ready to be shown: texts are in the reader's language already.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from app.domain.messages import Message

FORMAT = "habeas-package/1"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.jws"
# Above it a binary value is a file of its own. Keys, hashes and signatures are smaller and stay in their cell (base64).
# Documents and pictures are larger; nobody can open one from a cell, and a spreadsheet's ends at 32,767 characters.
LARGE_BYTES = 4 * 1024
_LONGEST_NAME = 60
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d|clock\$")  # Windows: no file may be called so


# By their first bytes; only what no browser runs. Whatever else it is (HTML, SVG, a program) is called .bin.
_KINDS = (
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"OggS\x00"), "ogg"),
    (re.compile(rb"ID3[\x02-\x04]"), "mp3"),
    (re.compile(rb"....ftyp(?:isom|iso2|mp4[12])", re.DOTALL), "mp4"),
    (re.compile(rb"PK\x03\x04"), "zip"),
)


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
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    """Why, and what allows it (Art. 15(1)(a))."""

    title: str
    legal_basis: Message | str
    law: str = ""


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """To whom (Art. 15(1)(c)), and how the data is safe there; `abroad`: in a third country (Art. 15(2))."""

    name: str
    role: Message | str
    country: str
    safeguards: str = ""
    abroad: bool = False


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
    articles: Mapping[str, str] = field(default_factory=dict)  # what asks for each part of the answer
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
        about = self.withheld_about(connection, collection)
        if any(one.rows is None for one in about):
            return None
        return frozenset[int]().union(*(one.rows or () for one in about))

    def withheld_about(self, connection: str, collection: str) -> tuple[Withheld, ...]:
        """What is left out of a collection, with the grounds."""
        return tuple(
            one for one in self.withheld if one.connection == connection and one.collection in {None, collection}
        )


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


class Folders:
    """For each collection its folder `connection/collection`, safe and unique."""

    def __init__(self) -> None:
        self._names = Names()
        self._connections: dict[str, str] = {}

    def place(self, connection: str, collection: str) -> str:
        """The folder of a collection; to be asked once for each."""
        if connection not in self._connections:
            self._connections[connection] = self._names.unique("", connection)
        folder = self._connections[connection]
        return f"{folder}/{self._names.unique(folder, collection)}"


class FileNames:
    """The places of a collection's large values: `files/<connection>/<collection>/<row>-<column>.<ext>`."""

    def __init__(self, folder: str, columns: Sequence[str]) -> None:
        names = Names()
        self._folder = folder
        self._columns = [names.unique("", column) for column in columns]

    def path(self, row: int, column: int, extension: str) -> str:
        """`row` counts from 1, as the pages do."""
        return f"files/{self._folder}/{row}-{self._columns[column]}.{extension}"


def extension_of(data: bytes) -> str:
    """What kind of file the bytes begin as; a claim in another column, or a name, is never asked."""
    return next((extension for kind, extension in _KINDS if kind.match(data)), "bin")
