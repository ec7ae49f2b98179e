"""A member of staff changes their own password; every other browser of theirs is signed out."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.services import signing_in
from app.web import fields, visitor
from app.web.caller import caller
from app.web.forms import Form
from app.web.guard import staff
from app.web.signin.blueprint import blueprint


class OwnPasswordForm(Form):
    """The password now and the one from now on."""

    current = fields.password(Message("Your password now"), needed=Message("Enter your password."))
    password = fields.new_password(Message("Your new password"))


@blueprint.get("/signin/password/", endpoint="own_password")
@staff()
def own_password_page() -> ResponseReturnValue:
    """The form, or that it was done."""
    return render_template("signin/own_password.html", form=OwnPasswordForm.of_request(), done="done" in request.args)


@blueprint.post("/signin/password/")
@staff()
def change_own_password() -> ResponseReturnValue:
    """The new password holds at once."""
    form = OwnPasswordForm.of_request()
    if form.accepted():
        try:
            signing_in.change_password(
                visitor.portal(), caller(), current=form["current"].data, new=form["password"].data
            )
        except Invalid as fault:
            form.blame(fault)
        else:
            return redirect("/signin/password/?done=1", code=303)
    return render_template("signin/own_password.html", form=form, done=False), 422
