"""The package (Art. 15(3)): assembled from what was approved, released once, opened with a fresh code, destroyed on
its day."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.domain.codes import CodeResult
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.kinds_in_detail import called
from app.domain.letters import lacks, required
from app.domain.permissions import SYSTEM, can
from app.domain.policy import say
from app.domain.regime import Element
from app.gateways.archive import Found, PackageStream, build_package
from app.gateways.crypto import new_key
from app.gateways.reporting import report_pages
from app.gateways.spool import Spooled
from app.gateways.storage import new_name
from app.gateways.streams import decrypt_range, encrypt
from app.models.cases import Case
from app.models.fulfilment import Collected, ItemDecision, Package
from app.policies.datasets import Field
from app.portal import Portal
from app.queries import representation
from app.queries.policies import Policy, policy_of
from app.queries.reading import facts_of, load, load_by_id, spool_key
from app.queries.sight import packed_away
from app.services import answers, collection, letters, review, stationery, verification
from app.services.casework import advance
from app.services.keys import signing_key
from app.work import Attempt, Work

KEPT_FOR = timedelta(days=30)


def assemble(portal: Portal, attempt: Attempt) -> None:
    """The job: report and ZIP from the spool, encrypted under a key of its own. Void when something changed
    meanwhile."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        case = work.session.scalars(select(Case).where(Case.id == attempt.case_id)).one()
        plan = _plan(portal, work, case) if _still_wanted(work, case, attempt) else None
    if plan is None:
        with portal.work(SYSTEM, attempt.controller_id) as work:
            work.finish(attempt)
        return
    pages = report_pages(plan.answer, plan.found, portal.renderer)
    if lacking := stationery.missing("".join(pages), plan.elements):
        raise Refused(lacks(lacking))
    report = portal.pdf.print(*pages)
    stream = build_package(
        plan.answer,
        plan.found,
        report=report,
        storage=portal.storage,
        key=plan.spool_key,
        signer=signing_key(portal),
        renderer=portal.renderer,
    )
    key, name = new_key(), new_name()
    portal.storage.put(name, encrypt(stream, key, bound_to=_bound_to(plan.public_id)))
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case = load_by_id(work, attempt.case_id or 0)
        if _still_wanted(work, case, attempt):
            _keep(work, case, plan, stream, key=key, name=name)
        else:
            work.enqueue("shred", case=case, objects=[name])
        work.finish(attempt)


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes into the package, read in one transaction; nothing later changes it."""

    public_id: str
    answer: Any
    found: tuple[Found, ...]
    spool_key: bytes
    elements: tuple[Element, ...]  # what the law wants in its report


def _still_wanted(work: Work, case: Case, attempt: Attempt) -> bool:
    """A decision after the approval made it another answer: that approval is not for this package."""
    return case.status == "in_review" and review.answer_digest(work, case) == attempt.arguments["answer"]


def _plan(portal: Portal, work: Work, case: Case) -> Plan:
    policy = policy_of(work, case)
    public_id = secrets.token_urlsafe(16)
    rows = work.session.scalars(select(Collected).where(Collected.case_id == case.id).order_by(Collected.id)).all()
    found = tuple(_found(row, policy, case.language) for row in rows)
    return Plan(
        public_id=public_id,
        answer=answers.gather(portal, work, case, policy=policy, found=found, package_id=public_id),
        found=found,
        spool_key=spool_key(work, case),
        elements=_elements(policy) if case.right == "access" else (),
    )


def _found(row: Collected, policy: Policy, language: str) -> Found:
    data = policy.datasets[row.connection]
    collected = data.collections[row.collection]
    columns = {name: words for name, one in collected.fields.items() if (words := _words(one, language))}
    return Found(
        Spooled.from_facts(row.spooled or {}), say(collected.title, language), say(data.title, language),
        tuple(row.categories), columns,
    )  # fmt: skip


def _words(one: Field, language: str) -> str:
    """What heads a column: its title, else its kind of data. In English its own name, most often English, says more."""
    kind = called(one.categories[0], language) if one.categories and language != "en" else ""
    return one.called(language) or kind


def _elements(policy: Policy) -> tuple[Element, ...]:
    return required(policy.regime, "access", officer=policy.file.controller.dpo is not None)


def _keep(work: Work, case: Case, plan: Plan, stream: PackageStream, *, key: bytes, name: str) -> None:
    package = Package(
        public_id=plan.public_id,
        case_id=case.id,
        object_name=name,
        data_key=work.keyring.wrap(key, bound_to=_bound_to(plan.public_id)),
        bytes=stream.size,
        rows=stream.rows,
        sha256=stream.sha256,
        manifest=stream.manifest,
        assembled_at=work.now,
    )
    work.session.add(package)
    work.flush()
    advance(work, case, "assembled", facts={"package": plan.public_id, "sha256": stream.sha256, "rows": stream.rows})
    if policy_of(work, case).offer(case.right).approvers == 0 and representation.can_be_answered(work, case):
        release(work, case)


def release(work: Work, case: Case) -> None:
    """Deliver: the answer is given, the clock stops, the case is closed; what the spool held is destroyed."""
    package = work.session.scalars(
        select(Package).where(Package.case_id == case.id, Package.object_name.is_not(None)).order_by(Package.id.desc())
    ).first()
    if package is None:
        raise Refused("There is no package to release. Approve the answer first.")
    package.released_at = work.now
    package.expires_at = work.now + KEPT_FOR
    withheld = work.session.scalars(
        select(func.count(ItemDecision.id))
        .join(Collected, Collected.id == ItemDecision.collected_id)
        .where(Collected.case_id == case.id)
    ).one()
    outcome = "partly_granted" if withheld else "granted" if package.rows else "no_data"
    objects = collection.discard_objects(work, case)
    case.spool_key = None
    advance(work, case, "release", outcome=outcome, facts={"package": package.public_id})
    _tell(work, case, outcome)
    if objects:
        work.enqueue("shred", case=case, objects=objects)


def _tell(work: Work, case: Case, outcome: str) -> None:
    """Whoever gets less than was asked reads why, and what can be done about it (Art. 12(4)); a whole access answer
    lies in the package as its report."""
    if outcome == "partly_granted":
        letters.send(work, case, "partial", {})
    elif outcome == "no_data":
        letters.send(work, case, "no_data", {})
    elif case.right == "portability":
        letters.send(work, case, "portability", {})
    else:
        work.enqueue("mail", case=case, template="case-released")


def open_(work: Work, reference: str, package_id: str, typed: str) -> CodeResult:
    """The person opens the package with a code sent just now; NotFound unless it is there to be opened."""
    case, package = _available(work, reference, package_id)
    if not can(work.actor, "package:open", facts_of(case)):
        raise NotFound
    result = verification.try_code(work, reference, "download", typed)
    if result.accepted:
        work.audit("package:opened", case=case, facts={"package": package.public_id})
    return result


def fetch(work: Work, package_id: str) -> str:
    """Staff with the permission open a released package; gives its case's reference. Leaves a trail entry."""
    package = work.session.scalars(
        select(Package).where(Package.public_id == package_id, Package.object_name.is_not(None))
    ).one_or_none()
    if package is None or package.released_at is None:
        raise NotFound
    case = load_by_id(work, package.case_id)
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    if not can(work.actor, "package:fetch", facts_of(case)):
        raise Forbidden("Your role does not allow to open packages.")
    if packed_away(work, package, policy_of(work, case)):
        raise Forbidden("Parts of this package are for functions that you do not work in.")
    work.audit("package:fetched", case=case, facts={"package": package.public_id})
    return case.reference


