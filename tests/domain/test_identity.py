"""What people type about themselves: kept as they mean it, comparable, and free of what could deceive a reader."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import (
    REFERENCE_LETTERS,
    comparable,
    new_reference,
    read_email,
    read_reference,
    text_fault,
    tidy,
)


def test_references_are_long_random_and_easy_to_read_aloud() -> None:
    made = {new_reference() for _ in range(2000)}
    assert len(made) == 2000
    assert len(REFERENCE_LETTERS) ** 12 > 2**58
    assert not set(REFERENCE_LETTERS) & set("01ILOU")
    assert all(read_reference(reference) == reference for reference in made)


def test_a_reference_may_be_typed_in_any_way() -> None:
    assert read_reference(" 7k2m9qxf4trb ") == "7K2M-9QXF-4TRB"
    assert read_reference("7K2M 9QXF 4TRB") == "7K2M-9QXF-4TRB"


@pytest.mark.parametrize("text", ["", "7K2M", "7K2M-9QXF-4TR0", "7K2M-9QXF-4TRBX", "٧K2M-9QXF-4TRB", "' OR 1=1 --"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert read_reference(text) is None


@given(st.text(max_size=40))
def test_reading_a_reference_never_fails_and_is_stable(text: str) -> None:
    found = read_reference(text)
    assert found is None or read_reference(found) == found


@given(st.text(max_size=60))
def test_what_passes_holds_nothing_hidden(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    if text_fault(tidied, max_length=60, lines=True) is None:
        assert not set(tidied) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff\r\x00")
        assert unicodedata.is_normalized("NFC", tidied)


@pytest.mark.parametrize("text", ["Ana", "Ķiršu Zoë", "山田", "مريم", "👩‍👩‍👧", "a\u0301"])
def test_the_worlds_names_pass(text: str) -> None:
    assert text_fault(tidy(text), max_length=200) is None


@pytest.mark.parametrize("hidden", "\u061c\u180e\u200b\u200e\u202e\u2060\u2064\u2069\u206a\u206f\ufeff\ufff9\ufffb")
def test_what_turns_or_splits_a_text_unseen_does_not_pass(hidden: str) -> None:
    """All marks of direction (Unicode, Bidi_Control), and what is nothing but a gap without width."""
    assert text_fault(f"An{hidden}a", max_length=50, lines=True)


def test_lines_pass_only_where_there_may_be_some() -> None:
    assert text_fault("a\nb", max_length=9, lines=True) is None
    assert text_fault("a\nb", max_length=9) is not None


def test_a_fault_says_how_long_it_may_be() -> None:
    assert "4 characters" in str(text_fault("12345", max_length=4))
    assert text_fault("1234", max_length=4) is None


@pytest.mark.parametrize(
    "text",
    ["", "ana", "@example.com", "ana@", "a b@example.com", "ana@exam ple.com", "ana@example", "a@b@example.com",
     "ana@example.com\r\nBcc: x@example.com", "ana@[127.0.0.1]", "x" * 250 + "@example.com"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    address, fault = read_email(text)
    assert address is None
    assert fault is not None


@pytest.mark.parametrize(
    ("text", "kept"), [("Ana@EXAMPLE.com", "Ana@example.com"), ("a+b@example.org", "a+b@example.org")]
)
def test_an_address_is_kept_as_it_is_written(text: str, kept: str) -> None:
    assert read_email(text) == (kept, None)


def test_two_spellings_of_one_identity_are_the_same() -> None:
    assert comparable("email", " Ana@Example.com") == comparable("email", "ana@example.COM")
    assert comparable("phone", "+371 (2000) 00-00") == comparable("phone", "+37120000000")
    assert comparable("account_name", "ＡＮＡ") == comparable("account_name", "ana")
    assert comparable("email", "ana@example.com") != comparable("email", "bob@example.com")
