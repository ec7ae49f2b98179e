"""Proof that the person is who writes (Art. 12(6)): a code typed from a mail to the address given, and nothing more
than needed."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from app.domain.codes import LIFETIME, PURPOSES, TRIES, CodeResult, code_from, same_code
from app.domain.errors import NotFound, TooMany
from app.domain.identity import read_reference
from app.domain.lifecycle import PACKAGED
from app.models.cases import Case, Code, Identity
from app.queries.policies import Policy, policy_of
from app.queries.reading import address_of, load
from app.services import collection, ladder, letters
from app.services.casework import advance
from app.work import Work

CODES_PER_HOUR = 6
PROVEN_BY = "email_code"


def begin(work: Work, policy: Policy, cases: Sequence[Case], *, has_address: bool) -> None:
    """What follows filing: one receipt with one code for all that was asked together, or, where staff saw proof before,
    the work itself."""
    waiting = [case for case in cases if case.status == "unverified"]
    if waiting:
        code = _new_code(work, waiting[0], "confirm")
        if has_address:
            work.enqueue("mail", case=waiting[0], template="case-filed", code=code.id)
        return
    letters.acknowledge(work, cases[0])
    for case in cases:
        _run_by_itself(work, policy, case)


def send_code(work: Work, reference: str, purpose: str) -> None:
    """Mail a fresh code to the address on the case; silently nothing when there is no such case or address."""
    assert purpose in PURPOSES
    try:
        case = load(work, reference)
    except NotFound:
        return
    if address_of(work, case) is None or case.data_key is None:
        return
    asked_together = select(Case.id).where(Case.submission == case.submission).scalar_subquery()
    recent = work.session.scalars(
        select(func.count(Code.id)).where(
            Code.case_id.in_(asked_together), Code.created_at > work.real_now - timedelta(hours=1)
        )
    ).one()
    if recent >= CODES_PER_HOUR:
        raise TooMany("Too many codes were asked for. Wait an hour, then ask again.", retry_after=3600)
    code = _new_code(work, case, purpose)
    work.audit("code:sent", case=case, facts={"purpose": purpose})
    work.enqueue("mail", case=case, template="case-code", code=code.id)


def try_code(work: Work, reference: str, purpose: str, typed: str) -> CodeResult:
    """Count one try against the newest code for this purpose. A result, not an exception: the count must be kept."""
    try:
        case = load(work, reference)
    except NotFound:
        return CodeResult.WRONG
    result = _try(work, case, [case], purpose=purpose, typed=typed)
    if result.accepted and purpose == "enter":
        work.audit("case:entered", case=case)
    return result


def _try(work: Work, case: Case, together: Sequence[Case], *, purpose: str, typed: str) -> CodeResult:
    code = work.session.scalars(
        select(Code)
        .where(Code.case_id.in_([one.id for one in together]), Code.purpose == purpose)
        .order_by(Code.id.desc())
        .limit(1)
    ).first()
    result = _judge(work, code, typed)
    if result in (CodeResult.WRONG, CodeResult.USED_UP) and code is not None:
        work.audit("code:failed", case=case, facts={"purpose": purpose, "tries": code.attempts})
    return result


def _judge(work: Work, code: Code | None, typed: str) -> CodeResult:
    if code is None:
        return CodeResult.WRONG
    if code.used_at is not None:
        return CodeResult.USED
    if code.attempts >= TRIES:
        return CodeResult.USED_UP
    if work.real_now >= code.expires_at:
        return CodeResult.EXPIRED
    if same_code(typed, plain_code(work, code)):
        code.used_at = work.real_now
        return CodeResult.ACCEPTED
    code.attempts += 1
    return CodeResult.USED_UP if code.attempts >= TRIES else CodeResult.WRONG


def confirm(work: Work, reference: str, typed: str) -> CodeResult:
    """The person confirms with the code all that they asked together: their address is proven, and nothing else that
    they typed. The code is that of any of these requests."""
    together = _asked_together(work, reference)
    case = next((one for one in together if one.reference == read_reference(reference)), None)
    if case is None:
        return CodeResult.WRONG
    result = _try(work, case, together, purpose="confirm", typed=typed)
    waiting = [one for one in together if one.status == "unverified"] if result.accepted else []
    for one in waiting:
        for row in work.session.scalars(select(Identity).where(Identity.case_id == one.id, Identity.kind == "email")):
            row.proven_by, row.proven_at = PROVEN_BY, work.now
        advance(work, one, "confirm", facts={"proof": PROVEN_BY})
    if waiting:
        letters.acknowledge(work, waiting[0])
    for one in waiting:
        ladder.settle(work, one)
        _run_by_itself(work, policy_of(work, one), one)
    return result


def _asked_together(work: Work, reference: str) -> Sequence[Case]:
    """The requests of one submission, held in one order whichever of them is named: two tries at once do not block each
    other for good."""
    submission = select(Case.submission).where(Case.reference == read_reference(reference)).scalar_subquery()
    return work.session.scalars(
        select(Case).where(Case.submission == submission).order_by(Case.id).with_for_update()
    ).all()


def _run_by_itself(work: Work, policy: Policy, case: Case) -> None:
    """With no approvers the portal goes on alone, until something needs a person's eye."""
    alone = policy.offer(case.right).approvers == 0 and bool(policy.file.connections)
    if alone and case.right in PACKAGED and case.status == "open":
        collection.start(work, case)


def _new_code(work: Work, case: Case, purpose: str) -> Code:
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


def plain_code(work: Work, code: Code) -> str:
    """The digits, made from the stored nonce with a key that the database does not hold; only the mail gets them."""
    return code_from(work.keyring.digest("code", f"{code.case_id}/{code.purpose}/".encode() + code.nonce))
