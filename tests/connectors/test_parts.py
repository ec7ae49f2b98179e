"""The small parts of the connectors: fitting values, remembering, JSON inside columns, names that look personal."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.kinds import FITTING, fit
from app.connectors.nested import reach, trimming
from app.connectors.personal import looks_personal
from app.connectors.registry import connect
from app.connectors.seen import Seen
from app.domain.errors import Invalid
from tests.connectors.maps import collection, one_field

ID = UUID("12345678-1234-5678-1234-567812345678")


@given(st.lists(st.sampled_from("aBcÄäĀāŽžЖжß.7"), min_size=1, max_size=12), st.randoms())
def test_an_address_is_found_however_its_letters_are_written(letters: list[str], random: Random) -> None:
    """By a database that lowers the letters of ASCII only, and by one that lowers all."""
    written = "".join(letters)
    stored = "".join(one if one == "ß" else random.choice((one.lower(), one.upper())) for one in letters)
    known = fit("text", [written], fold=True)
    assert stored.lower() in known
    beyond = sum(not one.isascii() and one != "ß" for one in letters)
    if beyond <= 6:
        assert "".join(one.lower() if one.isascii() else one for one in stored) in known
    assert len(known) <= 64 + 2, "and no number of letters makes the question long"
    assert {str(one).lower() for one in known} == {written.lower()}, "nobody else is asked for"


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        ("integer", "42", 42),
        ("integer", Decimal("42.0"), 42),
        ("integer", Decimal("42.5"), None),
        ("integer", Decimal("NaN"), None),
        ("integer", float("inf"), None),
        ("integer", True, None),
        ("integer", 1 << 63, None),
        ("integer", -(1 << 63), -(1 << 63)),
        ("integer", b"1", None),
        ("number", "12.50", Decimal("12.50")),
        ("number", "1,5", None),
        ("number", "NaN", None),
        ("number", "1e999999", None),
        ("number", False, None),
        ("float", "1.5", 1.5),
        ("float", "x", None),
        ("text", 7, "7"),
        ("text", 7.0, "7"),
        ("text", ID, str(ID)),
        ("text", b"7", None),
        ("text", "a\x00b", None),
        ("text", "\udc00", None),
        ("uuid", str(ID), ID),
        ("uuid", ID.bytes, ID),
        ("uuid", "12", None),
        ("bytes", ID, ID.bytes),
        ("bytes", "ab", None),
        ("bytes", memoryview(b"ab"), b"ab"),
        ("boolean", True, True),
        ("boolean", "true", None),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("date", "2024-02-30", None),
        ("date", 5, None),
        ("date", datetime(2024, 2, 29, tzinfo=UTC), None),
        ("time", "10:00", time(10)),
        ("timestamptz", "2024-02-29T10:00:00+00:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("any", Decimal(3), 3),
        ("any", Decimal("3.5"), 3.5),
        ("any", Decimal("Infinity"), "Infinity"),
        ("any", 1 << 70, None),
        ("any", 2.5, 2.5),
        ("any", b"x", b"x"),
        ("any", date(2024, 2, 29), "2024-02-29"),
        ("other", "192.0.2.1", "192.0.2.1"),
    ],
)
def test_a_value_becomes_the_columns_own_or_is_left_out(kind: str, value: object, fitted: object) -> None:
    assert list(fit(kind, [value])) == ([] if fitted is None else [fitted])


@given(
    st.sampled_from(sorted(FITTING)),
    st.one_of(st.text(), st.binary(), st.integers(), st.floats(), st.decimals(), st.booleans(), st.uuids(), st.dates()),
)
def test_no_value_breaks_the_fitting(kind: str, value: object) -> None:
    assert len(fit(kind, [value])) <= 1


def test_folding_is_lower_case_in_both_senses() -> None:
    assert list(fit("text", [" ÉLAN@X.example "], fold=True)) == ["élan@x.example", "Élan@x.example"]


@given(st.lists(st.one_of(st.integers(-(1 << 63), (1 << 63) - 1), st.text(), st.tuples(st.integers(), st.text()))))
def test_seen_is_a_set(values: list[object]) -> None:
    seen = Seen()
    first = seen.fresh(values)
    assert [value for value, new in zip(values, first, strict=True) if new] == list(dict.fromkeys(values))
    assert not any(seen.fresh(values))
    seen.close()


def test_seen_tells_negative_numbers_apart() -> None:
    seen = Seen()
    assert seen.fresh([(-1, "a"), (-2, "a"), -1, -2]) == [True, True, True, True]
    seen.close()


def test_values_inside_json_are_reached_through_lists() -> None:
    document = {"buyer": {"ids": [1, None, 2]}, "items": [{"id": 5}, {"id": 6}, {}, "odd"]}
    assert reach([document], ["buyer", "ids"]) == [1, 2]
    assert reach([document, None, 3, '{"items": [{"id": 7}]}', "{broken"], ["items", "id"]) == [5, 6, 7]
    assert reach([[1, [2, None]], None, 3, {}], []) == [1, 2, 3]


def test_only_declared_and_not_secret_parts_of_a_json_column_leave() -> None:
    words = ["id*", "profile", "profile.city", "profile.pin~", "profile.home", "profile.home.street", "plain"]
    fields = collection("people", [one_field(word, "d") for word in words])
    trim = trimming(fields, "profile")
    assert trim is not None
    profile = {"city": "Riga", "pin": "1234", "home": {"street": "S", "code": 1}, "other": 1}
    assert trim(profile) == {"city": "Riga", "home": {"street": "S"}}
    assert trim([profile, None]) == [{"city": "Riga", "home": {"street": "S"}}, None]
    assert trim('{"city": "Riga", "pin": "1"}') == {"city": "Riga"}
    assert trim("no json") == "no json"
    assert trimming(fields, "plain") is None


def test_a_column_of_which_all_parts_are_secret_gives_nothing() -> None:
    fields = collection("people", [one_field(word, "d") for word in ["id*", "keys", "keys.token~"]])
    trim = trimming(fields, "keys")
    assert trim is not None
    assert trim({"token": "t", "more": 1}) == {}


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("email", True),
        ("contactEmail", True),
        ("FIRST_NAME", True),
        ("dob", True),
        ("IPAddress", True),
        ("shipTo_postcode", True),
        ("product_name", False),
        ("created_at", False),
        ("total_cents", False),
        ("description", False),
    ],
)
def test_names_that_look_personal(name: str, personal: bool) -> None:
    assert looks_personal(name) is personal


@pytest.mark.parametrize("kind", ["", "SQL", "http", "__class__"])
def test_an_unknown_kind_of_system(kind: str) -> None:
    with pytest.raises(Invalid) as caught:
        connect(kind, "postgresql://u:geheim@h/d")
    assert "sql" in str(caught.value.fields["kind"])
    assert "geheim" not in str(caught.value.fields)


@pytest.mark.parametrize("url", ["", "nonsense", "oracle://u:geheim@h/d", "postgresql://u:geheim@h:port/d", "http://x"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        connect("sql", url)
    assert "geheim" not in str(caught.value.fields)
    assert caught.value.__cause__ is None
