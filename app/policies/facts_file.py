"""Which fields may serve as a question that only the right person can answer (LAW 6: two facts known to both sides).

They stand in a dataset's own free `meta`, which fideslang keeps and Fides leaves alone:

    meta:
      two_facts:
        - {field: clients.city, ask: {en: "In which town do we have you?"}, kind: text}
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from app.domain.facts import FactKind
from app.domain.policy_values import Data, Line, LocalText
from app.policies.datasets import Collection, Dataset, Fact, Field
from app.policies.faults import Fault, Path, closest, describe, one_of
from app.policies.yaml_file import Document

KEY: Final = "two_facts"
PLACE: Final[Path] = ("dataset", 0, "meta", KEY)


class FactEntry(Data):
    """One question: the field that holds the answer, what is asked, and how answers are compared."""

    field: Line
    ask: LocalText
    kind: FactKind = "text"


def read_facts(document: Document, meta: Mapping[str, Any] | None, dataset: Dataset) -> tuple[list[Fact], list[Fault]]:
    """The facts of a data map whose collections were read, and what is wrong with them."""
    entries = (meta or {}).get(KEY, [])
    if not isinstance(entries, list):
        return [], [document.fault(PLACE, "is no list", "one `- {field: …, ask: …}` a line")]
    facts: list[Fact] = []
    faults: list[Fault] = []
    for at, entry in enumerate(entries):
        try:
            read = FactEntry.model_validate(entry)
        except ValidationError as error:
            faults += _told(document, (*PLACE, at), error)
            continue
        wrong = _unfit(read, dataset, facts)
        if wrong:
            faults.append(document.fault((*PLACE, at, "field"), *wrong))
        else:
            collection, _, field = read.field.partition(".")
            facts.append(Fact(collection, field, read.kind, read.ask))
    return facts, faults


def _told(document: Document, place: Path, error: ValidationError) -> Iterator[Fault]:
    known = tuple(FactEntry.model_fields)
    for one in error.errors(include_url=False):
        path = (*place, *one["loc"])
        if one["type"] == "extra_forbidden":
            yield document.fault(path, f"is no key here{closest(path[-1], known)}", one_of(known))
        else:
            yield document.fault(path, *describe(one))


def _unfit(entry: FactEntry, dataset: Dataset, before: list[Fact]) -> tuple[str, str] | None:
    name, _, field = entry.field.partition(".")
    if not field:
        return f"“{entry.field}” names no field", "collection.field"
    collection = dataset.collections.get(name)
    if collection is None or collection.skip:
        usable = [one.name for one in dataset.collections.values() if not one.skip]
        why = "is a collection that is not read" if collection else "is no collection here"
        return f"“{name}” {why}{closest(name, usable)}", one_of(usable)
    allowed = [one.name for one in collection.fields.values() if _serves(one)]
    if (wrong := _why_not(collection, field)) is not None:
        return f"“{field}” {wrong}{closest(field, allowed)}", one_of(allowed)
    if any((one.collection, one.field) == (name, field) for one in before):
        return f"“{entry.field}” stands here twice", "each field once"
    return None


def _serves(field: Field) -> bool:
    return not (field.secret or field.nested or field.identity or field.data_type == "boolean")


def _why_not(collection: Collection, name: str) -> str | None:
    field = collection.fields.get(name)
    if field is None:
        return f"is no field of {collection.name}"
    if field.secret:
        return "is a secret, which never leaves the system"
    if field.identity:
        return f"is an identity ({field.identity}) itself, which whoever asks has typed already"
    if field.nested:
        return "lies inside a column; only a whole column can be asked for"
    return "is yes or no, which anybody guesses" if field.data_type == "boolean" else None
