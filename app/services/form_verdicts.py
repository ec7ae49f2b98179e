"""What staff found a signed form to be: duly executed, and the time runs from the day it came (R-3), or defective, and
then what is wrong and how to mend it is told in the person's own language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.domain.signed_form import AGAIN, DEFECTS, NOT_AS_IT_IS, OTHERWISE
from app.models.cases import Case
from app.models.proof import SignedForm
from app.queries.policies import policy_of
from app.queries.signed_form import arrived_since
from app.services import form_codes, stationery
from app.services.casework import record_fact
from app.work import Work

_NO_FORM = Message("No form was made for this request. Choose what the person really showed.")
_OF_ANOTHER = Message("The code on what came is of another request's form: it says nothing about this one.")


def arrived_on(work: Work, case: Case) -> date | None:
    """On which day the paper came that is judged now; none where nothing was uploaded. The form of another request is
    never taken for this one's."""
    arrived = arrived_since(work, case, _made(work, case))
    ours = [one for one in arrived if one.form != "other"]
    if arrived and not ours:
        raise Invalid({"method": _OF_ANOTHER})
    return ours[-1].day if ours else None


def executed(work: Work, case: Case, *, at: datetime) -> None:
    """Duly executed: what was promised from the complete document on counts from then."""
    row = _made(work, case)
    row.verdict, row.defects = "duly_executed", []
    _judge(work, row)
    record_fact(work, case, "duly_executed", at=at)
    work.audit("form:executed", case=case, facts={"arrived_at": at.isoformat()})


def defective(work: Work, case: Case, defects: Sequence[str], *, more: str) -> Mapping[str, str]:
    """Record what is wrong. Gives what the letter says of it; no clock is started by such a paper."""
    row = _made(work, case)
    row.verdict, row.defects = "defective", list(defects)
    _judge(work, row)
    work.audit("form:defective", case=case, facts={"defects": list(defects)})
    paper = stationery.of(work)
    language = stationery.language_of(case.language, policy_of(work, case).file)

    def said(message: Message) -> str:
        return paper.renderer.say(message, language)

    mend = [said(DEFECTS[key].mend) for key in defects]
    return {
        "doubt": said(NOT_AS_IT_IS),
        "defect": "\n".join([*mend, *filter(None, [more])]),
        "items_asked": said(AGAIN),
        "alternatives": said(OTHERWISE),
    }


def _judge(work: Work, row: SignedForm) -> None:
    row.judged_at, row.judged_by_id = work.now, work.actor.login_id


def _made(work: Work, case: Case) -> SignedForm:
    row = form_codes.row_of(work, case)
    if row is None:
        raise Invalid({"method": _NO_FORM})
    return row
