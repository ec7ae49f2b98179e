"""Staff go to their organisation's sign-in and come back. The way back is a page with a button: a look changes nothing,
and nobody is signed in by a link that somebody else sent."""

from typing import Final
from urllib.parse import quote

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, Unavailable
from app.domain.messages import Message
from app.services import sso
from app.web import visitor
from app.web.caller import caller
from app.web.guard import public
from app.web.signin.blueprint import blueprint, enter, known_from_now_on, wanted
from app.web.signin.steps import start_again
from app.web.transaction import prove

MARK: Final = "habeas-sso"
PATH: Final = "/signin/sso/"
_LONGEST: Final = 4000
_SAID_NO: Final = Message("Your organisation's sign-in did not let you in. Try again, or use your password.")


@blueprint.get("/signin/sso/", endpoint="sso")
@public
def leave() -> ResponseReturnValue:
    """Off to the organisation's sign-in; this browser keeps by what it is known when it comes back."""
    portal, mark = visitor.portal(), sso.new_mark()
    if not portal.sso.offered:
        return redirect("/signin/", code=303)
    try:
        answer = redirect(sso.address(portal, mark, wanted=wanted()), code=303)
    except Unavailable as fault:
        return start_again(fault.message, 503)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(MARK, mark, max_age=sso.LASTS, path=PATH, secure=secure, httponly=True, samesite="Lax")
    return answer


@blueprint.get("/signin/sso/return/", endpoint="sso_return")
@public
def way_back() -> ResponseReturnValue:
    """Back again: one more button, which a script presses."""
    if request.args.get("error") or not request.args.get("code"):
        return start_again(_SAID_NO, 422) if request.args.get("error") else redirect("/signin/", code=303)
    given = {name: request.args.get(name, "")[:_LONGEST] for name in ("code", "state", "iss")}
    return render_template("signin/sso.html", given=given)


@blueprint.post("/signin/sso/finish/", endpoint="sso_finish")
@public
def finish() -> ResponseReturnValue:
    """In, or on to our own second step."""
    prove()
    given = {name: request.form.get(name, "")[:_LONGEST] for name in ("code", "state", "iss")}
    try:
        come = sso.come_back(
            visitor.portal(), caller(), browser=request.cookies.get(MARK, ""), state=given["state"],
            code=given["code"], issuer=given["iss"],
        )  # fmt: skip
    except Invalid as fault:
        return start_again(next(iter(fault.fields.values())), 422)
    except Unavailable as fault:
        return start_again(fault.message, 503)
    if come.entered is not None:
        answer = known_from_now_on(enter(come.entered.token, come.wanted), come.entered.mark, path="/signin/")
    else:
        answer = enter(come.token or "", f"/signin/code/?next={quote(come.wanted)}")
    answer.delete_cookie(MARK, path=PATH)
    return answer
