"""A controller's own colour as a style sheet of its own: the content policy allows no inline style."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.web.guard import public
from app.web.ops.blueprint import blueprint
from app.web.owner import mark_of, place

_YEAR = 31_536_000


@blueprint.get("/theme/<slug>.<mark>.css")
@public
def theme(slug: str, mark: str) -> ResponseReturnValue:
    """The colours derived from the one in the controller file (which its reader has checked for contrast)."""
    colour = place(slug).policy.file.controller.look.colour
    if colour is None or mark != mark_of(colour):
        raise NotFound
    answer = Response(sheet(colour), mimetype="text/css")
    answer.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return answer


def sheet(colour: str) -> str:
    """Links and buttons in the colour itself, darker under the pointer, a breath of it behind what matters."""
    names = {
        "--govuk-brand-colour": colour,
        "--govuk-link-colour": colour,
        "--govuk-link-hover-colour": _mixed(colour, "#000000", 0.35),
        "--habeas-tint": _mixed(colour, "#ffffff", 0.93),
    }
    return ":root{" + "".join(f"{name}:{value};" for name, value in names.items()) + "}\n"


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
