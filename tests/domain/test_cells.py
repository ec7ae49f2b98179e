import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cells import FileCell, Table, plain_cells

EAST = timezone(timedelta(hours=2))


def as_json(rows, columns=("a",)):
    return json.loads(b"[" + Table(columns).encode(rows).json + b"]")


def as_csv(rows, columns=("a",)):
    table = Table(columns)
    text = (table.header() + table.encode(rows).csv).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**70), "-1180591620717411303424"),
        (0.25, 0.25),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (Decimal("1.500"), "1.500"),
        (Decimal("NaN"), "NaN"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 12, 0, 1, 5, UTC), "2024-02-29T12:00:01.000005Z"),
        (datetime(2024, 2, 29, 12, tzinfo=EAST), "2024-02-29T12:00:00+02:00"),
        (datetime(2024, 2, 29, 12), "2024-02-29T12:00:00"),  # noqa: DTZ001  # a source may have no offset
        (time(3, 4), "03:04:00"),
        (timedelta(days=-1, seconds=3), "-PT86397S"),
        (UUID(int=3), "00000000-0000-0000-0000-000000000003"),
        (b"ab", "YWI="),
        (memoryview(b"ab"), "YWI="),
        (["x", [1, None]], ["x", [1, None]]),
        ({"k": {"n": 2**60}, 5: date(2024, 1, 1)}, {"k": {"n": str(2**60)}, "5": "2024-01-01"}),
        (ip_address("203.0.113.7"), "203.0.113.7"),
        ("“ž”\x00\u202e", "“ž”\x00\u202e"),
        ("half \ud800", "half \ufffd"),
    ],
)
def test_json_holds_native_types(value, shown):
    rows = [(value,), (None,), (value,)]
    assert as_json(rows) == [{"a": shown}, {"a": None}, {"a": shown}]


def test_an_old_offset_with_seconds_keeps_the_moment():
    riga = timezone(timedelta(hours=1, minutes=36, seconds=34))
    moment = datetime(1901, 1, 1, tzinfo=riga)
    [row] = as_json([(moment,)])
    assert datetime.fromisoformat(row["a"]) == moment


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.decimals(allow_nan=False),
    st.dates(), st.datetimes(timezones=st.sampled_from([UTC, EAST]) | st.none()), st.times(), st.uuids(), st.binary(),
    st.timedeltas(timedelta(-999), timedelta(999)),
    st.recursive(st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)).filter(
        lambda value: isinstance(value, dict | list)
    ),
)  # fmt: skip


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12), st.text(max_size=8), st.text(max_size=8))
def test_rows_come_back_with_their_types(rows, one, two):
    table = Table((one, two + "." + one))
    block = table.encode(rows)
    back = table.decode(block.json, block.codes)
    assert back == rows
    assert [list(map(type, row)) for row in back] == [list(map(type, row)) for row in rows]


@given(st.lists(st.tuples(VALUES, st.text()), min_size=1, max_size=12))
def test_csv_has_the_same_rows_and_no_formula(rows):
    found = as_csv(rows, ("a", "b"))
    assert len(found) == len(rows)
    for (_, text), (_, cell) in zip(rows, found, strict=True):
        assert cell in (text, "'" + text)
        assert not cell.lstrip(" '\"\xa0").startswith(("=", "+", "@", "\t", "\r")) or cell.startswith("'")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", " =", "'=", '"='])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(start):
    text = start + "1+1;cmd|' /C calc'!A0"
    assert as_csv([(text,), ("fine",), (None,)]) == [["'" + text], ["fine"], [""]]


def test_a_number_below_zero_is_no_formula():
    assert as_csv([(Decimal("-1.5"), -2, -0.5, timedelta(days=-1))], "abcd") == [["-1.5", "-2", "-0.5", "'-P1D"]]


def test_nested_values_and_hostile_names_are_defused_too():
    table = Table(('=cmd,"x"', "b"))
    assert table.header() == b'\xef\xbb\xbf"\'=cmd,""x""",b\r\n'
    assert as_csv([({"k": "a,b"}, "x\ny")], ("a", "b")) == [['{"k":"a,b"}', "x\ny"]]


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "ключ", "class", ""])
def test_any_column_name_is_a_key(name):
    assert as_json([(1, "x")], (name, "other")) == [{name: 1, "other": "x"}]


def test_cells_read_as_words():
    table = Table("abcde")
    block = table.encode(
        [(True, None, datetime(2024, 3, 5, 14, 5, tzinfo=UTC), {"k": 1}, 3), (False, 1, "x", [2], None)]
    )
    columns = table.native(block.json)
    shown = [plain_cells(column, code) for column, code in zip(columns, block.codes, strict=True)]
    assert list(zip(*shown, strict=True)) == [
        ("yes", "", "2024-03-05 14:05:00 UTC", '{"k":1}', "3"),
        ("no", "1", "x", "[2]", ""),
    ]


PHOTO = FileCell("files/shop/people/1-photo.png", 5000, "ab")


@pytest.mark.parametrize("column", [[PHOTO, None, PHOTO], [PHOTO, b"small", None], ["text", PHOTO, 7]])
def test_a_large_value_is_named_by_its_cell(column):
    rows = [(value,) for value in column]
    block = Table(("a",)).encode(rows)
    at = column.index(PHOTO)
    assert as_json(rows)[at] == {"a": {"file": PHOTO.file, "bytes": 5000, "sha256": "ab"}}
    assert as_csv(rows)[at] == [PHOTO.file]
    assert Table(("a",)).decode(block.json, block.codes) == rows
    [native] = Table(("a",)).native(block.json)
    assert plain_cells(native, block.codes[0])[at] == PHOTO.file
