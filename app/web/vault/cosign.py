"""The person for whom somebody else asks says whether that is right (LAW 6), and comes in by a door of their own: by a
typed code, never by a link.

The page is the same for every reference, for requests that somebody makes for themselves and for references that do not
exist.
"""

from typing import Final, cast

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.codes import TRIES, CodeResult
from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.permissions import ANONYMOUS, Actor
from app.queries import cases, policies
from app.queries.let_in import AS_SUBJECT
from app.queries.references import home_of
from app.queries.representation import COSIGN
from app.services import cosigning, door, limits, sessions
from app.services.cosigning import Said
from app.web import visitor
from app.web.even import evenly
from app.web.guard import public
from app.web.limits import DAY, HOUR, MINUTE, mail_may_go, network, slow_down
from app.web.transaction import prove, reading, writing, writing_unscoped
from app.web.vault.blueprint import blueprint
from app.web.vault.forms import CosignForm

TRIES_FOR: Final = "cosign-tries-for"
CODES_AN_HOUR: Final = 3
_SAID: Final = frozenset({"yes", "no"})


@blueprint.get("/case/<reference>/cosign/", endpoint="cosign")
@public
def cosign_page(reference: str) -> ResponseReturnValue:
    """What it is about, the code, and the answers."""
    return _page(_canonical(reference), CosignForm.of_request())


@blueprint.post("/case/<reference>/cosign/")
@public
def say_if_agreed(reference: str) -> ResponseReturnValue:
    """Spend the code and write the answer down."""
    canonical = _canonical(reference)
    typed = CosignForm.of_request()
    if not typed.accepted():
        return _page(canonical, typed)
    said = cast("Said", typed.agrees.data)
    result, known = _try(canonical, str(typed.code.data), said=said)
    if not result.accepted:
        typed.wrong("code", result.message)
        return _page(canonical, typed)
    if known:
        _let_in(canonical)
        if said == "see":
            return redirect(f"/case/{canonical}/", code=303)
    return redirect(f"/case/{canonical}/cosign/?said={said}", code=303)


@blueprint.post("/case/<reference>/cosign/code")
@public
def send_cosign_code(reference: str) -> ResponseReturnValue:
    """Another code, to the person alone."""
    canonical = _canonical(reference)
    prove()
    slow_down("codes-from", network(), limit=30, seconds=HOUR)
    slow_down("cosign-codes-for", canonical, limit=CODES_AN_HOUR, seconds=HOUR)
    limits.clear(visitor.portal(), TRIES_FOR, canonical)
    if mail_may_go():
        with writing(home_of(visitor.portal(), canonical), who=ANONYMOUS) as work:
            door.ask(work, canonical, COSIGN)
    return redirect(f"/case/{canonical}/cosign/?code=sent", code=303)


def _canonical(reference: str) -> str:
    canonical = read_reference(reference[:40])
    if canonical is None:
        raise NotFound
    return canonical


def _try(reference: str, typed: str, *, said: Said) -> tuple[CodeResult, bool]:
    slow_down("code-tries-from", network(), limit=60, seconds=10 * MINUTE)
    tries = limits.hit(visitor.portal(), TRIES_FOR, reference, limit=10**6, seconds=30 * DAY)
    with evenly(), writing(home_of(visitor.portal(), reference), who=ANONYMOUS) as work:
        result = cosigning.answer(work, reference, typed, said=said)
        known = result.accepted and cosigning.is_known(work, reference)
    return (CodeResult.USED_UP if result is CodeResult.WRONG and tries >= TRIES else result), known


def _let_in(reference: str) -> None:
    """As the person, into all that was asked for them together."""
    place = policies.find_case(visitor.portal(), reference)
    if place is None:
        raise NotFound
    with reading(place.controller_id, who=Actor("person", references=frozenset({reference}))) as work:
        together = cases.together(work, reference)
    with writing_unscoped("a session has no controller") as work:
        fresh = sessions.grant(work, visitor.token(), *(one + AS_SUBJECT for one in together))
    visitor.remember(fresh)


def _page(reference: str, form: CosignForm) -> ResponseReturnValue:
    said = request.args.get("said", "")
    template = "vault/cosign_said.html" if said in _SAID and not form.failed else "vault/cosign.html"
    who = visitor.person()
    seen = reference in who.references and reference not in who.representing
    sent = request.args.get("code") == "sent"
    page = render_template(template, reference=reference, form=form, said=said, sent=sent, seen=seen)
    return page, 422 if form.failed else 200
