"""The ways in: a code by mail, which also makes the sign-in; a password; a passkey; and the app's code where one is set
up. Nothing here says whether somebody has a sign-in."""

from typing import Final

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.queries.organisations import age_alone
from app.services import address_codes, own_signin, passkeys
from app.services.own_signin import AgeUnsaid, Step, TooYoung
from app.services.signing_in import StartAgain
from app.web import fields, visitor
from app.web.caller import caller
from app.web.forms import Form
from app.web.guard import public
from app.web.language import language
from app.web.limits import network
from app.web.signin.blueprint import enter, onward, wanted
from app.web.signin.steps import CodeForm as AppForm
from app.web.signin.steps import PasswordForm
from app.web.transaction import prove, reading_unscoped
from app.web.vault.forms import CodeForm
from app.web.you.blueprint import DOOR, HOME, blueprint, come_in

_ALONE: Final = Message("Who is younger cannot make a sign-in alone. Your answer is not kept.")


class AddressForm(Form):
    """Where the code goes."""

    email = fields.line(
        Message("E-mail address"),
        needed=Message("Enter your e-mail address."),
        longest=254,
        kind="email",
        autocomplete="username",
        spellcheck="false",
    )


@blueprint.get("/you/signin/", endpoint="door")
@public
def door_page() -> ResponseReturnValue:
    """All ways in; whoever is in already goes on."""
    seen = visitor.visitor()
    if seen is not None and seen.stage == "own":
        return redirect(wanted(HOME), code=303)
    return _door(AddressForm.of_request())


@blueprint.post("/you/signin/")
@public
def ask_code() -> ResponseReturnValue:
    """Mail a code, whoever it is; on to where it is typed."""
    form = AddressForm.of_request()
    if not form.accepted():
        return _door(form, 422)
    try:
        token = address_codes.send(visitor.portal(), network(), form["email"].data, language=language())
    except Invalid as fault:
        form.blame(fault)
        return _door(form, 422)
    return redirect(_code_page(token), code=303)


@blueprint.get("/you/code/<token>/", endpoint="code")
@public
def code_page(token: str) -> ResponseReturnValue:
    """Where the code is typed. Looking uses nothing up."""
    return _code(token, CodeForm.of_request())


@blueprint.post("/you/code/<token>/")
@public
def try_code(token: str) -> ResponseReturnValue:
    """The code: in, or on to the app's."""
    form = CodeForm.of_request()
    if not form.accepted():
        return _code(token, form, 422)
    try:
        return _on(own_signin.by_code(visitor.portal(), caller(), token, form["code"].data))
    except Invalid as fault:
        form.blame(fault)
        return _code(token, form, 422)
    except AgeUnsaid:
        return _age(token, _age_form())


@blueprint.post("/you/code/<token>/age")
@public
def say_age(token: str) -> ResponseReturnValue:
    """The code once more, and whether whoever makes a sign-in is old enough: in, or to what else there is."""
    form = _age_form()
    if not form.accepted():
        return _age(token, form, 422)
    old_enough = form["age"].data == "older"
    try:
        return _on(own_signin.by_code(visitor.portal(), caller(), token, form["code"].data, old_enough=old_enough))
    except Invalid as fault:
        over = CodeForm.of_request()
        over.blame(fault)
        return _code(token, over, 422)
    except TooYoung:
        return redirect("/you/young/", code=303)


@blueprint.get("/you/young/", endpoint="young")
@public
def young_page() -> ResponseReturnValue:
    """What somebody who makes no sign-in alone yet can do: all but that."""
    return render_template("you/young.html", age=age_alone(visitor.portal()))


@blueprint.post("/you/code/<token>/again")
@public
def another_code(token: str) -> ResponseReturnValue:
    """A fresh code for the same address."""
    prove()
    with reading_unscoped("an address belongs to no controller") as work:
        sent = address_codes.look(work, token)
    if sent is None or sent.purpose != "enter":
        return redirect(onward(DOOR, HOME), code=303)
    fresh = address_codes.send(visitor.portal(), network(), sent.email, language=language(), login_id=sent.login_id)
    return redirect(_code_page(fresh), code=303)


