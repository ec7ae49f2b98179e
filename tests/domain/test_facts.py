"""Answers to questions are compared in a normal form: spellings of one answer agree, different ones never do."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import facts
from app.domain.facts import FactKind, chosen, on_file, readings

RIGA = "Europe/Riga"
LANGUAGES = ("en", "lv", "ru", "ro", "bg")
KINDS: tuple[FactKind, ...] = ("text", "digits", "number", "date", "phone")
SAME: list[tuple[FactKind, str, object, tuple[str, ...]]] = [
    ("text", "en", "Ploiești", ("ploiesti", " PLOIEŞTI ", "Ploie\u0073\u0326ti", "Ploieşti.", "P l o i e ș t i")),
    ("text", "en", "Straße 7-A", ("STRASSE 7a", "Strasse 7 A", "\uff33trasse 7A")),
    ("text", "ru", "Ёлкин й", ("елкин и", "ЁЛКИН Й")),
    ("text", "en", "Łódź", ("lodz", "ŁÓDŹ")),
    ("text", "en", 1001, ("1001", "1 001")),
    ("text", "en", 1001.0, ("1001",)),
    ("digits", "en", 1001, ("SM-1001", "sm 01001", "№ 1001", "\u0661\u0660\u0660\u0661")),
    ("digits", "en", "000", ("0", "00")),
    ("number", "en", Decimal("1234.50"), ("1,234.5", "1234.50", "EUR 1,234.50", "1 234,50 €", "1.234,50", "1'234.5")),
    ("number", "ro", Decimal(1234), ("1.234", "1,234", "1 234", "1\u00a0234 RON", "1234,-", "1234,00")),
    ("number", "ro", "1.234", ("1,234", "1.234")),
    ("number", "lv", -0.5, ("-0,5", "\u22120.50")),
    ("number", "lv", 1234567, ("1,234,567", "1.234.567", "1 234 567.00")),
    ("date", "lv", date(1990, 2, 3), ("3.2.1990", "03/02/1990", "1990-02-03", "03.02.90", "3. februāris 1990",
                                      "1990. gada 3. februārī", "03021990", "1990.02.03.", "3 Feb 1990")),
    ("date", "lv", "1985-03-27", ("1985. gada 27. martā", "27. marts 1985", "27.03.1985")),
    ("date", "lv", "1985-05-02", ("1985. gada 2. maijā", "2. maijs 1985")),
    ("date", "en", date(1990, 2, 3), ("03/02/1990", "02/03/1990", "3.2.1990", "February 3rd, 1990", "3 feb 1990")),
    ("date", "ru", date(1990, 5, 3), ("3 мая 1990 г.", "3.5.1990", "03 май 1990")),
    ("date", "bg", date(1990, 2, 3), ("3 февруари 1990 г.", "3.02.1990 г.")),
    ("date", "ro", date(1990, 2, 3), ("3 februarie 1990", "3-2-1990")),
    ("date", "ro", "1990-02-03 00:00:00", ("3.2.1990",)),
    ("date", "lv", datetime(1990, 2, 2, 23, 0, tzinfo=UTC), ("3.2.1990",)),  # in Riga it was the 3rd by then
    ("phone", "ro", "+40 700 123 456", ("0700 123 456", "0040700123456", "(0700) 123-456")),
]  # fmt: skip
OTHER: list[tuple[FactKind, str, object, tuple[str, ...]]] = [
    ("text", "en", "Riga", ("Rīgas", "", "—", "Ri")),
    ("digits", "en", 1001, ("1002", "SM", "")),
    ("number", "ro", Decimal("12.34"), ("1234", "12.3", "12 34", "about twelve", "1.2.34")),
    ("date", "lv", date(1990, 2, 3), ("2.3.1990", "02/03/1990", "3.2.1991", "31.2.1990", "3.2.", "1990", "3 foo 1990")),
    ("date", "en", date(1990, 2, 3), ("2.3.1990", "4 February 1990", "1990-03-02")),
    ("date", "en", "never", ("never",)),
    ("phone", "lv", "+371 20000000", ("20000001", "", "x")),
]  # fmt: skip


def agree(kind: FactKind, language: str, value: object, typed: str) -> bool:
    return bool(on_file(kind, value, language, RIGA) & readings(kind, typed, language))


@pytest.mark.parametrize(("kind", "language", "value", "spellings"), SAME)
def test_spellings_of_one_answer_agree(
    kind: FactKind, language: str, value: object, spellings: tuple[str, ...]
) -> None:
    assert [typed for typed in spellings if not agree(kind, language, value, typed)] == []


@pytest.mark.parametrize(("kind", "language", "value", "answers"), OTHER)
def test_another_answer_does_not(kind: FactKind, language: str, value: object, answers: tuple[str, ...]) -> None:
    assert [typed for typed in answers if agree(kind, language, value, typed)] == []


@pytest.mark.parametrize("value", [None, True, b"x", ["a"], {"a": 1}, float("nan"), float("inf"), Decimal("1E+900")])
def test_what_nobody_could_type_is_no_answer(value: object) -> None:
    assert on_file("number", value, "en", RIGA) == frozenset()


@given(st.sampled_from(KINDS), st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_a_normal_form_is_its_own(kind: FactKind, typed: str, language: str) -> None:
    for form in readings(kind, typed, language):
        assert readings(kind, form, language) == {form}


@given(st.sampled_from(KINDS), st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_has_few_readings(kind: FactKind, typed: str, language: str) -> None:
    assert len(readings(kind, typed, language)) <= facts.READINGS


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)), st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_different_dates_never_agree(one: date, other: date) -> None:
    for language in LANGUAGES:
        forms = on_file("date", one, language, RIGA)
        for typed in (other.isoformat(), f"{other:%d.%m.}{other.year}", other):
            same = forms & (readings("date", typed, language) if isinstance(typed, str) else
                            on_file("date", typed, language, RIGA))  # fmt: skip
            assert bool(same) == (one == other)


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)), st.sampled_from(("-", "/", ".", " ", ". ")))
def test_a_day_is_found_in_every_way_of_writing_it(day: date, between: str) -> None:
    for language in LANGUAGES:
        typed = between.join((str(day.day), str(day.month), str(day.year)))
        assert day.isoformat() in readings("date", typed, language)
        if language != "en":
            assert len(readings("date", typed, language)) == 1


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals(-(10**9), 10**9, places=2))
def test_different_amounts_never_agree(one: Decimal, other: Decimal) -> None:
    forms = on_file("number", one, "en", RIGA)
    assert bool(forms & readings("number", f"{other:,f}", "en")) == (one == other)
    assert bool(forms & readings("number", f"{other:f}".replace(".", ","), "lv")) == (one == other)


@given(st.text(min_size=1, max_size=40))
def test_case_marks_and_spaces_never_matter(text: str) -> None:
    assert facts.fold(text) == facts.fold(f" {text.swapcase()} ") or text.swapcase().casefold() != text.casefold()
    assert facts.fold(text) == facts.fold(" ".join(text))


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("customer_number", ("12", "012", " 12 ", "+12", "12.0", "1.2e1", "\uff11\uff12", "12.00000000000000000001")),
        ("customer_number", ("C-00012", "c-00012", "C 00012", "\uff23-00012")),
        ("customer_number", ("{12345678-1234-5678-1234-567812345678}", "12345678123456781234567812345678",
                             "urn:uuid:12345678-1234-5678-1234-567812345678")),
        ("account_name", ("Ana", "ANA", "ana ", "án-a")),
        ("email", ("Ana@Example.com", "ana@example.com ")),
        ("phone", ("+371 20000000", "0037120000000", "(371) 2000-0000")),
    ],
)  # fmt: skip
def test_one_name_is_one_whatever_its_spelling(kind: str, spellings: tuple[str, ...]) -> None:
    assert len({facts.one_name(kind, spelling) for spelling in spellings}) == 1


def test_two_addresses_are_two_names() -> None:
    assert facts.one_name("email", "a.b@example.com") != facts.one_name("email", "ab@example.com")
    assert facts.one_name("customer_number", "12") != facts.one_name("customer_number", "13")


PLACES = tuple(f"crm.customers.f{number}" for number in range(8))


@given(st.binary(min_size=32, max_size=32), st.permutations(PLACES))
def test_the_same_pair_is_asked_again(digest: bytes, places: list[str]) -> None:
    assert chosen(places, digest) == chosen(PLACES, digest)
    assert len(set(chosen(places, digest))) == facts.ASKED


@given(st.binary(min_size=32, max_size=32))
def test_a_fact_that_is_not_asked_may_go_without_changing_the_pair(digest: bytes) -> None:
    pair = chosen(PLACES, digest)
    assert all(chosen([one for one in PLACES if one != gone], digest) == pair for gone in PLACES if gone not in pair)


def test_every_pair_is_asked_of_somebody() -> None:
    pairs = {frozenset(chosen(PLACES, bytes([number]) * 32)) for number in range(256)}
    assert len(pairs) == 28
