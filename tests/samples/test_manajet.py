"""What each person of the demo gets from ManaJet's two systems: theirs, all of it, and nobody else's."""

import re
from datetime import timedelta

import pytest

from app.cli.samples.making import DemoPerson
from app.cli.samples.manajet import PEOPLE, SAMPLE
from app.cli.samples.manajet_rows import SEEN_ON
from app.connectors.base import System
from app.policies.loader import CONTROLLERS, read_controller
from tests.samples.asking import Found, ask, opened

SECRETS = {"passwordHash", "key_hash"}


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, System]:
    return opened(SAMPLE, tmp_path_factory.mktemp("people"))


def by_mail(systems: dict[str, System], email: str) -> Found:
    return ask(systems, {"email": [email]})


def ids(found: Found, name: str = "platform.users", column: str = "id") -> set[object]:
    return {row[column] for row in found.get(name, ())}


def test_a_user_of_three_accounts_gets_their_own_users_and_no_account(systems: dict[str, System]) -> None:  # M-1
    found = by_mail(systems, "janis.berzins@example.com")
    assert len(ids(found, column="account_id")) == 3
    assert {row["fullName"] for row in found["platform.users"]} == {"Jānis Bērziņš"}
    assert ids(found, "platform.sign_ins", "user_id") == ids(found)
    assert not {"platform.customers", "platform.accounts", "platform.licences", "platform.projects"} & found.keys()
    assert len(found["support.contacts"]) == 1  # found by the address and by the user alike, and given once


def test_a_private_customer_gets_their_account_and_who_was_in_it(systems: dict[str, System]) -> None:  # M-1, M-3, M-5
    found = by_mail(systems, "igor.sokolov@example.com")
    (customer,) = found["platform.customers"]
    assert ids(found, "platform.accounts", "customer_id") == {customer["id"]}
    assert ids(found, "platform.licences", "account_id") == ids(found, "platform.accounts")
    assert ids(found, "platform.projects", "owner_id") == ids(found) == ids(found, "platform.documents", "author_id")
    (session,) = found["platform.access_sessions"]
    assert all(session[name] for name in ("staff_name", "staff_role", "reason", "contract"))
    assert session["started_at"] < session["ended_at"]
    assert all(row["staff_name"] and row["purpose"] and row["at"] for row in found["support.contact_log"])
    both = ask(systems, {"email": ["igor.sokolov@example.com"], "customer_number": [customer["number"]]})
    assert both == found


def test_a_company_gets_its_accounts_and_none_of_their_users(systems: dict[str, System]) -> None:  # M-1
    company = SAMPLE.generate()["customers"][0]
    found = by_mail(systems, company["email"])
    assert ids(found, "platform.accounts", "customer_id") == {company["id"]}
    assert len(found["platform.accounts"]) == 3
    assert found.keys() == {f"platform.{one}" for one in (
        "customers", "accounts", "licences", "orders", "access_sessions")}  # fmt: skip


def test_a_namesake_in_the_same_account_is_another_person(systems: dict[str, System]) -> None:
    one, other = (by_mail(systems, email) for email in ("kristine.liepina@example.com", "k.liepina@example.net"))
    assert ids(one, column="account_id") == ids(other, column="account_id")
    assert {row["fullName"] for found in (one, other) for row in found["platform.users"]} == {"Kristīne Liepiņa"}
    assert not ids(one) & ids(other)


def test_a_shared_mailbox_leads_to_both_and_a_user_name_to_one(systems: dict[str, System]) -> None:
    both = by_mail(systems, "ozolu.gimene@example.com")
    assert {row["fullName"] for row in both["platform.users"]} == {"Ilze Ozola", "Pēteris Ozols"}
    one = next(row for row in both["platform.users"] if row["fullName"] == "Pēteris Ozols")
    assert ids(ask(systems, {"account_name": [one["userName"]]})) == {one["id"]}


def test_a_mother_is_known_with_her_son_and_does_not_get_his_data(systems: dict[str, System]) -> None:
    (emils,) = by_mail(systems, "emils.kalnins@example.org")["platform.users"]
    assert emils["profile"]["guardian"]["email"] == "sanita.kalnina@example.org"
    assert by_mail(systems, "sanita.kalnina@example.org") == {}
    assert emils["id"] not in ids(by_mail(systems, "ozolu.gimene@example.com"))  # whose Account it is


def test_texts_come_as_they_were_typed(systems: dict[str, System]) -> None:
    found = by_mail(systems, "nora.obrien@example.com")
    assert [row["title"] for row in found["platform.documents"]] == ["=SUM(1;2)"]
    assert found["platform.users"][0]["profile"]["signature"].startswith("<b onclick=")


def test_the_large_one_and_the_one_of_whom_nothing_is_held(systems: dict[str, System]) -> None:
    large, small, none = (
        sum(map(len, by_mail(systems, f"{name}@example.com").values()))
        for name in ("maris.krumins", "kristine.liepina", "agnese.vitola")
    )
    assert large >= 100 * small > 100 * none == 0


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_no_secret_leaves(systems: dict[str, System], person: DemoPerson) -> None:  # M-4
    found = by_mail(systems, person.email)
    assert not any(SECRETS & row.keys() for rows in found.values() for row in rows)


def test_secrets_are_kept_as_hashes_alone() -> None:  # M-4
    rows = SAMPLE.generate()
    assert all(row["passwordHash"].startswith("$argon2id$") for row in rows["users"])
    assert all(re.fullmatch("[0-9a-f]{64}", row["key_hash"]) for row in rows["api_keys"])
    maps = read_controller(CONTROLLERS / "manajet.yaml").datasets.values()
    collections = [one for dataset in maps for one in dataset.collections.values()]
    assert {field.name for one in collections for field in one.fields.values() if field.secret} == SECRETS


def test_no_account_is_there_that_would_be_gone() -> None:  # M-7
    rows = SAMPLE.generate()
    for account in rows["accounts"]:
        end = max(row["expires_on"] for row in rows["licences"] if row["account_id"] == account["id"])
        kept = timedelta(days=120) if account["kind"] == "commercial" else timedelta(days=28)
        assert end + kept > SEEN_ON, account["address"]


def test_an_order_says_paid_or_not_and_nothing_of_a_card() -> None:  # M-9
    rows = SAMPLE.generate()
    assert {row["paid"] for row in rows["orders"]} == {True, False}
    texts = [value for table in rows.values() for row in table for value in row.values() if isinstance(value, str)]
    assert not [text for text in texts if re.fullmatch(r"[\d -]{13,23}", text)]
