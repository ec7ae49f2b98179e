"""The way into a request: a reference, a mailed code, and the same page for a request that does not exist.

Whoever asks learns nothing about whether there is a request of that reference: page, wording and limits are the same
(FIELD, attack 8). Opening the page uses nothing up: codes are sent and spent by POST only, never by a link.
"""

from typing import Final

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.codes import TRIES, CodeResult
from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.permissions import ANONYMOUS, Actor
from app.queries import cases, policies
from app.queries.let_in import held_as
from app.queries.references import home_of
from app.services import door as codes
from app.services import limits, sessions, verification
from app.services.verification import TRIES_AT_NOTHING
from app.web import visitor
from app.web.even import evenly
from app.web.guard import public
from app.web.limits import DAY, HOUR, MINUTE, mail_may_go, network, slow_down
from app.web.transaction import prove, reading, writing, writing_unscoped
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.forms import CodeForm, ReferenceForm

CODES_AN_HOUR: Final = 5
_SENT: Final = "sent"


@blueprint.route("/case/", methods=["GET", "POST"])
@public
def find() -> ResponseReturnValue:
    """Which request? Asked by POST, so that a reference typed on a shared computer is not in its history twice."""
    asked = ReferenceForm.of_request()
    if asked.accepted() and (reference := asked.place()):
        return redirect(f"/case/{reference}/", code=303)
    return render_template("vault/find.html", form=asked), 422 if asked.failed else 200


@blueprint.get("/case/<reference>/")
@public
def door(reference: str) -> ResponseReturnValue:
    """The request for whoever has been let into it; for everybody else the same page about a code."""
    canonical = _canonical(reference)
    if canonical != reference:
        return redirect(f"/case/{canonical}/", code=301)
    if canonical in visitor.person().references:
        return status.page(canonical)
    return _door(canonical, CodeForm.of_request())


@blueprint.post("/case/<reference>/code")
@public
def send(reference: str) -> ResponseReturnValue:
    """Mail a code to the address on the request, if there is one; the answer is the same if there is not."""
    canonical = _canonical(reference)
    prove()
    slow_down("codes-from", network(), limit=30, seconds=HOUR)
    slow_down("codes-for", canonical, limit=CODES_AN_HOUR, seconds=HOUR)
    if mail_may_go():
        with writing(home_of(visitor.portal(), canonical), who=ANONYMOUS) as work:
            codes.ask(work, canonical)
    return redirect(f"/case/{canonical}/?code={_SENT}", code=303)


@blueprint.post("/case/<reference>/enter")
@public
def enter(reference: str) -> ResponseReturnValue:
    """Spend the code: whoever has it is let in, and a request that waited for it is confirmed."""
    canonical = _canonical(reference)
    typed = CodeForm.of_request()
    if typed.accepted():
        result = _try(canonical, str(typed.code.data))
        if result.accepted:
            return _let_in(canonical)
        typed.wrong("code", result.message)
    return _door(canonical, typed)


@blueprint.post("/case/<reference>/confirm")
@public
def confirm(reference: str) -> ResponseReturnValue:
    """The same from the page that thanks for the request: its first code both confirms and lets in."""
    return enter(reference)


@blueprint.post("/case/<reference>/leave")
@public
def leave(reference: str) -> ResponseReturnValue:
    """Close the request on this device: whoever uses it next sees nothing of it."""
    _canonical(reference)
    prove()
    if (held := visitor.token()) is not None:
        with writing_unscoped("a session has no controller") as work:
            sessions.end(work, held)
    visitor.forget()
    return redirect("/", code=303)


def _canonical(reference: str) -> str:
    canonical = read_reference(reference[:40])
    if canonical is None:
        raise NotFound
    return canonical


def _door(reference: str, form: CodeForm) -> ResponseReturnValue:
    was_sent = request.args.get("code") == _SENT
    return render_template(
        "vault/door.html", reference=reference, form=form, sent=was_sent
    ), 422 if form.failed else 200


def _try(reference: str, typed: str) -> CodeResult:
    slow_down("code-tries-from", network(), limit=60, seconds=10 * MINUTE)
    with evenly():
        with writing(home_of(visitor.portal(), reference), who=ANONYMOUS) as work:
            result = verification.enter(work, reference, typed)
        return _try_nothing(reference) if result is None else result


def _try_nothing(reference: str) -> CodeResult:
    """What a request with a code would have answered."""
    tries = limits.hit(visitor.portal(), TRIES_AT_NOTHING, reference, limit=10**6, seconds=30 * DAY)
    return CodeResult.WRONG if tries < TRIES else CodeResult.USED_UP


def _let_in(reference: str) -> ResponseReturnValue:
    """Into all that was asked for together: it has one address, and whoever reads its mail has proven that."""
    place = policies.find_case(visitor.portal(), reference)
    if place is None:
        raise NotFound
    with reading(place.controller_id, who=Actor("person", references=frozenset({reference}))) as work:
        together = held_as(work, cases.together(work, reference))
    with writing_unscoped("a session has no controller") as work:
        fresh = sessions.grant(work, visitor.token(), *together)
    visitor.remember(fresh)
    return redirect(f"/case/{reference}/", code=303)
