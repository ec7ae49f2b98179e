"""Where a request stands, in words: what happens next, until when and why, what was sent, and how to complain (Art. 12)."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.policy_values import say
from app.queries import cases
from app.queries.cases import CaseView
from app.services import policies
from app.web import visitor
from app.web.language import language
from app.web.owner import owner_of
from app.web.transaction import reading


def page(reference: str) -> ResponseReturnValue:
    """The status page for the person behind this browser, who has been let in."""
    case, shown = look(reference)
    return render_template("vault/status.html", case=case, **shown)


def look(reference: str) -> tuple[CaseView, dict[str, Any]]:
    """The case as its person sees it, and what the page around it needs."""
    who = visitor.person()
    place = policies.find_case(visitor.portal(), reference)
    assert place is not None  # the session was let into it
    with reading(place.controller_id, who=who) as work:
        case = cases.view(work, reference)
        policy = policies.current(work)
    controller, regime = policy.file.controller, policy.regime
    return case, {
        "owner": owner_of(policy),
        "timezone": controller.timezone,
        "controller": controller,
        "regime": regime,
        "authority": regime.complaint.lead(controller.country),
        "say": lambda text: say(text, language()),
    }
