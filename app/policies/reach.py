"""Remarks on a valid controller file that may still leave something out of an answer (Art. 15)."""

from collections.abc import Iterator, Mapping

from app.domain.policy import ControllerFile
from app.policies.dataset_file import ReadDataset
from app.policies.datasets import Dataset, Reference
from app.policies.faults import Fault
from app.policies.yaml_file import Document

Place = tuple[str, str]  # connection, collection


def remarks(
    file: ControllerFile, document: Document, datasets: Mapping[str, Dataset], reads: Mapping[str, ReadDataset]
) -> Iterator[Fault]:
    """Collections that no identity leads to, tables without a key, personal data without a rule."""
    found = reached(datasets)
    by_key = {read.dataset.key: read for read in reads.values()}
    for connection, dataset in datasets.items():
        read = by_key[dataset.key]
        for name, collection in dataset.collections.items():
            if (connection, name) not in found and not collection.skip:
                wrong = f"no proven identity leads from {connection} to {name}, so nothing is ever found there"
                yield read.document.fault(
                    read.places[name], wrong, "add an identity or a reference, or skip_processing"
                )
    for read in by_key.values():
        yield from _keyless(read)
    yield from _without_rule(file, document, datasets)


def reached(datasets: Mapping[str, Dataset], kind: str | None = None) -> frozenset[Place]:
    """Every collection to which the references lead from one that holds an identity, or one of that kind."""
    edges: dict[Place, set[Place]] = {}
    for connection, dataset in datasets.items():
        for collection, _, reference in dataset.references():
            here = (connection, collection.name)
            for other in _targets(connection, dataset, reference, datasets):
                if reference.direction != "to":
                    edges.setdefault(other, set()).add(here)
                if reference.direction != "from":
                    edges.setdefault(here, set()).add(other)
    waiting = [(connection, name) for connection, dataset in datasets.items()
               for name, one in dataset.collections.items()
               if not one.skip and (kind in one.identities() if kind else one.identities())]  # fmt: skip
    found = set(waiting)
    while waiting:
        new = edges.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)


def _targets(
    connection: str, dataset: Dataset, reference: Reference, datasets: Mapping[str, Dataset]
) -> Iterator[Place]:
    for key, other in datasets.items():
        same = reference.dataset == dataset.key
        if other.key == reference.dataset and (key == connection or not same):
            yield key, reference.collection


def _keyless(read: ReadDataset) -> Iterator[Fault]:
    for name, collection in read.dataset.collections.items():
        if not collection.skip and not collection.primary_key:
            wrong = "has no primary key: if the system cannot tell rows apart, equal ones count as one"
            yield read.document.fault(read.places[name], wrong, "fides_meta: {primary_key: true} on the key's fields")


def _without_rule(file: ControllerFile, document: Document, datasets: Mapping[str, Dataset]) -> Iterator[Fault]:
    used = {c for one in datasets.values() for each in one.collections.values() for c in each.categories}
    for category in sorted(used):
        if category.startswith("user") and file.rule_for(category) is None:
            wrong = f"the data maps hold {category}, for which there is no purpose and no time of keeping"
            yield document.fault(
                ("categories",), wrong, "a rule for it or for a category above it (Art. 15(1)(a), (d))"
            )
