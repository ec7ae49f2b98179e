"""The person for whom somebody else asks says so themselves (LAW 6): through a contact of their own, by a typed code.

The contact that the organisation has on file counts. An address that only the request names is asked too, since a no is
always heard; a yes from there proves nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import func, select

from app.domain.codes import CodeResult, same_code
from app.domain.errors import NotFound
from app.domain.identity import comparable
from app.domain.representation import KINDS
from app.models.cases import Case, Code
from app.queries import representation as known
from app.queries.reading import identities_of, load
from app.queries.representation import COSIGN, COSIGN_TYPED, SUBJECT
from app.services import ladder, representation
from app.services.verification import asked_together, judge, new_code, plain_code
from app.work import Work

Said = Literal["yes", "no", "see"]
CODES_PER_HOUR: Final = 3
_PURPOSES: Final = (COSIGN, COSIGN_TYPED, SUBJECT)


def begin(work: Work, case: Case) -> None:
    """Ask the person once, when who acts has shown that their own address works."""
    if case.capacity in KINDS and _newest(work, [case]) is None:
        _send(work, case)


def ask_again(work: Work, reference: str) -> None:
    """Another code for the person. What there is to it is looked at here, and nothing is said."""
    try:
        case = load(work, reference)
    except NotFound:
        return
    if case.capacity not in KINDS or case.status == "unverified":
        return
    together = select(Case.id).where(Case.submission == case.submission).scalar_subquery()
    recent = work.session.scalars(
        select(func.count(Code.id)).where(
            Code.case_id.in_(together),
            Code.purpose.in_(_PURPOSES),
            Code.created_at > work.real_now - timedelta(hours=1),
        )
    ).one()
    if recent < CODES_PER_HOUR:
        _send(work, case)


def _send(work: Work, case: Case) -> None:
    contact = known.subject_contact(work, case) if case.data_key is not None else None
    if contact is None:
        return
    code = new_code(work, case, COSIGN if contact.known else COSIGN_TYPED)
    work.audit("code:sent", case=case, facts={"purpose": code.purpose})
    work.enqueue("mail", case=case, template="cosign", code=code.id)


def answer(work: Work, reference: str, typed: str, *, said: Said) -> CodeResult:
    """The person agrees, objects, or only wants to see the request. All that was asked together is answered at once.

    A wrong code is WRONG however many were typed: the page counts them, for requests without such a code too.
    """
    cases = [case for case in asked_together(work, reference) if case.data_key is not None]
    code = _newest(work, cases) if cases else None
    right = code is not None and same_code(typed, plain_code(work, code))
    before = code.attempts if code is not None else 0
    result = judge(work, code, right=right)
    if code is not None and not right:
        if code.attempts > before:  # once it is used up, who goes on typing fills no trail
            work.audit("code:failed", case=cases[0], facts={"purpose": code.purpose, "tries": code.attempts})
        return CodeResult.WRONG
    if code is not None and result.accepted:
        for case in cases:
            _note(work, case, said=said, proven=code.purpose == COSIGN)
    return result


def is_known(work: Work, reference: str) -> bool:
    """Whether the code that was used went to a contact that is known to be the person's: only that lets them in."""
    code = _newest(work, asked_together(work, reference))
    return code is not None and code.used_at is not None and code.purpose in {COSIGN, SUBJECT}


def _newest(work: Work, cases: Sequence[Case]) -> Code | None:
    return work.session.scalars(
        select(Code)
        .where(Code.case_id.in_([one.id for one in cases]), Code.purpose.in_(_PURPOSES))
        .order_by(Code.id.desc())
        .limit(1)
    ).first()


def _note(work: Work, case: Case, *, said: Said, proven: bool) -> None:
    row = known.standing(work, case)
    if said == "see":
        work.audit("representation:seen", case=case)
    elif said == "no":
        work.audit("representation:denied", case=case, facts={"on_file": proven})
        representation.end(work, case, by="subject")
        case.version += 1
    elif row is not None and not proven:
        work.audit("representation:typed_yes", case=case)
    elif row is not None and row.cosigned_at is None:
        _cosign(work, case)


def _cosign(work: Work, case: Case) -> None:
    """What the person answered for is theirs. That is an agent's mandate; a child's word is not a guardian's
    authority, which staff see."""
    row = known.standing(work, case)
    assert row is not None
    row.cosigned_at = work.now
    case.version += 1
    work.flush()
    shown = _proven(work, case)
    work.audit("representation:cosigned", case=case, facts={"identities": shown})
    if row.kind == "agent" and shown:
        row.accepted_at = row.accepted_at or work.now
        ladder.show(work, case, "representative", identities=shown, facts={"by": "subject"})


def _proven(work: Work, case: Case) -> list[str]:
    """The names under which the systems hold that contact, and the address itself."""
    contact = known.subject_contact(work, case)
    if contact is None:
        return []
    own = comparable("email", contact.address)
    claimed = {row.claimed for row, address in known.on_file(work, case) if comparable("email", address) == own}
    typed = {row.kind for row, value in identities_of(work, case)
             if row.kind == "email" and comparable("email", value) == own}  # fmt: skip
    return sorted(claimed | typed)
