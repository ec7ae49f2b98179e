"""Where a request stands: what happens next, until when and why, what was sent, how to complain (Art. 12)."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.queries import cases, policies
from app.queries.cases import CaseView
from app.web import visitor
from app.web.language import offer
from app.web.owner import owner_of
from app.web.transaction import glancing
from app.web.vault.place import controller_of
from app.web.vault.way import way


def page(reference: str) -> ResponseReturnValue:
    """The status page for the person behind this browser, who has been let in."""
    case, shown = look(reference)
    return render_template("vault/status.html", case=case, way=way(case), **shown)


def look(reference: str) -> tuple[CaseView, dict[str, Any]]:
    """The case as its person sees it, and what the page around it needs."""
    who = visitor.person()
    with glancing(controller_of(reference), who=who) as work:
        case = cases.view(work, reference)
        policy = policies.pinned(work, case.policy_version, case.regime_version)
    controller, regime = policy.file.controller, policy.regime
    offer(controller.languages, case=case.language)
    return case, {
        "owner": owner_of(policy),
        "timezone": controller.timezone,
        "controller": controller,
        "regime": regime,
        "authority": regime.complaint.lead(controller.country),
    }
