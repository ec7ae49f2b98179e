"""Reads the law: every version of every regime pack, whole or as what it changes in another one.

A pack may say `extends: {key: gdpr, version: 1, without: [complaint]}`: it is then that pack without those sections,
and what it says itself is laid over it, key by key; `null` takes a key away. A list replaces the other list; a map
from the `key` of elements to what differs in them changes a list of such elements.
Texts are written in English; the catalogue of the law gives them in the other languages.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.catalogs import translated
from app.domain.policy import Regime
from app.domain.policy_values import Data, Key
from app.domain.regime import Regimes
from app.policies.authorities import check_scopes, with_authorities
from app.policies.checks import places
from app.policies.faults import Fault, PolicyFaults, closest, one_of
from app.policies.validated import validated
from app.policies.yaml_file import Document, read_yaml

REGIMES = Path(__file__).parent / "regimes"
TEXTS = ("title", "explanation")
ELEMENTS = (("rights", "*", "answer_must_contain"), ("letters", "*"), ("signed_form", "fields"))
Name = tuple[object, object]  # key, version


class Extends(Data):
    """Which pack this one is laid over, and what of that one is left out."""

    key: Key
    version: int
    without: tuple[str, ...] = ()


def read_regimes(directory: Path) -> Regimes:
    """All packs of a directory, or all faults in them."""
    documents = read_documents(directory)
    faults = list(_dates(documents))
    packs = []
    for document in documents:
        pack, found = _read(document)
        faults += found
        packs += [pack] if pack is not None else []
    if faults:
        raise PolicyFaults(faults)
    return Regimes(packs)


def digests(directory: Path) -> dict[Name, str]:
    """What tells whether a published version still says the same: by key and version, in English."""
    return {_name(one): _digest(one.value) for one in read_documents(directory)}


def law_texts(directory: Path = REGIMES) -> Iterator[tuple[str, int, str]]:
    """Every English text of the law that people read, with its file and line: what a catalogue has to say."""
    for path in sorted(directory.glob("*.yaml")):
        document = read_yaml(path, shown=path.name)
        for place, text in _texts(document.value, ()):
            yield document.file, document.lines[place], text


def read_documents(directory: Path) -> list[Document]:
    """The packs as plain data, each made whole."""
    written: dict[Name, Document] = {}
    faults: list[Fault] = []
    for path in sorted(directory.glob("*.yaml")):
        try:
            document = read_yaml(path, shown=path.name)
        except PolicyFaults as found:
            faults += found.faults
            continue
        name = _name(document)
        if name in written:
            wrong = f"“{name[0]}” {name[1]} stands in {written[name].file} too"
            faults.append(document.fault(("version",), wrong, "a version of its own"))
        written[name] = document
    if faults:
        raise PolicyFaults(faults)
    return [_whole(document, written, ()) for document in written.values()]


def _whole(document: Document, written: Mapping[Name, Document], above: tuple[Name, ...]) -> Document:
    """The document laid over the one that it extends. Lines are its own: what it inherits has none here."""
    if not isinstance(document.value, dict) or "extends" not in document.value:
        return document
    own = {key: value for key, value in document.value.items() if key != "extends"}
    told = Document(document.file, document.value["extends"], {
        path[1:]: line for path, line in document.lines.items() if path[:1] == ("extends",)})  # fmt: skip
    extends, faults = validated(Extends, told)
    if extends is None:
        raise PolicyFaults(faults)
    name: Name = (extends.key, extends.version)
    here = (*above, _name(document))
    if name in here or name not in written:
        wrong = f"“{extends.key}” {extends.version} " + ("leads back to this pack" if name in here else "is no pack")
        known = [f"{key} {version}" for key, version in written if (key, version) not in here]
        raise PolicyFaults([document.fault(("extends",), wrong, one_of(known))])
    base = _whole(written[name], written, here).value
    for section in extends.without:
        if section not in base:
            wrong = f"“{section}” is no section of it{closest(section, base)}"
            raise PolicyFaults([document.fault(("extends", "without"), wrong, one_of(base))])
    left = {key: value for key, value in base.items() if key not in extends.without}
    return Document(document.file, _laid_over(left, own), document.lines)


def _laid_over(base: Any, own: Any) -> Any:
    if isinstance(base, list) and isinstance(own, dict):
        keyed = {one["key"]: one for one in base if isinstance(one, dict) and "key" in one}
        return list(_laid_over(keyed, {key: _with_key(key, one) for key, one in own.items()}).values())
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own
    merged = {key: _laid_over(base[key], own[key]) if key in own else base[key] for key in base}
    merged |= {key: value for key, value in own.items() if key not in base}
    return {key: value for key, value in merged.items() if value is not None}


def _with_key(key: str, element: Any) -> Any:
    return {"key": key, **element} if isinstance(element, dict) else element


def _read(document: Document) -> tuple[Regime | None, list[Fault]]:
    known = [*check_scopes(document), *_periods(document), *_elements(document), *_parts(document)]
    spoken = Document(document.file, with_authorities(_spoken(document.value, translated)), document.lines)
    pack, faults = validated(Regime, spoken)
    places_known = {fault.field for fault in known}
    return pack, [*known, *(one for one in faults if one.field not in places_known | ({""} if known else set()))]


def _periods(document: Document) -> Iterator[Fault]:
    """A right names a rule that ends on a day."""
    rules = {path[-1]: rule for path, rule in places(document.value, ("periods", "*"))}
    named = [*places(document.value, ("rights", "*", "period")), *places(document.value, ("complaint", "acknowledge"))]
    for path, name in named:
        if name not in rules:
            known = [str(key) for key in rules]
            yield document.fault(path, f"“{name}” is no period here{closest(name, known)}", one_of(known))
        elif any(True for _ in places(rules[name], ("length", "hours"))):
            yield document.fault(path, f"“{name}” is in hours, and an answer is due on a day", "a period of days")


def _elements(document: Document) -> Iterator[Fault]:
    for path, elements in (found for pattern in ELEMENTS for found in places(document.value, pattern)):
        seen: set[object] = set()
        for at, element in enumerate(elements if isinstance(elements, list) else ()):
            key = element.get("key") if isinstance(element, dict) else None
            if key is not None and key in seen:
                yield document.fault((*path, at, "key"), f"“{key}” stands here twice", "each element once")
            seen.add(key)


def _parts(document: Document) -> Iterator[Fault]:
    """A right that is part of another one needs that one; one that asks for a ground needs grounds."""
    rights = {str(path[-1]): right for path, right in places(document.value, ("rights", "*"))}
    for path, name in places(document.value, ("rights", "*", "part_of")):
        if name not in rights:
            yield document.fault(path, f"“{name}” is no right here{closest(name, rights)}", one_of(rights))
    for path, asks in places(document.value, ("rights", "*", "asks_for_ground")):
        if asks is True and not rights[str(path[1])].get("grounds"):
            yield document.fault(path, "is true, and there is no ground to choose", "grounds beside it, or false")


def _dates(documents: Sequence[Document]) -> Iterator[Fault]:
    """Of one law, a later version holds from a later day."""
    versions = [one for one in documents if isinstance(one.value, dict) and isinstance(_name(one)[1], int)]
    newest: dict[object, Document] = {}
    for document in sorted(versions, key=lambda one: (str(_name(one)[0]), _name(one)[1])):
        key, _ = _name(document)
        before, day = newest.get(key), str(document.value.get("holds_from"))
        if before is not None and day <= str(before.value.get("holds_from")):
            wrong = f"is {day}, not after the day from which version {_name(before)[1]} holds"
            yield document.fault(("holds_from",), wrong, f"a day after {before.value.get('holds_from')}")
        newest[key] = document


def _spoken(value: Any, said: Callable[[str], dict[str, str]]) -> Any:
    """The same data with each English text in all languages."""
    if isinstance(value, list):
        return [_spoken(one, said) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: said(one) if _is_text(key, one)
        else {name: said(reason) if isinstance(reason, str) else reason for name, reason in one.items()}
        if key == "reasons" and isinstance(one, dict)
        else _spoken(one, said)
        for key, one in value.items()
    }  # fmt: skip


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        if _is_text(key, one) or (path[-1:] == ("reasons",) and isinstance(one, str)):
            yield (*path, key), one
        else:
            yield from _texts(one, (*path, key))


def _is_text(key: object, value: object) -> bool:
    return key in TEXTS and isinstance(value, str)


def _name(document: Document) -> Name:
    value = document.value if isinstance(document.value, dict) else {}
    return str(value.get("key")), value.get("version")


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
