"""How the signed form of a case stands (152-FZ, Art. 14(3)): when it was made, what came back, what was found wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.regime import Element
from app.domain.signed_form import DEFECTS, Defect
from app.models.cases import Case
from app.models.evidence import Evidence
from app.models.ledger import TrailEntry
from app.models.proof import SignedForm
from app.queries.policies import local_day, policy_of
from app.queries.proof import standing
from app.work import Work


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came back since the form was last judged: on which day, and whose form it is."""

    id: str
    day: date
    form: str | None
    openable: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """The form as its pages show it; `made_at` is empty until it was printed first."""

    fields: tuple[Element, ...]
    made_at: datetime | None = None
    verdict: str | None = None
    defects: tuple[Defect, ...] = ()
    judged_at: datetime | None = None
    arrived: tuple[Arrived, ...] = ()

    @property
    def in_hand(self) -> bool:
        """Whether something came that nobody has judged yet, and that is not another request's form."""
        return any(one.form != "other" for one in self.arrived)


def wanted(work: Work, case: Case) -> bool:
    """Whether a signed form would serve: the case waits for proof, and the ladder has it in a way that is open."""
    if case.status != "proof_needed":
        return False
    stands = standing(work, case)
    ways = {way for alternative in stands.demand.alternatives for way in alternative}
    return stands.asked == "signed_form" or ("signed_form" in ways - stands.closed - stands.shown)


def awaited(work: Work, case: Case) -> bool:
    """Whether what staff judge now is the form that was made for the case."""
    made = select(SignedForm.id).where(SignedForm.case_id == case.id)
    return wanted(work, case) and work.session.scalars(made).first() is not None


def form_of(work: Work, case: Case) -> FormView:
    """The form of the case, made or not."""
    law = policy_of(work, case).regime.signed_form
    fields = law.fields if law is not None else ()
    row = work.session.scalars(select(SignedForm).where(SignedForm.case_id == case.id)).one_or_none()
    if row is None:
        return FormView(fields)
    return FormView(
        fields,
        row.made_at,
        row.verdict,
        tuple(DEFECTS[key] for key in row.defects if key in DEFECTS),
        row.judged_at,
        arrived_since(work, case, row),
    )


def arrived_since(work: Work, case: Case, row: SignedForm) -> tuple[Arrived, ...]:
    """The files that came to the form and that nobody has judged, in the order in which they came."""
    files = select(Evidence).where(
        Evidence.case_id == case.id, Evidence.purpose == "identity", Evidence.destroyed_at.is_(None),
        Evidence.uploaded_at >= (row.judged_at or row.made_at),
    )  # fmt: skip
    days = _days(work, case)
    timezone = policy_of(work, case).file.controller.timezone
    return tuple(
        Arrived(one.public_id, days.get(one.public_id) or local_day(one.uploaded_at, timezone), one.form,
                one.state == "ready")
        for one in work.session.scalars(files.order_by(Evidence.id))
    )  # fmt: skip


def _days(work: Work, case: Case) -> dict[str, date]:
    """The day on which a paper came that was brought in later, as the trail has it."""
    entries = work.session.scalars(
        select(TrailEntry.facts).where(TrailEntry.case_id == case.id, TrailEntry.event == "form:arrived")
    )
    return {str(facts["evidence"]): date.fromisoformat(str(facts["arrived_on"])) for facts in entries}
