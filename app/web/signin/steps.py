"""The two steps in, and the way out."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import Field

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.services import passkeys, signing_in
from app.services.signing_in import Entered, SecondStep, StartAgain
from app.web import fields, visitor
from app.web.caller import caller
from app.web.forms import Form
from app.web.guard import public
from app.web.signin.blueprint import DESK, SAFETY, blueprint, enter, known_from_now_on, onward, wanted
from app.web.transaction import prove, reading_unscoped


class PasswordForm(Form):
    """Who, and the first factor. Nothing here says whether somebody exists."""

    email = fields.line(
        Message("E-mail address"),
        needed=Message("Enter your e-mail address."),
        longest=254,
        kind="email",
        autocomplete="username",
        spellcheck="false",
    )
    password = fields.password(Message("Password"), needed=Message("Enter your password."))


def app_code(hint: Message) -> Field:
    """The code of an app."""
    return fields.line(
        Message("Code from your app"), hint=hint, needed=Message("Enter the code that your app shows now."), longest=40,
        classes="habeas-code-input", autocomplete="one-time-code", inputmode="numeric", spellcheck="false",
    )  # fmt: skip


class CodeForm(Form):
    """The second factor."""

    code = app_code(Message("6 digits. If you have lost your telephone, one of your recovery codes"))


class FirstCodeForm(CodeForm):
    """The first code of a new app: nothing stands in for it."""

    code = app_code(Message("6 digits"))


@blueprint.get("/signin/", endpoint="password")
@public
def password_page() -> ResponseReturnValue:
    """The first page; whoever is in already goes on."""
    seen = visitor.visitor()
    if seen is not None and seen.stage == "full":
        return redirect(wanted(), code=303)
    return _password(PasswordForm.of_request())


@blueprint.post("/signin/")
@public
def try_password() -> ResponseReturnValue:
    """E-mail address and password; on to the code."""
    form = PasswordForm.of_request()
    if not form.accepted():
        return _password(form, 422)
    try:
        token = signing_in.check_password(
            visitor.portal(), caller(), email=form["email"].data, password=form["password"].data
        )
    except Invalid as fault:
        form.blame(fault)
        return _password(form, 422)
    return enter(token, onward("/signin/code/"))


@blueprint.get("/signin/code/", endpoint="code")
@public
def code_page() -> ResponseReturnValue:
    """The second page: the code, and before the first time, how to set up the app."""
    try:
        step = _second_step()
    except StartAgain:
        return redirect(onward("/signin/"), code=303)
    return _code(_form(step), step)


@blueprint.post("/signin/code/")
@public
def try_code() -> ResponseReturnValue:
    """The code; then the desk, or wherever the reader wanted to go."""
    try:
        step = _second_step()
    except StartAgain as over:
        return start_again(over.message)
    form = _form(step)
    try:
        if not form.accepted():
            return _code(form, step, 422)
        entered = signing_in.enter_code(visitor.portal(), caller(), form["code"].data)
    except StartAgain as over:
        return start_again(over.message)
    except Invalid as fault:
        form.blame(fault)
        return _code(form, step, 422)
    return _come_in(entered)


@blueprint.post("/signin/passkey/")
@public
def try_passkey() -> ResponseReturnValue:
    """A passkey instead of password and code: it is both."""
    prove()
    try:
        entered = signing_in.enter_by_passkey(visitor.portal(), caller(), request.form.get("credential", ""))
    except Invalid as fault:
        return start_again(next(iter(fault.fields.values())), 422)
    return _come_in(entered)


def _come_in(entered: Entered) -> ResponseReturnValue:
    answer = enter(entered.token, SAFETY if entered.first and wanted() == DESK else wanted())
    return known_from_now_on(answer, entered.mark, path="/signin/")


@blueprint.post("/signout/")
@public
def sign_out() -> ResponseReturnValue:
    """Out: the session's row is gone, whoever still holds its id."""
    prove()
    token, seen = visitor.token(), visitor.visitor()
    door = "/you/signin/" if seen is not None and seen.stage in {"own", "own_first"} else "/signin/"
    if token is not None:
        signing_in.sign_out(visitor.portal(), token)
    visitor.forget()
    return redirect(f"{door}?out=1", code=303)


def _second_step() -> SecondStep:
    with reading_unscoped("a session is of a login, not of a controller") as work:
        return signing_in.second_step(work, visitor.token())


def _form(step: SecondStep) -> CodeForm:
    return (FirstCodeForm if step.enrolment else CodeForm).of_request()


def _password(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    out = request.method == "GET" and "out" in request.args
    portal = visitor.portal()
    passkey = passkeys.to_show(portal, "sign-in") if passkeys.possible(portal) else None
    shown = {
        "action": onward("/signin/"),
        "passkey": passkey,
        "by_passkey": onward("/signin/passkey/"),
        "by_sso": onward("/signin/sso/") if portal.sso.offered else None,
    }
    return render_template("signin/password.html", form=form, out=out, **shown), status


def _code(form: CodeForm, step: SecondStep, status: int = 200) -> ResponseReturnValue:
    picture = Markup(step.enrolment.picture) if step.enrolment else None  # noqa: S704  # drawn by ourselves
    shown = {"form": form, "step": step, "picture": picture, "action": onward("/signin/code/")}
    return render_template("signin/code.html", **shown), status


def start_again(words: Message, status: int = 409) -> ResponseReturnValue:
    """The first page with what went wrong."""
    form = PasswordForm()
    form.faults = [words]
    return _password(form, status)
