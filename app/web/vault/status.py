"""Where a request stands: what happens next, until when and why, what was sent, how to complain (Art. 12)."""

from typing import Any, Final

from flask import render_template, request

from app.domain.messages import Message
from app.queries import cases, conversation, policies, reading
from app.queries.cases import CaseView
from app.services import verdicts
from app.web import visitor
from app.web.forms import Form
from app.web.language import language, offer
from app.web.owner import owner_of
from app.web.transaction import glancing
from app.web.vault.forms import MessageForm
from app.web.vault.place import controller_of
from app.web.vault.way import way

DONE: Final = {
    "clarify": Message("Your answer is there. Thank you."),
    "withdraw": Message("Your request is withdrawn."),
    "complain": Message("Your complaint is there. We confirm it by e-mail."),
    "message": Message("Your message is there."),
}


def page(reference: str, *, writes: Form | None = None) -> str:
    """The status page for the person behind this browser, who has been let in; `writes` is a message with a fault."""
    case, shown = look(reference)
    form = writes or MessageForm.of_request()
    done = DONE.get(request.args.get("done", ""))
    return render_template("vault/status.html", case=case, way=way(case), form=form, done=done, **shown)


def look(reference: str) -> tuple[CaseView, dict[str, Any]]:
    """The case as its person sees it, and what the page around it needs."""
    who = visitor.person()
    with glancing(controller_of(reference), who=who) as work:
        found = reading.whole(work, reference)
        case = cases.view_of(work, found)
        policy = policies.pinned(work, case.policy_version, case.regime_version)
        messages = conversation.thread_in(work, found)
        offer(policy.file.controller.languages, case=case.language)
        verdict = verdicts.against(work, found.case, language=language())
    controller, regime = policy.file.controller, policy.regime
    return case, {
        "owner": owner_of(policy),
        "timezone": controller.timezone,
        "controller": controller,
        "regime": regime,
        "messages": messages,
        "verdict": verdict,
        "authority": regime.complaint.lead(controller.country),
    }
