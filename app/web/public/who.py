"""The page about the person for whom somebody else asks, and a page for those who are young (Art. 8, 12(1))."""

from flask import redirect
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.web.guard import public
from app.web.owner import Place, place
from app.web.public import kept, whom
from app.web.public.blueprint import blueprint
from app.web.public.filing import after, checked_here, here_for, page, path_of, save
from app.web.public.kept import Kept


@blueprint.route("/c/<slug>/<right>/who/", methods=["GET", "POST"])
@public
def who(slug: str, right: str) -> ResponseReturnValue:
    """Whom it is about, and with what authority they are represented."""
    here = here_for(place(slug), right)
    before = kept.read(here, right)
    if before is None or before.capacity == "self":
        return redirect(path_of(here, right) + ("" if before else "?kept=no"), code=303)
    typed = whom.form_of(before.capacity, before.whom)
    now = before.with_whom(typed.data)
    if typed.accepted() and _holds(typed, here, now):
        return save(here, right, now, on=after(here, right, now))
    return page("public/who.html", here, right, form=typed, kind=before.capacity)


@blueprint.get("/c/<slug>/<right>/young/")
@public
def young(slug: str, right: str) -> ResponseReturnValue:
    """In plain words for a young reader: what they may do alone, and how a parent can help."""
    here = here_for(place(slug), right)
    before = kept.read(here, right)
    if before is None:
        return redirect(path_of(here, right) + "?kept=no", code=303)
    return page("public/young.html", here, right, age=whom.youngest(here.policy), on=f"{path_of(here, right)}check/")


def _holds(typed: whom.WhomForm, here: Place, answered: Kept) -> bool:
    """Whether the verb would take these answers; what other pages ask is judged there."""
    try:
        checked_here(here, answered)
    except Invalid as fault:
        names = typed.names()
        ours = {path: words for path, words in fault.fields.items() if names.get(path, "") in typed}
        if ours:
            typed.blame(Invalid(ours), names=names)
            return False
    return True
