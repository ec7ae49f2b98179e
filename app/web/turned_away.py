"""Whoever is refused at an address of a request or of a desk is written down there (Art. 5(2)): one place for pages,
API and desk alike, after the answer was made."""

from typing import Final

from flask import Flask, Response, g, request

from app.domain.permissions import ANONYMOUS, Actor
from app.services import turned_away
from app.services.turned_away import Try
from app.web import visitor
from app.web.guard import Guard
from app.web.transaction import SAFE

_REFUSED: Final = frozenset({401, 403, 404})
# What the page of another site gets, or one that was open for too long.
_UNPROVEN: Final = frozenset({400, 422})
# A person's own sign-in makes nobody a member of staff.
_OF_STAFF: Final = frozenset({"password", "full"})


def install(app: Flask) -> None:
    """After each request."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    guard: Guard | None = g.get("guard")
    if guard is None or request.url_rule is None or not _refused(response, guard):
        return response
    values, who = request.view_args or {}, _who(guard)
    reference, slug = values.get("reference"), values.get("slug")
    of_staff = who.kind == "staff" and not (guard.browser and guard.name == "public")
    if reference is not None or of_staff:
        what = f"{request.method} {request.url_rule.rule}"
        turned_away.note(visitor.portal(), Try(who, what, response.status_code, reference=reference, slug=slug))
    return response


def _refused(response: Response, guard: Guard) -> bool:
    if response.status_code in _REFUSED:
        return True
    forged = guard.browser and request.method not in SAFE and not g.get("origin_proved", False)
    return forged and response.status_code in _UNPROVEN


def _who(guard: Guard) -> Actor:
    """Who it was, as far as that is known: a cookie says nothing to the API."""
    known: Actor | None = g.get("actor")
    if known is not None or not guard.browser:
        return known or ANONYMOUS
    seen = visitor.visitor()
    if seen is not None and seen.login_id is not None and seen.stage in _OF_STAFF:
        return Actor("staff", login_id=seen.login_id)
    return visitor.person()
