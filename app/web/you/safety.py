"""What keeps one's own sign-in safe: password or none, app, passkeys, recovery codes, sessions, and its end."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.devices import device_words
from app.domain.errors import Invalid, Refused
from app.domain.messages import Message
from app.services import own_safety, own_signin, passkeys, recovery, sessions
from app.services.second_factor import Enrolment
from app.web import fields, visitor
from app.web.forms import Form
from app.web.guard import own
from app.web.language import language
from app.web.signin.steps import FirstCodeForm as AppForm
from app.web.transaction import reading_unscoped, writing_unscoped
from app.web.you.blueprint import DOOR, SAFETY, blueprint, me
from app.web.you.second import ask_again, number_in

_DONE = {
    "session": Message("That session is ended. Whoever used it must sign in again."),
    "others": Message("All your other sessions are ended."),
    "passkey": Message("The passkey was added. You can use it at your next sign-in."),
    "removed": Message("The passkey does not sign you in any more."),
    "password": Message("Your password is set. A code by e-mail still works too."),
    "no-password": Message("You have no password any more. A code by e-mail signs you in."),
    "app": Message("The app is set up: its code is asked for at your next sign-in. Make recovery codes now."),
    "no-app": Message("The app is not asked for any more."),
}


class NewPasswordForm(Form):
    """One that is not easy to guess."""

    password = fields.new_password(Message("Choose a password"))


@blueprint.get("/you/welcome/", endpoint="welcome")
@own
def welcome_page() -> ResponseReturnValue:
    """What the sign-in is, and a password for who wants one."""
    who, _ = me()
    return render_template("you/welcome.html", form=NewPasswordForm.of_request(), me=who)


@blueprint.get("/you/safety/", endpoint="safety")
@own
def safety_page() -> ResponseReturnValue:
    """Everything at a glance, with what can be done about it."""
    return _page(NewPasswordForm.of_request(), done=_DONE.get(request.args.get("done", "")))


@blueprint.post("/you/safety/password/")
@own
def set_password() -> ResponseReturnValue:
    """From now on it signs in too."""
    form, (who, token) = NewPasswordForm.of_request(), me()
    if not form.accepted():
        return _page(form), 422
    if (asked := ask_again()) is not None:
        return asked
    try:
        own_safety.set_password(visitor.portal(), who.login_id, form["password"].data, keep=visitor.token() or token)
    except Invalid as fault:
        form.blame(fault)
        return _page(form), 422
    return _done("password")


@blueprint.post("/you/safety/password/forget/")
@own
def forget_password() -> ResponseReturnValue:
    """A code by mail is enough."""
    if (asked := ask_again()) is not None:
        return asked
    own_safety.forget_password(visitor.portal(), me()[0].login_id)
    return _done("no-password")


@blueprint.post("/you/safety/app/")
@own
def begin_app() -> ResponseReturnValue:
    """A secret for an app, and where its first code is typed."""
    if (asked := ask_again()) is not None:
        return asked
    return _app(AppForm.of_request(), own_safety.begin_app(visitor.portal(), me()[0].login_id))


@blueprint.post("/you/safety/app/confirm/")
@own
def confirm_app() -> ResponseReturnValue:
    """The app is asked for from now on."""
    form, (who, _) = AppForm.of_request(), me()
    if form.accepted():
        try:
            own_safety.confirm_app(visitor.portal(), who.login_id, form["code"].data)
        except Invalid as fault:
            form.blame(fault)
        else:
            return _done("app")
    try:
        return _app(form, own_safety.begun_app(visitor.portal(), who.login_id)), 422
    except Refused as over:  # it was set up, or dropped, in another window meanwhile
        begun = _unfilled()
        begun.faults = [*form.faults, over.message]
        return _page(begun), 422


@blueprint.post("/you/safety/app/remove/")
@own
def remove_app() -> ResponseReturnValue:
    """The app is not asked for any more."""
    if (asked := ask_again()) is not None:
        return asked
    own_safety.remove_app(visitor.portal(), me()[0].login_id)
    return _done("no-app")


@blueprint.post("/you/safety/passkeys/")
@own
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser has just made."""
    if (asked := ask_again()) is not None:
        return asked
    (who, _), portal = me(), visitor.portal()
    own_safety.insist_own(portal, who.login_id)
    answer, name = request.form.get("credential", ""), request.form.get("name", "")
    try:
        passkeys.register(portal, who.login_id, answer, name=name)
    except Invalid as fault:
        return _page(_unfilled(), fault=next(iter(fault.fields.values()))), 422
    return _done("passkey")


