"""Large binary values: files of the package, byte for byte, of nobody whose record was withheld."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile

import pytest

from app.domain.errors import Tampered
from app.domain.packaging import LARGE_BYTES, Withheld
from app.gateways.archive import Found, verify
from app.gateways.signing import jwks
from app.gateways.spool import Spooled, SpoolWriter, read_packed_files, read_rows
from app.gateways.storage import MemoryStorage
from tests.gateways.packages import KEY, SIGNER, package, spooled

COLUMNS = ("id", "photo", "Photo")
LARGE = LARGE_BYTES + 1


def picture(number, size=LARGE):
    """Bytes of their own that look like a picture and deflate well."""
    return b"\x89PNG\r\n\x1a\n" + f"secret picture {number}".encode().ljust(size - 8, b".")


def noise(number, size=LARGE):
    """Bytes that do not deflate."""
    blocks = (hashlib.sha256(f"{number} {at}".encode()).digest() for at in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def people(count=5):
    return [(number, picture(number), noise(number)) for number in range(1, count + 1)]


def opened(storage, *found, **changes):
    named = [Found(one, one.collection.title(), "Shop", ("user.biometric",)) for one in found]
    return zipfile.ZipFile(io.BytesIO(b"".join(package(storage, named, **changes))))


def files_in(archive):
    return {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}


def test_files_lie_beside_the_data_which_names_them():
    storage = MemoryStorage()
    archive = opened(storage, spooled(storage, "people", COLUMNS, people()))
    files = files_in(archive)
    assert list(files)[:2] == ["files/shop/people/1-photo.png", "files/shop/people/1-Photo-2.bin"]
    assert len(files) == 10
    for row, (number, photo, other) in zip(json.loads(archive.read("data/shop/people.json")), people(), strict=True):
        assert row["id"] == number
        for cell, content in ((row["photo"], photo), (row["Photo"], other)):
            assert files[cell["file"]] == content
            assert (cell["bytes"], cell["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    text = archive.read("data/shop/people.csv").decode("utf-8-sig")
    assert [line["photo"] for line in csv.DictReader(io.StringIO(text, newline=""))] == list(files)[::2]


def test_the_manifest_lists_them_like_every_file():
    storage = MemoryStorage()
    archive = opened(storage, spooled(storage, "people", COLUMNS, people()))
    listed = json.loads(archive.read("manifest.json"))["files"]
    assert [file["path"] for file in listed] == archive.namelist()[:-2]
    assert listed[-1] == {
        "path": "files/shop/people/5-Photo-2.bin", "bytes": LARGE,
        "sha256": hashlib.sha256(noise(5)).hexdigest(), "connection": "shop", "collection": "people",
        "categories": ["user.biometric"],
    }  # fmt: skip


def test_what_does_not_deflate_is_stored_as_it_is():
    storage = MemoryStorage()
    archive = opened(storage, spooled(storage, "people", COLUMNS, people(1)))
    methods = {info.filename: info.compress_type for info in archive.infolist() if info.filename.startswith("files/")}
    assert list(methods.values()) == [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]


@pytest.mark.parametrize("count", [2, 30])
def test_pages_lead_to_the_files(count):
    storage = MemoryStorage()
    archive = opened(storage, spooled(storage, "people", COLUMNS, [*people(count), (0, None, b"ab")]))
    page = archive.read("html/shop/people/page-0001.html").decode()
    links = re.findall(r'<a href="\.\./\.\./\.\./(files/[^"]+)" download>([^<]+)</a>, 4\.1 kB', page)
    assert dict(links) == {path: path.rpartition("/")[2] for path in files_in(archive)}
    assert "YWI=" in page
    assert "“files”" in archive.read("index.html").decode()


def test_small_values_stay_in_their_cells():
    storage = MemoryStorage()
    found = spooled(storage, "people", COLUMNS, [(1, b"x" * LARGE_BYTES, memoryview(b"ab")), (2, [b"y" * LARGE], None)])
    assert found.objects == [found.object_name]
    archive = opened(storage, found)
    assert not files_in(archive)
    assert "“files”" not in archive.read("index.html").decode()
    first, second = json.loads(archive.read("data/shop/people.json"))
    assert first["Photo"] == "YWI="
    assert isinstance(second["photo"][0], str)


def test_the_same_content_is_there_once():
    storage = MemoryStorage()
    archive = opened(storage, spooled(storage, "people", COLUMNS, [(n, picture(1), picture(1)) for n in range(1500)]))
    assert list(files_in(archive)) == ["files/shop/people/1-photo.png"]
    cells = [row["photo"]["file"] for row in json.loads(archive.read("data/shop/people.json"))]
    assert set(cells) == {"files/shop/people/1-photo.png"}


def test_collections_whose_names_are_nearly_the_same_do_not_share_files():
    storage = MemoryStorage()
    with SpoolWriter(storage, KEY) as spool:
        for name in ("people", "People", "../people"):
            sink = spool.open("shop", name, COLUMNS)
            sink.rows([(1, picture(name), None)])
            sink.close()
        found = spool.finish()
    files = files_in(opened(storage, *found))
    assert list(files) == [f"files/shop/{name}/1-photo.png" for name in ("people", "People-2", "people-3")]
    assert list(files.values()) == [picture(one.collection) for one in found]


@pytest.mark.parametrize("batch", [1, 7, 400, 1200])
def test_files_do_not_depend_on_the_batches(batch):
    """Also a value that no sample of a batch shows is found."""
    rows = [(n, picture(n) if n in {3, 777, 1100} else None, None) for n in range(1, 1201)]
    storage = MemoryStorage()
    with SpoolWriter(storage, KEY) as spool:
        sink = spool.open("shop", "people", COLUMNS)
        for at in range(0, len(rows), batch):
            sink.rows(rows[at : at + batch])
        sink.close()
        [found] = spool.finish()
    files = files_in(opened(storage, found))
    assert files == {f"files/shop/people/{n}-photo.png": picture(n) for n in (3, 777, 1100)}


def test_withheld_records_take_their_files_along():
    storage = MemoryStorage()
    rows = [
        *people(4),
        (5, picture(2), picture(4)),
    ]  # what a withheld record shares with another one stays for that one
    found = spooled(storage, "people", COLUMNS, rows)
    before = set(storage.objects)
    withheld = (Withheld("shop", 2, "Others", collection="people", rows=frozenset({1, 2})),)
    archive = opened(storage, found, withheld=withheld)
    assert set(storage.objects) == before
    files = files_in(archive)
    kept = {f"files/shop/people/{path}": content for path, content in (
        ("1-photo.png", picture(1)), ("1-Photo-2.bin", noise(1)), ("2-photo.png", picture(4)),
        ("2-Photo-2.bin", noise(4)), ("3-photo.png", picture(2)),
    )}  # fmt: skip
    assert files == kept
    data = json.loads(archive.read("data/shop/people.json"))
    assert [files[row["photo"]["file"]] for row in data] == [picture(1), picture(4), picture(2)]
    for name in archive.namelist():
        assert b"secret picture 3" not in archive.read(name)
    assert list(read_rows(storage, KEY, found))[1][1].file == "files/shop/people/2-photo.png"


def test_a_collection_of_which_all_was_withheld_says_so():
    storage = MemoryStorage()
    found = spooled(storage, "people", COLUMNS, people(2))
    withheld = (Withheld("shop", 2, "Rights of others (Art. 15(4))", collection="people", rows=frozenset({0, 1})),)
    archive = opened(storage, found, withheld=withheld)
    assert not files_in(archive)
    assert "“files”" not in archive.read("index.html").decode()
    page = archive.read("html/shop/people/page-0001.html").decode()
    assert "2 records were left out." in page
    assert "Rights of others (Art. 15(4))" in page
    assert "There are no records here." not in page


def test_every_changed_byte_of_a_file_is_found(tmp_path):
    storage = MemoryStorage()
    found = Found(spooled(storage, "people", COLUMNS, people(1)), "People", "Shop")
    data = b"".join(package(storage, [found]))
    start = data.index(b"PK\x03\x04", data.index(b"files/shop/people/1-photo.png") - 30)
    end = data.index(b"manifest.json", start)
    path, known = tmp_path / "p.zip", jwks([SIGNER.public_jwk])
    path.write_bytes(data)
    assert verify(path, known) == []
    for at in range(start, end, 5):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert verify(path, known), at
    stored = data.index(noise(1)) + 40
    path.write_bytes(data[:stored] + b"\x00" * 8 + data[stored + 8 :])
    assert [str(fault) for fault in verify(path, known)] == [
        "files/shop/people/1-Photo-2.bin was changed: it cannot be unpacked."
    ]


def test_files_lie_sealed_and_whole():
    storage = MemoryStorage()
    found = spooled(storage, "people", COLUMNS, people())
    assert Spooled.from_facts(json.loads(json.dumps(found.as_facts()))) == found
    assert set(found.objects) == set(storage.objects)
    sealed = storage.objects[found.files]
    assert b"secret" not in sealed
    assert b"PNG" not in sealed
    for content in (sealed[:-1], sealed[:-1] + b"x", storage.objects[found.object_name]):
        storage.objects[found.files] = content
        with pytest.raises(Tampered):
            [b"".join(pieces) for _, pieces in read_packed_files(storage, KEY, found)]


def failing_walk(storage):
    with SpoolWriter(storage, KEY) as spool:
        for name in ("done", "open"):
            sink = spool.open("shop", name, COLUMNS)
            sink.rows(people())
            if name == "done":
                sink.close()
        assert len(storage.objects) == 2
        raise RuntimeError("the source went away")


def test_a_walk_that_fails_leaves_no_files():
    storage = MemoryStorage()
    with pytest.raises(RuntimeError, match="source"):
        failing_walk(storage)
    assert storage.objects == {}


MEMORY = r"""
import pathlib, re, sys, tempfile
from app.domain.packaging import Withheld
from app.gateways.archive import Found, build_package
from app.gateways.spool import SpoolWriter
from app.gateways.storage import DirectoryStorage
from tests.gateways.packages import KEY, RENDERER, SIGNER, answer
from tests.gateways.test_spooled_files import picture

