"""What each person of the demo gets from MGT Connect's three systems: theirs, all of it, and nobody else's."""

from collections import Counter

import pytest

from app.cli.samples.making import DemoPerson
from app.cli.samples.mgt import PEOPLE, SAMPLE
from app.connectors.base import System
from tests.samples.asking import Found, ask, opened

OF_ACCOUNT = ("exchange.members", "exchange.transactions", "logs.activity", "logs.devices")


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, System]:
    return opened(SAMPLE, tmp_path_factory.mktemp("people"))


def by_mail(systems: dict[str, System], email: str) -> Found:
    return ask(systems, {"email": [email]})


def ids(found: Found, name: str = "exchange.accounts", column: str = "id") -> set[object]:
    return {row[column] for row in found.get(name, ())}


def test_a_bookkeeper_of_two_companies_gets_both_accounts_and_neither_company(systems: dict[str, System]) -> None:
    found = by_mail(systems, "ana.ionescu@example.com")
    assert len(found["exchange.accounts"]) == 2
    assert len(ids(found, "exchange.members", "company_id")) == 2
    assert all(ids(found, name, "account_id") - {None} == ids(found) for name in OF_ACCOUNT)
    assert ids(found, "exchange.documents", "sent_by") == ids(found)
    assert "exchange.companies" not in found
    first, second = sorted(found["service.tickets"], key=lambda row: row["id"])
    assert second["follows_id"] == first["id"]
    assert len(found["service.ticket_messages"]) == 4
    assert [row["title"] for row in found["service.surveys"]] == ["Доволни ли сте от поддръжката?"]
    assert [row["kind"] for row in found["service.legal_records"]] == ["mandate"]


def test_a_namesake_in_the_same_company_is_another_person(systems: dict[str, System]) -> None:
    one, other = (by_mail(systems, email) for email in ("maria.georgieva@example.com", "m.georgieva@example.net"))
    assert ids(one, "exchange.members", "company_id") == ids(other, "exchange.members", "company_id")
    assert {row["fullName"] for found in (one, other) for row in found["exchange.accounts"]} == {"Мария Георгиева"}
    assert not ids(one) & ids(other)
    assert not ids(one, "exchange.documents") & ids(other, "exchange.documents")


def test_a_shared_mailbox_leads_to_both(systems: dict[str, System]) -> None:
    found = by_mail(systems, "kolevi@example.com")
    assert {row["fullName"] for row in found["exchange.accounts"]} == {"Стоян Колев", "Радка Колева"}


def test_who_of_two_names_their_account_gets_that_one_alone(systems: dict[str, System]) -> None:
    both = by_mail(systems, "kolevi@example.com")
    radka = next(row for row in both["exchange.accounts"] if row["fullName"] == "Радка Колева")
    assert ids(ask(systems, {"account_name": [radka["login"]]})) == {radka["id"]}


def test_a_mother_who_agreed_does_not_get_the_account_of_her_son(systems: dict[str, System]) -> None:
    (young,) = by_mail(systems, "nikola.todorov@example.com")["exchange.accounts"]
    assert "tsveta.todorova@example.com" in young["guardian"]
    assert by_mail(systems, "tsveta.todorova@example.com") == {}


def test_who_is_her_company_gets_it_with_its_documents(systems: dict[str, System]) -> None:
    found = by_mail(systems, "irina.pencheva@example.com")
    (company,) = found["exchange.companies"]
    assert (len(found["exchange.accounts"]), len(found["exchange.documents"])) == (1, 4)
    assert ids(found, "exchange.documents", "from") == {company["id"]}
    twice = ask(systems, {"email": ["irina.pencheva@example.com"], "customer_number": [company["contract_no"]]})
    assert twice == found


def test_a_company_gets_its_documents_and_none_of_its_people(systems: dict[str, System]) -> None:
    company = SAMPLE.generate()["companies"][0]
    found = by_mail(systems, str(company["email"]))
    assert found.keys() == {"exchange.companies", "exchange.documents"}
    assert ids(found, "exchange.documents", "from") == {company["id"]} == ids(found, "exchange.companies")


def test_who_erased_her_account_finds_what_stays(systems: dict[str, System]) -> None:  # G-1, G-3
    found = by_mail(systems, "kalina.boyadzhieva@example.com")
    assert found.keys() == {"service.tickets", "service.ticket_messages", "service.legal_records"}


def test_each_consent_is_a_row_of_its_own(systems: dict[str, System]) -> None:  # G-6
    rows = SAMPLE.generate()["consents"]
    assert {(row["kind"], row["where"]) for row in rows} == {
        ("third_party_offers", "account creation"), ("own_news", "account settings"),
    }  # fmt: skip
    given = Counter(row["account_id"] for row in rows)
    one_alone = next(account for account, count in given.items() if count == 1)
    account = next(row for row in SAMPLE.generate()["accounts"] if row["id"] == one_alone)
    assert len(by_mail(systems, str(account["email"]))["exchange.consents"]) == 1


def test_what_looks_like_a_formula_or_markup_comes_as_it_is(systems: dict[str, System]) -> None:
    found = by_mail(systems, "patrick.oneill@example.com")
    assert found["service.tickets"][0]["subject"].startswith("=HYPERLINK(")
    assert "<script>" in str(found["exchange.accounts"][0]["preferences"])
    assert not found["exchange.accounts"][0]["active"]


def test_the_large_one(systems: dict[str, System]) -> None:
    large, small = (
        sum(map(len, by_mail(systems, email).values()))
        for email in ("dimitar.shterev@example.com", "m.georgieva@example.net")
    )
    assert large >= 100 * small


def test_nothing_is_nothing(systems: dict[str, System]) -> None:
    assert by_mail(systems, "yana.shtarbanova@example.com") == {}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_no_secret_leaves(systems: dict[str, System], person: DemoPerson) -> None:
    for rows in by_mail(systems, person.email).values():
        assert not any({"password_hash", "totp_secret", "push_token"} & row.keys() for row in rows)
