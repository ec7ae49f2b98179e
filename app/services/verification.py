"""Proof that the person is who writes (Art. 12(6)): a code typed from a mail to the address given, and nothing more
than needed."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select

from app.domain.codes import LIFETIME, PURPOSES, TRIES, CodeResult, code_from, same_code
from app.domain.errors import NotFound, TooMany
from app.domain.identity import read_reference
from app.domain.representation import KINDS
from app.models.cases import Case, Code, Identity
from app.queries import representation
from app.queries.reading import address_of, load
from app.queries.representation import COSIGN, COSIGN_TYPED, SUBJECT
from app.services import collection, ladder, letters, look_up
from app.services.casework import advance
from app.work import Work

CODES_PER_HOUR = 6
PROVEN_BY = "email_code"
SIGNED_IN = "account_session"
ON_FILE = "on_file"
TRIES_AT_NOTHING = "code-tries-for"


def begin(work: Work, cases: Sequence[Case], *, has_address: bool, signed_in: bool = False) -> None:
    """What follows filing: one receipt with one code for all that was asked together, or, where staff saw proof before,
    the work itself. `signed_in`: the address was shown to be the person's before, so no code is needed."""
    waiting = [case for case in cases if case.status == "unverified"]
    if waiting and signed_in:
        look_up.begin(work, waiting)
        confirm_signed_in(work, waiting[0].reference)
        return
    if waiting:
        code = new_code(work, waiting[0], "confirm")
        if has_address:
            work.enqueue("mail", case=waiting[0], template="case-filed", code=code.id)
        look_up.begin(work, waiting)
        return
    letters.acknowledge(work, cases[0])
    for case in cases:
        collection.start_by_itself(work, case)


def send_code(work: Work, reference: str, purpose: str) -> None:
    """Mail a fresh code to the address on the case; silently nothing when there is no such case or address."""
    assert purpose in PURPOSES
    try:
        case = load(work, reference)
    except NotFound:
        return
    purpose = _purpose(work, case, purpose)
    if address_of(work, case) is None or case.data_key is None or (purpose == "confirm" and _is_over(work, case)):
        return
    asked_together = select(Case.id).where(Case.submission == case.submission).scalar_subquery()
    recent = work.session.scalars(
        select(func.count(Code.id)).where(
            Code.case_id.in_(asked_together),
            Code.purpose.not_in((ON_FILE, COSIGN, COSIGN_TYPED)),  # those are another person's
            Code.created_at > work.real_now - timedelta(hours=1),
            Code.expires_at > Code.created_at,  # the others were never sent
        )
    ).one()
    if recent >= CODES_PER_HOUR:
        raise TooMany("Too many codes were asked for. Wait an hour, then ask again.", retry_after=3600)
    code = new_code(work, case, purpose)
    work.audit("code:sent", case=case, facts={"purpose": purpose})
    work.enqueue("mail", case=case, template="case-code", code=code.id)


def enter(work: Work, reference: str, typed: str) -> CodeResult | None:
    """Spend a code at the door: it lets in, and a request that waits for it is confirmed. None: no such request."""
    status = work.session.scalars(select(Case.status).where(Case.reference == reference)).first()
    if status is None:
        return None
    return confirm(work, reference, typed) if status == "unverified" else try_code(work, reference, "enter", typed)


def try_code(work: Work, reference: str, purpose: str, typed: str) -> CodeResult:
    """Count one try against the newest code for this purpose. A result, not an exception: the count must be kept."""
    try:
        case = load(work, reference)
    except NotFound:
        return CodeResult.WRONG
    result = _try(work, case, [case], purpose=_purpose(work, case, purpose), typed=typed)
    if result.accepted and purpose == "enter":
        work.audit("case:entered", case=case)
    return result


def _is_over(work: Work, case: Case) -> bool:
    """Whether somebody who acted for the person does so no more."""
    return case.capacity in KINDS and representation.standing(work, case) is None


def _purpose(work: Work, case: Case, purpose: str) -> str:
    """Once nobody acts for the person any more, only a code that went to the person opens the request."""
    return SUBJECT if purpose == "enter" and _is_over(work, case) else purpose


def _try(work: Work, case: Case, together: Sequence[Case], *, purpose: str, typed: str) -> CodeResult:
    code, right = _meant(work, case, together, purpose=purpose, typed=typed)
    before = code.attempts
    result = judge(work, code, right=right)
    if code.attempts > before:
        work.audit("code:failed", case=case, facts={"purpose": code.purpose, "tries": code.attempts})
    return result


