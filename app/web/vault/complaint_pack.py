"""The complaint pack of a request (G-9): to which authority, what about, and the PDF. Nothing typed here is kept."""

from dataclasses import dataclass
from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.domain.complaints import Found
from app.domain.countries import official_languages
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.queries import cases, policies
from app.queries.cases import CaseView
from app.queries.policies import Policy
from app.services import complaint_pack
from app.web import fields, places, visitor
from app.web.forms import Form
from app.web.guard import person
from app.web.language import language, offer
from app.web.limits import HOUR, slow_down
from app.web.owner import owner_of
from app.web.places import PlacesForm
from app.web.transaction import reading
from app.web.vault.blueprint import blueprint
from app.web.vault.place import controller_of

MADE_AN_HOUR: Final = 20


@dataclass(frozen=True, slots=True)
class _Open:
    """The page: the request, the places in the address, the authorities that they lead to, and what is typed."""

    case: CaseView
    policy: Policy
    places: PlacesForm
    found: Found
    form: Form


@blueprint.route("/case/<reference>/complaint-pack/", methods=["GET", "POST"])
@person
def make_pack(reference: str) -> ResponseReturnValue:
    """Where to complain, and the PDF for it."""
    here = _look(reference)
    if not here.form.accepted():
        return _page(here)
    slow_down("pack-for", reference, limit=MADE_AN_HOUR, seconds=HOUR)
    code, typed = here.form["authority"].data, here.form["typed"].data
    chosen = next(one.authority for one in here.found.ways if one.authority.code == code)
    try:
        document = complaint_pack.print_pack(
            visitor.portal(), visitor.person(), controller_of(reference), reference, authority=chosen, typed=typed
        )
    except Invalid as fault:
        here.form.blame(fault)
        return _page(here)
    return _file(document, reference)


def _look(reference: str) -> _Open:
    with reading(controller_of(reference), who=visitor.person()) as work:
        case = cases.view(work, reference)
        policy = policies.pinned(work, case.policy_version, case.regime_version)
    offer(policy.file.controller.languages, case=case.language)
    asked = places.form()
    found = places.found(asked.asked(), policy)
    return _Open(case, policy, asked, found, _form(found))


def _page(here: _Open) -> ResponseReturnValue:
    faulty = here.places if here.places.failed else here.form
    shown = render_template(
        "vault/complaint_pack.html",
        case=here.case,
        owner=owner_of(here.policy),
        timezone=here.case.timezone,
        regime=here.policy.regime,
        asked=here.places,
        pack=here.form,
        form=faulty,
        found=here.found,
        official_languages=official_languages,
    )
    return shown, 422 if faulty.failed else 200


def _form(found: Found) -> Form:
    options = [(one.authority.code, one.authority.called(language())) for one in found.ways]
    made = {
        "authority": fields.radios(
            Message("To which authority do you complain?"), options, needed=Message("Choose an authority.")
        ),
        "typed": fields.passage(
            Message("What do you complain about? (optional)"), longest=complaint_pack.LONGEST,
            hint=Message("It stands in the PDF and is kept nowhere. Left empty, there is room to write by hand."),
        ),
    }  # fmt: skip
    kind: type[Form] = type("PackForm", (Form,), made)
    return kind.of_request({"authority": found.ways[0].authority.code} if found.ways else None)


def _file(document: bytes, reference: str) -> Response:
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-complaint.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
