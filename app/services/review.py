"""Review: what was found is looked at, single records may be withheld with a ground (Art. 15(4)), and the answer is
approved."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy import Select, bindparam, delete, func, literal, select, union_all

from app.domain.errors import Invalid, NotFound, Refused
from app.domain.grounds import checked_reason
from app.domain.identity import TEXT_LENGTH
from app.domain.lifecycle import PACKAGED, names
from app.domain.messages import Listed, Message, Worded
from app.models.base import Id
from app.models.cases import Approval, Case
from app.models.fulfilment import Collected, ItemDecision, Run
from app.queries.policies import Policy, policy_of
from app.queries.reading import moves_for
from app.queries.sight import sight
from app.services.casework import advance
from app.work import Work

REASON_LENGTH = TEXT_LENGTH // 2


def after_collection(work: Work, case: Case, policy: Policy, *, rows: int) -> None:
    """With no approvers the answer goes on by itself; nothing found at all is flagged for a person's eye."""
    if policy.offer(case.right).approvers == 0 and rows and case.right in PACKAGED:
        advance(work, case, "approve", facts={"by": "policy"})
        _assemble(work, case)


def _called(work: Work, case: Case, connections: Sequence[str]) -> Listed:
    systems = policy_of(work, case).datasets
    return Listed(tuple(Worded.of(systems[one].title) for one in connections))


def approve(work: Work, case: Case) -> None:
    """One member of staff agrees; with as many different ones as the policy asks for, the package is assembled."""
    unfinished = work.session.scalars(
        select(Run.connection).where(Run.case_id == case.id, Run.state.not_in(("done", "skipped")))
    ).all()
    if unfinished:
        raise Refused(
            Message("Not everything was searched yet: %(systems)s.", {"systems": _called(work, case, unfinished)}),
            allowed=names(moves_for(work, case)),
        )
    login_id = work.actor.login_id
    if login_id is None:
        raise Refused("An approval needs a member of staff.")
    if _approvals(work, case, by=login_id):
        raise Refused("You have approved this answer already. Another member of staff has to approve it as well.")
    work.session.add(Approval(case_id=case.id, login_id=login_id, approved_at=work.now))
    work.flush()
    needed = max(1, policy_of(work, case).offer(case.right).approvers)
    given = _approvals(work, case)
    advance(work, case, "approve", facts={"given": given, "needed": needed})
    if given >= needed and case.right in PACKAGED:
        _assemble(work, case)


def check_eyes(work: Work, case: Case) -> None:
    """Who decides is one pair of eyes; where the procedures ask for more, the others have approved before."""
    policy = policy_of(work, case)
    login_id = work.actor.login_id or 0
    others = _approvals(work, case) - _approvals(work, case, by=login_id)
    needed = policy.offer(case.right).approvers - 1
    if others < needed and policy.file.connections:
        raise Refused(
            Message(
                "%(count)s more approval by somebody else is needed before this is decided.",
                {"count": needed - others},
                "%(count)s more approvals by others are needed before this is decided.",
            ),
            allowed=names(moves_for(work, case)),
        )  # fmt: skip


def _approvals(work: Work, case: Case, *, by: int | None = None) -> int:
    statement = select(func.count(Approval.id)).where(Approval.case_id == case.id)
    return work.session.scalars(statement if by is None else statement.where(Approval.login_id == by)).one()


def _assemble(work: Work, case: Case) -> None:
    """Ask for the package of exactly this answer, so that a later decision makes this job void."""
    work.enqueue("assemble", case=case, answer=answer_digest(work, case))


def answer_digest(work: Work, case: Case) -> str:
    """What tells one answer from another: the findings, each decision on them, and who approved them."""
    rows = work.session.standing(_ANSWER, case_id=case.id)
    parts = [[row.id for row in rows if row.part == part] for part in range(3)]
    return sha256(repr(parts).encode()).hexdigest()


def _answer() -> Select[tuple[int, int]]:
    """One statement, since each costs a way and back."""
    case_id = bindparam("case_id", type_=Id)
    found = select(Collected.id).where(Collected.case_id == case_id)
    parts = union_all(
        select(literal(0).label("part"), Collected.id.label("id")).where(Collected.case_id == case_id),
        select(literal(1), ItemDecision.id).where(ItemDecision.collected_id.in_(found)),
        select(literal(2), Approval.id).where(Approval.case_id == case_id),
    ).subquery()
    return select(parts.c.part, parts.c.id).order_by(parts.c.part, parts.c.id)


_ANSWER: Final = _answer()


def withhold(work: Work, case: Case, items: Sequence[str], *, ground: str, reason: str) -> None:
    """Leave these records out of the answer, with a ground of the case's law and a reason."""
    grounds = policy_of(work, case).right(case.right).refusal_grounds
    missing = Message("Say why this record is withheld.")
    tidied = checked_reason(grounds, ground, reason, max_length=REASON_LENGTH, missing=missing)
    places = _places(work, case, items)
    _forget(work, places)
    for collected_id, row_number in places:
        work.session.add(
            ItemDecision(
                collected_id=collected_id,
                row_number=row_number,
                decision="withhold",
                ground=ground,
                reason=tidied,
                login_id=work.actor.login_id,
                decided_at=work.now,
            )
        )
    _decided(work, case, "item:withheld", {"items": list(items), "ground": ground})


def include(work: Work, case: Case, items: Sequence[str]) -> None:
    """Take these records back into the answer."""
    _forget(work, _places(work, case, items))
    _decided(work, case, "item:included", {"items": list(items)})


def _decided(work: Work, case: Case, event: str, facts: dict[str, object]) -> None:
    forget_approvals(work, case)
    case.version += 1
    work.audit(event, case=case, facts=facts)


def forget_approvals(work: Work, case: Case) -> None:
    """A decision after an approval voids it: what was approved is what is released."""
    work.session.execute(
        delete(Approval).where(Approval.case_id == case.id).execution_options(synchronize_session=False)
    )


def _places(work: Work, case: Case, items: Sequence[str]) -> list[tuple[int, int]]:
    """An item is named `<collection number>-<row number>`; NotFound when it is not one of this case's."""
    if case.status != "in_review":
        raise Refused("Records can be decided on only while the answer is being reviewed.")
    found, policy = select(Collected).where(Collected.case_id == case.id), policy_of(work, case)
    sizes = {row.id: row.rows for row in work.session.scalars(found) if not sight(work, policy, row).nothing}
    places = []
    for item in items:
        left, _, right = item.partition("-")
        if not (left.isdecimal() and right.isdecimal() and int(right) < sizes.get(int(left), 0)):
            raise NotFound("There is no such record in this case.")
        places.append((int(left), int(right)))
    if not places:
        raise Invalid({"items": Message("Choose at least one record.")})
    return places


def _forget(work: Work, places: Sequence[tuple[int, int]]) -> None:
    for collected_id, row_number in places:
        work.session.execute(
            delete(ItemDecision)
            .where(ItemDecision.collected_id == collected_id, ItemDecision.row_number == row_number)
            .execution_options(synchronize_session=False)
        )
