"""A card's number is masked wherever it stands in text, and nothing else is (M-9)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cards import masked, masked_rows, possible

# Numbers that the schemes give out for tests.
CARDS = (
    "4111111111111111", "4222222222222", "5555555555554444", "2223003122003222", "378282246310005", "6011111111111117",
    "3530111333300000", "2200000000000004", "6200000000000005",
)  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
def test_all_but_the_last_four_digits_go(number: str) -> None:
    text, count = masked(f"Paid with {number}.")
    assert (text, count) == (f"Paid with {'*' * (len(number) - 4)}{number[-4:]}.", 1)
    assert possible(number.encode())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("5555-5555-5555-4444", "****-****-****-4444"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("a 4111111111111111, b 5555555555554444", "a ************1111, b ************4444"),
        ("№4111111111111111", "№************1111"),
    ],
)
def test_as_people_write_it(written: str, shown: str) -> None:
    assert masked(written)[0] == shown
    assert possible(written.encode())


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "1111111111111117",  # no scheme begins so
        "RO49AAAA1B31007593840000", "LV80BANK0000435195001", "order 20261123090000123", "+371 2000 0000 000",
        "41111111111111110000", "x4111111111111111", "2026-11-23 09:00:00.000000", "4111 1111", "",
    ],
)  # fmt: skip
def test_what_is_no_card_stays(text: str) -> None:
    assert masked(text) == (text, 0)


def test_inside_objects_and_lists_and_beside_other_values() -> None:
    rows = [(1, None, 4111111111111111, b"4111111111111111"), (2, {"note": ["4111111111111111"]}, 0, b"")]
    made, count = masked_rows(rows)
    assert count == 1
    assert [list(row) for row in made] == [[*rows[0]], [2, {"note": ["************1111"]}, 0, b""]]
    assert masked_rows([(1, "text")]) == ([(1, "text")], 0)


@given(st.text(max_size=40), st.sampled_from(CARDS), st.text(max_size=40))
def test_the_quick_look_misses_none(before: str, number: str, after: str) -> None:
    text = f"{before} {number} {after}"
    if masked(text)[1]:
        assert possible(json.dumps(text, ensure_ascii=False).encode())
