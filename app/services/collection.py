"""Finding the person's data (Art. 15(1), (3)): every connected system is read from the proven identities, into the
sealed spool."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, select, update

from app.connectors.base import Connector, ConnectorFault, RunReport, SchemaReport, Source, System
from app.connectors.walk import collect
from app.domain.errors import Refused, Unavailable
from app.domain.lifecycle import PACKAGED
from app.domain.permissions import SYSTEM
from app.gateways.crypto import new_key
from app.gateways.spool import Spooled, SpoolWriter
from app.models.cases import Approval, Case
from app.models.fulfilment import Collected, ItemDecision, Package, Run
from app.policies.datasets import Collection, Dataset
from app.portal import Portal
from app.queries.policies import Policy, policy_of
from app.queries.reading import identities_of, load_by_id, spool_key, spool_place
from app.services import review
from app.services.casework import advance
from app.work import Attempt, Work

AUTOMATIC_RETRIES = 3
RETRY_AFTER = timedelta(minutes=2)


def start(work: Work, case: Case) -> None:
    """Plan one run per connection and ask for the work; what an earlier collection found is thrown away first."""
    policy = policy_of(work, case)
    if not any(row.proven_by for row, _ in identities_of(work, case)):
        raise Refused("Nothing about this person is proven yet, so no system may be searched.")
    if not policy.file.connections:
        raise Refused("No system is connected. Add one to the controller file, then start again.")
    advance(work, case, "collect")
    forget_findings(work, case)
    case.spool_key = work.keyring.wrap(new_key(), bound_to=spool_place(case))
    for spec in policy.file.connections:
        work.session.add(Run(case_id=case.id, connection=spec.key, state="queued"))
    work.enqueue("collect", case=case, retries=0)


def start_by_itself(work: Work, case: Case) -> None:
    """With no approvers the portal goes on alone once it is known who asks, until something needs a person's eye."""
    policy = policy_of(work, case)
    alone = policy.offer(case.right).approvers == 0 and bool(policy.file.connections)
    if alone and case.right in PACKAGED and case.status == "open":
        start(work, case)


def forget_findings(work: Work, case: Case) -> None:
    """Rows, decisions, approvals and packages of an earlier collection; their objects are shredded by a job."""
    objects = discard_objects(work, case)
    found = select(Collected.id).where(Collected.case_id == case.id)
    work.session.execute(
        delete(ItemDecision).where(ItemDecision.collected_id.in_(found)).execution_options(synchronize_session=False)
    )
    for table in (Collected, Approval, Run):
        work.session.execute(delete(table).where(table.case_id == case.id).execution_options(synchronize_session=False))
    case.spool_key = None
    if objects:
        work.enqueue("shred", case=case, objects=objects)


def discard_objects(work: Work, case: Case) -> list[str]:
    """Let go of the stored objects of findings and packages that were not released; gives their names."""
    objects = []
    for row in work.session.scalars(select(Collected).where(Collected.case_id == case.id)):
        if row.spooled:
            objects += Spooled.from_facts(row.spooled).objects
            row.spooled = None
    for package in work.session.scalars(
        select(Package).where(Package.case_id == case.id, Package.released_at.is_(None), Package.destroyed_at.is_(None))
    ):
        if package.object_name:
            objects.append(package.object_name)
        package.object_name = package.data_key = None
        package.destroyed_at = work.now
    work.flush()
    return objects


def run(portal: Portal, attempt: Attempt) -> None:
    """The job: read all systems of the controller for one case. Nothing is read inside a transaction."""
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case = load_by_id(work, attempt.case_id or 0)
        if case.status != "in_progress":  # refused or already collected meanwhile
            work.finish(attempt)
            return
        policy = policy_of(work, case)
        proven = _proven(work, case)
        key, begun = spool_key(work, case), case.spool_key
        _mark_running(work, case)
        case.version += 1
    systems = connected_systems(portal, policy)
    with SpoolWriter(portal.storage, key) as spool:
        reports = collect(systems, proven, spool, progress=partial(_note_progress, portal, attempt))
        found = spool.finish()
        with portal.work(SYSTEM, attempt.controller_id) as work:
            case = load_by_id(work, attempt.case_id or 0)
            # Somebody decided otherwise, or started anew, while the systems were being read.
            if case.status != "in_progress" or case.spool_key != begun:
                work.enqueue("shred", case=case, objects=_objects_of(found))
                work.finish(attempt)
                return
            _record(work, case, attempt, policy=policy, reports=reports, found=found)
            work.finish(attempt)


