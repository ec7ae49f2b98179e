"""The letters to the person of a case (Art. 12(1), 12(4)): their mandatory parts are checked before a move is made, and
letter and mail are kept byte for byte as they were sent."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.letters import MAILED_FIRST, WITHOUT_CASE
from app.domain.permissions import SYSTEM, can
from app.domain.policy import Controller
from app.domain.regime import Element, LetterKind
from app.gateways.crypto import seal, unseal
from app.gateways.mail import Mail
from app.models.cases import Case, Letter
from app.portal import Portal
from app.queries import representation
from app.queries.policies import current, policy_of
from app.queries.reading import address_for, facts_of, load, load_by_id
from app.services import letter_facts, stationery
from app.services.posting import mail_to, message_key
from app.services.stationery import Draft, Words, language_of
from app.work import Attempt, Work


def send(work: Work, case: Case, kind: LetterKind, inputs: Mapping[str, object]) -> Letter:
    """Write the letter now, as it will be printed, and ask for it to be sent.

    Refused names every mandatory part that it lacks: nothing is written then.
    """
    letter = _draft(work, case, kind, inputs)
    paper = stationery.of(work)
    html = stationery.checked(paper, letter)
    words = stationery.mail(paper, letter)
    written = {"subject": words.subject, "text": words.text, "html": words.html}
    row = Letter(
        public_id=secrets.token_urlsafe(16),
        case_id=case.id,
        kind=kind,
        inputs=work.seal_for(
            case, {"given": letter_facts.plain(inputs), "page": html, "mail": written}, place="letter"
        ),
        written_at=work.now,
    )
    work.session.add(row)
    work.flush()
    work.enqueue("letter_mail" if kind in MAILED_FIRST else "letter", case=case, letter=row.id)
    return row


def acknowledge(work: Work, case: Case) -> Letter | None:
    """One acknowledgement for all rights of a submission (Art. 12(2), (3)), the first time that one of them is
    confirmed; a complaint about them gets its own.

    Nobody's request fails because the organisation has not said who can be asked: the letter is held back then, and
    the trail says why. `held_back.send_due` sends it as soon as it is complete.
    """
    known = select(Letter.id).join(Case, Case.id == Letter.case_id).where(Letter.kind == "acknowledgement")
    together = Case.id == case.id if case.right == "complaint" else Case.submission == case.submission
    if work.session.scalars(known.where(together).limit(1)).first() is not None:
        return None
    if lacking := missing(work, case, "acknowledgement", {}):
        lacked = [one.key for one in lacking]
        work.audit("letter:held_back", case=case, facts={"letter": "acknowledgement", "lacks": lacked})
        return None
    return send(work, case, "acknowledgement", {})


def missing(work: Work, case: Case, kind: LetterKind, inputs: Mapping[str, object]) -> tuple[Element, ...]:
    """Which mandatory parts the letter would lack; empty when it can be sent."""
    letter = _draft(work, case, kind, inputs)
    return stationery.missing(stationery.page(stationery.of(work), letter), letter.elements)


def preview(portal: Portal, work: Work, reference: str, kind: LetterKind, inputs: Mapping[str, object]) -> str:  # noqa: PLR0917  # the order of `send`
    """The letter as it would be sent, as HTML; Refused when it lacks something."""
    paper = stationery.Stationery(portal.renderer, portal.settings.base_url)
    return stationery.checked(paper, _draft(work, load(work, reference), kind, inputs))


def _draft(work: Work, case: Case, kind: LetterKind, inputs: Mapping[str, object]) -> Draft:
    base_url = stationery.of(work).base_url
    facts, language = letter_facts.gather(work, case, kind, inputs, base_url=base_url)
    return stationery.draft(kind, language, facts, regime=policy_of(work, case).regime, right=case.right)


def compose(work: Work, kind: LetterKind, inputs: Mapping[str, object], *, language: str | None = None) -> str:
    """A letter that belongs to no case, as HTML for the printer: to a recipient (Art. 19), to an authority or to those
    affected (Art. 33, 34), for the register. Refused when it lacks something."""
    assert kind in WITHOUT_CASE
    policy = current(work)
    spoken = language_of(language or policy.file.controller.language, policy.file)
    facts = letter_facts.gather_without_case(policy.file, policy.regime, inputs, language=spoken, written_at=work.now)
    return stationery.checked(stationery.of(work), stationery.draft(kind, spoken, facts, regime=policy.regime))


# --- The jobs


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter on its way: what is already kept of it, or what it is to be made of."""

    to: str | None
    controller: Controller
    document: bytes | None
    mail: bytes | None
    page: str
    words: Words


