"""The contacts on file at which a company is called back (M-8), and when one may be taken from its papers instead."""

from collections.abc import Sequence

from sqlalchemy import select

from app.domain.call_backs import DECISIVE, PAPER
from app.domain.customers import NUMBER
from app.models.cases import Case, Identity
from app.models.proof import CallBack, OnFile
from app.work import Work


def registered_of(work: Work, case: Case) -> Sequence[OnFile]:
    """Contacts that were found by the company's number alone: what was found by an address typed in the form may be
    anybody's. One whose owner said that the request is not theirs can still be called: they know best."""
    return work.session.scalars(
        select(OnFile).where(OnFile.case_id == case.id, OnFile.claimed == NUMBER).order_by(OnFile.id)
    ).all()


def may_record(work: Work, case: Case, rows: Sequence[OnFile] | None = None) -> bool:
    """Whether staff may bring a contact from the company's papers: the systems were asked and hold none, or nobody was
    reached at any that they hold."""
    numbers = select(Identity.id).where(Identity.case_id == case.id, Identity.of == "subject", Identity.kind == NUMBER)
    if case.looked_up_at is None and work.session.scalars(numbers).first() is not None:
        return False  # the systems are still to be asked
    rows = registered_of(work, case) if rows is None else rows
    calls = work.session.execute(select(CallBack.on_file_id, CallBack.result).where(CallBack.case_id == case.id)).all()
    tried = {call.on_file_id for call in calls}
    answered = any(call.result in DECISIVE for call in calls)
    return not answered and all(row.id in tried for row in rows if row.connection != PAPER)