@blueprint.post("/you/safety/passkeys/remove/")
@own
def remove_passkey() -> ResponseReturnValue:
    """It does not sign anybody in any more."""
    if (asked := ask_again()) is not None:
        return asked
    who, _ = me()
    own_safety.insist_own(visitor.portal(), who.login_id)
    passkeys.remove(visitor.portal(), who.login_id, number_in("passkey"))
    return _done("removed")


@blueprint.post("/you/safety/recovery/")
@own
def new_recovery_codes() -> ResponseReturnValue:
    """Ten new codes, on this page and never again."""
    if (asked := ask_again()) is not None:
        return asked
    who, _ = me()
    own_safety.insist_own(visitor.portal(), who.login_id)
    return render_template("you/recovery.html", codes=recovery.renew(visitor.portal(), who.login_id))


@blueprint.post("/you/safety/sessions/end/")
@own
def end_session() -> ResponseReturnValue:
    """End one session: a browser that was left somewhere."""
    with writing_unscoped("a session is of a login, not of a controller") as work:
        ended = sessions.end_one(work, me()[0].login_id, request.form.get("session", ""))
    if not ended:
        raise Refused("That session had ended already.")
    return _done("session")


@blueprint.post("/you/safety/sessions/end-others/")
@own
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions but this one."""
    who, token = me()
    with writing_unscoped("a session is of a login, not of a controller") as work:
        sessions.end_all(work, who.login_id, but=token)
    return _done("others")


@blueprint.get("/you/close/", endpoint="close")
@own
def close_page() -> ResponseReturnValue:
    """What goes and what stays."""
    return render_template("you/close.html", me=me()[0])


@blueprint.post("/you/close/")
@own
def close_sign_in() -> ResponseReturnValue:
    """End the sign-in for good."""
    if (asked := ask_again()) is not None:
        return asked
    own_signin.close(visitor.portal(), me()[0].login_id, language=language())
    visitor.forget()
    return redirect(f"{DOOR}?closed=1", code=303)


def _done(what: str) -> ResponseReturnValue:
    return redirect(f"{SAFETY}?done={what}", code=303)


def _unfilled() -> NewPasswordForm:
    form = NewPasswordForm()
    form.faults = []
    return form


def _page(form: Form, *, done: Message | None = None, fault: Message | None = None) -> str:
    (who, token), portal = me(), visitor.portal()
    with reading_unscoped("a login belongs to no controller") as work:
        shown = {
            "sessions": sessions.of_login(work, who.login_id, token),
            "codes_left": recovery.left(work, who.login_id),
            "passkeys": passkeys.of_login(work, who.login_id),
        }
    may = passkeys.possible(portal) and not who.staff
    new = passkeys.to_register(portal, who.login_id) if may else None
    here = device_words(request.user_agent.string)
    return render_template(
        "you/safety.html", form=form, me=who, done=done, fault=fault, new_passkey=new, here=here, base=SAFETY, **shown
    )


def _app(form: Form, enrolment: Enrolment) -> str:
    picture = Markup(enrolment.picture)  # noqa: S704  # drawn by ourselves
    who, _ = me()
    return render_template("you/enrol.html", form=form, me=who, secret=enrolment.secret, picture=picture)
