"""Who works in one function sees the found data of that function and no other (G-1; Art. 25(2), 32(4))."""

from dataclasses import replace

import pytest

from app.domain.errors import Forbidden, NotFound
from app.domain.permissions import Actor, sees
from app.queries import cases, items
from app.queries.items import HiddenValue
from app.queries.reading import load
from app.services import moves, packages, review
from tests.factories import House

FUNCTIONS = {
    "  user: {purposes: [service], keep: {years: 2, from: last_use}}":
    "  system: {functions: [operations, security, legal]}\n"
    "  user: {purposes: [service], functions: [operations, security]}\n"
    "  user.name: {purposes: [service]}\n"
    "  user.content: {purposes: [service], functions: [legal]}\n"
    "  user.financial: {purposes: [service], functions: [security]}",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "own", "needed", "seen"),
    [
        ("handler", ("marketing",), (), True),
        ("handler", ("marketing",), ("marketing", "legal"), True),
        ("handler", ("marketing",), ("legal",), False),
        ("handler", (), ("legal",), False),
        ("approver", ("security",), ("legal",), False),
        ("auditor", (), ("legal",), False),
        ("dpo", (), ("legal",), True),
    ],
)
def test_functions_say_who_looks(role: str, own: tuple[str, ...], needed: tuple[str, ...], *, seen: bool) -> None:
    assert sees(Actor("staff", role=role, functions=own), needed) is seen


@pytest.mark.parametrize("actor", [Actor("person"), Actor("system"), Actor("anonymous")])
def test_persons_and_the_system_are_bounded_otherwise(actor: Actor) -> None:
    assert sees(actor, ("legal",))


def who(house: House, *functions: str, name: str = "handler") -> Actor:
    return replace(house.staff(name), functions=functions)


@pytest.fixture
def reference(acme: House) -> str:
    """A request of Ana's under a file that says which function looks after what, searched."""
    acme.apply(changes=FUNCTIONS)
    return acme.in_status("in_review")


def shown(house: House, reference: str, actor: Actor) -> dict[str, dict[str, object]]:
    """The values of the first record of each collection that this reader gets."""
    with house.reading(actor) as work:
        rows = items.items(house.portal, work, reference).rows
    return {row.collection: dict(row.values) for row in reversed(rows)}


def test_each_function_sees_its_own(acme: House, reference: str) -> None:
    legal = shown(acme, reference, who(acme, "legal"))
    assert legal["notes"]["text"] == "called twice"
    assert legal["notes"]["customer_id"] == HiddenValue(("operations", "security"))
    assert legal["customers"]["name"] == "Ana Liepa"
    assert legal["customers"]["email"] == HiddenValue(("operations", "security"))
    security = shown(acme, reference, who(acme, "security"))
    assert security["invoices"]["total"] == 1200
    assert security["notes"]["text"] == HiddenValue(("legal",))
    everything = shown(acme, reference, who(acme, name="dpo"))
    assert not any(isinstance(one, HiddenValue) for values in everything.values() for one in values.values())


def test_who_has_no_function_gets_no_collection_that_names_one(acme: House, reference: str) -> None:
    assert shown(acme, reference, who(acme, "marketing")).keys() == {"customers"}
    with acme.reading(who(acme, "marketing")) as work:
        seen = cases.view(work, reference)
    assert [one.collection for one in seen.collections] == ["customers"]
    assert seen.collections[0].categories == ("user.name",)
    assert seen.kept_from == ("legal", "operations", "security")
    with acme.reading(who(acme, name="dpo")) as work:
        assert not cases.view(work, reference).kept_from


def test_what_one_does_not_see_one_cannot_decide(acme: House, reference: str) -> None:
    with acme.reading(who(acme, name="dpo")) as work:
        note = next(row.id for row in items.items(acme.portal, work, reference).rows if row.collection == "notes")
    with pytest.raises(NotFound), acme.work(who(acme, "marketing")) as work:
        review.withhold(work, load(work, reference), [note], ground="rights_of_others", reason="Names others.")
    with pytest.raises(NotFound), acme.reading(who(acme, "marketing")) as work:
        items.items(acme.portal, work, reference, collected=int(note.partition("-")[0]))


def test_a_whole_package_is_for_who_sees_all_of_it(acme: House) -> None:
    acme.apply(changes=FUNCTIONS)
    reference = acme.in_status("closed")
    with acme.reading(who(acme, name="dpo")) as work:
        package = cases.view(work, reference).packages[0].id
    with pytest.raises(Forbidden), acme.work(who(acme, "operations", name="approver")) as work:
        packages.fetch(work, package)
    with acme.work(who(acme, "operations", "security", "legal", name="approver")) as work:
        assert packages.fetch(work, package) == reference


def test_a_released_package_stays_theirs_while_the_request_is_searched_anew(acme: House) -> None:
    """What the first search found is gone from the case, and still lies in the package."""
    acme.apply(changes=FUNCTIONS)
    reference = acme.in_status("closed")
    with acme.reading(who(acme, name="dpo")) as work:
        package = cases.view(work, reference).packages[0].id
    acme.move(reference, "reopen", reason="An account was forgotten.")
    with acme.work("dpo") as work:
        moves.perform(work, reference, "collect", {})
    with pytest.raises(Forbidden), acme.work(who(acme, "operations", name="approver")) as work:
        packages.fetch(work, package)
    with acme.work(who(acme, "operations", "security", "legal", name="approver")) as work:
        assert packages.fetch(work, package) == reference
