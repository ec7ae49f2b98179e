"""The complaint finder of an organisation (G-9): which authorities take a complaint about it, and what else helps."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.countries import official_languages
from app.web import places
from app.web.guard import public
from app.web.owner import place
from app.web.public.blueprint import blueprint


@blueprint.get("/c/<slug>/complain/")
@public
def complain(slug: str) -> ResponseReturnValue:
    """To whom one can complain about this organisation, and how."""
    here = place(slug)
    form = places.form()
    shown = render_template(
        "public/complain.html",
        owner=here.owner,
        controller=here.policy.file.controller,
        regime=here.policy.regime,
        form=form,
        found=places.found(form.asked(), here.policy),
        official_languages=official_languages,
    )
    return shown, 422 if form.failed else 200
