"""What each person of the demo gets from SoftFirm's two systems: theirs, all of it, and nobody else's (R-8)."""

import pytest

from app.cli.samples.making import DemoPerson
from app.cli.samples.softfirm import PEOPLE, SAMPLE
from app.cli.samples.softfirm_words import KINDS
from app.connectors.base import System
from app.policies.loader import CONTROLLERS, read_controller
from tests.samples.asking import Found, ask, opened

OF_ACCOUNT = ("site.sign_in", "site.cookie_choice")
# Name, mobile phone, e-mail and IP address, then what shows a consent and what only keeps the records together.
HELD = ("user.name", "user.contact.phone_number", "user.contact.email", "user.device.ip_address")
BESIDE = ("user.privacy_preferences", "user.account", "user.unique_id", "user.authorization.credentials",
          "system.operations")  # fmt: skip


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, System]:
    return opened(SAMPLE, tmp_path_factory.mktemp("people"))


def by_mail(systems: dict[str, System], email: str) -> Found:
    return ask(systems, {"email": [email]})


def column(found: Found, name: str, field: str) -> set[object]:
    return {row[field] for row in found.get(name, ())}


def rows(found: Found) -> int:
    return sum(map(len, found.values()))


def test_nothing_is_held_beyond_what_users_gave() -> None:
    datasets = read_controller(CONTROLLERS / "softfirm.yaml").datasets
    held = {
        category
        for dataset in datasets.values()
        for collection in dataset.collections.values()
        for field in collection.fields.values()
        for category in field.categories
    }
    assert held == {*HELD, *BESIDE, "user.contact"}  # an old telephone number or address in the list of changes


def test_two_accounts_that_became_one_come_whole(systems: dict[str, System]) -> None:
    found = by_mail(systems, "igor.sokolov@example.com")
    accounts = found["registry.user"]
    assert {row["email"] for row in accounts} == {"igor.sokolov@example.com", "i.sokolov@example.net"}
    assert {row["merged_into_id"] for row in accounts} == {row["id"] for row in accounts}
    assert len(found["registry.consent"]) == 2 * len(KINDS)
    for name in OF_ACCOUNT:
        assert column(found, name, "account") == {row["number"] for row in accounts}
    assert [row["recipient"] for row in found["registry.transfer"]] == ["Примерный районный суд"]


def test_each_consent_stands_and_ends_by_itself(systems: dict[str, System]) -> None:
    found = by_mail(systems, "vera.ilyina@example.com")["registry.consent"]
    assert {row["kind"]: row["withdrawn_on"] is None for row in found} == {
        "processing": True, "transfer": False, "cookies": False,
    }  # fmt: skip
    everybody = SAMPLE.generate()
    assert len(everybody["consent"]) == len(KINDS) * len(everybody["user"])


def test_a_shared_mailbox_leads_to_both_and_a_number_to_one(systems: dict[str, System]) -> None:
    both = by_mail(systems, "kuznetsovy@example.com")
    assert column(both, "registry.user", "Name") == {"Мария Кузнецова", "Пётр Кузнецов"}
    maria = next(row for row in both["registry.user"] if row["Name"] == "Мария Кузнецова")
    alone = ask(systems, {"customer_number": [maria["number"]]})
    assert column(alone, "registry.user", "id") == column(alone, "registry.consent", "user_id") == {maria["id"]}


def test_a_child_gets_the_consent_given_for_it_and_the_parent_only_their_own(systems: dict[str, System]) -> None:
    child = by_mail(systems, "anna.ozola@example.com")
    assert column(child, "registry.representative", "full_name") == {"Марис Озолс"}
    parent = by_mail(systems, "maris.ozols@example.com")
    assert set(parent) == {"registry.representative"}
    assert parent["registry.representative"] == child["registry.representative"]


def test_a_namesake_is_another_person(systems: dict[str, System]) -> None:
    one, other = (by_mail(systems, email) for email in ("alexey.smirnov@example.com", "a.smirnov@example.net"))
    assert column(one, "registry.user", "Name") == column(other, "registry.user", "Name") == {"Алексей Смирнов"}
    assert not column(one, "registry.user", "id") & column(other, "registry.user", "id")
    assert not column(one, "site.sign_in", "id") & column(other, "site.sign_in", "id")


def test_texts_of_every_kind_come_as_they_are(systems: dict[str, System]) -> None:
    found = by_mail(systems, "artem.dangelo@example.com")
    assert column(found, "registry.user", "Name") == {"Артём Д'Анжело"}
    assert {str(old)[0] for old in column(found, "registry.change", "old")} == {"=", "<"}


def test_who_only_wrote_is_found_by_their_address(systems: dict[str, System]) -> None:
    assert set(by_mail(systems, "zoya.asks@example.org")) == {"site.newsletter_log"}


def test_the_large_one(systems: dict[str, System]) -> None:
    large, small = (by_mail(systems, email) for email in ("yuri.shcherbakov@example.com", "a.smirnov@example.net"))
    assert rows(large) >= 100 * rows(small)


def test_nothing_is_nothing(systems: dict[str, System]) -> None:
    assert by_mail(systems, "fekla.yolkina@example.com") == {}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_no_key_of_a_session_leaves(systems: dict[str, System], person: DemoPerson) -> None:
    assert not any("SessionKey" in row for row in by_mail(systems, person.email).get("site.sign_in", ()))
