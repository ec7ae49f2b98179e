"""Addresses: whose is whose, what is shown of them, what staff look at twice (attacks 2 and 9 of the field)."""

import pytest

from app.domain.contacts import contact_kind, mailbox, masked, oddities, sound
from app.domain.identity import comparable, read_email

ANA = "ana@example.com"
# Each looks like ana@example.com, or nearly, and reaches somebody else.
LOOKALIKES = {
    "Cyrillic letter before the at": "\u0430na@example.com",
    "all of it Cyrillic before the at": "\u0430\u043f\u0430@example.com",
    "Cyrillic letter in the domain": "ana@ex\u0430mple.com",
    "Greek letter in the domain": "ana@examp\u03bfle.com",
    "full-width letter": "\uff41na@example.com",
    "letter with a dot": "ana@ex\u1ea1mple.com",
    "dotless i": "\u0131na@example.com",
    "another domain": "ana@example.co",
    "more before the at": "ana+x@example.com",
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_what_looks_alike_is_not_the_same_person(name: str) -> None:
    address, fault = read_email(LOOKALIKES[name])
    assert fault is not None or comparable("email", str(address)) != comparable("email", ANA)


@pytest.mark.parametrize(
    ("one", "other"), [("strasse@example.com", "stra\u00dfe@example.com"), ("fi@example.com", "\ufb01@example.com")]
)
def test_no_folding_makes_two_mailboxes_one_person(one: str, other: str) -> None:
    assert comparable("email", one) != comparable("email", other)


def test_case_is_the_only_difference_that_does_not_count() -> None:
    assert comparable("email", "ANA@Example.COM") == ANA
    assert comparable("email", "an\u0061\u0301@example.com") == comparable("email", "an\u00e1@example.com")


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        (ANA, 0),
        ("ana.li\u0113pa+x_1@example.com", 0),
        ("\u0438\u0432\u0430\u043d@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", 1),
        ("ana@b\u00fccher.example", 1),
        (LOOKALIKES["Cyrillic letter before the at"], 1),
        (LOOKALIKES["all of it Cyrillic before the at"], 1),
        (LOOKALIKES["Cyrillic letter in the domain"], 2),
        (LOOKALIKES["Greek letter in the domain"], 2),
        (LOOKALIKES["full-width letter"], 1),
        ("\u5c71\u7530\u3055\u3093@example.jp", 1),
    ],
)
def test_staff_are_told_of_letters_that_may_deceive(address: str, warned: int) -> None:
    assert len(oddities(address)) == warned


def test_the_domain_is_shown_as_computers_write_it() -> None:
    assert oddities("ana@ex\u0430mple.com")[0].values["written"].startswith("xn--")


@pytest.mark.parametrize(
    "spelling",
    ["ANA@example.com", "ana+1@example.com", "Ana+news+2@EXAMPLE.com", " ana@example.com ", "\uff41na@example.com"],
)
def test_spellings_of_one_mailbox_are_counted_as_one(spelling: str) -> None:
    assert mailbox(spelling) == mailbox(ANA)


def test_dots_count_where_they_are_delivered_apart() -> None:
    assert mailbox("a.n.a+x@gmail.com") == mailbox("ana@gmail.com")
    assert mailbox("a.na@example.com") != mailbox(ANA)
    assert mailbox("+x@example.com") != mailbox("+y@example.com")


def test_a_contact_is_shown_so_that_only_its_owner_knows_it() -> None:
    assert masked("email", ANA) == "a•••@example.com"
    assert masked("email", LOOKALIKES["Cyrillic letter in the domain"]) == "a•••@xn--exmple-4nf.com"
    assert masked("phone", "+371 20000123") == "•••123"
    assert "Riga" not in masked("post", "1 Example Street, Riga")


def test_what_a_system_holds_becomes_a_contact_only_when_it_reaches_somebody() -> None:
    assert sound("email", " ANA@example.com ") == "ANA@example.com"
    assert sound("post", "1 Example\nStreet") == "1 Example Street"
    for nothing in ("", "no address", "a@b@c", "ana@example.com\nBcc: all@example.com", "x" * 400 + "@example.com"):
        assert sound("email", nothing) is None, nothing
    assert contact_kind("user.contact.address.street") == "post"
    assert contact_kind("user.contact") is None
    assert contact_kind("user.contact.organization") is None


@pytest.mark.parametrize("length", [64, 65, 250, 10_000])
def test_a_part_before_the_at_has_at_most_64_characters(length: int) -> None:
    address, fault = read_email("a" * length + "@example.com")
    assert (address is None) == (length > 64)
    assert (fault is not None) == (length > 64)
