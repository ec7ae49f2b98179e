"""The small mails (Art. 12(2)): receipts and codes that point to the request's page and carry nothing of its data."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.domain.citing import Article
from app.domain.permissions import SYSTEM
from app.domain.policy import Controller, say
from app.models.cases import Case, Code
from app.models.fulfilment import Package
from app.portal import Portal
from app.queries import representation
from app.queries.policies import policy_of
from app.queries.reading import address_for, clock_of, load_by_id
from app.services import mail_caps
from app.services.posting import mail_to, message_key
from app.services.stationery import Words, language_of
from app.services.verification import plain_code
from app.work import Attempt, Work


@dataclass(frozen=True, slots=True)
class Addressed:
    """A text's facts, gathered inside a transaction and rendered outside it."""

    to: str | None
    language: str
    controller: Controller
    context: dict[str, Any]


def send_mail(portal: Portal, attempt: Attempt) -> None:
    """The job: render one mail and hand it over. At least once; a repeat is the same message (Message-ID from the
    job)."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        case = work.session.scalars(select(Case).where(Case.id == attempt.case_id)).one()
        template, code_id = attempt.arguments["template"], attempt.arguments.get("code")
        code = work.session.scalars(select(Code).where(Code.id == code_id)).one() if code_id else None
        to = address_for(work, case, mail=template, purpose=code.purpose if code is not None else "")
        addressed = _gather(portal, work, case, to)
        if code is not None:
            addressed.context.update(code=plain_code(work, code), purpose=code.purpose)
    # Counted once however often the job is tried; what may go out then may go out later.
    goes = addressed.to is None or attempt.number > 1 or mail_caps.may_write(portal, template, addressed.to)
    if goes:
        post(portal, attempt, addressed, template=f"mail/{template}")
    with portal.work(SYSTEM, attempt.controller_id) as work:
        case = load_by_id(work, attempt.case_id or 0)
        work.audit(
            "mail:sent" if goes else "mail:held_back", case=case, facts={"mail": template, "job": attempt.job_id}
        )
        work.finish(attempt)


def _gather(portal: Portal, work: Work, case: Case, to: str | None) -> Addressed:
    policy = policy_of(work, case)
    personal = work.unseal_for(case, case.personal, place="personal")
    controller, right = policy.file.controller, policy.right(case.right)
    language = language_of(case.language, policy.file)
    package = work.session.scalars(
        select(Package).where(Package.case_id == case.id, Package.released_at.is_not(None)).order_by(Package.id.desc())
    ).first()
    return Addressed(
        to=to,
        language=language,
        controller=controller,
        context={
            "name": representation.name_for(work, case, to, personal["name"]),
            "acting": representation.told(work, case),
            "reference": case.reference,
            "controller": controller,
            "right_title": say(right.title, language),
            "right_article": Article(right.article),
            "received_at": case.received_at,
            "timezone": controller.timezone,
            "clock": clock_of(work, case, policy),
            "status": case.status,
            "cases": _asked_together(work, case, language),
            "expires_at": package.expires_at if package else None,
            "rows": package.rows if package else None,
            "case_url": f"{portal.settings.base_url}{representation.page_for(work, case, to)}",
            "base_url": portal.settings.base_url,
        },
    )


def _asked_together(work: Work, case: Case, language: str) -> list[dict[str, Any]]:
    """Everything that was asked for in one go, what is due first first."""
    rows = work.session.scalars(
        select(Case).where(Case.submission == case.submission).order_by(Case.due_order, Case.id)
    )
    return [
        {
            "reference": row.reference,
            "right_title": say(policy_of(work, row).right(row.right).title, language),
            "clock": clock_of(work, row),
        }
        for row in rows
    ]


def post(portal: Portal, attempt: Attempt, addressed: Addressed, *, template: str) -> None:
    """Render and hand over; a case without an address (filed by post) gets no mail."""
    if addressed.to is None:
        return

    def say_it(part: str) -> str:
        return portal.renderer.render(f"{template}/{part}", language=addressed.language, **addressed.context)

    words = Words(say_it("subject.txt"), say_it("body.txt"), say_it("body.html"))
    key = message_key(portal, attempt)
    portal.mailer.send(mail_to(addressed.to, words, portal=portal, controller=addressed.controller, key=key))
