"""What was shown on the ladder of proof, and what can no longer be shown: facts of a case, one row for each way."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from app.domain.policy_values import Way
from app.models.cases import Case, Identity
from app.models.proof import ProofStep
from app.work import Work


def record(
    work: Work, case: Case, way: Way, *, identities: Collection[str] = (), to: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """It was shown: to the portal, or to the member of staff `to`. Exactly these kinds of the subject's identities are
    proven by it."""
    row = _row(work, case, way)
    row.shown_at, row.shown_to_id, row.closed_at = work.now, to, None
    row.facts = {**row.facts, **(facts or {})}
    if identities:
        unproven = select(Identity).where(
            Identity.case_id == case.id, Identity.of == "subject", Identity.proven_by.is_(None),
            Identity.kind.in_(tuple(identities)),
        )  # fmt: skip
        for one in work.session.scalars(unproven).all():
            one.proven_by, one.proven_at = way, work.now
    work.audit("proof:shown", case=case, facts={"way": way, "identities": sorted(identities), **(facts or {})})


def shut(work: Work, case: Case, way: Way, *, facts: Mapping[str, Any] | None = None) -> bool:
    """It can no longer be shown in this way; False when that was so before."""
    row = _row(work, case, way)
    if row.closed_at is not None:
        return False
    row.closed_at = work.now
    row.facts = {**row.facts, **(facts or {})}
    work.audit("proof:closed", case=case, facts={"way": way, **(facts or {})})
    return True


def ask_for(work: Work, case: Case, way: Way, *, reason: str) -> None:
    """Staff ask for it beyond the ladder; why is kept with it."""
    row = _row(work, case, way)
    row.asked_at, row.asked_by_id = work.now, work.actor.login_id
    row.reason = work.seal_for(case, reason, place=f"proof/{way}")
    row.shown_at = row.shown_to_id = row.closed_at = None  # what was shown before did not remove the doubt


def _row(work: Work, case: Case, way: Way) -> ProofStep:
    row = work.session.scalars(select(ProofStep).where(ProofStep.case_id == case.id, ProofStep.way == way)).first()
    if row is None:
        row = ProofStep(case_id=case.id, way=way, facts={})
        work.session.add(row)
    return row
