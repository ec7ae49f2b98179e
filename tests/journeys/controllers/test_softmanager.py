"""SoftManager's procedures, each from the form to the end."""

from datetime import date

from tests.journeys.controllers.errand import Errand

SLUG = "softmanager"
ANA = {"name": "Ana-Maria Ionescu", "email": "ana.ionescu@example.com"}


def test_a_copy_of_everything(errand: Errand) -> None:
    errand.ask("access", **ANA, scope="everything")
    errand.due_is(date(2026, 12, 23))
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["crm.contacts"] == 3


def test_confirmation_says_yes_and_nothing_more(errand: Errand) -> None:  # S-9
    errand.ask("confirmation", **ANA)
    errand.decide("grant", confirmation="Yes, data about you is processed.")
    errand.closed("granted")
    assert "Yes, data about you is processed." in errand.letters()["answer"]
    assert not errand.found
