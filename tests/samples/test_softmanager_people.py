"""What each of the demo's people gets from SoftManager's two databases: theirs, all of it, and nobody else's."""

from typing import Any

import pytest

from app.cli.samples.softmanager import PEOPLE, SAMPLE
from app.connectors.base import System
from tests.samples.asking import Found, ask, opened


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, System]:
    return opened(SAMPLE, tmp_path_factory.mktemp("people"))


def counts(found: Found) -> dict[str, int]:
    return {name: len(rows) for name, rows in found.items()}


def test_a_contact_person_sees_their_cards_and_what_was_addressed_to_them(systems: dict[str, System]) -> None:
    found = ask(systems, {"email": ["ana.ionescu@example.com"]})
    assert {row["full_name"] for row in found["crm.contacts"]} == {"Ana-Maria Ionescu"}
    assert (len(found["crm.contacts"]), len(found["crm.users"]), len(found["billing.documents"])) == (3, 1, 3)
    assert "crm.clients" not in found  # the businesses, and through them their colleagues, are not hers
    assert {row["user_id"] for row in found["crm.activity_log"]} == {found["crm.users"][0]["id"]}


def test_a_namesake_is_another_person(systems: dict[str, System]) -> None:
    one = ask(systems, {"email": ["andrei.popescu@example.com"]})
    other = ask(systems, {"email": ["a.popescu@example.net"]})
    ids = [{row["id"] for row in found["crm.clients"]} for found in (one, other)]
    assert [len(each) for each in ids] == [1, 1]
    assert not ids[0] & ids[1]


def test_a_shared_mailbox_leads_to_both(systems: dict[str, System]) -> None:
    found = ask(systems, {"email": ["familia.dumitrescu@example.com"]})
    assert {row["name"] for row in found["crm.clients"]} == {"Elena Dumitrescu", "Mihai Dumitrescu"}


def test_two_records_that_refer_to_each_other_come_once_each(systems: dict[str, System]) -> None:
    found = ask(systems, {"email": ["grace.oneill@example.com"]})
    assert {row["email"] for row in found["crm.clients"]} == {"grace.oneill@example.com", "grace@example.org"}
    assert len(found["crm.clients"]) == 2
    assert len(found["billing.documents"]) == 3
    assert len(found["billing.subscriptions"]) == 2


def test_several_identities_of_one_person_find_each_row_once(systems: dict[str, System]) -> None:
    by_mail = ask(systems, {"email": ["grace.oneill@example.com"]})
    code = next(row["code"] for row in by_mail["crm.clients"] if row["active"])
    both = ask(systems, {"email": ["grace.oneill@example.com", "grace@example.org"], "customer_number": [code]})
    assert counts(both) == counts(by_mail)


def test_the_large_one(systems: dict[str, System]) -> None:
    large = ask(systems, {"email": ["stefan.turcanu@example.com"]})
    small = ask(systems, {"email": ["a.popescu@example.net"]})
    assert sum(counts(large).values()) >= 100 * sum(counts(small).values())


def test_a_minor_is_found_and_the_mothers_contract_is_not(systems: dict[str, System]) -> None:
    assert counts(ask(systems, {"email": ["luca.moraru@example.com"]})) == {"crm.contacts": 1}


def test_nothing_is_nothing(systems: dict[str, System]) -> None:
    assert ask(systems, {"email": ["ioana.vacarescu@example.com"]}) == {}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_no_secret_leaves(systems: dict[str, System], person: Any) -> None:
    found = ask(systems, {"email": [person.email]})
    for rows in found.values():
        assert not any({"password_hash", "api_key"} & row.keys() for row in rows)
