"""A request being made: form, check, send, and the page that says what was received and until when (Art. 12(2), 15)."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple, get_args

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, NotFound
from app.domain.filing import Filing, checked
from app.domain.ladder import LADDER
from app.domain.ladder_words import DO
from app.domain.messages import Message
from app.domain.permissions import Actor
from app.domain.policy_values import AnyRight
from app.domain.questions import Given, Told
from app.queries import cases, proof
from app.queries.policies import local_day
from app.services import intake, representation
from app.web import visitor
from app.web.forms import Form
from app.web.guard import public
from app.web.language import language
from app.web.limits import HOUR, mail_may_go, network, slow_down
from app.web.owner import Place, place
from app.web.public import drafts, kept, whom
from app.web.public.blueprint import blueprint
from app.web.public.forms import AskingForm, form_of
from app.web.public.kept import SEVERAL, Kept
from app.web.transaction import reading, writing
from app.web.vault.forms import CodeForm

RIGHTS = frozenset(name for part in get_args(AnyRight) for name in (get_args(part) or (part,)))


@blueprint.route("/c/<slug>/<right>/", methods=["GET", "POST"])
@public
def form(slug: str, right: str) -> ResponseReturnValue:
    """The questions; answers that hold are kept for 24 hours and shown for a last look."""
    here = place(slug)
    if right not in here.policy.forms:
        return not_offered(here, right)
    before = kept.read(here, right) or Kept((right,), about={"email": visitor.own_address()})
    choices = whom_asked(here, (right,))
    typed = form_of(here.policy.forms[right], before.of_right(right), about=True, **choices)
    now = before.with_typed(typed)
    if typed.accepted() and holds(typed, here, now):
        return save(here, right, now, on=after(here, right, now))
    return page("public/form.html", here, right, form=typed, asked=typed.asked, gone=request.args.get("kept") == "no")


def not_offered(here: Place, right: str) -> ResponseReturnValue:
    """A right that has no form here is no dead end: whatever is asked in free words is taken (Art. 12(2))."""
    if right not in RIGHTS:
        raise NotFound
    typed = form_of(here.policy.forms["other"], None, about=True)
    law = next((one for name, one in here.policy.regime.rights.items() if name == right), None)
    answer, _ = page("public/not_offered.html", here, "other", form=typed, asked=typed.asked, wanted=law)
    return answer, 404


@blueprint.route("/c/<slug>/<right>/check/", methods=["GET", "POST"])
@public
def check(slug: str, right: str) -> ResponseReturnValue:
    """All answers on one page with a way to change each; pressing the button twice gives one request."""
    here = here_for(place(slug), right)
    answered = kept.read(here, right)
    if answered is None:
        return _over(here, right)
    if right == SEVERAL and (on := next_of(here, answered)) != request.path:
        return redirect(on, code=303)
    if answered.lacks_whom:
        return redirect(f"{path_of(here, right)}who/", code=303)
    asked = Form.of_request()
    if asked.accepted() and _send(here, answered, asked):
        return _to_sent(here, right)
    filing = _filing(here, answered)
    shown = {"answers": answered.about, "parts": _parts(here, right, answered), "answered": answered}
    shown |= {"signed_in": _speaks_for(filing), "further": _further(here, filing)}
    return page("public/check.html", here, right, form=asked, **shown)


@blueprint.get("/c/<slug>/<right>/sent/")
@public
def sent(slug: str, right: str) -> ResponseReturnValue:
    """What was received, when the answer is due and how that was counted, and where the mailed code goes."""
    here = here_for(place(slug), right)
    references = kept.sent(here)
    if not references:
        return redirect(path_of(here, right), code=303)
    # Whoever sent it may see what they sent, and nothing that the organisation adds: that needs the code.
    who = Actor("person", references=frozenset(references))
    with reading(here.controller_id, who=who) as work:
        found = [cases.view(work, reference) for reference in references]
    if all(case.status != "unverified" for case in found):
        return redirect(f"/case/{found[0].reference}/", code=303)
    found.sort(key=lambda case: case.clock.due or date.max)
    return page("public/sent.html", here, right, cases=found, form=CodeForm.of_request())


def _over(here: Place, right: str) -> Response:
    """The draft is gone: what it became is for the browser that sent it, and for no copy of its cookie."""
    if kept.sent(here):
        return make_response(redirect(f"{path_of(here, right)}sent/", code=303))
    if Form.of_request().accepted() and kept.sent(here, pressed_twice=True):
        return _to_sent(here, right)
    return make_response(redirect(f"{path_of(here, right)}?kept=no", code=303))


def _to_sent(here: Place, right: str) -> Response:
    answer, path = make_response(redirect(f"{path_of(here, right)}sent/", code=303)), path_of(here, right)
    return drafts.hand_over(answer, drafts.held() or "", path=path, sent=True)


def here_for(here: Place, right: str) -> Place:
    """The place, if that right can be asked for there."""
    if right != SEVERAL and right not in here.policy.forms:
        raise NotFound
    return here


def next_of(here: Place, answered: Kept) -> str:
    """Of several rights: the first page that is still to be filled in; then the check."""
    path = path_of(here, SEVERAL)
    if not answered.rights:
        return path
    waiting = next(answered.waiting(here.policy.forms), None)
    if waiting is not None:
        return f"{path}ask/{waiting}/"
    if not answered.about:
        return f"{path}you/"
    return f"{path}who/" if answered.lacks_whom else f"{path}check/"


def after(here: Place, right: str, answered: Kept) -> str:
    """Where it goes on: to the page about the other person, to one for the young, else to the check."""
    if answered.lacks_whom:
        return f"{path_of(here, right)}who/"
    if answered.is_young:
        return f"{path_of(here, right)}young/"
    return f"{path_of(here, right)}check/" if right != SEVERAL else next_of(here, answered)


def whom_asked(here: Place, rights: Collection[str]) -> dict[str, Any]:
    """What the form asks about who asks: for whom all these rights can be used, and how old one must be here."""
    return {"capacities": whom.offered(here.policy, rights), "youngest": whom.youngest(here.policy)}


class Part(NamedTuple):
    """What was answered for one of the rights asked for; `path`: where it is changed."""

    right: str
    path: str
    asked: tuple[Told, ...]


def _parts(here: Place, right: str, answered: Kept) -> list[Part]:
    filing = _filing(here, answered)
    path, forms = path_of(here, right), here.policy.forms
    return [
        Part(
            name,
            path if right != SEVERAL else f"{path}ask/{name}/",
            forms[name].told(Given(filing.details.get(name, {}), tuple(filing.grounds.get(name, ())))),
        )
        for name in answered.rights
    ]


def _further(here: Place, filing: Filing) -> list[Message]:
    """What will be asked for after the code, each once: nobody is surprised by it."""
    ways = {
        way
        for right in filing.rights
        for way in proof.foreseen(
            here.policy, right, capacity=filing.capacity, grounds=tuple(filing.grounds.get(right, ()))
        )
    }
    return [DO[way] for way in LADDER if way in ways]


def path_of(here: Place, right: str) -> str:
    """Where the pages of one request are, and where the browser keeps its place."""
    return f"/c/{here.owner.slug}/{right}/"


def page(template: str, here: Place, right: str, **shown: Any) -> tuple[str, int]:
    """A page about one right, or about several."""
    single = right != SEVERAL
    return render_template(
        template,
        owner=here.owner,
        timezone=here.timezone,
        controller=here.policy.file.controller,
        regime=here.policy.regime,
        right=right,
        law=here.policy.right(right) if single else None,
        offer=here.policy.offer(right) if single else None,
        path=path_of(here, right),
        **shown,
    ), 422 if getattr(shown.get("form"), "failed", False) else 200


def holds(typed: AskingForm, here: Place, answered: Kept) -> bool:
    """Whether the verb would take these answers: faults show beside the fields, long before anything is sent. What
    other pages ask is judged there."""
    try:
        checked_here(here, answered)
    except Invalid as fault:
        names = typed.names()
        ours = {
            path: words for path, words in fault.fields.items() if names.get(path, path) in typed or not _paged(path)
        }
        if ours:
            typed.blame(Invalid(ours), names=names)
            return False
    return True


def _paged(path: str) -> bool:
    """Whether some page asks for it."""
    return path.partition(".")[0] in {"name", "identities", "details", "grounds", "representation", "company"}


def save(here: Place, right: str, answered: Kept, *, on: str) -> Response:
    """Keep the answers, let the browser find them again, and lead on."""
    slow_down("draft", network(), limit=100, seconds=HOUR)
    token = kept.keep(here, right, answered)
    return drafts.hand_over(make_response(redirect(on, code=303)), token, path=path_of(here, right))


def _send(here: Place, answered: Kept, asked: Form) -> bool:
    filing = _filing(here, answered)
    slow_down("file", network(), limit=30, seconds=HOUR)
    mails, signed_in = mail_may_go(), _speaks_for(filing)
    try:
        with writing(here.controller_id) as work:
            filed = intake.file(work, here.policy, filing, draft_token=drafts.held(), mails=mails, signed_in=signed_in)
    except Invalid as fault:
        asked.blame(fault)
        return False
    if signed_in:
        visitor.let_into(*filed.references)
    return True


def _speaks_for(filing: Filing) -> bool:
    """Whether who is signed in has shown before that the address is theirs: then no code is needed."""
    return filing.capacity == "self" and visitor.speaks_for(filing.identities.get("email", ""))


def _filing(here: Place, answered: Kept) -> Filing:
    return answered.filing(here.policy.forms, language=_language(here), youngest=whom.youngest(here.policy))


def checked_here(here: Place, answered: Kept) -> Filing:
    """The answers as the verb would take them; Invalid names what it would not."""
    controller = here.policy.file.controller
    room = representation.room(here.policy, local_day(visitor.portal().clock.now(), controller.timezone))
    return checked(
        _filing(here, answered), forms=here.policy.forms, languages=controller.languages,
        contact=controller.contact.email, room=room,
    )  # fmt: skip


def _language(here: Place) -> str:
    """The reader's language where the organisation writes it, else the organisation's own."""
    offered = here.policy.file.controller.languages
    return language() if language() in offered else offered[0]
