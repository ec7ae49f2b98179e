"""Somebody who is on file says whether a request is theirs (Art. 12(6)): by a typed code, never by a link.

The page is the same for every reference, for requests without such a contact and for references that do not exist:
whoever made the request cannot learn from it whether the organisation knows the person that they named.
"""

from typing import Final

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.codes import TRIES, CodeResult
from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.permissions import ANONYMOUS
from app.queries.references import home_of
from app.services import door, limits, on_file
from app.services.verification import ON_FILE
from app.web import visitor
from app.web.even import evenly
from app.web.guard import public
from app.web.limits import DAY, HOUR, MINUTE, network, slow_down
from app.web.transaction import prove, writing
from app.web.vault.blueprint import blueprint
from app.web.vault.forms import OnFileForm

TRIES_FOR: Final = "on-file-tries-for"
CODES_AN_HOUR: Final = 3
_SAID: Final = frozenset({"yes", "no"})


@blueprint.get("/case/<reference>/on-file/", endpoint="on_file")
@public
def on_file_page(reference: str) -> ResponseReturnValue:
    """What it is about, the code, and the two answers."""
    return _page(_canonical(reference), OnFileForm.of_request())


@blueprint.post("/case/<reference>/on-file/")
@public
def say_whose(reference: str) -> ResponseReturnValue:
    """Spend the code and write the answer down."""
    canonical = _canonical(reference)
    typed = OnFileForm.of_request()
    if not typed.accepted():
        return _page(canonical, typed)
    said = str(typed.mine.data)
    result = _try(canonical, str(typed.code.data), mine=said == "yes")
    if result.accepted:
        return redirect(f"/case/{canonical}/on-file/?said={said}", code=303)
    typed.wrong("code", result.message)
    return _page(canonical, typed)


@blueprint.post("/case/<reference>/on-file/code")
@public
def send_on_file_code(reference: str) -> ResponseReturnValue:
    """Another code, to the address on file alone."""
    canonical = _canonical(reference)
    prove()
    slow_down("codes-from", network(), limit=30, seconds=HOUR)
    slow_down("on-file-codes-for", canonical, limit=CODES_AN_HOUR, seconds=HOUR)
    limits.clear(visitor.portal(), TRIES_FOR, canonical)
    with writing(home_of(visitor.portal(), canonical), who=ANONYMOUS) as work:
        door.ask(work, canonical, ON_FILE)
    return redirect(f"/case/{canonical}/on-file/?code=sent", code=303)


def _canonical(reference: str) -> str:
    canonical = read_reference(reference[:40])
    if canonical is None:
        raise NotFound
    return canonical


def _try(reference: str, typed: str, *, mine: bool) -> CodeResult:
    slow_down("code-tries-from", network(), limit=60, seconds=10 * MINUTE)
    tries = limits.hit(visitor.portal(), TRIES_FOR, reference, limit=10**6, seconds=30 * DAY)
    with evenly(), writing(home_of(visitor.portal(), reference), who=ANONYMOUS) as work:
        result = on_file.answer(work, reference, typed, mine=mine)
    return CodeResult.USED_UP if result is CodeResult.WRONG and tries >= TRIES else result


def _page(reference: str, form: OnFileForm) -> ResponseReturnValue:
    said = request.args.get("said", "")
    template = "vault/on_file_said.html" if said in _SAID and not form.failed else "vault/on_file.html"
    sent = request.args.get("code") == "sent"
    page = render_template(template, reference=reference, form=form, said=said, sent=sent)
    return page, 422 if form.failed else 200
