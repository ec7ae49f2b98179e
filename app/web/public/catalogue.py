"""An organisation's catalogue: all that Art. 13 and 14 want told, in plain words, and the way to each form."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain import labels
from app.queries import catalogue
from app.web.guard import public
from app.web.language import language
from app.web.owner import place
from app.web.public.blueprint import blueprint
from app.web.transaction import reading


@blueprint.get("/c/<slug>/catalogue/")
@public
def whole_catalogue(slug: str) -> ResponseReturnValue:
    """What is held, why, for how long, for whom, and which rights there are: from the file and its data maps alone."""
    here = place(slug)
    file, regime = here.policy.file, here.policy.regime
    with reading(here.controller_id) as work:
        since = catalogue.since(work, here.policy)
    return render_template(
        "public/catalogue.html",
        owner=here.owner,
        labels=labels,
        timezone=here.timezone,
        controller=file.controller,
        regime=regime,
        version=here.policy.number,
        since=since,
        told=catalogue.catalogue(here.policy, language()),
        authority=regime.complaint.lead(file.controller.country),
    )
