"""Loads the law (regime packs) and the controllers' files; every mistake in them is named, all at once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.policy import ControllerFile
from app.domain.regime import Regimes
from app.policies.checks import check_rows, check_values, places
from app.policies.dataset_file import ReadDataset, check_references, read_dataset
from app.policies.datasets import Dataset
from app.policies.facts_check import check_facts
from app.policies.faults import Fault, PolicyFaults, one_of
from app.policies.packs import REGIMES, read_regimes
from app.policies.promises import conflicts
from app.policies.reach import remarks
from app.policies.validated import validated
from app.policies.yaml_file import Document, read_yaml

CONTROLLERS = Path(__file__).parent / "controllers"


@dataclass(frozen=True, slots=True)
class LoadedController:
    """A controller file with its data maps.

    `document` and `dataset_documents` (by the path that the file names) are plain JSON data to store; `from_stored`
    takes them back. `datasets` is by connection key. `warnings` are what an operator should know and may leave.
    """

    file: ControllerFile
    datasets: Mapping[str, Dataset]
    document: dict[str, Any]
    dataset_documents: dict[str, Any]
    digest: str
    warnings: tuple[Fault, ...] = ()


@cache
def load_regimes() -> Regimes:
    """The packaged regime packs, every version; a fault in one of them stops the start."""
    return read_regimes(REGIMES)


def read_controller(path: Path | str) -> LoadedController:
    """A controller file and the dataset files that it names (relative to it); raises PolicyFaults with all faults."""
    path = Path(path)
    document = read_yaml(path)
    maps: dict[str, Document] = {}
    faults: list[Fault] = []
    for place, name in places(document.value, ("connections", "*", "dataset")):
        if not isinstance(name, str) or name in maps:
            continue
        inside = (path.parent / name).resolve().is_relative_to(path.parent.resolve()) and "\0" not in name
        if not inside or not (path.parent / name).is_file():
            faults.append(document.fault(place, f"“{name}” is no file", "a dataset file beside or below this file"))
            continue
        try:
            maps[name] = read_yaml(path.parent / name)
        except PolicyFaults as found:
            faults += found.faults
    return _loaded(document, maps, faults)


def from_stored(document: Mapping[str, Any], dataset_documents: Mapping[str, Any]) -> LoadedController:
    """The same from what was stored with a version: needs no file."""
    maps = {name: Document(name, value) for name, value in dataset_documents.items()}
    source = Document("controller file", dict(document))
    missing = [
        source.fault(place, f"“{name}” is not stored", one_of(maps))
        for place, name in places(source.value, ("connections", "*", "dataset"))
        if name not in maps
    ]
    return _loaded(source, maps, missing, stored=True)


def digest_of(document: Mapping[str, Any], dataset_documents: Mapping[str, Any]) -> str:
    """What tells one version from another: comments, spaces and the order of keys do not count."""
    both = {"controller": document, "datasets": dataset_documents}
    return hashlib.sha256(json.dumps(both, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _loaded(
    document: Document, maps: dict[str, Document], faults: list[Fault], *, stored: bool = False
) -> LoadedController:
    whole = not faults
    file, found = validated(ControllerFile, document)
    faults += found
    faulty = {(fault.line, fault.field) for fault in found}
    faults += (f for f in check_values(document, load_regimes()) if (f.line, f.field) not in faulty)
    reads = _read_datasets(maps, faults)
    datasets = {
        str(entry["key"]): reads[entry["dataset"]].dataset
        for _, entry in places(document.value, ("connections", "*"))
        if isinstance(entry, dict) and "key" in entry and entry.get("dataset") in reads
    }
    if whole and len(reads) == len(maps):  # a data map that is missing would make every reference to it look wrong
        faults += check_references({read.dataset.key: read for read in reads.values()})
        faults += check_rows(document, datasets)
        if not stored:  # cases stand under what is stored: a later rule must not make it unreadable
            faults += check_facts(document, datasets, {read.dataset.key: read.document for read in reads.values()})
    if file is None or faults:
        raise PolicyFaults(faults)
    dataset_documents = {name: one.value for name, one in maps.items()}
    return LoadedController(
        file, datasets, document.value, dataset_documents, digest_of(document.value, dataset_documents),
        (*remarks(file, document, datasets, reads), *conflicts(file, document, load_regimes()[file.controller.regime])),
    )  # fmt: skip


def _read_datasets(maps: Mapping[str, Document], faults: list[Fault]) -> dict[str, ReadDataset]:
    reads: dict[str, ReadDataset] = {}
    for name, one in maps.items():
        read, found = read_dataset(one)
        faults += found
        if read is None:
            continue
        if any(read.dataset.key == other.dataset.key for other in reads.values()):
            wrong = f"“{read.dataset.key}” is the key of another dataset of this controller too"
            faults.append(one.fault(("dataset", 0, "fides_key"), wrong, "a key of its own"))
        reads[name] = read
    return reads