def _note_progress(portal: Portal, attempt: Attempt, counts: Mapping[str, int]) -> None:
    """How many records there are so far, for whoever looks at the case meanwhile; not a fact of it, so no trail."""
    with portal.work(SYSTEM, attempt.controller_id) as work:
        for connection, found in counts.items():
            work.session.execute(
                update(Run)
                .where(Run.case_id == attempt.case_id, Run.connection == connection, Run.state == "running")
                .values(found=found)
                .execution_options(synchronize_session=False)
            )


def _proven(work: Work, case: Case) -> dict[str, list[str]]:
    """Only what is proven seeds the search; a name typed beside one's own address yields nothing."""
    proven: dict[str, list[str]] = {}
    for row, value in identities_of(work, case):
        if row.proven_by:
            proven.setdefault(row.kind, []).append(value)
    return proven


def _mark_running(work: Work, case: Case) -> None:
    work.session.execute(
        update(Run)
        .where(Run.case_id == case.id)
        .values(state="running", started_at=work.now, finished_at=None, found=0, error=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A system whose address cannot even be resolved: it fails in the walk like any other, and so does what hangs
    on it."""

    fault: ConnectorFault

    def schema(self, dataset: Dataset) -> SchemaReport:
        raise self.fault

    def open(self, collections: Sequence[Collection]) -> AbstractContextManager[Source]:
        raise self.fault


def connected_systems(portal: Portal, policy: Policy) -> dict[str, System]:
    """The controller's systems by connection key; secrets in addresses are resolved now and kept nowhere."""
    systems: dict[str, System] = {}
    for spec in policy.file.connections:
        connector: Connector
        try:
            connector = portal.connect(spec.kind, spec.resolved(portal.environment))
        except Unavailable as error:
            connector = Unreachable(ConnectorFault(error.message, retry=False))
        systems[spec.key] = System(connector, policy.datasets[spec.key])
    return systems


def _record(
    work: Work,
    case: Case,
    attempt: Attempt,
    *,
    policy: Policy,
    reports: Mapping[str, RunReport],
    found: Sequence[Spooled],
) -> None:
    runs = {row.connection: row for row in work.session.scalars(select(Run).where(Run.case_id == case.id))}
    for connection, report in reports.items():
        _finish_run(runs[connection], report, work.now)
    _replace_collected(work, case, policy, found)
    failed = sorted(name for name, report in reports.items() if report.state == "failed")
    counts = {row.connection: row.found for row in runs.values()}
    if not failed:
        cards = sum(one.cards for one in found)
        advance(work, case, "collected", facts={"found": counts, **({"cards": cards} if cards else {})})
        review.after_collection(work, case, policy, rows=sum(counts.values()))
        return
    case.version += 1
    work.audit("run:failed", case=case, facts={"failed": failed, "found": counts})
    retries = int(attempt.arguments.get("retries", 0))
    if retries < AUTOMATIC_RETRIES and any(reports[name].retry for name in failed):
        work.enqueue("collect", case=case, after=RETRY_AFTER * 2**retries, retries=retries + 1)


def _finish_run(run: Run, report: RunReport, now: datetime) -> None:
    run.state, run.found, run.finished_at = report.state, report.found, now
    run.left_out = [*report.skipped, *report.unreached]
    run.error = None
    if report.fault is not None:
        run.error = {"text": report.fault.text, "values": dict(report.fault.values)}


def _replace_collected(work: Work, case: Case, policy: Policy, found: Sequence[Spooled]) -> None:
    rows = work.session.scalars(select(Collected).where(Collected.case_id == case.id))
    before = _objects_of(Spooled.from_facts(row.spooled) for row in rows if row.spooled)
    if before:
        work.enqueue("shred", case=case, objects=before)
    work.session.execute(
        delete(Collected).where(Collected.case_id == case.id).execution_options(synchronize_session=False)
    )
    for spooled in found:
        if spooled.rows:
            work.session.add(_collected(work, case, policy, spooled))


def _objects_of(found: Iterable[Spooled]) -> list[str]:
    return [name for spooled in found for name in spooled.objects]


def _collected(work: Work, case: Case, policy: Policy, spooled: Spooled) -> Collected:
    fields = policy.datasets[spooled.connection].collections[spooled.collection].fields
    categories = sorted({name for column in spooled.columns for name in fields[column].categories})
    return Collected(
        case_id=case.id,
        connection=spooled.connection,
        collection=spooled.collection,
        categories=categories,
        rows=spooled.rows,
        bytes=spooled.bytes,
        sha256=spooled.sha256,
        spooled=spooled.as_facts(),
        collected_at=work.now,
    )


def shred(portal: Portal, attempt: Attempt) -> None:
    """The job: destroy stored objects whose keys or rows are gone. Deleting twice does no harm."""
    names: list[Any] = attempt.arguments["objects"]
    for name in names:
        portal.storage.delete(name)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        work.finish(attempt)
