"""What each person of the demo gets from ispmanager's three systems: theirs, all of it, and nobody else's."""

from collections import Counter

import pytest

from app.cli.samples.ispmanager import PEOPLE, SAMPLE
from app.cli.samples.ispmanager_words import COOKIES
from app.cli.samples.making import DemoPerson
from app.connectors.base import System
from tests.samples.asking import Found, ask, opened

BY_LOGIN = ("logs.activity", "logs.sign_ins", "logs.devices")


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, System]:
    return opened(SAMPLE, tmp_path_factory.mktemp("people"))


def by_mail(systems: dict[str, System], email: str) -> Found:
    return ask(systems, {"email": [email]})


def values(found: Found, column: str) -> set[object]:
    """Every value of columns of that name, wherever it stands."""
    return {row[column] for rows in found.values() for row in rows if column in row}


def test_a_user_of_two_companies_gets_both_sign_ins_and_neither_company(systems: dict[str, System]) -> None:
    found = by_mail(systems, "ana.ionescu@example.com")
    assert len(found["clients.users"]) == 2
    assert len({row["account_id"] for row in found["clients.users"]}) == 2
    assert not {"clients.accounts", "clients.licences", "clients.payments"} & found.keys()
    assert values(found, "email") == {"ana.ionescu@example.com"}  # no colleague
    logins = {row["login"] for row in found["clients.users"]}
    assert all({row["login"] for row in found[name]} == logins for name in BY_LOGIN)
    assert len(found["helpdesk.tickets"]) == 1
    assert len(found["helpdesk.messages"]) == 2


def test_a_company_gets_its_account_and_none_of_its_people(systems: dict[str, System]) -> None:
    company = next(row for row in SAMPLE.generate()["accounts"] if row["kind"] == "company")
    found = by_mail(systems, company["email"])
    assert found.keys() == {"clients.accounts", "clients.licences", "clients.payments"}
    assert ask(systems, {"customer_number": [company["number"]]}) == found


def test_a_trusted_person_learns_where_they_stand_and_who_trusts_them_only_by_number(  # I-7
    systems: dict[str, System],
) -> None:
    found = by_mail(systems, "janis.berzins@example.com")
    assert [row["full_name"] for row in found["clients.trusted_persons"]] == ["Jānis Bērziņš"]
    trusting = found["clients.trusted_access"][0]["user_id"]
    assert trusting not in {row["id"] for row in found["clients.users"]}
    owner = next(row for row in SAMPLE.generate()["users"] if row["id"] == trusting)
    theirs = by_mail(systems, owner["email"])
    assert theirs["clients.trusted_access"] == found["clients.trusted_access"]
    assert "clients.trusted_persons" not in theirs


def test_accounts_that_were_made_one_come_together(systems: dict[str, System]) -> None:
    found = by_mail(systems, "igor.sokolov@example.com")
    new, old = sorted(found["clients.accounts"], key=lambda row: row["id"])
    assert (old["merged_into_id"], old["email"]) == (new["id"], "igor.sokolov@example.net")
    assert {row["account_id"] for row in found["clients.payments"]} == {new["id"], old["id"]}
    assert len(found["clients.users"]) == 2
    assert "merged" in {row["status"] for row in found["helpdesk.tickets"]}


def test_a_shared_mailbox_leads_to_both(systems: dict[str, System]) -> None:
    found = by_mail(systems, "orlovy@example.com")
    assert {row["fullName"] for row in found["clients.users"]} == {"Анна Орлова", "Павел Орлов"}


def test_a_child_comes_with_the_consent_and_a_mother_with_that_alone(systems: dict[str, System]) -> None:  # I-5
    child, mother = by_mail(systems, "sofia.andreou@example.com"), by_mail(systems, "eleni.andreou@example.com")
    assert child["clients.guardians"] == mother["clients.guardians"]
    assert [str(row["birth_date"]) for row in child["clients.users"]] == ["2013-09-14"]
    assert mother.keys() == {"clients.guardians"}


def test_a_namesake_is_another_person(systems: dict[str, System]) -> None:
    both = [by_mail(systems, email) for email in ("maria.georgiou@example.com", "m.georgiou@example.net")]
    assert all({row["fullName"] for row in found["clients.users"]} == {"Maria Georgiou"} for found in both)
    for column in ("login", "account_id", "requester_id"):
        assert not values(both[0], column) & values(both[1], column)


def test_what_looks_like_a_formula_or_markup_comes_as_it_is(systems: dict[str, System]) -> None:
    found = by_mail(systems, "liam.oconnor@example.com")
    assert found["clients.users"][0]["nickname"] == "=1+1"
    assert "<script>alert('sample')</script>" in values(found, "subject")


def test_the_large_one(systems: dict[str, System]) -> None:
    sizes = Counter({
        email: sum(map(len, by_mail(systems, email).values()))
        for email in ("konstantin.volkov@example.com", "m.georgiou@example.net")
    })  # fmt: skip
    (_, large), (_, small) = sizes.most_common()
    assert large >= 100 * small


def test_a_client_of_a_hosting_company_left_nothing_but_a_ticket(systems: dict[str, System]) -> None:  # I-6
    found = by_mail(systems, "katerina.lazareva@example.org")
    assert found.keys() == {"helpdesk.requesters", "helpdesk.tickets", "helpdesk.messages"}


def test_nothing_is_nothing(systems: dict[str, System]) -> None:
    assert by_mail(systems, "dmitry.lebedev@example.com") == {}


def test_several_identities_of_one_person_find_each_row_once(systems: dict[str, System]) -> None:
    mail = by_mail(systems, "liam.oconnor@example.com")
    user, account = mail["clients.users"][0], mail["clients.accounts"][0]
    given = {
        "email": ["liam.oconnor@example.com"], "account_name": [user["login"]], "customer_number": [account["number"]],
    }  # fmt: skip
    assert ask(systems, given) == mail


def test_everybody_chose_among_the_five_kinds_of_cookies(systems: dict[str, System]) -> None:  # I-9
    for person in PEOPLE:
        found = by_mail(systems, person.email)
        for user in found.get("clients.users", ()):
            chosen = {row["kind"]: row for row in found["clients.cookie_choices"] if row["user_id"] == user["id"]}
            assert chosen.keys() == {kind for kind, _, _ in COOKIES}
            assert chosen["authorisation"]["allowed"]
            assert chosen["security"]["allowed"]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_no_secret_leaves(systems: dict[str, System], person: DemoPerson) -> None:
    found = by_mail(systems, person.email)
    for rows in found.values():
        assert not any({"password_hash", "totp_secret", "activation_key", "session_token"} & row.keys() for row in rows)