def write_letter(portal: Portal, attempt: Attempt) -> None:
    """The job: print the letter, keep PDF and mail with their hashes, then send.

    What was kept once is what goes out: a repeat after a crash is the same letter and the same message.
    """
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        ready = _ready(work, attempt)
    raw = ready.mail
    if ready.document is None:
        document, raw = portal.pdf.print(ready.page), _mail(portal, attempt, ready)
        with portal.work(SYSTEM, attempt.controller_id) as work:
            raw = _keep(work, attempt, document, raw)
    _post(portal, attempt, raw)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case, letter = _rows(work, attempt)
        letter.sent_at = work.now
        facts = {"letter": letter.kind, "sha256": letter.sha256, "mail_sha256": letter.mail_sha256}
        work.audit("letter:sent", case=case, facts=facts)
        work.finish(attempt)


def mail_letter(portal: Portal, attempt: Attempt) -> None:
    """The job: keep the mail with its hash, send it, and leave the printing to an idle moment.

    Until then the letter is what was sealed with it at the move; that is what will be printed.
    """
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        ready = _ready(work, attempt)
    if ready.to is None:  # on paper only
        write_letter(portal, attempt)
        return
    raw = ready.mail
    if raw is None:
        raw = _mail(portal, attempt, ready)
        with portal.work(SYSTEM, attempt.controller_id) as work:
            raw = _keep_mail(work, *_rows(work, attempt), raw)
    _post(portal, attempt, raw)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case, letter = _rows(work, attempt)
        facts = {"letter": letter.kind, "mail_sha256": letter.mail_sha256}
        work.audit("letter:sent", case=case, facts=facts)
        work.enqueue("letter_pdf", case=case, letter=letter.id, mailed_at=work.now.isoformat())
        work.finish(attempt)


