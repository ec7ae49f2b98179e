"""The complaint pack (G-9; Art. 77): one PDF with which the person of a request shows an authority what happened."""

from collections.abc import Mapping
from typing import Any, Final

from app.catalogs import NAMES
from app.domain import complaints
from app.domain.authorities import Authority
from app.domain.citing import cite
from app.domain.deadlines import Fact
from app.domain.errors import Invalid, NotFound
from app.domain.identity import text_fault, tidy
from app.domain.labels import OUTCOME, STATUS_FOR_PERSON, label
from app.domain.permissions import Actor, can
from app.domain.policy import say
from app.gateways.reporting import letter_style
from app.portal import Portal
from app.queries import cases, reading
from app.queries.cases import CaseView
from app.queries.policies import Policy, local_day, policy_of
from app.queries.reading import facts_of
from app.services import letter_facts
from app.services.stationery import language_of
from app.work import Work

LONGEST: Final = 4000


def print_pack(
    portal: Portal, actor: Actor, controller_id: int, reference: str, *, authority: Authority, typed: str
) -> bytes:  # fmt: skip
    """The pack as PDF. What is `typed` about the complaint stands on the paper; it and the authority are kept
    nowhere."""
    words = _checked(typed)
    with portal.work(actor, controller_id) as work:
        found = reading.whole(work, reference)
        if not can(work.actor, "letter:open", facts_of(found.case)):
            raise NotFound
        view, policy = cases.view_of(work, found), policy_of(work, found.case)
        language = language_of(view.language, policy.file)
        facts = _facts(work, view, policy, found.facts, language=language)
        work.audit("complaint:packed", case=reading.load(work, reference))
    facts |= {"authority": authority, "typed": words}
    return portal.pdf.print(portal.renderer.render("forms/complaint_pack.html", language=language, **facts))


def _checked(typed: str) -> str:
    """What was typed; Invalid for what cannot stand on paper."""
    words = tidy(typed)
    if (fault := text_fault(words, max_length=LONGEST, lines=True)) is not None:
        raise Invalid({"typed": fault})
    return words


def _facts(
    work: Work, view: CaseView, policy: Policy, told: tuple[Fact, ...], *, language: str
) -> dict[str, Any]:  # fmt: skip
    """What the person sees of their request, and nothing else: no notes, no names of staff."""
    stopped = next((fact.at for fact in reversed(told) if fact.kind == "stopped"), None)
    answered = stopped if view.clock.state == "stopped" else None
    day = local_day(answered or work.now, view.timezone)
    return {
        **letter_facts.paper(policy.file, policy.regime, language, written_at=work.now),
        "language_name": NAMES.get(language, language),
        "case": view,
        "reference": view.reference,
        "received_at": view.received_at,
        "right_title": say(view.right_title, language),
        "right_article": cite(view.right_article, language),
        "asked": [(one.label, [_said(line.text, language) for line in one.lines]) for one in view.asked if one.lines],
        "answered": answered,
        "extended": _extended(view, policy, told, language),
        "late": complaints.late_by(view.clock, day),
        "standing": label(OUTCOME, view.outcome) if view.outcome else label(STATUS_FOR_PERSON, view.status),
        "letters": [one for one in view.letters if one.sent_at is not None],
        "style": letter_style(),
    }


def _extended(view: CaseView, policy: Policy, told: tuple[Fact, ...], language: str) -> dict[str, Any] | None:
    """When the time was made longer, and why; None where it stands as it began."""
    extension = policy.regime.rule(view.right).extension
    fact = next((one for one in reversed(told) if one.kind == "extended"), None)
    if extension is None or fact is None or not view.clock.extended:
        return None
    reason = extension.reasons.get(str(fact.data.get("reason")))
    return {"at": fact.at, "why": say(reason, language) if reason else ""}


def _said(text: object, language: str) -> object:
    """A text of the law or of the organisation's file in one language; a sentence or typed words as they are."""
    return say(dict(text), language) if isinstance(text, Mapping) else text
