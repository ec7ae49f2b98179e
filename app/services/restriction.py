"""Data set aside (Art. 18): since when, on which ground, what ends it; the person is told before it ends (18(3))."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from app.domain.errors import Invalid, Refused
from app.domain.messages import Message
from app.domain.permissions import SYSTEM
from app.models.cases import Case, Restriction
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.reading import load_by_id, standing_restriction
from app.services import decisions, letters
from app.services.casework import advance, moment_of, today_of
from app.work import Work


def restrict(
    work: Work, case: Case, *, items: Sequence[Mapping[str, str]], restriction_ground: str, scope: str,
    restricted_on: date | None, **said: str,
) -> None:  # fmt: skip
    """Set the data aside and say so; the systems themselves are told by hand."""
    if restriction_ground not in policy_of(work, case).right(case.right).grounds:
        raise Invalid({"restriction_ground": Message("Choose one of the grounds that the law gives for this right.")})
    since = moment_of(work, case, restricted_on, since=case.received_at, field="restricted_on")
    told = {
        **said, "ground": restriction_ground, "restriction_ground": restriction_ground, "scope": scope,
        "restricted_on": since.date(),
    }  # fmt: skip
    verdict = decisions.decided(work, case, items)
    row = Restriction(
        case_id=case.id, ground=restriction_ground, scope=work.seal_for(case, scope, place="restriction"), since=since
    )
    work.session.add(row)
    decisions.answer(work, case, "restrict", "restricted", verdict=verdict, said=told)


def announce(work: Work, case: Case, *, lifting_on: date, lifting_reason: str, check_outcome: str) -> None:
    """Tell the person that, and from which day, the data will be used again; on that day it is."""
    row = standing_restriction(work, case)
    if row is None:
        raise Refused("No data is set aside for this request.")
    if row.lift_on is not None:
        raise Refused("The person was told already from which day the data will be used again.")
    if lifting_on <= today_of(work, case):
        raise Invalid({"lifting_on": Message("Give a day to come: the person must be told before (Art. 18(3)).")})
    row.told_at, row.lift_on = work.now, lifting_on
    told = {"lifting_reason": lifting_reason, "check_outcome": check_outcome, "lifting_on": lifting_on.isoformat()}
    advance(work, case, "lift_restriction", facts={"lifting_on": lifting_on.isoformat()}, personal=told)
    letters.send(work, case, "lifting", told)


def lift_due(portal: Portal, controller_id: int) -> int:
    """The sweep: what was announced for today or before is lifted."""
    lifted = 0
    with portal.work(SYSTEM, controller_id) as work:
        announced = select(Restriction).where(Restriction.lift_on.is_not(None), Restriction.lifted_at.is_(None))
        for row in work.session.scalars(announced.order_by(Restriction.id).limit(500)).all():
            case = load_by_id(work, row.case_id)
            if row.lift_on is not None and row.lift_on <= today_of(work, case):
                row.lifted_at = work.now
                case.version += 1
                work.audit("restriction:lifted", case=case, facts={"since": row.since.isoformat()})
                lifted += 1
    return lifted