@blueprint.get("/you/password/", endpoint="password")
@public
def password_page() -> ResponseReturnValue:
    """For who has chosen a password."""
    return _password(PasswordForm.of_request())


@blueprint.post("/you/password/")
@public
def try_password() -> ResponseReturnValue:
    """E-mail address and password: in, or on to the app's code, or to a code by mail where it was long ago."""
    form = PasswordForm.of_request()
    if not form.accepted():
        return _password(form, 422)
    try:
        step = own_signin.by_password(
            visitor.portal(), caller(), email=form["email"].data, password=form["password"].data, language=language()
        )
    except Invalid as fault:
        form.blame(fault)
        return _password(form, 422)
    return _on(step)


@blueprint.post("/you/passkey/")
@public
def try_passkey() -> ResponseReturnValue:
    """A passkey instead of all else."""
    prove()
    answer = request.form.get("credential", "")
    try:
        return _on(own_signin.by_passkey(visitor.portal(), caller(), answer, language=language()))
    except Invalid as fault:
        return _start_again(next(iter(fault.fields.values())))


@blueprint.get("/you/app/", endpoint="app")
@public
def app_page() -> ResponseReturnValue:
    """The app's code, after the first step."""
    try:
        return _app(AppForm.of_request())
    except StartAgain:
        return redirect(onward(DOOR, HOME), code=303)


@blueprint.post("/you/app/")
@public
def try_app() -> ResponseReturnValue:
    """In."""
    form = AppForm.of_request()
    try:
        if not form.accepted():
            return _app(form, 422)
        return _on(own_signin.by_app(visitor.portal(), caller(), form["code"].data))
    except Invalid as fault:
        form.blame(fault)
        return _app(form, 422)
    except StartAgain as over:
        return _start_again(over.message)


def _on(step: Step) -> ResponseReturnValue:
    if step.entered is not None:
        return come_in(step.entered, made=step.made)
    if step.code is not None:
        return redirect(_code_page(step.code), code=303)
    assert step.token is not None
    return enter(step.token, onward("/you/app/", HOME))


def _code_page(token: str) -> str:
    return onward(f"/you/code/{token}/", HOME)


def _door(form: Form, status: int = 200) -> ResponseReturnValue:
    portal = visitor.portal()
    shown = {
        "action": onward(DOOR, HOME),
        "passkey": passkeys.to_show(portal, "own") if passkeys.possible(portal) else None,
        "by_passkey": onward("/you/passkey/", HOME),
        "by_password": onward("/you/password/", HOME),
        "out": request.method == "GET" and "out" in request.args,
        "closed": request.method == "GET" and "closed" in request.args,
    }
    return render_template("you/door.html", form=form, **shown), status


def _code(token: str, form: Form, status: int = 200) -> ResponseReturnValue:
    shown = {"action": _code_page(token), "again": onward(f"/you/code/{token}/again", HOME)}
    return render_template("you/code.html", form=form, **shown), status


def _age(token: str, form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("you/age.html", form=form, action=onward(f"/you/code/{token}/age", HOME)), status


def _age_form() -> Form:
    """The code, which was typed already, and only whether, not when: nobody's day of birth is needed (Art. 5(1)(c))."""
    age = age_alone(visitor.portal())
    options = (("older", Message("I am %(age)d or older", {"age": age})), ("younger", Message("I am younger")))
    asked = fields.radios(Message("How old are you?"), options, hint=_ALONE, needed=Message("Choose how old you are."))
    form: type[Form] = type("AgeForm", (CodeForm,), {"age": asked})
    return form.of_request()


def _password(form: Form, status: int = 200) -> ResponseReturnValue:
    shown = {"action": onward("/you/password/", HOME), "by_code": onward(DOOR, HOME)}
    return render_template("you/password.html", form=form, **shown), status


def _app(form: Form, status: int = 200) -> ResponseReturnValue:
    email = own_signin.waits_for_app(visitor.portal(), visitor.token())
    return render_template("you/app.html", form=form, email=email, action=onward("/you/app/", HOME)), status


def _start_again(words: Message) -> ResponseReturnValue:
    form = AddressForm()
    form.faults = [words]
    return _door(form, 422)
