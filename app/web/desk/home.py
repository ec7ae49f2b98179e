"""Choosing the organisation to work for; who works for one only goes straight on."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from app.queries.staff import workplaces
from app.web.desk.blueprint import blueprint
from app.web.desk.words import ROLES
from app.web.guard import staff
from app.web.transaction import reading_unscoped
from app.web.visitor import visitor


@blueprint.get("/desk/", endpoint="home")
@staff()
def home() -> ResponseReturnValue:
    """The organisations that the reader works for."""
    seen = visitor()
    assert seen is not None
    assert seen.login_id is not None
    with reading_unscoped("a login may work for several organisations") as work:
        places = workplaces(work, seen.login_id)
    if len(places) == 1:
        return redirect(f"/desk/{places[0].slug}/", code=303)
    return render_template("desk/home.html", workplaces=places, roles=ROLES)
