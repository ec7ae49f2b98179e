"""The codes that the demo's made-up staff would read from their apps; elsewhere there is no such page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.services import staff
from app.web.desk.words import ROLES
from app.web.guard import public
from app.web.signin.blueprint import blueprint
from app.web.visitor import portal


@blueprint.get("/demo/codes/", endpoint="demo_codes")
@public
def demo_codes() -> ResponseReturnValue:
    """Who there is, what they do, and their present codes."""
    return render_template("signin/demo_codes.html", people=staff.demo_codes(portal()), roles=ROLES)
