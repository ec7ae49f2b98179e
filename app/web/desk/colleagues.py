"""Colleagues, for whom a lost second factor can be taken away by two others (Art. 32)."""

from typing import Final

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound, Refused
from app.domain.messages import Message
from app.services import lost_factors
from app.web import sudo
from app.web.desk.blueprint import blueprint
from app.web.desk.place import controller_id, desk_of, show
from app.web.desk.words import ROLES
from app.web.guard import staff
from app.web.transaction import reading, writing

_DEEDS: Final = {"ask": lost_factors.ask, "drop": lost_factors.drop, "confirm": lost_factors.confirm}
_DONE: Final = {
    "ask": Message("Asked. A second colleague must confirm it within 24 hours; the person was told by mail."),
    "drop": Message("It is settled: nothing was reset."),
    "confirm": Message("The second factor is taken away. The person was told by mail and sets up a new one."),
}


@blueprint.get("/desk/<slug>/colleagues/", endpoint="colleagues")
@staff(lost_factors.PERMISSION)
def colleagues_page(slug: str) -> ResponseReturnValue:
    """Who works here, and for whom a new beginning is asked."""
    return _page(slug, done=_DONE.get(request.args.get("done", "")))


@blueprint.post("/desk/<slug>/colleagues/")
@staff(lost_factors.PERMISSION)
def settle_lost_factor(slug: str) -> ResponseReturnValue:
    """Ask for a new beginning, confirm what a colleague asked for, or drop it."""
    deed, number = request.form.get("deed", ""), request.form.get("colleague", "")
    if deed not in _DEEDS or not number.isdecimal() or len(number) > 9:
        raise NotFound
    if (asked := sudo.ask_again()) is not None:
        return asked
    try:
        with writing(controller_id()) as work:
            _DEEDS[deed](work, int(number))
    except Refused as fault:
        return _page(slug, fault=fault.message), 409
    return redirect(f"/desk/{slug}/colleagues/?done={deed}", code=303)


def _page(slug: str, *, done: Message | None = None, fault: Message | None = None) -> str:
    with reading(controller_id()) as work:
        place, people = desk_of(work, slug), lost_factors.colleagues(work)
    return show("colleagues.html", place, people=people, roles=ROLES, done=done, fault=fault)
