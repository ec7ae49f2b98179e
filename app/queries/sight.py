"""What of the found data a member of staff may look at: that of the functions they work in (Art. 25(2), 32(4))."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from app.domain.permissions import sees
from app.models.cases import Case
from app.models.fulfilment import Collected, Package
from app.queries.policies import Policy
from app.work import Work


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader sees of one collection: its categories, and the columns kept from them, each with the functions
    that may look at it. A column that holds data of several categories is for who may see all of them."""

    categories: tuple[str, ...]
    hidden: Mapping[str, tuple[str, ...]]
    nothing: bool

    @property
    def functions(self) -> frozenset[str]:
        """Who looks after what is hidden."""
        return frozenset(one for functions in self.hidden.values() for one in functions)


class Packed(NamedTuple):
    """A collection as a package holds it."""

    connection: str
    collection: str
    categories: Sequence[str]


def sight(work: Work, policy: Policy, row: Collected | Packed) -> Sight:
    """What this reader sees of a collection."""
    collection = policy.datasets[row.connection].collections[row.collection]
    hidden: dict[str, tuple[str, ...]] = {}
    closed: set[str] = set()
    for column, category in _leaving(policy, row):
        rule = policy.file.rule_for(category)
        if rule is not None and not sees(work.actor, rule[1].functions):
            closed.add(category)
            hidden[column] = tuple(sorted({*hidden.get(column, ()), *rule[1].functions}))
    open_ones = tuple(one for one in row.categories if one not in closed)
    return Sight(open_ones, hidden, nothing=bool(collection.columns) and hidden.keys() >= set(collection.columns))


def kept_from(work: Work, case: Case, policy: Policy) -> tuple[str, ...]:
    """The functions that look after what was found and is not for this reader; empty where they see all of it."""
    return _functions(work, policy, work.session.scalars(select(Collected).where(Collected.case_id == case.id)))


def packed_away(work: Work, package: Package, policy: Policy) -> tuple[str, ...]:
    """The same of a package, by its own list: what is found today may be less than what lies in there."""
    held = {(file["connection"], file["collection"]): file.get("categories", ())
            for file in package.manifest["files"] if "collection" in file}  # fmt: skip
    return _functions(work, policy, (Packed(*place, categories) for place, categories in held.items()))


def _functions(work: Work, policy: Policy, rows: Iterable[Collected | Packed]) -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*(sight(work, policy, row).functions for row in rows))))


def _leaving(policy: Policy, row: Collected | Packed) -> Iterator[tuple[str, str]]:
    """Each column that was read with each category of what lies in it."""
    for name, one in policy.datasets[row.connection].collections[row.collection].fields.items():
        if not one.secret:
            yield from ((name.partition(".")[0], category) for category in one.categories)
