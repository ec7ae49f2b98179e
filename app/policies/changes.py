"""What a new controller file changes against the one in force, in plain words: nobody is surprised (Art. 24(1))."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.policy_values import UNITS

Place = tuple[str, ...]
# What a list of entries is told apart by, so that a new first entry does not make all others look changed.
_NAMES = ("key", "name", "field", "fides_key")
_DAYS = {"hours": 1 / 24, "days": 1.0, "working_days": 1.4, "weeks": 7.0, "months": 30.4, "years": 365.25}
_BESIDE = frozenset({"from", "effect"})
# Who answers, and under which law: where one of these changes, it may be somebody else's file.
WHO: tuple[Place, ...] = (("controller", "legal_name"), ("controller", "country"), ("controller", "regime"))
_GONE = {
    "rights": "not offered any more",
    "connections": "not searched any more",
    "categories": "no rule of its own any more",
    "maps": "not in the data map any more",
    "purposes": "gone",
    "recipients": "gone",
    "backups": "gone",
    "accounts": "gone",
}
_NEW = {
    "rights": "offered now",
    "connections": "searched now",
    "categories": "a rule of its own",
    "maps": "in the data map now",
}
_WHOLE = {"removed": _GONE, "added": _NEW}
_MAPS = "maps"


@dataclass(frozen=True, slots=True)
class Change:
    """One value or entry that was added, taken away or is another; `before` and `after` are as in the files."""

    place: Place
    before: Any = None
    after: Any = None

    @property
    def field(self) -> str:
        """Where it stands: `rights.access.respond_within`, `datasets/shop.yml: customers.town`."""
        if self.place[0] == _MAPS:
            return f"{self.place[1]}: {'.'.join(self.place[2:])}" if self.place[2:] else self.place[1]
        return ".".join(self.place)

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    def __str__(self) -> str:
        return f"{self.field}: {self._words()}"

    def _words(self) -> str:
        whole = len(self.place) == 2 or (self.place[0] == _MAPS and len(self.place) <= 4)
        if whole and self.kind in _WHOLE and (words := _WHOLE[self.kind].get(self.place[0])):
            return words
        if self.kind == "removed":
            return f"gone (was {shown(self.before)})"
        if self.kind == "added":
            return f"new, {shown(self.after)}"
        return f"{shown(self.before)} → {shown(self.after)}{_compared(self.before, self.after)}"


def compare(
    before: Mapping[str, Any], maps_before: Mapping[str, Any], after: Mapping[str, Any], maps_after: Mapping[str, Any]
) -> tuple[Change, ...]:
    """Every difference between two controller files with their data maps, in the order of the newer file."""
    return tuple(_differences(_whole(before, maps_before), _whole(after, maps_after), ()))


def shown(value: object) -> str:
    """A value of a file in words: 2 years from last_use, email_code or document_view, “Invoicing”."""
    if isinstance(value, dict):
        if unit := _unit(value):
            words = f"{value[unit]} {unit.replace('_', ' ')}".removesuffix("s" if value[unit] == 1 else "\0")
            beside = [f"{name} {value[name]}" for name in ("from", "effect") if name in value]
            return " ".join([words, *beside])
        if set(value) == {"all_of"}:
            return " and ".join(map(str, value["all_of"]))
        return "{" + ", ".join(f"{name}: {shown(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return ", ".join(one if isinstance(one, str) else shown(one) for one in value) or "nothing"
    return f"“{value}”" if isinstance(value, str) else str(value).lower()


def _whole(document: Mapping[str, Any], maps: Mapping[str, Any]) -> dict[str, Any]:
    """Both as one tree: a data map by its collections and their fields; an empty entry is `{}`."""
    sections = {name: _keyed(value) for name, value in document.items() if value not in ({}, [], None)}
    return sections | ({_MAPS: {name: _columns(one) for name, one in maps.items()}} if maps else {})


def _columns(document: Mapping[str, Any]) -> dict[str, Any]:
    (entry,) = document["dataset"]
    about = {name: _keyed(value) for name, value in entry.items() if name != "collections"}
    found = {}
    for one in entry["collections"]:
        more = {f"({name})": _keyed(value) for name, value in one.items() if name not in {"name", "fields"}}
        found[one["name"]] = {**_keyed(one["fields"]), **more}
    return {**found, **{f"({name})": value for name, value in about.items()}}


def _keyed(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        name = next((name for name in _NAMES if all(name in one for one in value)), None)
        if name is not None and len({_called(one[name]) for one in value}) == len(value):
            return {_called(one[name]): _keyed(_without(one, name)) for one in value}
    if isinstance(value, dict):
        return {str(key): {} if one is None else _keyed(one) for key, one in value.items()}
    return value


def _called(name: Any) -> str:
    """What an entry is called, in its first language where it has a name in several."""
    return str(next(iter(name.values()), "") if isinstance(name, dict) else name)


def _without(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The rest of an entry; names in several languages stay, since each can change."""
    return {key: value for key, value in entry.items() if key != name or isinstance(value, dict)}


def _differences(before: Any, after: Any, place: Place) -> Iterator[Change]:
    if before == after:
        return
    inside = isinstance(before, dict) and isinstance(after, dict) and not (_unit(before) or _unit(after))
    sections = all(one is None or isinstance(one, dict) for one in (before, after))
    if not inside and sections and len(place) == 1:  # a whole section came or went: each of its entries did
        before, after, inside = before or {}, after or {}, True
    if not inside:
        yield Change(place, before, after)
        return
    for key in dict.fromkeys((*after, *before)):
        old, new = before.get(key), after.get(key)
        if not place and (old is None or new is None):
            yield from _differences(old, new, (key,))
        elif old is None or new is None:
            yield Change((*place, key), old, new)
        else:
            yield from _differences(old, new, (*place, key))


def _unit(value: object) -> str | None:
    """The unit of a length of time; None for anything else."""
    if not isinstance(value, dict) or not value.keys() <= {*UNITS, *_BESIDE}:
        return None
    return next((unit for unit in UNITS if unit in value), None)


def _compared(before: object, after: object) -> str:
    old, new = _length(before), _length(after)
    if old is None or new is None or old == new:
        return ""
    return " (shorter)" if new < old else " (longer)"


def _length(value: object) -> float | None:
    unit = _unit(value)
    return value[unit] * _DAYS[unit] if unit and isinstance(value, dict) else None
