"""Reads a fideslang dataset file as it is, says what could not work, and makes our own types of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fideslang import models as fideslang
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from pydantic import ValidationError

from app.domain.policy import Text, covers
from app.policies.datasets import Collection, Dataset, Direction, Field, Reference
from app.policies.facts_file import read_facts
from app.policies.faults import Fault, Path, closest, describe, one_of
from app.policies.guesses import OPEN
from app.policies.yaml_file import Document

KEPT_INSIDE = "user.authorization"
_DIRECTIONS: dict[fideslang.EdgeDirection, Direction] = {
    fideslang.EdgeDirection.FROM: "from",
    fideslang.EdgeDirection.TO: "to",
}
ROOT: Path = ("dataset", 0)
# Fides itself ignores keys that it does not know, and so do we, except where one is most likely a slip of the pen.
KNOWN_KEYS = {
    key
    for model in (fideslang.Dataset, fideslang.DatasetCollection, fideslang.DatasetField, fideslang.FidesMeta,
                  fideslang.CollectionMeta, fideslang.DatasetMetadata, fideslang.FidesDatasetReference)
    for key in model.model_fields
} | {"fidesops_meta", "secret", "title"}  # fmt: skip


@cache
def data_categories() -> frozenset[str]:
    """The data categories of fideslang."""
    return frozenset(category.fides_key for category in DEFAULT_TAXONOMY.data_category or ())


@dataclass(frozen=True, slots=True)
class ReadDataset:
    """A data map with the document it came from; `places` finds the line of a collection or field."""

    document: Document
    dataset: Dataset
    places: Mapping[str, Path]


def read_dataset(document: Document) -> tuple[ReadDataset | None, list[Fault]]:
    """The data map in this document; None where it is no usable dataset at all, with the reasons."""
    entries = document.value.get("dataset") if isinstance(document.value, dict) else None
    if not isinstance(entries, list) or len(entries) != 1 or not isinstance(entries[0], dict):
        wanted = "one dataset: `dataset:` with a list of one entry, as fideslang has it"
        return None, [document.fault(("dataset",), "holds no single dataset", wanted)]
    faults = [*_slips(document, entries[0], ROOT)]
    try:
        model = fideslang.Dataset.model_validate(entries[0])
    except ValidationError as error:
        return None, faults + [_told(document, one) for one in error.errors(include_url=False)]
    reader = _Reader(document)
    read = reader.read(model, entries[0])
    return read, faults + reader.faults


def _told(document: Document, error: Any) -> Fault:
    return document.fault((*ROOT, *error["loc"]), *describe(error))


def _slips(document: Document, value: Any, path: Path) -> Iterator[Fault]:
    """Keys that nearly are ones that matter: `data_categorys` would otherwise leave personal data undeclared."""
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from _slips(document, one, (*path, at))
    elif isinstance(value, dict) and path[-1] not in {"meta", "namespace", "partitioning"}:
        for key, one in value.items():
            if key not in KNOWN_KEYS and (near := closest(key, KNOWN_KEYS)):
                yield document.fault((*path, key), f"is no key of a dataset{near}", "the keys of fideslang")
            yield from _slips(document, one, (*path, key))


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What holds for all fields below: categories of dataset and collection, secrecy of a parent field."""

    categories: tuple[str, ...]
    secret: bool = False
    prefix: str = ""


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self.places: dict[str, Path] = {}

    def read(self, model: fideslang.Dataset, raw: dict[str, Any]) -> ReadDataset:
        inherited = _Inherited(self._categories(model.data_categories, (*ROOT, "data_categories")))
        by_name = {collection.name: collection for collection in model.collections}
        collections: dict[str, Collection] = {}
        # fideslang sorts by name; people expect their own order, as in the table.
        for at, entry in enumerate(raw["collections"]):
            path = (*ROOT, "collections", at)
            self.places[entry["name"]] = path
            collections[entry["name"]] = self._collection(by_name[entry["name"]], entry, path, inherited)
        after = tuple(model.fides_meta.after or ()) if model.fides_meta else ()
        key = model.fides_key
        title = self._title(model.meta or {}, (*ROOT, "meta", "title")) or model.name or _title(key)
        dataset = Dataset(key, title, collections, model.description or "", after)
        facts, faults = read_facts(self.document, model.meta, dataset)
        self.faults += faults
        dataset = replace(dataset, facts=tuple(facts))
        return ReadDataset(self.document, dataset, self.places)

    def _collection(
        self, model: fideslang.DatasetCollection, raw: dict[str, Any], path: Path, inherited: _Inherited
    ) -> Collection:
        own = self._categories(model.data_categories, (*path, "data_categories"))
        below = _Inherited(_joined(own, inherited.categories))
        by_name = {one.name: one for one in model.fields}
        fields: dict[str, Field] = {}
        for at, entry in enumerate(raw["fields"]):
            place = (*path, "fields", at)
            fields.update(self._field(model.name, by_name[entry["name"]], entry, place, inherited=below))
        if not fields:
            self.faults.append(self.document.fault((*path, "fields"), "is empty", "the columns of the table"))
        meta = model.fides_meta or fideslang.CollectionMeta()
        keys = tuple(name for name, one in fields.items() if one.primary_key)
        title = self._title(_meta(raw), (*path, "fides_meta", "title")) or _title(model.name)
        return Collection(
            model.name, title, fields, keys, tuple(meta.after or ()), bool(meta.skip_processing),
            model.description or "",
        )  # fmt: skip

    def _field(
        self, collection: str, model: fideslang.DatasetField, raw: dict[str, Any], path: Path, *, inherited: _Inherited
    ) -> dict[str, Field]:
        meta = model.fides_meta or fideslang.FidesMeta()
        own_meta = _meta(raw)
        name = inherited.prefix + model.name
        own = self._categories(model.data_categories, (*path, "data_categories"))
        categories = _joined(own, inherited.categories)
        secret = inherited.secret or self._secret(own_meta, path) or any(covers(KEPT_INSIDE, c) for c in categories)
        self.places[f"{collection}.{name}"] = path
        if inherited.prefix:
            self._only_columns(meta, path)
        field = Field(
            name, meta.data_type, categories, bool(meta.primary_key), meta.identity,
            tuple(self._references(meta, path)), secret, meta.custom_request_field, model.description or "",
            self._title(own_meta, (*path, "fides_meta", "title")),
        )  # fmt: skip
        found = {name: field}
        by_name = {one.name: one for one in model.fields or ()}
        for at, entry in enumerate(raw.get("fields") or ()):
            below = _Inherited(categories, secret, name + ".")
            place = (*path, "fields", at)
            found.update(self._field(collection, by_name[entry["name"]], entry, place, inherited=below))
        return found

    def _secret(self, meta: dict[str, Any], path: Path) -> bool:
        value = meta.get("secret", False)
        if not isinstance(value, bool):
            self.faults.append(self.document.fault((*path, "fides_meta", "secret"), "is no yes or no", "true, false"))
        return bool(value)  # in doubt it stays inside

    def _title(self, meta: dict[str, Any], place: Path) -> Text | None:
        value = meta.get("title")
        texts = value.values() if isinstance(value, dict) else (value,)
        if value is None or (texts and all(isinstance(one, str) and one.strip() for one in texts)):
            return value
        self.faults.append(self.document.fault(place, "is no text", "a few words, or some for each language"))
        return None

    def _only_columns(self, meta: fideslang.FidesMeta, path: Path) -> None:
        """A database finds rows by columns: what lies inside a column can neither seed nor join nor be a key."""
        for key, value in (("identity", meta.identity), ("primary_key", meta.primary_key),
                           ("references", meta.references)):  # fmt: skip
            if value:
                place = (*path, "fides_meta", key)
                self.faults.append(self.document.fault(place, "stands on a nested field", "only on a whole column"))

    def _categories(self, names: list[str] | None, path: Path) -> tuple[str, ...]:
        for at, name in enumerate(names or ()):
            if name not in data_categories():
                wrong = f"“{name}” is no data category{closest(name, data_categories())}"
                wrong = "is still open: nobody has said yet what this holds" if name == OPEN else wrong
                self.faults.append(self.document.fault((*path, at), wrong, "the data categories of fideslang"))
        return tuple(names or ())

    def _references(self, meta: fideslang.FidesMeta, path: Path) -> Iterator[Reference]:
        for at, reference in enumerate(meta.references or ()):
            collection, _, field = reference.field.partition(".")
            if not field:
                place = (*path, "fides_meta", "references", at, "field")
                wrong = f"“{reference.field}” names no field"
                self.faults.append(self.document.fault(place, wrong, "collection.field"))
                continue
            direction: Direction | None = _DIRECTIONS[reference.direction] if reference.direction else None
            yield Reference(reference.dataset, collection, field, direction)


