"""Which request a signed form belongs to, by the code that was read from it (152-FZ, Art. 14(3)): only its keyed
digest is looked up, and only at the organisation that the paper came to."""

from collections.abc import Sequence

from sqlalchemy import select

from app.domain.signed_form import Whose
from app.models.cases import Case
from app.models.evidence import Evidence
from app.models.proof import SignedForm
from app.queries.reading import load_by_id
from app.work import Work


def row_of(work: Work, case: Case) -> SignedForm | None:
    """The form that was made for this case."""
    return work.session.scalars(select(SignedForm).where(SignedForm.case_id == case.id)).one_or_none()


def digest(work: Work, code: str) -> bytes:
    """What stands in the table instead of the code."""
    return work.keyring.digest("signed_form", code.encode())


def whose(work: Work, case: Case, codes: Sequence[str]) -> Whose | None:
    """Whose form a file is that came to this case; None where no form was made for it.

    A code that nobody knows is another's, like one of another case: the difference is told to nobody.
    """
    row = row_of(work, case)
    if row is None:
        return None
    if not codes:
        return "none"
    return "this" if all(digest(work, code) == row.code_hash for code in codes) else "other"


def tell(work: Work, case: Case, file: Evidence) -> None:
    """The trail says when the form of another request came: whoever sent it reads no more than that it is not this."""
    if file.form == "other":
        work.audit("form:of_another", case=case, facts={"evidence": file.public_id})


def cases_with(work: Work, codes: Sequence[str]) -> tuple[Case, ...]:
    """The cases of this controller whose forms have these codes."""
    wanted = [digest(work, code) for code in codes]
    found = work.session.scalars(select(SignedForm.case_id).where(SignedForm.code_hash.in_(wanted)))
    return tuple(load_by_id(work, number) for number in sorted(set(found)))
