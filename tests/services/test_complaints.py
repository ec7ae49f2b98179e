"""What the law of the United Kingdom has beside the others: complaints to the organisation, a clock begun anew."""

from datetime import date, timedelta

import pytest

from app.domain.errors import Refused
from app.queries.queue import QueueFilter, queue
from app.queries.reading import load, personal_of
from app.services import moves
from tests.factories import House, person
from tests.services.test_moves import GOOD, WORDS

UNITED_KINGDOM = {"country: LV": "country: GB-ENG", "timezone: Europe/Riga": "timezone: Europe/London",
                  "regime: gdpr": "regime: uk_gdpr"}  # fmt: skip


@pytest.fixture
def house(acme: House) -> House:
    """Acme, in England."""
    acme.apply(changes=UNITED_KINGDOM)
    return acme


def complained(house: House, reference: str) -> str:
    """The reference of the complaint."""
    with house.reading("dpo") as work:
        rows = queue(work, QueueFilter(right="complaint")).rows
    found = [row.reference for row in rows if row.submission == house.view(reference).submission]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("who", ["person", "handler"])
def test_a_complaint_is_a_case_of_its_own_in_the_same_submission(house: House, who: str) -> None:
    reference = house.in_status("closed")
    house.clock.advance(timedelta(days=10))
    actor = person(reference) if who == "person" else house.staff(who)
    with house.work(actor) as work:
        made = moves.perform(work, reference, "complain", {"complaint": "It took too long."})
    house.run()
    about = complained(house, reference)
    assert made == about
    complaint, case = house.view(about), house.view(reference)
    assert (case.status, case.outcome) == ("closed", "granted"), "the request itself stays as it is"
    assert (complaint.right, complaint.status, complaint.clock.due) == ("complaint", "open", date(2027, 1, 2))
    assert [row.proven_by for row in complaint.identities] == ["email_code"]
    assert [letter.kind for letter in complaint.letters] == ["acknowledgement"]
    with house.reading("dpo") as work:
        assert personal_of(work, load(work, about))["details"] == {"about": reference, "wish": "It took too long."}
    names = {move.name for move in complaint.moves}
    assert "grant" in names
    assert not {"refuse", "complain", "quote_fee"} & names
    house.move(about, "grant", result="You were right, and we are sorry.")
    assert house.view(about).outcome == "granted"
    assert [letter.kind for letter in house.view(about).letters][-1] == "complaint"


def test_elsewhere_a_complaint_goes_to_the_authority(acme: House) -> None:
    reference = acme.in_status("open")
    for actor in (person(reference), acme.staff("dpo")):
        with pytest.raises(Refused), acme.work(actor) as work:
            moves.perform(work, reference, "complain", {"complaint": WORDS})


def test_the_clock_begins_anew_when_the_proof_or_the_fee_is_there(house: House) -> None:
    reference = house.in_status("open")
    house.clock.advance(timedelta(days=2))
    house.move(reference, "ask_proof", **GOOD["ask_proof"])
    assert house.view(reference).clock.due is None
    house.clock.advance(timedelta(days=10))
    house.move(reference, "accept_proof", **GOOD["accept_proof"])
    assert house.view(reference).clock.due == date(2027, 1, 5)
    house.move(reference, "quote_fee", **GOOD["quote_fee"])
    house.clock.advance(timedelta(days=7))
    house.move(reference, "record_fee")
    assert house.view(reference).clock.due == date(2027, 1, 12)