def print_letter(portal: Portal, attempt: Attempt) -> None:
    """The job: print a letter whose mail is out, and keep the PDF with its hash."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        ready = _ready(work, attempt)
    document = ready.document or portal.pdf.print(ready.page)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case, letter = _rows(work, attempt)
        _keep_document(work, case, letter, document)
        letter.sent_at = datetime.fromisoformat(attempt.arguments["mailed_at"])
        work.audit("letter:printed", case=case, facts={"letter": letter.kind, "sha256": letter.sha256})
        work.finish(attempt)


def _mail(portal: Portal, attempt: Attempt, ready: Ready) -> bytes | None:
    """The mail as it will go out; None for a case without an address (filed by post), which gets its letter on
    paper."""
    if ready.to is None:
        return None
    key = message_key(portal, attempt)
    return mail_to(ready.to, ready.words, portal=portal, controller=ready.controller, key=key).as_bytes()


def _post(portal: Portal, attempt: Attempt, raw: bytes | None) -> None:
    if raw is not None:
        portal.mailer.send(Mail.of(raw, key=message_key(portal, attempt)))


def _ready(work: Work, attempt: Attempt) -> Ready:
    case, letter = _rows(work, attempt)
    made = work.unseal_for(case, letter.inputs, place="letter")
    if "page" in made:
        page, words = made["page"], Words(**made["mail"])
    else:
        draft = _draft(work, case, cast("LetterKind", letter.kind), made.get("given", made))
        paper = stationery.of(work)
        page, words = stationery.page(paper, draft), stationery.mail(paper, draft)
    return Ready(
        to=address_for(work, case, mail=letter.kind),
        controller=policy_of(work, case).file.controller,
        document=_document(work, case, letter),
        mail=_sent_mail(work, case, letter),
        page=page,
        words=words,
    )


def _keep(work: Work, attempt: Attempt, document: bytes, raw: bytes | None) -> bytes | None:
    """Write down what is about to be sent; what another worker wrote down already stays, and is sent instead."""
    case, letter = _rows(work, attempt)
    if letter.document is None:
        _keep_document(work, case, letter, document)
        return _keep_mail(work, case, letter, raw)
    return _sent_mail(work, case, letter)


def _keep_document(work: Work, case: Case, letter: Letter, document: bytes) -> None:
    """The PDF as it was printed first; what it was made of need not stay beside it."""
    if letter.document is None:
        letter.document = seal(document, work.key_of(case), bound_to=_place(case, letter))
        letter.sha256 = hashlib.sha256(document).hexdigest()
        made = work.unseal_for(case, letter.inputs, place="letter")
        letter.inputs = work.seal_for(case, {"given": made.get("given", made)}, place="letter")


def _keep_mail(work: Work, case: Case, letter: Letter, raw: bytes | None) -> bytes | None:
    """The mail as it was made first."""
    if letter.mail is None and raw is not None:
        letter.mail = seal(raw, work.key_of(case), bound_to=_place(case, letter, "mail"))
        letter.mail_sha256 = hashlib.sha256(raw).hexdigest()
    return _sent_mail(work, case, letter)


def _rows(work: Work, attempt: Attempt) -> tuple[Case, Letter]:
    letter_id = attempt.arguments["letter"]
    if work.reads_only:
        case = work.session.scalars(select(Case).where(Case.id == attempt.case_id)).one()
    else:
        case = load_by_id(work, attempt.case_id or 0)
    return case, work.session.scalars(select(Letter).where(Letter.id == letter_id)).one()


def _document(work: Work, case: Case, letter: Letter) -> bytes | None:
    sealed = letter.document
    return unseal(sealed, work.key_of(case), bound_to=_place(case, letter)) if sealed is not None else None


def _sent_mail(work: Work, case: Case, letter: Letter) -> bytes | None:
    sealed = letter.mail
    return unseal(sealed, work.key_of(case), bound_to=_place(case, letter, "mail")) if sealed is not None else None


def _place(case: Case, letter: Letter, part: str = "letter") -> bytes:
    return f"{case.reference}/{part}/{letter.public_id}".encode()


def open_letter(work: Work, reference: str, letter_id: str) -> bytes:
    """The PDF of a letter that was sent, and a trace of who opened it; NotFound when this reader has no such letter."""
    case, letter, document = _held(work, reference, letter_id)
    work.audit("letter:opened", case=case, facts={"letter": letter.kind})
    return document


def size_of(work: Work, reference: str, letter_id: str) -> int:
    """How long that PDF is, for whoever asks before opening it; NotFound as above."""
    return len(_held(work, reference, letter_id)[2])


def _held(work: Work, reference: str, letter_id: str) -> tuple[Case, Letter, bytes]:
    case = load(work, reference)
    allowed = can(work.actor, "letter:open", facts_of(case)) or can(work.actor, "case:view", facts_of(case))
    letter = work.session.scalars(
        select(Letter).where(Letter.case_id == case.id, Letter.public_id == letter_id)
    ).one_or_none()
    if not allowed or letter is None or letter.sent_at is None:
        raise NotFound
    if letter.kind in representation.ANSWERS and not representation.receives(work, case):
        raise NotFound
    document = _document(work, case, letter)
    if document is None:
        raise NotFound
    return case, letter, document
