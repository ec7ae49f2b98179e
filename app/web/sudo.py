"""What cannot be taken back asks for the second factor again (Art. 32), and nothing that was typed is lost meanwhile.

A view calls `ask_again()` when everything else is right. It gives the page that asks, which sends the whole form once
more together with the proof, or None when the factor was shown a short while ago.
"""

from typing import Final

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
    prove()
    seen = visitor.visitor()
    if seen is not None and seen.proved:
        return None
    passkey = request.form.get(PASSKEY, "")
    if CODE not in request.form and not passkey:
        return _page(_empty(), 200)
    form = _empty() if passkey else ProofForm.of_request()
    if not passkey and not form.accepted():
        return _page(form, 422)
    try:
        visitor.remember(signing_in.prove_again(visitor.portal(), caller(), form[CODE].data or "", passkey=passkey))
    except StartAgain as over:
        raise SignInNeeded from over
    except Invalid as fault:
        form.blame(fault, names={"code": CODE})
        return _page(form, 422)
    return None


def _empty() -> ProofForm:
    form = ProofForm()
    form.faults = []
    return form


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
