"""Columns that hold JSON: parts of them lead on to other rows, and only declared parts leave (Art. 5(1)(c) GDPR)."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.policies.datasets import Collection

Tree = dict[str, Any]  # name → Tree; an empty one means: all of it


def parsed(value: object) -> object:
    """JSON kept in a text column is JSON too; any other text stays what it is."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def reach(values: Iterable[object], path: Sequence[str]) -> list[object]:
    """The values at the end of a path, through lists on the way, without nulls."""
    found: list[object] = []
    for value in values:
        _reach(parsed(value) if path else value, path, found)
    return found


def _reach(value: object, path: Sequence[str], found: list[object]) -> None:
    if isinstance(value, list | tuple):
        for one in value:
            _reach(one, path, found)
    elif path:
        if isinstance(value, dict):
            _reach(value.get(path[0]), path[1:], found)
    elif value is not None and not isinstance(value, dict):
        found.append(value)


def trimming(collection: Collection, column: str) -> Callable[[object], object] | None:
    """What keeps only the declared, not secret parts of a column; None where the column is declared whole."""
    inside = [one for one in collection.fields.values() if one.name.startswith(f"{column}.")]
    if not inside:
        return None
    names = {one.name for one in inside}
    leaves = [one for one in inside if not any(name.startswith(f"{one.name}.") for name in names)]
    tree: Tree = {}
    for one in leaves:
        if not one.secret:
            branch = tree
            for part in one.name.split(".")[1:]:
                branch = branch.setdefault(part, {})
    return lambda value: _trim(parsed(value), tree)


def _trim(value: object, tree: Tree) -> object:
    if isinstance(value, list):
        return [_trim(one, tree) for one in value]
    if isinstance(value, dict):
        return {name: _trim(one, tree[name]) if tree[name] else one for name, one in value.items() if name in tree}
    return value
