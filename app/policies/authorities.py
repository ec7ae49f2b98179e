"""Reads the one list of supervisory authorities; a pack of the law names the parts of it that it is about.

The list stands beside the packs, not in them: that an authority moved to another address is no new version of a law.
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from app.domain.authorities import Authority, Scope
from app.policies.faults import Fault, PolicyFaults, closest, one_of
from app.policies.validated import validated
from app.policies.yaml_file import Document

LIST = Path(__file__).parent / "authorities.csv"


@cache
def load_authorities() -> tuple[Authority, ...]:
    """The packaged list; a fault in it stops the start."""
    return read_authorities(LIST)


def read_authorities(path: Path) -> tuple[Authority, ...]:
    """Every row, or all faults in them."""
    found: dict[str, Authority] = {}
    faults: list[Fault] = []
    reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    for row in reader:
        one, wrong = validated(Authority, _document(path.name, reader.line_num, row))
        faults += wrong
        if one is not None and one.code in found:
            faults.append(Fault(path.name, reader.line_num, "code", f"“{one.code}” stands here twice", "each once"))
        elif one is not None:
            found[one.code] = one
    if faults:
        raise PolicyFaults(faults)
    return tuple(found.values())


def _document(file: str, line: int, row: Mapping[str | None, Any]) -> Document:
    """A row as the types read it: what is empty is not there, and columns too many have no name."""
    value = {key or "more": given for key, given in row.items() if given}
    return Document(file, value, dict.fromkeys([(), *((key,) for key in value)], line))


def check_scopes(document: Document) -> Iterator[Fault]:
    """A pack names parts of the list that there are."""
    known = get_args(Scope)
    for at, name in enumerate(_named(document.value)):
        if name not in known:
            wrong = f"“{name}” is no part of the list of authorities{closest(name, known)}"
            yield document.fault(("complaint", "authorities", at), wrong, one_of(known))


def with_authorities(pack: Any) -> Any:
    """The pack with the authorities themselves where it names parts of the list."""
    named = _named(pack)
    if not named:
        return pack
    held = {one.code: one for one in load_authorities() if one.scope in named}
    return {**pack, "complaint": {**pack["complaint"], "authorities": held}}


def _named(pack: Any) -> list[object]:
    complaint = pack.get("complaint") if isinstance(pack, Mapping) else None
    named = complaint.get("authorities") if isinstance(complaint, Mapping) else None
    return named if isinstance(named, list) else []
