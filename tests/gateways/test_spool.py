import csv
import hashlib
import io
import json
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from app.domain.errors import Tampered
from app.gateways.spool import Spooled, SpoolWriter, read_packed, read_rows, without
from app.gateways.storage import MemoryStorage
from tests.gateways.packages import KEY, ORDER_COLUMNS, order, spooled


def unpacked(storage, found, kind):
    pieces = list(read_packed(storage, KEY, found, kind))
    part = getattr(found, kind)
    assert sum(map(len, pieces)) == part.packed
    unpacker = zlib.decompressobj(-15)
    plain = b"".join(map(unpacker.decompress, pieces))
    assert unpacker.eof
    assert unpacker.unused_data == b""
    assert (len(plain), zlib.crc32(plain), hashlib.sha256(plain).hexdigest()) == (part.bytes, part.crc, part.sha256)
    return plain


def test_rows_come_back_as_they_went_in():
    storage = MemoryStorage()
    row = (
        1,
        2**80,
        Decimal("1.50"),
        datetime(2024, 1, 1, tzinfo=UTC),
        UUID(int=1),
        b"\x00",
        None,
        True,
        {"k": [1]},
        "é",
    )
    found = spooled(storage, "things", [f"c{n}" for n in range(len(row))], [row, row])
    assert list(read_rows(storage, KEY, found)) == [row, row]


@pytest.mark.parametrize("batch", [1, 7, 1000, 2500])
def test_the_finished_files_do_not_depend_on_the_batches(batch):
    rows = [order(number) for number in range(2503)]
    storage = MemoryStorage()
    with SpoolWriter(storage, KEY) as spool:
        sink = spool.open("shop", "orders", ORDER_COLUMNS)
        for at in range(0, len(rows), batch):
            sink.rows(rows[at : at + batch])
        sink.close()
        [found] = spool.finish()
    assert found.rows == 2503
    assert [first for first, _ in found.offsets] == [0, 1000, 2000]
    data = json.loads(unpacked(storage, found, "json"))
    assert [one["id"] for one in data] == list(range(2503))
    assert data[7] == {
        "id": 7, "placed_at": "2024-03-05T14:12:00Z", "total": "19.90", "note": "=1+1", "gift": False, "coupon": None,
    }  # fmt: skip
    lines = list(csv.DictReader(io.StringIO(unpacked(storage, found, "csv").decode("utf-8-sig"), newline="")))
    assert len(lines) == 2503
    assert lines[7]["note"] == "'=1+1"
    assert found.sha256 == found.json.sha256


@pytest.mark.parametrize(("start", "limit"), [(0, 3), (999, 2), (1000, 1), (2400, 500), (2502, 5), (2503, 5), (0, 0)])
def test_a_page_of_rows_is_read_without_the_rest(start, limit):
    storage = MemoryStorage()
    rows = [order(number) for number in range(2503)]
    found = spooled(storage, "orders", ORDER_COLUMNS, rows)
    assert list(read_rows(storage, KEY, found, start=start, limit=limit)) == rows[start : start + limit]
    assert list(read_rows(storage, KEY, found, start=start)) == rows[start:]


def test_no_rows_are_a_file_too():
    storage = MemoryStorage()
    found = spooled(storage, "nothing", ("id", "name"), [])
    assert json.loads(unpacked(storage, found, "json")) == []
    assert unpacked(storage, found, "csv") == b"\xef\xbb\xbfid,name\r\n"
    assert list(read_rows(storage, KEY, found)) == []


def test_wide_rows_make_smaller_blocks():
    storage = MemoryStorage()
    found = spooled(storage, "wide", ("text",), [("x" * 20_000,)] * 300 + [("x" * 100_000,)] * 200)
    blocks = [second - first for (first, _), (second, _) in zip(found.offsets, found.offsets[1:], strict=False)]
    assert blocks[0] == 209  # 4 MiB of the first row's width
    assert blocks[2] < 80
    assert sum(1 for _ in read_rows(storage, KEY, found, start=480)) == 20


def test_facts_survive_the_database():
    found = spooled(MemoryStorage(), "orders", ORDER_COLUMNS, [order(1)])
    assert Spooled.from_facts(json.loads(json.dumps(found.as_facts()))) == found


