"""Review (Art. 15(4)): a single record may be withheld, with a ground of the law and a reason, and taken back."""

import pytest

from app.domain.errors import Invalid, NotFound, Refused
from app.queries import items
from app.queries.items import ItemRow
from app.queries.reading import load
from app.services import review
from tests.factories import House

GROUND = "rights_of_others"


def rows(house: House, reference: str) -> list[ItemRow]:
    with house.reading("handler") as work:
        return list(items.items(house.portal, work, reference).rows)


def withhold(house: House, reference: str, *names: str, ground: str = GROUND, reason: str = "Names others.") -> None:
    with house.work("handler") as work:
        review.withhold(work, load(work, reference), names, ground=ground, reason=reason)


def test_withheld_and_taken_back(acme: House) -> None:
    reference = acme.in_status("in_review")
    first, second, *_ = (row.id for row in rows(acme, reference))
    withhold(acme, reference, first, second)
    withhold(acme, reference, first, reason="  Better said. ")
    decided = {row.id: (row.decision, row.reason) for row in rows(acme, reference) if row.decision != "include"}
    assert decided == {first: ("withhold", "Better said."), second: ("withhold", "Names others.")}
    with acme.work("handler") as work:
        review.include(work, load(work, reference), [first, second])
    assert {row.decision for row in rows(acme, reference)} == {"include"}
    assert acme.events(reference)[-3:] == ["item:withheld", "item:withheld", "item:included"]


@pytest.mark.parametrize(
    ("ground", "reason", "field"),
    [
        ("because", "x", "ground"),
        (GROUND, " ", "reason"),
        (GROUND, "x" * 2001, "reason"),
        (GROUND, "a\u202eb", "reason"),
    ],
)
def test_a_decision_needs_a_ground_and_a_reason(acme_on_sqlite: House, ground: str, reason: str, field: str) -> None:
    reference = acme_on_sqlite.in_status("in_review")
    name = rows(acme_on_sqlite, reference)[0].id
    with pytest.raises(Invalid) as invalid:
        withhold(acme_on_sqlite, reference, name, ground=ground, reason=reason)
    assert set(invalid.value.fields) == {field}


def test_what_is_no_record_of_this_request_is_not_found(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference, other = house.in_status("in_review"), house.in_status("in_review")
    name = rows(house, reference)[0].id
    foreign = rows(house, other)[0].id
    collected = name.partition("-")[0]
    for wrong in (foreign, f"{collected}-99", "999-0", "x", "", "1-", "-1", "1--1", "1-1-1", f"{collected}- 0"):
        with pytest.raises(NotFound):
            withhold(house, reference, name, wrong)
    with pytest.raises(Invalid):
        withhold(house, reference)
    assert {row.decision for row in rows(house, reference)} == {"include"}


def test_only_while_the_answer_is_being_reviewed(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("in_review")
    name = rows(house, reference)[0].id
    house.move(reference, "approve")
    with pytest.raises(Refused, match="being reviewed"):
        withhold(house, reference, name)


def test_a_decision_voids_the_approvals_given_so_far(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(approvers=2)
    reference = house.in_status("in_review")
    house.move(reference, "approve", "approver")
    withhold(house, reference, rows(house, reference)[0].id)
    house.move(reference, "approve", "approver2")
    assert house.view(reference).status == "in_review"
    house.move(reference, "approve", "approver")
    assert house.view(reference).status == "ready"
