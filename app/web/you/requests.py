"""One's requests at every organisation in one place, opened without another code (Art. 12(2))."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.domain.identity import read_reference
from app.domain.labels import OUTCOME, STATUS_FOR_PERSON
from app.domain.permissions import ANONYMOUS
from app.queries import own_requests
from app.queries.let_in import like
from app.services import own_signin
from app.web import visitor
from app.web.guard import own
from app.web.transaction import prove, writing
from app.web.you.blueprint import blueprint, me


@blueprint.get("/you/", endpoint="requests")
@own
def requests_page() -> ResponseReturnValue:
    """The list, and a way to those that are not on it."""
    who, _ = me()
    listed = own_requests.listed(visitor.portal(), who.login_id)
    return render_template("you/requests.html", me=who, requests=listed, statuses=STATUS_FOR_PERSON, outcomes=OUTCOME)


@blueprint.post("/you/requests/")
@own
def open_request() -> ResponseReturnValue:
    """Let this browser into one of them; it stands in the request's trail."""
    prove()
    (who, _), reference = me(), read_reference(request.form.get("reference", "")[:40])
    found = {name: number for number, name in own_requests.references(visitor.portal(), who.login_id)}
    if reference is None or reference not in found:
        raise NotFound
    with writing(found[reference]) as work:
        own_signin.note_entry(work, reference)
    visitor.let_into(like(visitor.portal(), ANONYMOUS, reference, reference))  # as the person whose data it is
    return redirect(f"/case/{reference}/", code=303)