def check_references(reads: Mapping[str, ReadDataset]) -> Iterator[Fault]:
    """References between fields, and `after`, must lead somewhere; `reads` is by fides_key. Cycles are allowed."""
    for read in reads.values():
        for collection, one, reference in read.dataset.references():
            wrong = _dangling(reads, reference)
            if wrong:
                at = one.references.index(reference)
                path = (*read.places[f"{collection.name}.{one.name}"], "fides_meta", "references", at)
                yield read.document.fault(path, *wrong)
        for collection in read.dataset.collections.values():
            for at, name in enumerate(collection.after):
                dataset, _, other = name.partition(".")
                if dataset not in reads or other not in reads[dataset].dataset.collections:
                    path = (*read.places[collection.name], "fides_meta", "after", at)
                    yield read.document.fault(path, f"“{name}” does not exist", "dataset.collection of this controller")


def _dangling(reads: Mapping[str, ReadDataset], reference: Reference) -> tuple[str, str] | None:
    if reference.dataset not in reads:
        wrong = f"refers to the dataset “{reference.dataset}”, which no connection has"
        return wrong + closest(reference.dataset, reads), one_of(reads)
    collections = reads[reference.dataset].dataset.collections
    if reference.collection not in collections:
        wrong = f"refers to the collection “{reference.collection}”, which is not in {reference.dataset}"
        return wrong + closest(reference.collection, collections), one_of(collections)
    columns = [name for name, one in collections[reference.collection].fields.items() if not one.nested]
    if reference.field not in columns:
        wrong = f"refers to the field “{reference.field}”, which is no column of {reference.collection}"
        return wrong + closest(reference.field, columns), one_of(columns)
    return None


def _joined(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _meta(raw: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = raw.get("fides_meta") or raw.get("fidesops_meta") or {}
    return found


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize() or name
