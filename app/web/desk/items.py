"""What was found, record by record; single ones are withheld with a ground of the law (Art. 15(4))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.domain.citing import Article
from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.messages import Message, Worded
from app.domain.permissions import can
from app.domain.regime import Ground
from app.queries import cases
from app.queries.cases import CaseView
from app.queries.findings import CollectionRow
from app.queries.items import BinaryValue, HiddenValue, ItemPage, items
from app.queries.policies import policy_of
from app.queries.reading import facts_of, load
from app.services import review
from app.services.review import REASON_LENGTH
from app.web import fields
from app.web.desk.blueprint import blueprint
from app.web.desk.place import Desk, controller_id, desk_of, show
from app.web.fields import Option
from app.web.forms import Form
from app.web.guard import staff
from app.web.language import language
from app.web.transaction import reading, writing
from app.web.visitor import actor, portal
from app.work import Work

_NUMBER = "<int(max=2147483647):collection>"
_STALE = Message("Somebody else has changed this request since you opened this page. Look at it again, then decide.")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of one collection; `names`: what people call its columns."""

    place: Desk
    case: CaseView
    collection: CollectionRow
    page: ItemPage
    grounds: Sequence[Option]
    names: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.page.rows[0].values) if self.page.rows else ()

    @property
    def decides(self) -> bool:
        """Whether this reader may decide on records now."""
        return self.case.status == "in_review" and can(actor(), "item:withhold")

    def bytes_of(self, value: object) -> int | None:
        """How large a picture or document is, which this page names and does not show; None for anything else."""
        return value.bytes if isinstance(value, BinaryValue) else None

    def whose(self, value: object) -> tuple[str, ...]:
        """The functions of staff that a value is for, where it is not for this reader."""
        return value.functions if isinstance(value, HiddenValue) else ()

    @property
    def titles(self) -> Mapping[str, Message | str]:
        """What each ground is called."""
        return {one[0]: one[1] for one in self.grounds}

    def form(self) -> Form:
        """Ground and reason for withholding."""
        return _withhold_form(self.grounds).of_request()


def _withhold_form(grounds: Sequence[Option]) -> type[Form]:
    return type(
        "WithholdForm",
        (Form,),
        {
            "ground": fields.select(
                Message("Ground"), grounds, needed=Message("Choose one of the grounds that the law gives.")
            ),
            "reason": fields.passage(
                Message("Reason"),
                hint=Message("The person reads the ground; the reason stays with this case, as evidence."),
                needed=Message("Say why the chosen records are withheld."),
                longest=REASON_LENGTH,
                rows=3,
            ),
        },
    )


@blueprint.get(f"/desk/<slug>/cases/<reference>/items/{_NUMBER}/", endpoint="items")
@staff("case:view")
def items_page(slug: str, reference: str, collection: int) -> ResponseReturnValue:
    """A page of records."""
    found = _look(slug, reference, collection)
    return _page(found, found.form())


@blueprint.post(f"/desk/<slug>/cases/<reference>/items/{_NUMBER}/")
@staff("case:view")
def decide(slug: str, reference: str, collection: int) -> ResponseReturnValue:
    """Withhold the chosen records, or take them back in."""
    found = _look(slug, reference, collection)
    if not can(actor(), "item:withhold"):
        raise Forbidden("Your role here does not include this.")
    form = found.form()
    withholds = request.form.get("decision") != "include"
    asked = form if withholds else Form.of_request()  # taking back in asks for no ground
    if not asked.accepted():
        form.faults = asked.faults
        return _page(found, form, 422)
    try:
        with writing(controller_id()) as work:
            _decide(work, reference, form, withholds=withholds)
    except Invalid as fault:
        form.blame(fault)
        return _page(found, form, 422)
    except (Stale, Refused) as fault:
        form.blame_all(fault.message)
        return _page(_look(slug, reference, collection), form, 409)
    return redirect(request.full_path.rstrip("?"), code=303)


def _decide(work: Work, reference: str, form: Form, *, withholds: bool) -> None:
    case = load(work, reference)
    if not can(work.actor, "item:withhold" if withholds else "item:include", facts_of(case)):
        raise NotFound
    if str(case.version) != request.form.get("version"):
        raise Stale(_STALE)
    chosen = request.form.getlist("item")
    if withholds:
        review.withhold(work, case, chosen, ground=form["ground"].data, reason=form["reason"].data)
    else:
        review.include(work, case, chosen)


def _look(slug: str, reference: str, number: int) -> Found:
    with reading(controller_id()) as work:
        place, case = desk_of(work, slug), cases.view(work, reference)
        collection = next((one for one in case.collections if one.id == number), None)
        if collection is None:
            raise NotFound
        page = items(portal(), work, reference, collected=number, cursor=request.args.get("cursor"))
        row = load(work, reference, lock=False)
        policy = policy_of(work, row)
        fields = policy.datasets[collection.connection].collections[collection.collection].fields
    grounds = [_option(key, one) for key, one in policy.right(row.right).refusal_grounds.items()]
    names = {name: words for name, one in fields.items() if (words := one.called(language()))}
    return Found(place, case, collection, page, grounds, names)


def _option(key: str, ground: Ground) -> Option:
    values = {"title": Worded.of(ground.title), "article": Article(ground.article)}
    return key, Message("%(title)s (%(article)s)", values)


def _page(found: Found, form: Form, status: int = 200) -> ResponseReturnValue:
    chosen: set[str] = set(request.form.getlist("item"))
    shown: dict[str, Any] = {"found": found, "case": found.case, "form": form, "chosen": chosen}
    return show("items.html", found.place, **shown), status
