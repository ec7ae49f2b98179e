"""Where a request stands: what happens next, until when and why, what was sent, how to complain (Art. 12)."""

from datetime import timedelta
from typing import Any, Final

from flask import render_template, request

from app.domain import evidence as evidence_words
from app.domain import ladder_words
from app.domain.facts import FactsResult
from app.domain.messages import Message
from app.queries import cases, conversation, evidence, policies, proof, reading, signed_form, two_facts
from app.queries.cases import CaseView
from app.services import verdicts
from app.web import visitor
from app.web.forms import Form
from app.web.language import language, offer
from app.web.owner import owner_of
from app.web.transaction import glancing
from app.web.vault import paper
from app.web.vault.facts_form import answers_form
from app.web.vault.forms import FilesForm, MessageForm
from app.web.vault.place import controller_of
from app.web.vault.way import way

DONE: Final = {
    "clarify": Message("Your answer is there. Thank you."),
    "withdraw": Message("Your request is withdrawn."),
    "complain": Message("Your complaint is there. We confirm it by e-mail."),
    "revoke_representation": Message("Nobody acts for the person in this request any more."),
    "message": Message("Your message is there."),
    "evidence": Message("Your files are there."),
    "two_facts": FactsResult.RIGHT.message,
    "another_way": Message("Below is another way to show who you are."),
}


def page(
    reference: str, *, writes: Form | None = None, sends: Form | None = None, lines: Form | None = None,
    scan: Form | None = None, answers: Form | None = None,
) -> str:  # fmt: skip
    """The status page for the person behind this browser, who has been let in. What came with a fault: `writes` is a
    message, `sends` are files, `lines` what shall stand on a form to sign, `scan` that form, `answers` those to the
    two questions."""
    case, shown = look(reference)
    writes = writes or MessageForm.of_request()
    begun = {"purpose": "mandate" if case.represented else "identity"} if case.status == "proof_needed" else None
    faulty = sends or lines or scan or answers or writes
    forms = {"writes": writes, "sends": sends or FilesForm.of_request(begun), "form": faulty}
    if shown["paper"] is not None:
        forms |= {"lines": lines or paper.lines_form(shown["paper"]), "scan": scan or paper.ScanForm.of_request()}
    if shown["questions"]:
        forms["replies"] = answers or answers_form(shown["questions"])
    done = DONE.get(request.args.get("done", ""))
    return render_template("vault/status.html", case=case, way=way(case), done=done, **forms, **shown)


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
        files = evidence.files_in(work, found.case)
        stands = proof.standing(work, found.case, policy) if case.status == "proof_needed" else None
        on_paper = stands is not None and stands.asked == "signed_form"
        form = signed_form.form_of(work, found.case) if on_paper else None
        questions = (
            two_facts.questions_of(work, found.case, policy, language=language())
            if stands is not None and stands.asked == "two_facts"
            else ()
        )
        kept_until = (work.now + timedelta(days=policy.regime.evidence_days)).date()
    controller, regime = policy.file.controller, policy.regime
    return case, {
        "owner": owner_of(policy),
        "timezone": controller.timezone,
        "controller": controller,
        "regime": regime,
        "messages": messages,
        "verdict": verdict,
        "files": files,
        "standing": stands,
        "paper": form,
        "questions": questions,
        "ladder_words": ladder_words,
        "kept_until": kept_until,
        "evidence_words": evidence_words,
        "authority": regime.complaint.lead(controller.country),
    }
