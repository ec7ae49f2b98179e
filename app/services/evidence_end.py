"""Proof is not kept once it has done its work (LAW 6; Art. 5(1)(c), (e)): key and file go, method and result remain."""

from sqlalchemy import select

from app.domain.evidence import How, Purpose
from app.domain.lifecycle import Move
from app.models.cases import Case
from app.models.evidence import Evidence
from app.services import facts_drawing
from app.work import Work

# What a decision about the proof makes needless; what shows for whom somebody acts is needed until the answer.
_JUDGED: dict[str, How] = {"accept_proof": "proof_accepted", "reject_proof": "proof_rejected"}


def destroy(work: Work, case: Case, row: Evidence, *, how: How) -> None:
    """Key and ciphertext both go: the key now, in this transaction; the object by a job. Twice does no more."""
    if row.object_name is None:
        return
    work.enqueue("shred", case=case, objects=[row.object_name])
    row.object_name = row.data_key = row.name = None
    row.state = "rejected" if how == "infected" else "destroyed"
    row.destroyed_at, row.how = work.now, how
    work.audit("evidence:destroyed", case=case, facts={"evidence": row.public_id, "how": how})


def after(work: Work, case: Case, move: Move) -> None:
    """What a move makes needless."""
    if move.target == "closed" or move.name == "accept_proof":
        facts_drawing.forget(work, case)
    if move.target == "closed":
        _destroy_all(work, case, "case_decided", None)
    elif move.name in _JUDGED:
        _destroy_all(work, case, _JUDGED[move.name], "identity")


def _destroy_all(work: Work, case: Case, how: How, purpose: Purpose | None) -> None:
    kept = select(Evidence).where(Evidence.case_id == case.id, Evidence.object_name.is_not(None)).order_by(Evidence.id)
    for row in work.session.scalars(kept if purpose is None else kept.where(Evidence.purpose == purpose)).all():
        destroy(work, case, row, how=how)
