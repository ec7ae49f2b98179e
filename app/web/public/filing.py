"""A request being made: form, check, send, and the page that says what was received and until when (Art. 12(2), 15)."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, NotFound
from app.domain.filing import checked
from app.domain.permissions import Actor
from app.queries import cases
from app.services import intake
from app.web.forms import Form
from app.web.guard import public
from app.web.language import language
from app.web.limits import DAY, HOUR, network, slow_down
from app.web.owner import Place, place
from app.web.public import drafts
from app.web.public.blueprint import blueprint
from app.web.public.forms import FORMS, NAMES, filing_of
from app.web.transaction import reading, writing
from app.web.vault.forms import CodeForm


@blueprint.route("/c/<slug>/<right>/", methods=["GET", "POST"])
@public
def form(slug: str, right: str) -> ResponseReturnValue:
    """The questions; answers that hold are kept for 24 hours and shown for a last look."""
    here = _offered(slug, right)
    typed = FORMS[right].of_request(_answers(here, right))
    if typed.accepted() and _holds(typed, here, right):
        return _kept(here, right, typed)
    return _page("form", here, right, form=typed, gone=request.args.get("kept") == "no")


@blueprint.route("/c/<slug>/<right>/check/", methods=["GET", "POST"])
@public
def check(slug: str, right: str) -> ResponseReturnValue:
    """All answers on one page with a way to change each; pressing the button twice gives one request."""
    here = _offered(slug, right)
    answers = _answers(here, right)
    if answers is None:
        return redirect(_path(here, right) + ("sent/" if _sent(here) else "?kept=no"), code=303)
    asked = Form.of_request()
    if asked.accepted() and _send(here, right, answers, asked):
        return redirect(f"{_path(here, right)}sent/", code=303)
    return _page("check", here, right, form=asked, answers=answers)


@blueprint.get("/c/<slug>/<right>/sent/")
@public
def sent(slug: str, right: str) -> ResponseReturnValue:
    """What was received, when the answer is due and how that was counted, and where the mailed code goes."""
    here = _offered(slug, right)
    references = _sent(here)
    if not references:
        return redirect(_path(here, right), code=303)
    # Whoever sent it may see what they sent, and nothing that the organisation adds: that needs the code.
    who = Actor("person", references=frozenset(references))
    with reading(here.controller_id, who=who) as work:
        case = cases.view(work, references[0])
    if case.status != "unverified":
        return redirect(f"/case/{case.reference}/", code=303)
    return _page("sent", here, right, case=case, form=CodeForm.of_request())


def _offered(slug: str, right: str) -> Place:
    here = place(slug)
    if right not in FORMS or right not in here.policy.file.rights:
        raise NotFound
    return here


def _path(here: Place, right: str) -> str:
    return f"/c/{here.owner.slug}/{right}/"


def _page(name: str, here: Place, right: str, **shown: Any) -> ResponseReturnValue:
    return render_template(
        f"public/{name}.html",
        owner=here.owner,
        timezone=here.timezone,
        controller=here.policy.file.controller,
        right=right,
        law=here.policy.right(right),
        offer=here.policy.offer(right),
        path=_path(here, right),
        **shown,
    ), 422 if getattr(shown.get("form"), "failed", False) else 200


def _answers(here: Place, right: str) -> dict[str, Any] | None:
    token = drafts.held()
    if token is None:
        return None
    with reading(here.controller_id) as work:
        found = intake.read_draft(work, token)
    return found[1] if found and found[0] == right else None


def _sent(here: Place) -> tuple[str, ...]:
    token = drafts.held()
    if token is None:
        return ()
    with reading(here.controller_id) as work:
        filed = intake.already_filed(work, token)
    return filed.references if filed else ()


def _holds(typed: Form, here: Place, right: str) -> bool:
    """Whether the verb would take these answers: faults show beside the fields, long before anything is sent."""
    try:
        checked(
            filing_of(right, typed.data, language=_language(here)),
            offered=here.policy.file.rights,
            languages=here.policy.file.controller.languages,
        )
    except Invalid as fault:
        typed.blame(fault, names=NAMES)
        return False
    return True


def _kept(here: Place, right: str, typed: Form) -> Response:
    slow_down("draft", network(), limit=100, seconds=HOUR)
    with writing(here.controller_id) as work:
        token = intake.save_draft(work, token=drafts.held(), kind=right, answers=typed.data)
    return drafts.hand_over(
        make_response(redirect(f"{_path(here, right)}check/", code=303)), token, path=_path(here, right)
    )


def _send(here: Place, right: str, answers: dict[str, Any], asked: Form) -> bool:
    filing = filing_of(right, answers, language=_language(here))
    slow_down("file", network(), limit=30, seconds=HOUR)
    # Nobody's mailbox is filled by others who type their address (FIELD, attack 9).
    slow_down("file-to", filing.identities.get("email", "").casefold(), limit=10, seconds=DAY)
    try:
        with writing(here.controller_id) as work:
            intake.file(work, here.policy, filing, draft_token=drafts.held())
    except Invalid as fault:
        asked.blame(fault, names=NAMES)
        return False
    return True


def _language(here: Place) -> str:
    """The reader's language where the organisation writes it, else the organisation's own."""
    offered = here.policy.file.controller.languages
    return language() if language() in offered else offered[0]
