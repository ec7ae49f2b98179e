"""SoftManager's procedures, each from the form to the end: a yes or no and nothing more, restriction on each ground,
deletion on each ground, an instruction to staff, a consent taken back."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.journeys.controllers.errand import Errand

SLUG = "softmanager"
ANA = {"name": "Ana-Maria Ionescu", "email": "ana.ionescu@example.com"}
ANDREI = {"name": "Andrei Popescu", "email": "andrei.popescu@example.com"}
NAMESAKE = {"name": "Andrei Popescu", "email": "a.popescu@example.net"}
OLIVER = {"name": "Oliver Smith", "email": "oliver.smith@example.com"}
ELENA = {"name": "Elena Dumitrescu", "email": "familia.dumitrescu@example.com"}
LUCA = {"name": "Luca Moraru", "email": "luca.moraru@example.com"}
IOANA = {"name": "Ioana Văcărescu", "email": "ioana.vacarescu@example.com"}
MONTH = date(2026, 12, 23)
HANDS = "Done by hand in the system on the same day."


def test_a_copy_of_everything(errand: Errand) -> None:  # S-1
    errand.ask("access", **ANA, scope="everything")
    errand.due_is(MONTH)
    errand.hand_over()
    errand.closed("granted")
    found = errand.found
    assert (found["crm.contacts"], found["crm.users"], found["billing.documents"]) == (3, 1, 3)
    assert "crm.clients" not in found


def test_a_namesake_gets_their_own(errand: Errand) -> None:
    errand.ask("access", **NAMESAKE, scope="everything")
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["crm.clients"] == 1


def test_who_is_not_known_is_told_so(errand: Errand) -> None:
    errand.ask("access", **IOANA, scope="everything")
    errand.hand_over()
    errand.closed("no_data")
    assert "no_data" in errand.letters()


def test_a_minor_asks_for_their_own(errand: Errand) -> None:
    errand.ask("access", **LUCA, scope="everything")
    errand.hand_over()
    errand.closed("granted")
    assert errand.found == {"crm.contacts": 1}


def test_files_for_another_service(errand: Errand) -> None:  # S-3
    errand.ask("portability", **ANDREI)
    errand.due_is(MONTH)
    errand.hand_over()
    errand.closed("granted")


@pytest.mark.parametrize(
    ("who", "said", "outcome"),
    [(ANA, "Yes: you are a contact person of three clients.", "granted"), (IOANA, "No.", "granted")],
    ids=["yes", "no"],
)
def test_confirmation_says_yes_or_no_and_nothing_more(
    errand: Errand, who: dict[str, str], said: str, outcome: str
) -> None:  # S-9
    errand.ask("confirmation", **who)
    errand.due_is(MONTH)
    errand.decide("grant", confirmation=said)
    errand.closed(outcome)
    letter = errand.letters()["answer"]
    assert said in letter
    assert not errand.found
    assert "office1@" not in letter


def test_a_wrong_number_is_corrected(errand: Errand) -> None:  # S-10
    errand.open_form("rectification")
    errand.person.answer(
        "main form", **ELENA, account_name="", customer_number="",
        **{"corrections.0.field": "My phone number", "corrections.0.wrong": "+40 700 000 019",
           "corrections.0.right": "+40 700 000 091", "corrections.0.evidence": ""},
    )  # fmt: skip
    errand.send(ELENA["email"])
    errand.due_is(MONTH)
    errand.decide("rectify", changes="The number ends in 91.", systems=HANDS)
    errand.closed("granted")
    assert "The number ends in 91." in errand.letters()["rectified"]


@pytest.mark.parametrize("ground", ["accuracy_contested", "unlawful_no_erasure", "needed_for_claims"])
def test_data_is_set_aside_on_each_ground(errand: Errand, ground: str) -> None:  # S-10
    errand.ask("restriction", **ANDREI, grounds=ground)
    errand.decide("restrict", restriction_ground=ground, scope="Your credit rating.")
    errand.closed("granted")
    assert "Your credit rating." in errand.letters()["restricted"]


def test_who_had_data_set_aside_hears_before_it_ends(errand: Errand) -> None:  # S-10
    errand.ask("restriction", **OLIVER, grounds="accuracy_contested")
    errand.decide("restrict", restriction_ground="accuracy_contested")
    errand.decide("lift_restriction", lifting_on="2026-12-24", check_outcome="The address is right now.")
    errand.closed("granted")
    assert "The address is right now." in errand.letters()["lifting"]


@pytest.mark.parametrize("ground", ["not_necessary", "consent_withdrawn", "unlawful", "legal_obligation"])
def test_data_is_deleted_on_each_ground(errand: Errand, ground: str) -> None:  # S-11, S-12
    errand.ask("erasure", **OLIVER, grounds=ground)
    errand.due_is(MONTH)
    errand.decide(
        "erase", scope="Your contact card and your user.", systems=HANDS,
        backups="Seven days after that day.",
    )  # fmt: skip
    errand.closed("granted")
    letter = errand.letters()["erased"]
    assert HANDS in letter
    assert "Seven days after that day." in letter


def test_invoices_stay_as_long_as_the_law_says(errand: Errand) -> None:  # S-11
    errand.ask("erasure", **ANDREI, grounds="not_necessary,consent_withdrawn")
    errand.decide(
        "erase",
        **{"items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "kept_by_law",
           "items.1.reason": "Invoices are kept for five years (Accounting Act 82/1991, Art. 25)."},
    )  # fmt: skip
    errand.closed("partly_granted")
    assert "Accounting Act 82/1991" in " ".join(errand.letters().values())


def test_advertising_ends(errand: Errand) -> None:
    errand.ask("objection", **ANA, grounds="direct_marketing")
    errand.decide("grant", result="You get no more news, offers or calls.")
    errand.closed("granted")


def test_an_objection_is_weighed(errand: Errand) -> None:
    errand.ask("objection", **ANDREI, grounds="own_situation", situation="I do not want to be watched at work.")
    errand.decide("refuse", ground="compelling_grounds")
    errand.closed("refused")
    assert "refusal" in errand.letters()


def test_a_consent_is_taken_back_at_any_time(errand: Errand) -> None:  # S-4
    errand.ask("consent_withdrawal", **ANA, consents="news")
    errand.decide("grant", consequences="You get no more news about the product.")
    errand.closed("granted")
    assert "You get no more news about the product." in errand.letters()["consent_withdrawn"]


def test_a_machines_decision_is_looked_at(errand: Errand) -> None:
    errand.ask("automated_decision_review", **OLIVER)
    errand.decide("grant", reviewer="The head of customer service")
    errand.closed("granted")
    assert "The head of customer service" in errand.letters()["automated_decision"]


def test_who_got_the_data_is_named(errand: Errand) -> None:  # S-8
    errand.ask("disclosure_information", **ANA)
    errand.decide("grant", recipients="Example Hosting SAS in France, where the service runs.")
    errand.closed("granted")
    assert "Example Hosting SAS" in errand.letters()["answer"]


def test_staff_are_told_what_to_do(errand: Errand) -> None:  # S-3
    errand.ask("instruction", **ANDREI, wish="Merge the three cards of Delta Print into one.")
    errand.decide("grant", result="The three cards were merged into one.")
    errand.closed("granted")
    assert "merged into one" in errand.letters()["answer"]


def test_a_long_search_is_explained_before_the_month_is_over(errand: Errand, later: Callable[[int], None]) -> None:
    errand.ask("access", **ELENA, scope="everything")
    later(20)
    errand.decide("extend", reason="complexity", reasons="An archive of 2019 has to be read back from tape.")
    errand.due_is(date(2027, 2, 23))
    errand.hand_over()
    errand.closed("granted")
    assert "read back from tape" in errand.letters()["extension"]
