"""What keeps one's own sign-in safe, on one page: password, second factor, recovery codes, and all one's sessions."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.devices import device_words
from app.domain.errors import Invalid, NotFound, Refused
from app.domain.messages import Message
from app.services import passkeys, recovery, sessions
from app.web import sudo, visitor
from app.web.guard import staff
from app.web.signin.blueprint import SAFETY, blueprint
from app.web.transaction import reading_unscoped, writing_unscoped

_DONE = {
    "session": Message("That session is ended. Whoever used it must sign in again."),
    "others": Message("All your other sessions are ended."),
    "passkey": Message("The passkey was added. You can use it at your next sign-in."),
    "removed": Message("The passkey does not sign you in any more."),
}


@blueprint.get("/signin/safety/", endpoint="safety")
@staff()
def safety_page() -> ResponseReturnValue:
    """Everything at a glance, with what can be done about it."""
    return _page(done=_DONE.get(request.args.get("done", "")))


def _page(*, done: Message | None = None, fault: Message | None = None) -> str:
    (login_id, token), portal = _me(), visitor.portal()
    with reading_unscoped("a login belongs to no controller") as work:
        shown = {
            "sessions": sessions.of_login(work, login_id, token),
            "codes_left": recovery.left(work, login_id),
            "passkeys": passkeys.of_login(work, login_id),
        }
    new = passkeys.to_register(portal, login_id) if passkeys.possible(portal) else None
    here = device_words(request.user_agent.string)
    return render_template("signin/safety.html", done=done, fault=fault, new_passkey=new, here=here, **shown)


@blueprint.post("/signin/safety/passkeys/")
@staff()
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser has just made."""
    if (asked := sudo.ask_again()) is not None:
        return asked
    answer, name = request.form.get("credential", ""), request.form.get("name", "")
    try:
        passkeys.register(visitor.portal(), _me()[0], answer, name=name)
    except Invalid as fault:
        return _page(fault=next(iter(fault.fields.values()))), 422
    return redirect(f"{SAFETY}?done=passkey", code=303)


@blueprint.post("/signin/safety/passkeys/remove/")
@staff()
def remove_passkey() -> ResponseReturnValue:
    """It does not sign anybody in any more."""
    if (asked := sudo.ask_again()) is not None:
        return asked
    number = request.form.get("passkey", "")
    if not number.isdecimal() or len(number) > 9:
        raise NotFound
    passkeys.remove(visitor.portal(), _me()[0], int(number))
    return redirect(f"{SAFETY}?done=removed", code=303)


@blueprint.post("/signin/safety/recovery/")
@staff()
def new_recovery_codes() -> ResponseReturnValue:
    """Ten new codes, on this page and never again."""
    if (asked := sudo.ask_again()) is not None:
        return asked
    return render_template("signin/recovery.html", codes=recovery.renew(visitor.portal(), _me()[0]))


@blueprint.post("/signin/safety/sessions/end/")
@staff()
def end_session() -> ResponseReturnValue:
    """End one session: a browser that was left somewhere."""
    login_id, _ = _me()
    with writing_unscoped("a session is of a login, not of a controller") as work:
        ended = sessions.end_one(work, login_id, request.form.get("session", ""))
    if not ended:
        raise Refused("That session had ended already.")
    return redirect(f"{SAFETY}?done=session", code=303)


@blueprint.post("/signin/safety/sessions/end-others/")
@staff()
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions but this one."""
    login_id, token = _me()
    with writing_unscoped("a session is of a login, not of a controller") as work:
        sessions.end_all(work, login_id, but=token)
    return redirect(f"{SAFETY}?done=others", code=303)


def _me() -> tuple[int, str]:
    """Whose page this is, and the session that shows it."""
    seen, token = visitor.visitor(), visitor.token()
    assert seen is not None
    assert seen.login_id is not None
    assert token is not None
    return seen.login_id, token