def whole(count):
    with tempfile.TemporaryDirectory() as folder:
        storage = DirectoryStorage(pathlib.Path(folder))
        with SpoolWriter(storage, KEY) as spool:
            sink = spool.open("shop", "people", ("id", "photo"))
            sink.rows([(1, None)])
            for at in range(0, count, 40):
                sink.rows([(number, picture(number, 100_000)) for number in range(at, at + 40)])
            sink.close()
            found = [Found(one, "People", "Shop") for one in spool.finish()]
        parts = dict(storage=storage, key=KEY, signer=SIGNER, renderer=RENDERER, report=b"%PDF")
        withheld = (Withheld("shop", 1, "g", collection="people", rows=frozenset({0})),)
        package = build_package(answer(withheld=withheld), found, **parts)
        storage.put("0" * 32, package)
        assert sum(file["path"].startswith("files/") for file in package.manifest["files"]) == count

for count in (400, int(sys.argv[1])):
    whole(count)
    print(re.search(r"VmHWM:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


def test_many_large_files_need_little_more_memory_than_few():
    """Four hundred megabytes go through; what grows is the list of files in manifest and directory."""
    run = subprocess.run([sys.executable, "-c", MEMORY, "4000"], capture_output=True, text=True, check=True, timeout=60)
    small, large = map(int, run.stdout.split())
    assert large < small + 24 * 1024
    assert large < 160 * 1024
