"""Controller files as they are in force: numbered versions, one of which every case pins; and whose case a
reference is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.errors import NotFound, Unavailable
from app.domain.messages import Message
from app.domain.policy import ControllerFile, Regime, RegimeRight, RightName, RightOffer
from app.domain.questions import RightForm
from app.domain.regime import Regimes
from app.domain.rights_forms import forms_of
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
        """How this controller serves a right; what its file does not name goes by the regime's own rules."""
        return self.file.rights.get(cast("RightName", name), RightOffer())

    @property
    def forms(self) -> dict[str, RightForm]:
        """The rights that can be used here, each with what it asks."""
        return forms_of(self.regime, self.file)


def current(work: Work) -> Policy:
    """The newest version under the law as it holds today: what new cases are filed under."""
    row = work.session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1)).first()
    if row is None:
        raise NotFound("This organisation has no procedures yet. Apply its controller file first.")
    timezone = _version(work, row).file.controller.timezone
    return _under(_version(work, row), _regimes(work).at(row.regime, local_day(work.now, timezone)))


def pinned(work: Work, version_id: int, regime_version: str) -> Policy:
    """The version that a case was filed under and the law that held when it was received; newer ones change neither."""
    version: _Version | None = work.memo.get(("policy", version_id))
    if version is None:
        row = work.session.scalars(select(PolicyVersion).where(PolicyVersion.id == version_id)).one()
        version = _version(work, row)
    key = version.file.controller.regime
    if (regime := _regimes(work).find(key, regime_version)) is None:
        text = "Version %(version)s of the law “%(law)s”, under which this request stands, is not installed any more."
        raise Unavailable(Message(text, {"version": regime_version, "law": key}))
    return _under(version, regime)


def policy_of(work: Work, case: Case) -> Policy:
    """What a case stands under."""
    return pinned(work, case.policy_version_id, case.regime_version)


def received_on(work: Work, policy: Policy, received_at: datetime) -> Policy:
    """The same procedures under the law that held on the day of receipt, which a case then keeps."""
    controller = policy.file.controller
    day = local_day(received_at, controller.timezone)
    return replace(policy, regime=_regimes(work).at(controller.regime, day))


def local_day(at: datetime, timezone: str) -> date:
    """The controller's own day: at midnight in Bucharest a case falls due there, wherever the server stands."""
    return at.astimezone(ZoneInfo(timezone)).date()


@dataclass(frozen=True, slots=True)
class _Version:
    """A version of a controller file as it was read."""

    version_id: int
    number: int
    file: ControllerFile
    datasets: Mapping[str, Dataset]


def _regimes(work: Work) -> Regimes:
    regimes: Regimes = work.memo[REGIMES]
    return regimes


def _version(work: Work, row: PolicyVersion) -> _Version:
    key = ("policy", row.id)
    if key not in work.memo:
        loaded = from_stored(row.document, row.datasets)
        work.memo[key] = _Version(row.id, row.number, loaded.file, loaded.datasets)
    version: _Version = work.memo[key]
    return version


def _under(version: _Version, regime: Regime) -> Policy:
    return Policy(version.version_id, version.number, version.file, version.datasets, regime)


@dataclass(frozen=True, slots=True)
class CasePlace:
    """Where a case is kept: what a reference alone leads to."""

    controller_id: int
    slug: str
    reference: str
    capacity: str = "self"


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
    with portal.unscoped("find which controller keeps a case", reads_only=True) as work:
        row = work.session.execute(
            select(Case.controller_id, Controller.slug, Case.reference, Case.capacity)
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
