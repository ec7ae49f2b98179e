"""Applying a controller file: it becomes a numbered version, never changed afterwards."""

from datetime import datetime

from sqlalchemy import select

from app.domain.permissions import Actor
from app.domain.policy import Regime
from app.models.controllers import Controller, PolicyVersion
from app.policies.loader import LoadedController
from app.portal import Portal
from app.queries.policies import CasePlace, Policy, current, find, find_case, local_day, pinned, policy_of, received_on
from app.work import Work

__all__ = ["CasePlace", "Policy", "apply", "current", "find", "find_case", "pinned", "policy_of", "received_on"]


def apply(portal: Portal, actor: Actor, loaded: LoadedController) -> tuple[int, int, bool]:
    """Create or update a controller from its file: (controller's number, version number, whether anything changed)."""
    slug = loaded.file.controller.slug
    now = portal.clock.now()
    today = local_day(now, loaded.file.controller.timezone)
    regime = portal.regimes.at(loaded.file.controller.regime, today)
    with portal.unscoped("create or update a controller", actor=actor) as work:
        work.lock(f"controller:{slug}")
        controller = work.session.scalars(select(Controller).where(Controller.slug == slug)).one_or_none()
        if controller is None:
            controller = Controller(slug=slug, name=loaded.file.controller.name, created_at=now)
            work.session.add(controller)
        controller.name = loaded.file.controller.name
        work.flush()
        controller_id = controller.id
    with portal.work(actor, controller_id) as work:
        work.lock(f"policy:{controller_id}")
        number, changed = _store_version(work, loaded, regime, now)
    return controller_id, number, changed


def _store_version(work: Work, loaded: LoadedController, regime: Regime, now: datetime) -> tuple[int, bool]:
    newest = work.session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1)).first()
    if newest is not None and newest.digest == loaded.digest and newest.regime_version == str(regime.version):
        return newest.number, False
    version = PolicyVersion(
        number=newest.number + 1 if newest else 1,
        document=loaded.document,
        datasets=loaded.dataset_documents,
        regime=regime.key,
        regime_version=str(regime.version),
        digest=loaded.digest,
        applied_at=now,
    )
    work.session.add(version)
    work.flush()
    work.audit(
        "controller:applied",
        facts={
            "version": version.number,
            "digest": loaded.digest,
            "regime": regime.key,
            "regime_version": regime.version,
        },
    )
    return version.number, True
