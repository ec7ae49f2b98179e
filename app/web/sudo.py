"""What cannot be taken back asks for the second factor again (Art. 32), and nothing that was typed is lost meanwhile.

A view calls `ask_again()` when everything else is right. It gives the page that asks, which sends the whole form once
more together with the proof, or None when the factor was shown a short while ago.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.services import passkeys, signing_in
from app.services.sessions import PROOF_LASTS
from app.services.signing_in import StartAgain
from app.web import fields, visitor
from app.web.caller import caller
from app.web.forms import Form
from app.web.guard import SignInNeeded
from app.web.transaction import prove, reading_unscoped

CODE: Final = "proof_code"
PASSKEY: Final = "proof_passkey"
_OURS: Final = frozenset({"csrf_token", CODE, PASSKEY, "lang"})


class ProofForm(Form):
    """The second factor once more."""

    proof_code = fields.line(
        Message("Code from your app"),
        hint=Message("6 digits, or one of your recovery codes"),
        needed=Message("Enter the code that your app shows now."),
        longest=40,
        classes="habeas-code-input",
        autocomplete="one-time-code",
        inputmode="numeric",
        spellcheck="false",
    )


def ask_again() -> ResponseReturnValue | None:
    """The page that asks for the second factor; None when it was shown a short while ago, or just now."""
    return asked(ProofForm, _page, _proved, else_=SignInNeeded)


def asked(
    form_of: type[Form],
    page: Callable[[Any, int], ResponseReturnValue],
    proved: Callable[[str, str], str],
    *,
    else_: type[Exception],
) -> ResponseReturnValue | None:
    """Ask on a page with a form of that kind; what was shown (a code, or a passkey) gives the session's new id. `else_`
    is raised where the session is over."""
    prove()
    seen = visitor.visitor()
    if seen is not None and seen.proved:
        return None
    passkey = request.form.get(PASSKEY, "")
    if CODE not in request.form and not passkey:
        return page(_empty(form_of), 200)
    form = _empty(form_of) if passkey else form_of.of_request()
    if not passkey and not form.accepted():
        return page(form, 422)
    try:
        visitor.remember(proved(str(form[CODE].data or ""), passkey))
    except StartAgain as over:
        raise else_ from over
    except Invalid as fault:
        form.blame(fault, names={"code": CODE})
        return page(form, 422)
    return None


def _empty(form_of: type[Form]) -> Form:
    form = form_of()
    form.faults = []
    return form


def _proved(typed: str, passkey: str) -> str:
    return signing_in.prove_again(visitor.portal(), caller(), typed, passkey=passkey)


def _page(form: ProofForm, status: int) -> ResponseReturnValue:
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    by_sso = "/signin/sso/" if visitor.portal().sso.offered else None
    shown = {
        "by_sso": by_sso,
        "minutes": int(PROOF_LASTS.total_seconds()) // 60,
        "action": request.full_path.rstrip("?"),
    }
    return render_template("signin/prove.html", form=form, kept=kept, passkey=_passkey(), **shown), status


def _passkey() -> str | None:
    """What a browser asks one of the reader's passkeys; None when they have none."""
    seen, portal = visitor.visitor(), visitor.portal()
    assert seen is not None
    assert seen.login_id is not None
    with reading_unscoped("a login belongs to no controller") as work:
        any_there = passkeys.possible(portal) and bool(passkeys.of_login(work, seen.login_id))
    return passkeys.to_show(portal, "prove", seen.login_id) if any_there else None
