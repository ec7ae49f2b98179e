"""Where a case stands on the ladder of proof: what is needed, what was shown, what is to be shown next (Art. 12(6))."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.ladder import Demand, demand, next_way
from app.domain.permissions import can
from app.domain.policy_values import Way
from app.models.cases import Case, Identity
from app.models.proof import ProofStep
from app.queries.policies import Policy, policy_of
from app.queries.reading import facts_of, load
from app.work import Work

# Nobody can be called or texted by the portal itself.
_NEVER_OPEN: Final = frozenset[Way]({"phone_code"})


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung as it stands: asked for by staff beyond the ladder, shown, or no longer open."""

    way: Way
    asked_at: datetime | None
    shown_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a case needs and what it has. `asked` is what the person does next; None when nothing is left to do."""

    demand: Demand
    shown: frozenset[Way]
    closed: frozenset[Way]
    asked: Way | None
    rungs: tuple[Rung, ...]

    @property
    def asked_by_staff(self) -> bool:
        """Whether a member of staff asked for the next rung, in a letter of their own words."""
        return any(one.way == self.asked and one.asked_at is not None for one in self.rungs)

    @property
    def met(self) -> bool:
        return self.demand.met_by(self.shown)


def standing(work: Work, case: Case, policy: Policy | None = None) -> Standing:
    """The case's place on the ladder, computed from what was asked and shown."""
    policy = policy or policy_of(work, case)
    steps = work.session.scalars(select(ProofStep).where(ProofStep.case_id == case.id).order_by(ProofStep.id)).all()
    proven = work.session.scalars(
        select(Identity.proven_by).where(Identity.case_id == case.id, Identity.proven_by.is_not(None))
    )
    shown = {cast("Way", step.way) for step in steps if step.shown_at} | {cast("Way", way) for way in proven}
    closed = {cast("Way", step.way) for step in steps if step.closed_at} | _NEVER_OPEN | _not_here(policy)
    more = [cast("Way", step.way) for step in steps if step.asked_at]
    needed = demand_of(work, case, policy).judged(shown).and_also(more)
    return Standing(
        needed, frozenset(shown), frozenset(closed), next_way(needed, shown, closed),
        tuple(Rung(cast("Way", one.way), one.asked_at, one.shown_at, one.closed_at) for one in steps),
    )  # fmt: skip


def standing_of(work: Work, reference: str) -> Standing:
    """The same of a case by its reference; NotFound for who may not see it."""
    case = load(work, reference, lock=False)
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    return standing(work, case)


def demand_of(work: Work, case: Case, policy: Policy) -> Demand:
    """What the ladder itself asks of this case."""
    relied: Collection[str] = ()
    if case.data_key is not None:
        relied = work.unseal_for(case, case.personal, place="personal").get("grounds", ())
    return _needed(policy, case.right, case.capacity, relied)


def foreseen(policy: Policy, right: str, *, capacity: str, grounds: Collection[str]) -> tuple[Way, ...]:
    """What will be asked for after the code, as far as is known before the request is sent."""
    needed = _needed(policy, right, capacity, grounds)
    shown: list[Way] = ["email_code"]
    while (way := next_way(needed, shown, _NEVER_OPEN | _not_here(policy))) is not None:
        shown.append(way)
    return tuple(shown[1:])


def suffices(policy: Policy, right: str, *, capacity: str) -> tuple[frozenset[Way], ...]:
    """What suffices for a right before anybody asks for it: alternatives that are open here, the least first."""
    never = _NEVER_OPEN | _not_here(policy)
    open_ones = tuple(ways for ways in _needed(policy, right, capacity, ()).alternatives if not ways & never)
    if open_ones:
        return open_ones
    return (frozenset[Way](("email_code", *foreseen(policy, right, capacity=capacity, grounds=()))),)


def _needed(policy: Policy, right: str, capacity: str, grounds: Collection[str]) -> Demand:
    known = policy.forms[right].grounds if right in policy.forms else {}
    return demand(
        policy.offer(right).proof,
        policy.regime.proof,
        right=right,
        capacity=capacity,
        categories={one for data in policy.datasets.values() for found in data.collections.values()
                    for one in found.categories},
        unrefusable=bool(grounds) and all(name in known and known[name].absolute for name in grounds),
    )  # fmt: skip


def _not_here(policy: Policy) -> frozenset[Way]:
    """What this controller's systems have nothing for: two facts need two fields that may serve."""
    fields = sum(len(data.facts) for data in policy.datasets.values())
    return frozenset[Way]({"two_facts"}) if fields < 2 else frozenset()
