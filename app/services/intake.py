"""Filing (Art. 12(2), 15 GDPR): answers are kept while they are typed, and become one case per right when they are
sent."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app.domain.deadlines import check_receipt
from app.domain.filing import Filing, checked
from app.domain.identity import new_reference
from app.domain.questions import Given
from app.models.cases import Case, Draft, Identity
from app.models.cases import Filing as FilingRow
from app.queries.policies import Policy, local_day, received_on
from app.queries.reading import address_of, identity_digest
from app.services import representation, verification
from app.services.casework import record_fact
from app.work import Work

DRAFT_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Filed:
    """What a submission became: one reference per right, in the order asked."""

    submission: str
    references: tuple[str, ...]


def save_draft(work: Work, *, token: str | None, kind: str, answers: Mapping[str, object]) -> str:
    """Keep the answers for 24 hours; gives the token under which only this browser finds them again."""
    row = _draft(work, token) if token else None
    if row is None or token is None or row.kind != kind:
        token = secrets.token_urlsafe(32)
        row = Draft(token_hash=_draft_hash(work, token), kind=kind, answers=b"", expires_at=work.real_now)
        work.session.add(row)
    row.answers = work.keyring.lock_up(json.dumps(answers).encode(), bound_to=b"draft/" + row.token_hash)
    row.expires_at = work.real_now + DRAFT_LIFETIME
    return token


def read_draft(work: Work, token: str) -> tuple[str, dict[str, Any]] | None:
    """The kind of form and its answers, or None when there are none (any more)."""
    row = _draft(work, token)
    if row is None:
        return None
    answers: dict[str, Any] = json.loads(work.keyring.unlock(row.answers, bound_to=b"draft/" + row.token_hash))
    return row.kind, answers


def drop_draft(work: Work, token: str) -> None:
    """Forget the answers."""
    work.session.execute(delete(Draft).where(Draft.token_hash == _draft_hash(work, token)))


def _draft(work: Work, token: str) -> Draft | None:
    return work.session.scalars(
        select(Draft).where(Draft.token_hash == _draft_hash(work, token), Draft.expires_at > work.real_now)
    ).one_or_none()


def _draft_hash(work: Work, token: str) -> bytes:
    return work.keyring.digest("draft", token.encode())


def already_filed(work: Work, draft_token: str, *, within: timedelta | None = None) -> Filed | None:
    """What this draft became when its button was pressed the first time, if it was; and that not longer ago."""
    row = work.session.scalars(
        select(FilingRow).where(FilingRow.draft_hash == _draft_hash(work, draft_token))
    ).one_or_none()
    if row is None or (within is not None and work.now > row.filed_at + within):
        return None
    references = work.session.scalars(
        select(Case.reference).where(Case.submission == row.submission).order_by(Case.id)
    ).all()
    return Filed(row.submission, tuple(references))


def file(
    work: Work, policy: Policy, filing: Filing, *, draft_token: str | None = None, mails: bool = True,
    signed_in: bool = False,
) -> Filed:  # fmt: skip
    """File a submission: one case per right, its clock started; one receipt with one code on its way by mail.

    With `draft_token` a second call gives the first one's cases (double click, two tabs). Without `mails` the first
    code is not sent: the person asks for it later; `signed_in` needs none. Raises Invalid with field paths.
    """
    if draft_token is not None:
        work.lock(f"draft:{_draft_hash(work, draft_token).hex()}")
        if earlier := already_filed(work, draft_token):
            return earlier
    policy = received_on(work, policy, filing.received_at or work.now)
    controller = policy.file.controller
    room = representation.room(policy, local_day(work.now, controller.timezone))
    sound = checked(
        filing, forms=policy.forms, languages=controller.languages, contact=controller.contact.email, room=room
    )
    representation.check_count(work, sound)
    if sound.received_at is not None:
        check_receipt(
            sound.received_at,
            now=work.now,
            holds_from=policy.regime.holds_from,
            timezone=controller.timezone,
        )
    submission = new_reference()
    cases = [_open_case(work, policy, sound, right=right, submission=submission) for right in sound.rights]
    reachable, alone = mails and address_of(work, cases[0]) is not None, sound.capacity == "self"
    verification.begin(work, cases, has_address=reachable, signed_in=signed_in and alone)
    if draft_token is not None:
        row = FilingRow(draft_hash=_draft_hash(work, draft_token), submission=submission, filed_at=work.now)
        work.session.add(row)
        drop_draft(work, draft_token)
    return Filed(submission, tuple(case.reference for case in cases))


def _open_case(work: Work, policy: Policy, filing: Filing, *, right: str, submission: str) -> Case:
    case = Case(
        reference=new_reference(),
        submission=submission,
        right=right,
        status="open" if filing.proof else "unverified",
        policy_version_id=policy.version_id,
        regime_version=str(policy.regime.version),
        language=filing.language,
        channel=filing.channel,
        capacity=filing.capacity,
        personal=b"",
        received_at=filing.received_at or work.now,
        filed_at=work.now,
    )
    work.give_key(case)
    work.session.add(case)
    work.flush()
    case.personal = work.seal_for(case, _personal(policy, filing, right), place="personal")
    for kind in filing.identities:
        work.session.add(_identity(work, case, filing, kind))
    representation.write_down(work, policy, case, filing)
    record_fact(work, case, "received")
    work.audit(
        "case:filed",
        case=case,
        facts={
            "right": right,
            "channel": filing.channel,
            "policy_version": policy.number,
            "regime_version": policy.regime.version,
            "received_at": case.received_at.isoformat(),
            "identities": sorted(filing.identities),
            "proof": filing.proof.method if filing.proof else None,
            "capacity": filing.capacity,
        },
        personal={"proof_note": filing.proof.note} if filing.proof else None,
    )
    return case


def _personal(policy: Policy, filing: Filing, right: str) -> dict[str, Any]:
    """What is kept of what a person said about one right: the answers, the grounds, and the things to decide on."""
    given = Given(filing.details.get(right, {}), tuple(filing.grounds.get(right, ())))
    items = policy.forms[right].items(given, filing.language)
    under = {"under": filing.under} if filing.under is not None else {}
    company = {"company": filing.company.stored} if filing.company is not None else {}
    return {"name": filing.name, "details": dict(given.details), "grounds": list(given.grounds), "items": list(items),
            **under, **company}  # fmt: skip


def _identity(work: Work, case: Case, filing: Filing, kind: str) -> Identity:
    value = filing.identities[kind]
    return Identity(
        case_id=case.id,
        kind=kind,
        value=work.seal_for(case, value, place=f"identity/{kind}"),
        digest=identity_digest(work, kind, value),
        proven_by=filing.proof.method if filing.proof else None,
        proven_at=work.now if filing.proof else None,
    )
