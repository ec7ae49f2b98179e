"""A copy that no system gives: where none is connected, staff answer with a letter (Art. 12(3), 15, 20)."""

import pytest

from app.domain.errors import Invalid, Refused
from app.queries.reading import load
from app.services import letters, moves, verdicts
from tests.factories import House, person
from tests.services.letters import OFFERED
from tests.services.test_moves import WORDS

UNCONNECTED = {
    """connections:
  - {key: crm, kind: sql, url: "${ACME_CRM_URL}", dataset: crm.yml}
  - {key: billing, kind: sql, url: "${ACME_BILLING_URL}", dataset: billing.yml}
""": "",
    **OFFERED,
}
COPY = "Your file holds your name, your address and nine letters.\n\nCopies of them come with the paper letter."
DONE = {
    "access": {"held": "yes", "copy": COPY},
    "portability": {
        "held": "yes", "data_sets": "Your orders\nYour addresses", "format": "Two CSV files.",
        "schema": "The first line of each names its fields.", "access_link": "On a data carrier, by post.",
    },
}  # fmt: skip


@pytest.fixture
def house(acme: House) -> House:
    """Acme, which keeps everything on paper."""
    acme.apply(changes=UNCONNECTED)
    return acme


def asked(house: House, right: str = "access") -> str:
    return house.in_status("open", rights=(right,), details={})


def printed(house: House, reference: str) -> str:
    """The last letter, as the person opens it."""
    letter = house.view(reference).letters[-1]
    with house.work(person(reference)) as work:
        return letters.open_letter(work, reference, letter.id).decode()


@pytest.mark.parametrize("right", DONE)
def test_what_is_held_is_answered_with_a_letter(house: House, right: str) -> None:
    reference = asked(house, right)
    offered = {move.name for move in house.view(reference).moves}
    assert "answer_by_hand" in offered
    assert "collect" not in offered, "there is nothing to search"
    house.move(reference, "answer_by_hand", **DONE[right])
    case = house.view(reference)
    assert (case.status, case.outcome, case.clock.state, case.packages) == ("closed", "granted", "stopped", ())
    assert [letter.kind for letter in case.letters] == ["acknowledgement", right]
    for words in (*DONE[right].values(),):
        assert all(line in printed(house, reference) for line in words.splitlines() if words != "yes")


def test_the_letter_says_what_the_law_asks_and_the_organisations_file_knows(house: House) -> None:
    reference = asked(house)
    house.move(reference, "answer_by_hand", **DONE["access"], source="You told us yourself, in 2019.")
    letter = printed(house, reference)
    for words in ("Providing the service", "2 years after the last use", "Example Mailer", "You told us yourself"):
        assert words in letter, words
    mail = house.mails.sent[-1].text
    assert "nine letters" not in mail, "the copy is on the person's page and on paper, never in a mail"
    assert "Providing the service" in mail


def test_the_letter_says_what_the_file_says_of_decisions_by_a_machine(acme_on_sqlite: House) -> None:
    told = {"purposes:\n": "automated_decisions: A machine sets your limit.\npurposes:\n"}
    acme_on_sqlite.apply(changes={**UNCONNECTED, **told})
    reference = asked(acme_on_sqlite)
    acme_on_sqlite.move(reference, "answer_by_hand", **DONE["access"])
    letter = printed(acme_on_sqlite, reference)
    assert "A machine sets your limit." in letter
    assert "automated processing alone" not in letter


def test_nothing_held_is_answered_as_such(house: House) -> None:
    reference = asked(house)
    for field, given in (("search_scope", {"held": "no"}), ("copy", {"held": "yes"}), ("held", {})):
        with pytest.raises(Invalid) as invalid, house.work("dpo") as work:
            moves.perform(work, reference, "answer_by_hand", given)
        assert set(invalid.value.fields) == {field}
    house.move(reference, "answer_by_hand", held="no", search_scope="The paper archive\nThe index of clients")
    case = house.view(reference)
    assert (case.outcome, case.letters[-1].kind) == ("no_data", "no_data")
    letter = printed(house, reference)
    assert "The paper archive" in letter
    assert "23 November 2026" in letter


def test_a_portability_without_its_parts_names_each(house: House) -> None:
    reference = asked(house, "portability")
    with pytest.raises(Invalid) as invalid, house.work("dpo") as work:
        moves.perform(work, reference, "answer_by_hand", {"held": "yes"})
    assert set(invalid.value.fields) == {"data_sets", "format", "schema", "access_link"}


def test_nobody_waits_for_a_search_that_cannot_be(acme_on_sqlite: House) -> None:
    """An organisation without approvers and without systems takes requests too."""
    alone = {**UNCONNECTED, "approvers: 1": "approvers: 0"}
    acme_on_sqlite.apply(changes={key: value for key, value in alone.items() if key not in OFFERED})
    reference = asked(acme_on_sqlite)
    assert acme_on_sqlite.view(reference).status == "open"
    with pytest.raises(Refused) as refused, acme_on_sqlite.work("dpo") as work:
        moves.perform(work, reference, "collect", {})
    assert "answer_by_hand" in refused.value.allowed


def test_what_was_found_is_not_denied(acme_on_sqlite: House) -> None:
    """Where systems are connected staff may do so as well; what was found goes, and is never called nothing."""
    reference = acme_on_sqlite.in_status("in_review")
    with pytest.raises(Invalid) as invalid, acme_on_sqlite.work("dpo") as work:
        moves.perform(work, reference, "answer_by_hand", {"held": "no", "search_scope": WORDS})
    assert set(invalid.value.fields) == {"held"}
    acme_on_sqlite.move(reference, "answer_by_hand", **DONE["access"])
    assert acme_on_sqlite.view(reference).outcome == "granted"
    assert acme_on_sqlite.objects == {}, "nobody needs the findings any more"


@pytest.mark.parametrize("right", DONE)
def test_what_is_left_out_needs_ground_and_reasons_and_a_letter_of_its_own(house: House, right: str) -> None:
    reference = asked(house, right)
    for given, fields in (
        ({"left_out": "Two letters"}, {"ground", "reason"}),
        ({"ground": "restricted_by_law", "reason": WORDS}, {"left_out"}),
        ({"left_out": "Two letters", "ground": "excessive", "reason": WORDS}, {"ground"}),  # of the request as a whole
    ):
        with pytest.raises(Invalid) as invalid, house.work("dpo") as work:
            moves.perform(work, reference, "answer_by_hand", {**DONE[right], **given})
        assert set(invalid.value.fields) == fields
    part = {"left_out": "Two letters", "ground": "restricted_by_law", "reason": "The Archive Act."}
    house.move(reference, "answer_by_hand", **DONE[right], **part)
    case = house.view(reference)
    assert (case.outcome, [one.kind for one in case.letters][1:]) == ("partly_granted", ["partial", right])
    with house.reading(person(reference)) as work:
        verdict = verdicts.against(work, load(work, reference, lock=False), language="lv")
    assert verdict is not None
    assert verdict.facts["withheld"][0]["item"] == "Two letters"
    assert "Nothing that we found about you was left out" not in printed(house, reference)
