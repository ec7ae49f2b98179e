"""A new member of staff follows the link of the invitation: name and password, then the second factor."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, NotFound
from app.domain.messages import Message
from app.services import staff
from app.services.staff import Invitation
from app.web import fields, visitor
from app.web.forms import Form
from app.web.guard import public
from app.web.signin.blueprint import blueprint, enter
from app.web.transaction import reading_unscoped


class InvitationForm(Form):
    """How colleagues will see them, and their first factor."""

    name = fields.line(Message("Your name"), needed=Message("Enter your name."), autocomplete="name")
    password = fields.new_password(Message("Choose a password"))


@blueprint.get("/signin/invitation/<token>/", endpoint="invitation")
@public
def invitation_page(token: str) -> ResponseReturnValue:
    """The form. Looking at it uses nothing up: mail scanners look too."""
    try:
        invitation = _invitation(token)
    except NotFound:
        return _over()
    return _page(InvitationForm.of_request({"name": invitation.name}), invitation)


@blueprint.post("/signin/invitation/<token>/")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Name and password are set; on to the second factor."""
    form = InvitationForm.of_request()
    try:
        invitation = _invitation(token)
    except NotFound:
        return _over()
    if not form.accepted():
        return _page(form, invitation, 422)
    try:
        session = staff.accept(
            visitor.portal(),
            token,
            name=form["name"].data,
            password=form["password"].data,
            replaces=visitor.token(),
        )
    except NotFound:
        return _over()
    except Invalid as fault:
        form.blame(fault)
        return _page(form, invitation, 422)
    return enter(session, "/signin/code/")


def _invitation(token: str) -> Invitation:
    with reading_unscoped("an invitation is opened before its controller") as work:
        return staff.open_invitation(work, token)


def _page(form: InvitationForm, invitation: Invitation, status: int = 200) -> ResponseReturnValue:
    return render_template("signin/invitation.html", form=form, invitation=invitation), status


def _over() -> ResponseReturnValue:
    return render_template("signin/invitation_over.html"), 404
