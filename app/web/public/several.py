"""Several rights asked for together (Art. 12(2)): which, one page for each, the person once, then the check."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.questions import RightForm
from app.web.guard import public
from app.web.owner import Place, place
from app.web.public import kept
from app.web.public.blueprint import blueprint
from app.web.public.filing import after, holds, next_of, page, path_of, save, whom_asked
from app.web.public.forms import RIGHTS, AskingForm, choosing, form_of
from app.web.public.kept import SEVERAL, Kept


@blueprint.route("/c/<slug>/several/", methods=["GET", "POST"])
@public
def choose(slug: str) -> ResponseReturnValue:
    """Which rights; what was answered about one of them before is kept."""
    here = place(slug)
    before = kept.read(here, SEVERAL) or Kept()
    titles = [(name, here.policy.right(name).title) for name in here.policy.forms]
    typed = choosing(titles, {RIGHTS: list(before.rights)})
    if typed.accepted():
        chosen = Kept(tuple(typed.data[RIGHTS]), before.answers, before.about, before.whom)
        return save(here, SEVERAL, chosen, on=next_of(here, chosen))
    return page("public/several.html", here, SEVERAL, form=typed, gone=request.args.get("kept") == "no")


@blueprint.route("/c/<slug>/several/ask/<right>/", methods=["GET", "POST"])
@public
def ask(slug: str, right: str) -> ResponseReturnValue:
    """The questions of one of them."""
    here = place(slug)
    if right not in here.policy.forms:
        raise NotFound
    before = kept.read(here, SEVERAL)
    if before is None or right not in before.rights:
        return redirect(f"{path_of(here, SEVERAL)}?kept=no", code=303)
    if not here.policy.forms[right].questions:
        return redirect(next_of(here, before), code=303)
    return _asked(here, before, here.policy.forms[right])


@blueprint.route("/c/<slug>/several/you/", methods=["GET", "POST"])
@public
def you(slug: str) -> ResponseReturnValue:
    """Who asks; the same for all of them."""
    here = place(slug)
    before = kept.read(here, SEVERAL)
    if before is None or not before.rights:
        return redirect(f"{path_of(here, SEVERAL)}?kept=no", code=303)
    return _asked(here, before, None)


def _asked(here: Place, before: Kept, right: RightForm | None) -> ResponseReturnValue:
    answers = before.about if right is None else before.answers.get(right.right)
    choices = whom_asked(here, before.rights) if right is None else {}
    typed = form_of(right, answers, about=right is None, **choices)
    now = before.with_typed(typed)
    if typed.accepted() and holds(typed, here, now):
        return save(here, SEVERAL, now, on=after(here, SEVERAL, now) if right is None else next_of(here, now))
    return _step(here, before, right, typed)


def _step(here: Place, before: Kept, right: RightForm | None, typed: AskingForm) -> ResponseReturnValue:
    forms, policy = here.policy.forms, here.policy
    steps = [name for name in before.rights if forms[name].questions]
    number = steps.index(right.right) + 1 if right else len(steps) + 1
    return page(
        "public/several_step.html",
        here,
        SEVERAL,
        form=typed,
        asked=right,
        of=policy.right(right.right) if right else None,
        note=policy.offer(right.right).note if right else None,
        number=number,
        steps=len(steps) + 1,
        back=_back(here, steps, number),
    )


def _back(here: Place, steps: list[str], number: int) -> str:
    path = path_of(here, SEVERAL)
    return path if number == 1 else f"{path}ask/{steps[number - 2]}/"