def test_only_its_key_opens_it_and_nothing_lies_open():
    storage = MemoryStorage()
    found = spooled(storage, "orders", ORDER_COLUMNS, [order(1)])
    assert b"order" not in storage.objects[found.object_name]
    with pytest.raises(Tampered):
        list(read_rows(storage, b"K" * 32, found))


def test_an_object_in_the_place_of_another_is_noticed():
    storage = MemoryStorage()
    one, two = (spooled(storage, name, ("a",), [(1,)]) for name in ("one", "two"))
    storage.objects[one.object_name] = storage.objects[two.object_name]
    with pytest.raises(Tampered):
        list(read_rows(storage, KEY, one))


def walk_that_fails(storage):
    with SpoolWriter(storage, KEY) as spool:
        done = spool.open("shop", "orders", ("a",))
        done.rows([(1,)])
        done.close()
        spool.open("shop", "items", ("a",)).rows([(1,)])
        raise RuntimeError("the source went away")


def test_a_walk_that_fails_leaves_nothing():
    storage = MemoryStorage()
    with pytest.raises(RuntimeError, match="source"):
        walk_that_fails(storage)
    assert storage.objects == {}


def test_a_collection_that_was_not_closed_is_not_kept():
    storage = MemoryStorage()
    with SpoolWriter(storage, KEY) as spool:
        spool.open("shop", "half", ("a",)).rows([(1,)])
        whole = spool.open("shop", "whole", ("a",))
        whole.rows([(1,)])
        whole.close()
    assert [found.collection for found in spool.finish()] == ["whole"]
    assert list(storage.objects) == [spool.finish()[0].object_name]


def test_withheld_rows_are_in_no_byte_of_the_copy():
    storage = MemoryStorage()
    rows = [order(number) for number in range(2503)]
    found = spooled(storage, "orders", ORDER_COLUMNS, rows)
    copy = without(storage, KEY, found, {0, 1500, 2502})
    assert list(read_rows(storage, KEY, copy)) == [
        row for number, row in enumerate(rows) if number not in {0, 1500, 2502}
    ]
    assert b'"order 1500"' not in unpacked(storage, copy, "json")
    assert list(read_rows(storage, KEY, found)) == rows


MEMORY = r"""
import pathlib, re, sys, tempfile
from app.gateways.archive import Found, build_package
from app.gateways.spool import SpoolWriter
from app.gateways.storage import DirectoryStorage
from tests.gateways.packages import KEY, ORDER_COLUMNS, RENDERER, SIGNER, answer, order

def whole(count):
    with tempfile.TemporaryDirectory() as folder:
        storage = DirectoryStorage(pathlib.Path(folder))
        with SpoolWriter(storage, KEY) as spool:
            sink = spool.open("shop", "orders", ORDER_COLUMNS)
            batch = [order(number) for number in range(1000)]
            for _ in range(count // 1000):
                sink.rows(batch)
            sink.close()
            found = [Found(one, "Orders", "Shop") for one in spool.finish()]
        parts = dict(storage=storage, key=KEY, signer=SIGNER, renderer=RENDERER, report=b"%PDF")
        package = build_package(answer(), found, **parts)
        storage.put("0" * 32, package)
        assert package.rows == count

for count in (10_000, int(sys.argv[1])):
    whole(count)
    print(re.search(r"VmHWM:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


def test_two_hundred_thousand_rows_need_no_more_memory_than_ten_thousand():
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, "200000"], capture_output=True, text=True, check=True, timeout=60
    )
    small, large = map(int, run.stdout.split())
    assert large < small * 1.1
    assert large < 200 * 1024


def test_no_number_of_a_card_is_copied():  # M-9
    rows = [(number, f"paid by 4111 1111 1111 {1111 if number % 700 == 1 else 1112}") for number in range(1, 2001)]
    storage = MemoryStorage()
    found = spooled(storage, "notes", ["id", "text"], rows)
    assert (found.rows, found.cards) == (2000, 3)
    read = dict(read_rows(storage, KEY, found))
    assert read[701] == "paid by **** **** **** 1111"
    assert read[2] == "paid by 4111 1111 1111 1112"
    for kind in ("json", "csv"):
        assert b"4111 1111 1111 1111" not in unpacked(storage, found, kind)
    assert Spooled.from_facts(found.as_facts()) == found
