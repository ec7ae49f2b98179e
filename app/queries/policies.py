"""Controller files as they are in force: numbered versions, one of which every case pins; and whose case a
reference is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.policy import ControllerFile, Regime, RegimeRight, RightName, RightOffer
from app.models.cases import Case
from app.models.controllers import Controller, PolicyVersion
from app.policies.datasets import Dataset
from app.policies.loader import from_stored
from app.portal import Portal
from app.work import Work

# Regimes are fixed for the life of a process and validated at start; bootstrap hands them over once.
REGIMES = "regimes"
PLACES = 10_000


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of one controller's procedures with the law under which it stands."""

    version_id: int
    number: int
    file: ControllerFile
    datasets: Mapping[str, Dataset]
    regime: Regime

    def right(self, name: str) -> RegimeRight:
        """What the law says of a right that this policy has."""
        return self.regime.rights[cast("RightName", name)]

    def offer(self, name: str) -> RightOffer:
        """How this controller serves a right that it offers."""
        return self.file.rights[cast("RightName", name)]


def current(work: Work) -> Policy:
    """The newest version: what new cases are filed under."""
    row = work.session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1)).first()
    if row is None:
        raise NotFound("This organisation has no procedures yet. Apply its controller file first.")
    return _policy(work, row)


def pinned(work: Work, version_id: int) -> Policy:
    """The version that a case was filed under; a newer one never changes it."""
    known: Policy | None = work.memo.get(("policy", version_id))
    if known is not None:
        return known
    return _policy(work, work.session.scalars(select(PolicyVersion).where(PolicyVersion.id == version_id)).one())


def _policy(work: Work, row: PolicyVersion) -> Policy:
    key = ("policy", row.id)
    if key not in work.memo:
        loaded = from_stored(row.document, row.datasets)
        regimes: Mapping[str, Regime] = work.memo[REGIMES]
        work.memo[key] = Policy(row.id, row.number, loaded.file, loaded.datasets, regimes[row.regime])
    policy: Policy = work.memo[key]
    return policy


@dataclass(frozen=True, slots=True)
class CasePlace:
    """Where a case is kept: what a reference alone leads to."""

    controller_id: int
    slug: str
    reference: str


def find(portal: Portal, slug: str) -> int:
    """The number of the controller with that slug; NotFound otherwise. Neither ever changes, so it is remembered."""
    known = _places(portal)
    if (place := known.get(slug)) is not None:
        return place.controller_id
    with portal.glance("look a controller up by its slug") as work:
        found = work.session.scalars(select(Controller.id).where(Controller.slug == slug)).one_or_none()
    if found is None:
        raise NotFound("There is no organisation under that address.")
    known[slug] = CasePlace(found, slug, "")
    return found


def find_case(portal: Portal, reference: str) -> CasePlace | None:
    """Which controller keeps the case of that canonical reference, if any does. It never moves: remembered."""
    known = _places(portal)
    if (place := known.get(reference)) is not None:
        return place
    with portal.glance("find which controller keeps a case") as work:
        row = work.session.execute(
            select(Case.controller_id, Controller.slug, Case.reference)
            .join(Controller, Controller.id == Case.controller_id)
            .where(Case.reference == reference)
        ).one_or_none()
    if row is None:
        return None
    known[reference] = place = CasePlace(*row)
    return place


def _places(portal: Portal) -> dict[str, CasePlace]:
    """What is known of slugs (lower case) and references (upper case); forgotten when it grows large."""
    places: dict[str, CasePlace] = portal.ground.memo.setdefault("places", {})
    if len(places) >= PLACES:
        places.clear()
    return places
