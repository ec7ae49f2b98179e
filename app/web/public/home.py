"""The start page and an organisation's own page: what it holds in plain words, and how a request goes (Art. 12, 13)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.policy_values import say
from app.queries import organisations
from app.queries.catalogue import catalogue
from app.web.guard import public
from app.web.language import language
from app.web.owner import place
from app.web.public.blueprint import blueprint
from app.web.visitor import portal


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Which organisations answer here."""
    listed = organisations.listed(portal())
    shown = [(each.slug, each.name, say(each.about, language()) if each.about else "") for each in listed]
    return render_template("public/home.html", organisations=shown)


@blueprint.get("/c/<slug>/")
@public
def organisation(slug: str) -> ResponseReturnValue:
    """What this organisation holds, which rights can be used here, how it works and whom to ask."""
    here = place(slug)
    file, regime = here.policy.file, here.policy.regime
    rights = [(name, here.policy.right(name)) for name in here.policy.forms]
    return render_template(
        "public/organisation.html",
        owner=here.owner,
        controller=file.controller,
        regime=regime,
        rights=rights,
        kinds=catalogue(here.policy, language()).kinds,
        authority=regime.complaint.lead(file.controller.country),
    )
