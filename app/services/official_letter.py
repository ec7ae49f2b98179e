"""When an official letter proves who asks (M-8, G-3): only after somebody at a contact on file has confirmed it."""

from typing import Final

from sqlalchemy import select

from app.domain.call_backs import DECISIVE, DENIED, NO_CALL, NO_LETTER
from app.domain.customers import CUSTOMER, NUMBER
from app.domain.errors import Refused
from app.domain.policy_values import Way
from app.models.cases import Case
from app.models.evidence import Evidence
from app.models.proof import CallBack
from app.work import Work

WAY: Final[Way] = "official_letter"


def proves(work: Work, case: Case, method: str, identities: tuple[str, ...]) -> tuple[str, ...]:
    """What an accepted proof proves. Refused as long as a letter is not confirmed; a company's request is never
    accepted in another way, and its letter proves its number."""
    company = case.capacity == CUSTOMER
    if method != WAY and not company:
        return identities
    if company and not _letter_is_here(work, case):
        raise Refused(NO_LETTER)
    last = last_word(work, case)
    if last != "confirmed":
        raise Refused(DENIED if last == "denied" else NO_CALL)
    return tuple(dict.fromkeys((*identities, NUMBER))) if company else identities


def _letter_is_here(work: Work, case: Case) -> bool:
    """Whether a letter or mail was taken in; that it was destroyed since does not unmake it."""
    statement = select(Evidence.id).where(Evidence.case_id == case.id, Evidence.state != "rejected").limit(1)
    return work.session.scalars(statement).first() is not None


def last_word(work: Work, case: Case) -> str | None:
    """What was said the last time that somebody could say anything."""
    return work.session.scalars(
        select(CallBack.result)
        .where(CallBack.case_id == case.id, CallBack.result.in_(DECISIVE))
        .order_by(CallBack.id.desc())
        .limit(1)
    ).first()
