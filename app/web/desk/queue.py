"""The queue: what waits, what is late, and for whom; four orders, a few filters, pages by cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.domain.labels import RIGHT, STATUS_FOR_DESK, label
from app.domain.lifecycle import STATUSES
from app.domain.messages import Message
from app.domain.permissions import can
from app.queries.queue import SORTS, QueueCounts, QueueFilter, QueuePage, counts, queue
from app.services import triage
from app.web.desk.blueprint import blueprint
from app.web.desk.place import Desk, controller_id, desk_of, show
from app.web.desk.words import LATENESS_CHOICES, ROLES
from app.web.guard import staff
from app.web.language import say
from app.web.transaction import reading
from app.web.visitor import actor
from app.work import Work

_LONGEST_SEARCH: Final = 254
_UNKNOWN: Final = Message("There is no such choice any more. These are all requests.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter as it stands in the address; empty means all."""

    q: str = ""
    status: str = ""
    right: str = ""
    lateness: str = ""
    assignee: str = ""
    messages: str = ""
    sort: str = SORTS[0]

    def address(self, **changes: str) -> str:
        """The query of the same view with some things changed (and paging begun anew)."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | changes
        kept = {name: value for name, value in values.items() if value and (name, value) != ("sort", SORTS[0])}
        return f"?{urlencode(kept)}" if kept else "?"

    @property
    def narrowed(self) -> bool:
        return any((self.q, self.status, self.right, self.lateness, self.assignee, self.messages))


@blueprint.get("/desk/<slug>/", endpoint="queue")
@staff()
def queue_page(slug: str) -> ResponseReturnValue:
    """The queue, or the reason why this role does not see it."""
    with reading(controller_id()) as work:
        place = desk_of(work, slug)
        if not can(actor(), "case:list"):
            return show("no_cases.html", place, role=ROLES[actor().role or ""]), 403
        options = _options(work, place)
        wanted, faults = _wanted(options)
        page, counted, more = _look(work, wanted)
    shown = {
        "page": page,
        "counts": counted,
        "wanted": wanted,
        "options": options,
        "problems": [{"text": say(fault)} for fault in (*faults, *more)],
        "first": "cursor" not in request.args,
    }
    return show("queue.html", place, **shown), 422 if faults or more else 200


def _options(work: Work, place: Desk) -> dict[str, dict[str, Message | str]]:
    """What each filter offers: value and words."""
    regime = place.policy.regime
    # Also what has no form here: it is recognised in free words, or came by post.
    known = [right for right in regime.rights if right in place.policy.forms] + [
        right for right in regime.rights if right not in place.policy.forms
    ]
    people = {login.email: login.name for login in triage.handlers(work)}
    used = tuple(status for status in STATUSES if status != "cooling_off")
    return {
        "status": {status: STATUS_FOR_DESK[status] for status in used},
        "right": {right: label(RIGHT, right) for right in known},
        "lateness": dict(LATENESS_CHOICES),
        "assignee": {"me": Message("Me"), "nobody": Message("Nobody"), **people},
        "messages": {"new": Message("New message")},
        "sort": {sort: sort for sort in SORTS},
    }


def _wanted(options: Mapping[str, Mapping[str, Any]]) -> tuple[Wanted, list[Message]]:
    """The filter as asked for; a choice that does not exist is dropped and named."""
    asked = {field.name: request.args.get(field.name, "").strip() for field in fields(Wanted)}
    unknown = [name for name, known in options.items() if asked[name] and asked[name] not in known]
    sound = {name: value for name, value in asked.items() if value and name not in unknown}
    faults = [_UNKNOWN] if unknown else []
    if len(asked["q"]) > _LONGEST_SEARCH:
        faults.append(Message("Search for a whole reference or a whole e-mail address."))
        del sound["q"]
    return Wanted(**sound), faults


def _look(work: Work, wanted: Wanted) -> tuple[QueuePage, QueueCounts, list[Message]]:
    narrowed: dict[str, Any] = {field.name: getattr(wanted, field.name) or None for field in fields(wanted)}
    cursor = request.args.get("cursor") or None
    try:
        return queue(work, QueueFilter(**narrowed, cursor=cursor)), counts(work), []
    except Invalid as fault:
        return queue(work, QueueFilter(**narrowed)), counts(work), list(fault.fields.values())
