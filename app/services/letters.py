"""What the portal writes to the person: mails that point to the page, and letters kept byte for byte (Art. 12(1),
12(4))."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.deadlines import Clock
from app.domain.errors import NotFound
from app.domain.messages import Message
from app.domain.permissions import SYSTEM, can
from app.domain.policy import say
from app.gateways.crypto import seal, unseal
from app.gateways.mail import Mail
from app.gateways.reporting import letter_style
from app.models.cases import Case, Code, Letter
from app.models.fulfilment import Package
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.reading import address_of, clock_of, facts_of, load, load_by_id
from app.services.decisions import check_refusal, refusal_facts
from app.services.verification import plain_code
from app.work import Attempt, Work

TITLES = {"refusal": Message("Decision on your request")}


@dataclass(frozen=True, slots=True)
class Addressed:
    """A text's facts, gathered inside a transaction and rendered outside it."""

    to: str | None
    language: str
    context: dict[str, Any]


def send_mail(portal: Portal, attempt: Attempt) -> None:
    """The job: render one mail and hand it over. At least once; a repeat is the same message (Message-ID from the
    job)."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        case = work.session.scalars(select(Case).where(Case.id == attempt.case_id)).one()
        addressed = _gather(portal, work, case)
        if code_id := attempt.arguments.get("code"):
            code = work.session.scalars(select(Code).where(Code.id == code_id)).one()
            addressed.context.update(code=plain_code(work, code), purpose=code.purpose)
    _post(portal, attempt, addressed, template=f"mail/{attempt.arguments['template']}")
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case = load_by_id(work, attempt.case_id or 0)
        work.audit("mail:sent", case=case, facts={"mail": attempt.arguments["template"], "job": attempt.job_id})
        work.finish(attempt)


def write_letter(portal: Portal, attempt: Attempt) -> None:
    """The job: write a letter as PDF, keep it with its hash, and send its words by mail."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        letter = work.session.scalars(select(Letter).where(Letter.id == attempt.arguments["letter"])).one()
        case = work.session.scalars(select(Case).where(Case.id == attempt.case_id)).one()
        addressed = _gather(portal, work, case)
        inputs = work.unseal_for(case, letter.inputs, place="letter")
        addressed.context.update(refusal_facts(work, case, inputs), written_at=letter.written_at)
        kept = unseal(letter.document, work.key_of(case), bound_to=_place(case, letter)) if letter.document else None
    document = kept or portal.pdf.print(_refusal_page(portal, addressed))
    _post(portal, attempt, addressed, template="mail/case-refused")
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case = load_by_id(work, attempt.case_id or 0)
        letter = work.session.scalars(select(Letter).where(Letter.id == attempt.arguments["letter"])).one()
        letter.document = seal(document, work.key_of(case), bound_to=_place(case, letter))
        letter.sha256 = hashlib.sha256(document).hexdigest()
        letter.sent_at = work.now
        work.audit("letter:sent", case=case, facts={"letter": letter.kind, "sha256": letter.sha256})
        work.finish(attempt)


def preview_refusal(portal: Portal, work: Work, reference: str, *, ground: str, reason: str) -> str:
    """The letter as it would be sent, as HTML, for the desk to read before deciding."""
    case = load(work, reference)
    inputs = check_refusal(work, case, ground=ground, reason=reason)
    addressed = _gather(portal, work, case)
    addressed.context.update(refusal_facts(work, case, inputs), written_at=work.now)
    return _refusal_page(portal, addressed)


def open_letter(work: Work, reference: str, letter_id: str) -> bytes:
    """The PDF of a letter that was sent; NotFound when this reader has no such letter."""
    case = load(work, reference)
    allowed = can(work.actor, "letter:open", facts_of(case)) or can(work.actor, "case:view", facts_of(case))
    letter = work.session.scalars(
        select(Letter).where(Letter.case_id == case.id, Letter.public_id == letter_id)
    ).one_or_none()
    if not allowed or letter is None or letter.document is None:
        raise NotFound
    work.audit("letter:opened", case=case, facts={"letter": letter.kind})
    return unseal(letter.document, work.key_of(case), bound_to=_place(case, letter))


def _place(case: Case, letter: Letter) -> bytes:
    return f"{case.reference}/letter/{letter.public_id}".encode()


def _gather(portal: Portal, work: Work, case: Case) -> Addressed:
    policy = policy_of(work, case)
    personal = work.unseal_for(case, case.personal, place="personal")
    controller, right = policy.file.controller, policy.right(case.right)
    clock: Clock = clock_of(work, case, policy)
    language = case.language
    package = work.session.scalars(
        select(Package).where(Package.case_id == case.id, Package.released_at.is_not(None)).order_by(Package.id.desc())
    ).first()
    return Addressed(
        to=address_of(work, case),
        language=language,
        context={
            "name": personal["name"],
            "reference": case.reference,
            "controller": controller,
            "right_title": say(right.title, language),
            "right_article": right.article,
            "received_at": case.received_at,
            "timezone": controller.timezone,
            "clock": clock,
            "status": case.status,
            "expires_at": package.expires_at if package else None,
            "rows": package.rows if package else None,
            "case_url": f"{portal.settings.base_url}/case/{case.reference}/",
            "base_url": portal.settings.base_url,
        },
    )


def _refusal_page(portal: Portal, addressed: Addressed) -> str:
    return portal.renderer.render(
        "letters/refusal.html", language=addressed.language, style=letter_style(), **addressed.context
    )


def _post(portal: Portal, attempt: Attempt, addressed: Addressed, *, template: str) -> None:
    """Render and hand over; a case without an address (filed by post) gets no mail."""
    if addressed.to is None:
        return
    controller = addressed.context["controller"]

    def say_it(part: str) -> str:
        return portal.renderer.render(f"{template}/{part}", language=addressed.language, **addressed.context)

    key = portal.keyring.digest("message-id", f"job/{attempt.job_id}".encode())
    portal.mailer.send(
        Mail(
            key=b64encode(key[:18], altchars=b"-_").decode(),
            to=addressed.to,
            sender_name=controller.name,
            sender=f"no-reply@{portal.settings.host}",
            subject=say_it("subject.txt"),
            text=say_it("body.txt"),
            html=say_it("body.html"),
            sent_at=portal.clock.real(),
            headers={"Reply-To": controller.contact.email},
        )
    )
