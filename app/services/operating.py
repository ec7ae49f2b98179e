"""What operators ask of the portal from the command line: files, systems, packages and jobs checked (Art. 32(1)(d))."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.connectors.base import ConnectionReport
from app.connectors.registry import described
from app.connectors.walk import check
from app.domain.errors import Invalid, NotFound
from app.domain.messages import Message
from app.domain.permissions import SYSTEM
from app.domain.policy import ConnectionSpec
from app.gateways.verifying import verify
from app.models.cases import Case
from app.models.controllers import Controller, PolicyVersion
from app.models.ledger import Job, TrailEntry
from app.models.people import Membership
from app.policies.draft import Draft, draft
from app.policies.faults import PolicyFaults
from app.policies.loader import CONTROLLERS, LoadedController, read_controller
from app.policies.validated import validated
from app.policies.yaml_file import Document
from app.portal import Portal
from app.services import collection, keys
from app.services.policies import current, older_in_use

STUCK_AFTER = timedelta(minutes=5)


def read_file(path: Path) -> LoadedController:
    """A controller file with its datasets, checked whole; its faults name file, line, field and what is allowed."""
    if not path.is_file():
        raise NotFound(Message("There is no file %(path)s.", {"path": str(path)}))
    return read_controller(path)


def shipped_file(slug: str) -> Path:
    """Where the controller file of that name lies that comes with the portal."""
    return CONTROLLERS / f"{slug}.yaml"


@dataclass(frozen=True, slots=True)
class ControllerRow:
    """One controller as an operator lists it."""

    controller_id: int
    slug: str
    name: str
    version: int
    rights: tuple[str, ...]
    country: str
    staff: int


def controllers(portal: Portal) -> list[ControllerRow]:
    """Every controller that has a file in force."""
    with portal.unscoped("an operator lists every controller", reads_only=True) as work:
        found = work.session.scalars(select(Controller).order_by(Controller.slug)).all()
        counted = select(Membership.controller_id, func.count(Membership.id)).group_by(Membership.controller_id)
        counts = {row[0]: row[1] for row in work.session.execute(counted)}
    rows = []
    for row in found:
        with portal.reading(SYSTEM, row.id) as work:
            policy = current(work)
        file = policy.file
        rows.append(
            ControllerRow(
                row.id, row.slug, row.name, policy.number, tuple(file.rights), file.controller.country,
                counts.get(row.id, 0),
            )
        )  # fmt: skip
    return rows


def check_connections(portal: Portal, controller_id: int) -> Mapping[str, ConnectionReport]:
    """Each system by its key: can it be reached, and does it look as its data map says? Changes nothing anywhere.

    Requests that are open under an older version of the file are searched for by its data maps: where only those would
    fail, they are named with their version.
    """
    with portal.reading(SYSTEM, controller_id) as work:
        policy, older = current(work), older_in_use(work)
    found = {key: check(system) for key, system in collection.connected_systems(portal, policy).items()}
    fine = [key for key, report in found.items() if report.sound]
    for one in older:
        for key, system in collection.connected_systems(portal, one).items():
            if (key in fine or key not in found) and not (report := check(system)).sound:
                found[f"{key}, version {one.number}"] = report
    return found


def draft_map(portal: Portal, url: str, key: str) -> Draft:
    """A first data map of the database at that address, from its schema alone; `${NAME}` is read as in a file."""
    given = {"key": key, "kind": "sql", "url": url, "dataset": f"{key}.yml"}
    spec, faults = validated(ConnectionSpec, Document("command line", given))
    if spec is None:
        raise PolicyFaults(faults)
    return draft(key, described(spec.resolved(portal.environment)))


def check_package(portal: Portal, path: Path, keys_path: Path | None) -> list[Message]:
    """What is wrong with a package's file; empty when it is as it was released. Never trusts a key from inside it."""
    if not path.is_file():
        raise NotFound(Message("There is no file %(path)s.", {"path": str(path)}))
    known: Mapping[str, Any] = keys.published(portal) if keys_path is None else _keys_in(keys_path)
    return verify(path, known)


def _keys_in(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Invalid({"jwks": Message("%(path)s holds no JSON.", {"path": str(path)})}) from error
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise Invalid({"jwks": Message("%(path)s is no JWKS: it has no list of keys.", {"path": str(path)})})
    return found


def times(portal: Portal) -> tuple[datetime, datetime | None]:
    """What time the database has, and when the trail was last written to."""
    with portal.unscoped("an operator compares clocks", reads_only=True) as work:
        last = work.session.scalar(select(func.max(TrailEntry.at)))
        if work.session.get_bind().dialect.name != "postgresql":
            return work.clock.real(), last
        there = work.session.scalar(select(func.clock_timestamp()))
    assert isinstance(there, datetime)
    return there, last


@dataclass(frozen=True, slots=True)
class Trouble:
    """Jobs that want a person: given up, or long overdue."""

    dead: int
    stuck: int
    kinds: tuple[str, ...]


def trouble(portal: Portal) -> Trouble:
    """Jobs that were given up, and jobs whose time passed minutes ago without anybody taking them."""
    with portal.unscoped("an operator looks after the jobs of every controller", reads_only=True) as work:
        dead = work.session.execute(
            select(Job.kind, func.count(Job.id)).where(Job.state == "dead").group_by(Job.kind)
        ).all()
        late = work.real_now - STUCK_AFTER
        stuck = work.session.scalar(
            select(func.count(Job.id)).where(Job.state.in_(("queued", "sent")), Job.due_at < late)
        )
    return Trouble(sum(count for _, count in dead), stuck or 0, tuple(_kinds(dead)))


def _kinds(rows: Any) -> Iterator[str]:
    return (f"{kind} ({count})" for kind, count in sorted(tuple(row) for row in rows))


def laws_gone(portal: Portal) -> list[str]:
    """The versions of laws under which requests stand and which are not installed."""
    statement = (
        select(PolicyVersion.regime, Case.regime_version)
        .join(Case, Case.policy_version_id == PolicyVersion.id)
        .distinct()
        .order_by(PolicyVersion.regime, Case.regime_version)
    )
    with portal.unscoped("requests of every controller keep their law", reads_only=True) as work:
        rows = work.session.execute(statement).all()
    return [f"{key} version {number}" for key, number in rows if portal.regimes.find(key, number) is None]