def _meant(work: Work, case: Case, together: Sequence[Case], *, purpose: str, typed: str) -> tuple[Code, bool]:
    """What a try counts against, and whether it is right. A wrong one counts where the door counts, and where no code
    was sent, against one that nobody has: how many tries there are does not tell that there is such a request."""
    code = newest_code(work, together, purpose)
    if code is not None and same_code(typed, plain_code(work, code)):
        return code, True
    if purpose == "confirm" and case.status != "unverified":
        purpose = "enter"
        code = newest_code(work, [case], purpose)
    return code or _unsent(work, case, purpose), False


def _unsent(work: Work, case: Case, purpose: str) -> Code:
    """A code that was never sent, and is over from its first moment."""
    code = new_code(work, case, purpose)
    code.expires_at = code.created_at
    return code


def newest_code(work: Work, together: Sequence[Case], purpose: str) -> Code | None:
    """The only one that counts: an older code ends when a newer one is made."""
    return work.session.scalars(
        select(Code)
        .where(Code.case_id.in_([one.id for one in together]), Code.purpose == purpose)
        .order_by(Code.id.desc())
        .limit(1)
    ).first()


def judge(work: Work, code: Code | None, *, right: bool) -> CodeResult:
    """Count a try. That a code is old or was used is said only to whoever has it: a guess must not tell that there is
    one."""
    if code is None:
        return CodeResult.WRONG
    if code.attempts >= TRIES:
        return CodeResult.USED_UP
    if not right:
        code.attempts += 1
        return CodeResult.USED_UP if code.attempts >= TRIES else CodeResult.WRONG
    if code.used_at is not None or work.real_now >= code.expires_at:
        code.attempts += 1
        return CodeResult.USED if code.used_at is not None else CodeResult.EXPIRED
    code.used_at = work.real_now
    return CodeResult.ACCEPTED


def confirm(work: Work, reference: str, typed: str) -> CodeResult:
    """The person confirms with the code all that they asked together: their address is proven, and nothing else that
    they typed. The code is that of any of these requests."""
    together = asked_together(work, reference)
    case = next((one for one in together if one.reference == read_reference(reference)), None)
    if case is None or _is_over(work, case):
        return CodeResult.WRONG
    result = _try(work, case, together, purpose="confirm", typed=typed)
    if result.accepted:
        _go_on(work, together, proven_by=PROVEN_BY)
    return result


def confirm_signed_in(work: Work, reference: str) -> None:
    """The same for whoever is signed in and has shown before that this very address is theirs: no code is needed."""
    _go_on(work, asked_together(work, reference), proven_by=SIGNED_IN)


def _go_on(work: Work, together: Sequence[Case], *, proven_by: str) -> None:
    waiting = [one for one in together if one.status == "unverified"]
    for one in waiting:
        for row in work.session.scalars(_own_address(one)):
            row.proven_by, row.proven_at = proven_by, work.now
        advance(work, one, "confirm", facts={"proof": proven_by})
    if waiting:
        letters.acknowledge(work, waiting[0])
        if look_up.wanted(work, waiting):
            work.enqueue(ON_FILE, case=together[0])
    for one in waiting:
        ladder.settle(work, one)
        collection.start_by_itself(work, one)


def _own_address(case: Case) -> Select[Identity]:
    """The address of who made the request: of who acts for somebody else it proves nothing about that person."""
    of = "representative" if case.capacity in KINDS else "subject"
    return select(Identity).where(Identity.case_id == case.id, Identity.kind == "email", Identity.of == of)


def asked_together(work: Work, reference: str) -> Sequence[Case]:
    """The requests of one submission, held in one order whichever of them is named: two tries at once do not block each
    other for good."""
    submission = select(Case.submission).where(Case.reference == read_reference(reference)).scalar_subquery()
    return work.session.scalars(
        select(Case).where(Case.submission == submission).order_by(Case.id).with_for_update()
    ).all()


def new_code(work: Work, case: Case, purpose: str) -> Code:
    """A code for this case and purpose, which replaces those before it."""
    code = Code(
        case_id=case.id,
        purpose=purpose,
        nonce=secrets.token_bytes(16),
        created_at=work.real_now,
        expires_at=work.real_now + LIFETIME,
    )
    work.session.add(code)
    work.flush()
    return code


def plain_code(work: Work, code: Code, *, to: bytes = b"") -> str:
    """The digits, made from the stored nonce with a key that the database does not hold; only the mail gets them. Each
    of several contacts (`to`: its digest) has digits of its own."""
    return code_from(work.keyring.digest("code", f"{code.case_id}/{code.purpose}/".encode() + code.nonce + to))
