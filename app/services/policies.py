"""Applying a controller file: it becomes a numbered version, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.permissions import SYSTEM, Actor
from app.domain.policy import Regime
from app.models.cases import Case
from app.models.controllers import Controller, PolicyVersion
from app.policies.changes import WHO, Change, compare
from app.policies.loader import LoadedController
from app.portal import Portal
from app.queries.policies import CasePlace, Policy, current, find, find_case, local_day, pinned, policy_of, received_on
from app.work import Work

__all__ = [
    "Applied", "CasePlace", "Policy", "apply", "current", "find", "find_case", "look", "older_in_use", "pinned",
    "policy_of", "put_in_force", "received_on",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What a file changed, or would change, against the version in force before it (0: there was none)."""

    controller_id: int | None
    before: int
    number: int
    changes: tuple[Change, ...] = ()
    open_requests: Mapping[int, Mapping[str, int]] | None = None  # version → right → how many stay under it
    held: bool = False  # nothing was written: it may be another organisation's file

    @property
    def changed(self) -> bool:
        return self.number != self.before

    @property
    def who(self) -> tuple[Change, ...]:
        """The changes of who answers and under which law."""
        return tuple(one for one in self.changes if one.place in WHO)


def apply(portal: Portal, actor: Actor, loaded: LoadedController) -> tuple[int, int, bool]:
    """Create or update a controller from its file: (controller's number, version number, whether anything changed)."""
    done = put_in_force(portal, actor, loaded, sure=True)
    assert done.controller_id is not None
    return done.controller_id, done.number, done.changed


def put_in_force(portal: Portal, actor: Actor, loaded: LoadedController, *, sure: bool) -> Applied:
    """The same with what it changes. Unless one is `sure`, a file that names another company, country or law under a
    slug that is taken is held: it is more often a copied slug than a company that moved."""
    controller_id = _known_or_new(portal, actor, loaded)
    with portal.work(actor, controller_id) as work:
        work.lock(f"policy:{controller_id}")
        found = _compared(work, loaded, _law(portal, loaded))
        if not found.changed or (found.who and not sure):
            return _with(found, controller_id, held=found.changed)
        _store_version(work, loaded, _law(portal, loaded), found.number)
        controller = work.session.scalars(select(Controller).where(Controller.id == controller_id)).one()
        controller.name = loaded.file.controller.name
    return _with(found, controller_id)


def look(portal: Portal, loaded: LoadedController) -> Applied:
    """What `put_in_force` would change. Writes nothing."""
    slug = loaded.file.controller.slug
    with portal.glance("look a controller up by its slug") as work:
        controller_id = work.session.scalars(select(Controller.id).where(Controller.slug == slug)).one_or_none()
    if controller_id is None:
        return Applied(None, 0, 1)
    with portal.reading(SYSTEM, controller_id) as work:
        found = _compared(work, loaded, _law(portal, loaded))
    return _with(found, controller_id)


def _with(found: Applied, controller_id: int, *, held: bool = False) -> Applied:
    return Applied(controller_id, found.before, found.number, found.changes, found.open_requests, held)


def _law(portal: Portal, loaded: LoadedController) -> Regime:
    controller = loaded.file.controller
    return portal.regimes.at(controller.regime, local_day(portal.clock.now(), controller.timezone))


def _known_or_new(portal: Portal, actor: Actor, loaded: LoadedController) -> int:
    slug, name = loaded.file.controller.slug, loaded.file.controller.name
    with portal.unscoped("create or update a controller", actor=actor) as work:
        work.lock(f"controller:{slug}")
        known = work.session.scalars(select(Controller.id).where(Controller.slug == slug)).one_or_none()
        if known is not None:
            return known
        controller = Controller(slug=slug, name=name, created_at=work.now)
        work.session.add(controller)
        work.flush()
        return controller.id


def _compared(work: Work, loaded: LoadedController, regime: Regime) -> Applied:
    newest = work.session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1)).first()
    if newest is None:
        return Applied(None, 0, 1)
    same_law = (newest.regime, newest.regime_version) == (regime.key, str(regime.version))
    if newest.digest == loaded.digest and same_law:
        return Applied(None, newest.number, newest.number, open_requests=_open(work, newest.number))
    changes = compare(newest.document, newest.datasets, loaded.document, loaded.dataset_documents)
    if newest.regime == regime.key and not same_law:
        before, after = (f"{regime.key} version {number}" for number in (newest.regime_version, regime.version))
        changes = (*changes, Change(("law",), before, after))
    return Applied(None, newest.number, newest.number + 1, changes, _open(work, newest.number + 1))


def _open(work: Work, newest: int) -> dict[int, dict[str, int]]:
    """Requests that are not closed and stand under an older version: version → right → how many."""
    counted = (
        select(PolicyVersion.number, Case.right, func.count(Case.id))
        .join(Case, Case.policy_version_id == PolicyVersion.id)
        .where(Case.status != "closed", PolicyVersion.number < newest)
        .group_by(PolicyVersion.number, Case.right)
        .order_by(PolicyVersion.number, Case.right)
    )
    found: dict[int, dict[str, int]] = {}
    for number, right, count in work.session.execute(counted):
        found.setdefault(number, {})[right] = count
    return found


def older_in_use(work: Work) -> tuple[Policy, ...]:
    """The older versions under which requests are still open: their systems are searched as well."""
    standing = (
        select(Case.policy_version_id, func.min(Case.regime_version))
        .where(Case.status != "closed")
        .group_by(Case.policy_version_id)
        .order_by(Case.policy_version_id)
    )
    newest = current(work).version_id
    rows = work.session.execute(standing).all()
    return tuple(pinned(work, version, law) for version, law in rows if version != newest)


def _store_version(work: Work, loaded: LoadedController, regime: Regime, number: int) -> None:
    version = PolicyVersion(
        number=number,
        document=loaded.document,
        datasets=loaded.dataset_documents,
        regime=regime.key,
        regime_version=str(regime.version),
        digest=loaded.digest,
        applied_at=work.now,
    )
    work.session.add(version)
    work.flush()
    facts = {"version": number, "digest": loaded.digest, "regime": regime.key, "regime_version": regime.version}
    work.audit("controller:applied", facts=facts)
