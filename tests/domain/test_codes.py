"""One-time codes: six digits that only the key can make, compared without haste."""

import hashlib
from collections import Counter

import pytest

from app.domain.codes import DIGITS, CodeResult, code_from, same_code


def test_a_code_is_six_digits_spread_evenly() -> None:
    made = [code_from(hashlib.sha256(str(number).encode()).digest()) for number in range(20_000)]
    assert all(len(code) == DIGITS and code.isdecimal() for code in made)
    for place in range(DIGITS):
        counted = Counter(code[place] for code in made)
        assert min(counted.values()) > 1_700
        assert len(counted) == 10
    assert code_from(bytes(32)) == "000000"


@pytest.mark.parametrize("typed", ["123456", "123 456", "123-456", " 1 2 3 4 5 6 ", "code: 123456"])
def test_what_people_type_around_the_digits_does_not_matter(typed: str) -> None:
    assert same_code(typed, "123456")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "123457", "１２３４５６", "abcdef"])
def test_anything_else_is_another_code(typed: str) -> None:
    assert not same_code(typed, "123456")


def test_every_result_says_what_to_do() -> None:
    for result in CodeResult:
        assert str(result.message).endswith(".")
        assert result.accepted is (result is CodeResult.ACCEPTED)
