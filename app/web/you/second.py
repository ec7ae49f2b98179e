"""What cannot be taken back asks again who is there (Art. 32): the app, a passkey, or a code by mail; nothing that was
typed is lost meanwhile."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.messages import Message
from app.services import address_codes, own_signin, passkeys, signing_in
from app.services.sessions import PROOF_LASTS
from app.web import fields, visitor
from app.web.caller import caller
from app.web.forms import Form
from app.web.guard import OwnSignInNeeded
from app.web.language import language
from app.web.limits import network
from app.web.sudo import CODE, PASSKEY, asked
from app.web.transaction import reading_unscoped
from app.web.you.blueprint import me

MAIL: Final = "proof_mail"
_OURS: Final = frozenset({"csrf_token", CODE, PASSKEY, MAIL, "lang"})


class ProofForm(Form):
    """The code of the app, or one that stands in for it."""

    proof_code = fields.code(Message("Code"), hint=Message("6 digits, or one of your recovery codes"))


class MailedForm(ProofForm):
    """The code of the mail, and none else."""

    proof_code = fields.code(Message("Code"), hint=Message("6 digits"))


def ask_again() -> ResponseReturnValue | None:
    """The page that asks; None when it was shown a short while ago, or just now."""
    return asked(ProofForm if me()[0].has_app else MailedForm, _page, _proved, else_=OwnSignInNeeded)


def _proved(typed: str, passkey: str) -> str:
    who, _ = me()
    if passkey or who.has_app:
        return signing_in.prove_again(visitor.portal(), caller(), typed, passkey=passkey)
    return own_signin.prove_by_code(visitor.portal(), caller(), request.form.get(MAIL, ""), typed)


def _page(form: ProofForm, status: int) -> ResponseReturnValue:
    (who, _), portal = me(), visitor.portal()
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    mailed = None
    if not who.has_app:
        # A second page about the same code: it is not sent again as long as it may be typed.
        mailed = request.form.get(MAIL) or address_codes.send(
            portal, network(), who.email, language=language(), purpose="prove", login_id=who.login_id
        )
    with reading_unscoped("a login belongs to no controller") as work:
        any_there = passkeys.possible(portal) and bool(passkeys.of_login(work, who.login_id))
    shown = {
        "minutes": int(PROOF_LASTS.total_seconds()) // 60,
        "action": request.full_path.rstrip("?"),
        "mailed": mailed,
        "passkey": passkeys.to_show(portal, "prove", who.login_id) if any_there else None,
    }
    return render_template("you/prove.html", form=form, kept=kept, me=who, **shown), status


def number_in(name: str) -> int:
    """A whole number of a hidden field; NotFound for anything else."""
    typed = request.form.get(name, "")
    if not typed.isdecimal() or len(typed) > 9:
        raise NotFound
    return int(typed)
