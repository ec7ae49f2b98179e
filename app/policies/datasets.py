"""The data map of one system: which collections and fields hold whose data, and how they refer to each other.

The files are fideslang datasets, unchanged; these small frozen types are all that connectors and packages need of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.domain.facts import FactKind
from app.domain.policy_values import Text, say

Direction = Literal["from", "to"]


@dataclass(frozen=True, slots=True)
class Reference:
    """This field holds the same value as another one; `from`: is found by it, `to`: leads to it,
    None: one way, away from the person (see `connectors.graph`).

    `dataset` is the other one's fides_key: the own one means the same connection, another every connection with it.
    """

    dataset: str
    collection: str
    field: str
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class Field:
    """One column, or a part of one: nested names are dotted (`settings.theme`)."""

    name: str
    data_type: str | None
    categories: tuple[str, ...]
    primary_key: bool = False
    identity: str | None = None
    references: tuple[Reference, ...] = ()
    secret: bool = False  # never leaves the system: password hashes, tokens, keys
    custom_request_field: str | None = None
    description: str = ""  # in the controller's first language
    title: Text | None = None  # what people call it, in the languages of the controller

    @property
    def nested(self) -> bool:
        return "." in self.name

    def called(self, language: str) -> str:
        """Its title in that language; empty where it has none."""
        said = self.title is not None and (isinstance(self.title, str) or language in self.title)
        return say(self.title or "", language) if said else ""

    def words(self, language: str, *, first: str) -> str:
        """What it is called or described as; empty where nobody said it. `first` is the controller's own language."""
        return self.called(language) or (self.description if language == first else "")


@dataclass(frozen=True, slots=True)
class Collection:
    """One table. `fields` keeps the file's order; `after` names dataset.collection that must have been read before.
    `title` is what people call it, in the languages of the controller where the file says it, else made of its name.

    An empty `primary_key` leaves it to the system to tell rows apart (a remark on the file says so).
    """

    name: str
    title: Text
    fields: Mapping[str, Field]
    primary_key: tuple[str, ...]
    after: tuple[str, ...] = ()
    skip: bool = False
    description: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that may leave: declared, not nested, not secret."""
        return tuple(name for name, one in self.fields.items() if not one.nested and not one.secret)

    @property
    def categories(self) -> tuple[str, ...]:
        """The data categories of what may leave, each once, sorted."""
        return tuple(sorted({c for one in self.fields.values() if not one.secret for c in one.categories}))

    def identities(self) -> Mapping[str, tuple[str, ...]]:
        """Kind of identity → the fields that hold it."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.fields.values():
            if one.identity:
                found[one.identity] = (*found.get(one.identity, ()), one.name)
        return found


@dataclass(frozen=True, slots=True)
class Fact:
    """A column whose value the right person knows too: it may serve as a question (LAW 6)."""

    collection: str
    field: str
    kind: FactKind
    ask: Text


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data map; `title` is what people call its system, its `name` where the file says no more."""

    key: str
    title: Text
    collections: Mapping[str, Collection]
    description: str = ""
    after: tuple[str, ...] = field(default=())
    facts: tuple[Fact, ...] = field(default=())

    def references(self) -> Iterator[tuple[Collection, Field, Reference]]:
        for collection in self.collections.values():
            for one in collection.fields.values():
                for reference in one.references:
                    yield collection, one, reference
