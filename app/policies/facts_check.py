"""Whether the questions of the data maps suit the controller that asks them: its languages, and enough of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.facts import ASKED
from app.policies.datasets import Dataset
from app.policies.facts_file import KEY, PLACE
from app.policies.faults import Fault, Path
from app.policies.reach import reached
from app.policies.yaml_file import Document


def check_facts(document: Document, datasets: Mapping[str, Dataset], maps: Mapping[str, Document]) -> Iterator[Fault]:
    """What data maps and controller file must agree on: the languages of the questions, and enough of them. `maps` is
    the data maps' documents by their fides_key."""
    controller = document.value.get("controller") if isinstance(document.value, dict) else None
    languages = controller.get("languages") if isinstance(controller, dict) else None
    spoken = [one for one in languages if isinstance(one, str)] if isinstance(languages, list) else []
    for dataset in {one.key: one for one in datasets.values()}.values():
        yield from _unspoken(maps[dataset.key], dataset, spoken)
    if found := _asked_at(document.value):
        counts = _by_identity(datasets)
        if max(counts.values(), default=0) < ASKED:
            have = ", ".join(f"{count} by {kind}" for kind, count in sorted(counts.items())) or "none at all"
            allowed = f"at least {ASKED} entries under meta.{KEY} of the data maps that one identity leads to"
            for place in found:
                yield document.fault(place, f"asks for {KEY}, and too few are found by one identity: {have}", allowed)


def _unspoken(document: Document, dataset: Dataset, spoken: list[str]) -> Iterator[Fault]:
    """A question that somebody cannot read is no way to show who they are."""
    raw = document.value["dataset"][0]["meta"][KEY] if dataset.facts else []
    names = [entry.get("field") if isinstance(entry, dict) else None for entry in raw]
    for fact in dataset.facts:
        said = {*fact.ask} if isinstance(fact.ask, dict) else set(spoken[:1])
        if lacking := [one for one in spoken if one not in said]:
            place = (*PLACE, names.index(f"{fact.collection}.{fact.field}"), "ask")
            allowed = "the question in each language of the controller: " + ", ".join(spoken)
            yield document.fault(place, f"is missing in {', '.join(lacking)}", allowed)


def _asked_at(value: Any) -> list[Path]:
    """Every place of a controller file that names this way of proof."""
    rights = value.get("rights") if isinstance(value, dict) else None
    found: list[Path] = []
    for right, offer in rights.items() if isinstance(rights, dict) else ():
        proof = offer.get("proof") if isinstance(offer, dict) else None
        for at, way in enumerate(proof if isinstance(proof, list) else ()):
            path: Path = ("rights", right, "proof", at)
            together = way.get("all_of") if isinstance(way, dict) else None
            if way == KEY:
                found.append(path)
            elif isinstance(together, list) and KEY in together:
                found.append((*path, "all_of", together.index(KEY)))
    return found


def _by_identity(datasets: Mapping[str, Dataset]) -> dict[str, int]:
    """Kind of identity → how many facts can be found by it."""
    kinds = {kind for one in datasets.values() for each in one.collections.values() for kind in each.identities()}
    counts = {}
    for kind in kinds:
        places = reached(datasets, kind)
        counts[kind] = len({(datasets[connection].key, fact.collection, fact.field)
                            for connection, name in places for fact in datasets[connection].facts
                            if fact.collection == name})  # fmt: skip
    return counts