def note_download(work: Work, reference: str, package_id: str, *, start: int, end: int) -> None:
    """The one thing that a download's GET writes: that these bytes went out."""
    case, package = _available(work, reference, package_id)
    work.audit("package:downloaded", case=case, facts={"package": package.public_id, "from": start, "to": end})


@dataclass(frozen=True, slots=True)
class Opened:
    """A package that can be read: its size and checksum for headers, its key for `stream`."""

    package_id: str
    reference: str
    size: int
    sha256: str
    object_name: str
    key: bytes


def opened(work: Work, reference: str, package_id: str) -> Opened:
    """What is needed to stream the package; NotFound when it is not there (any more)."""
    _, package = _available(work, reference, package_id)
    key = work.keyring.unwrap(package.data_key or b"", bound_to=_bound_to(package.public_id))
    return Opened(package.public_id, reference, package.bytes, package.sha256, package.object_name or "", key)


def stream(portal: Portal, package: Opened, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Plain bytes of the ZIP from `start` up to, not including, `end`."""
    place = _bound_to(package.package_id)
    return decrypt_range(portal.storage, package.object_name, package.key, bound_to=place, start=start, end=end)


def destroy(work: Work, package: Package) -> None:
    """Key and ciphertext both go: the key now, in this transaction; the object by a job."""
    case = load_by_id(work, package.case_id)
    if package.object_name:
        work.enqueue("shred", case=case, objects=[package.object_name])
    package.object_name = package.data_key = None
    package.destroyed_at = work.now
    work.audit("package:destroyed", case=case, facts={"package": package.public_id})


def _available(work: Work, reference: str, package_id: str) -> tuple[Case, Package]:
    case = load(work, reference)
    package = work.session.scalars(
        select(Package).where(
            Package.case_id == case.id,
            Package.public_id == package_id,
            Package.released_at.is_not(None),
            Package.object_name.is_not(None),
            Package.expires_at > work.now,
        )
    ).one_or_none()
    if package is None or not representation.receives(work, case):
        raise NotFound("This download is not there any more.")
    return case, package


def _bound_to(public_id: str) -> bytes:
    return f"package/{public_id}".encode()
