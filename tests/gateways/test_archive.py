import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser

import pytest

from app.domain.packaging import Withheld
from app.gateways.archive import Found
from app.gateways.spool import SpoolWriter, read_rows
from app.gateways.storage import MemoryStorage
from app.gateways.zipping import Entry, directory, local_header
from tests.gateways.packages import ANSWER, HOSTILE, KEY, ORDER_COLUMNS, collections, order, package, spooled


@pytest.fixture(scope="module")
def storage():
    return MemoryStorage()


@pytest.fixture(scope="module")
def found(storage):
    return collections(storage)


@pytest.fixture(scope="module")
def data(storage, found):
    return b"".join(package(storage, found))


@pytest.fixture(scope="module")
def archive(data):
    return zipfile.ZipFile(io.BytesIO(data))


def test_what_a_package_holds(archive):
    assert archive.testzip() is None
    assert archive.namelist() == [
        "index.html",
        "report.pdf",
        "html/shop/customers/page-0001.html",
        "data/shop/customers.json",
        "data/shop/customers.csv",
        "html/shop/orders/page-0001.html",
        "html/shop/orders/page-0002.html",
        "html/shop/orders/page-0003.html",
        "data/shop/orders.json",
        "data/shop/orders.csv",
        "manifest.json",
        "manifest.jws",
    ]


def test_the_manifest_lists_every_file_but_itself_and_its_signature(archive):
    listed = json.loads(archive.read("manifest.json"))["files"]
    assert [file["path"] for file in listed] == archive.namelist()[:-2]
    for file in listed:
        content = archive.read(file["path"])
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    orders = next(file for file in listed if file["path"] == "data/shop/orders.json")
    assert (orders["rows"], orders["connection"], orders["collection"]) == (450, "shop", "orders")
    assert orders["categories"] == ["user.contact"]


def test_data_in_json_and_csv(archive):
    rows = json.loads(archive.read("data/shop/orders.json"))
    assert len(rows) == 450
    assert list(rows[0]) == list(ORDER_COLUMNS)
    text = archive.read("data/shop/orders.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [line["id"] for line in lines] == [str(row["id"]) for row in rows]
    assert lines[6]["note"] == "'=1+1"
    assert json.loads(archive.read("data/shop/customers.json"))[0]["name"] == HOSTILE


def test_the_stream_tells_what_it_came_to(storage, found, data):
    stream = package(storage, found)
    assert b"".join(stream) == data
    assert (stream.size, stream.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert stream.rows == 451
    assert stream.manifest["reference"] == ANSWER.reference


def test_the_files_bear_the_time_of_the_package(archive):
    assert {info.date_time for info in archive.infolist()} == {(2026, 11, 22, 14, 5, 6)}
    assert not archive.comment


@pytest.mark.skipif(shutil.which("unzip") is None and os.environ.get("CI") != "true", reason="unzip is not installed")
def test_another_program_unpacks_it(data, tmp_path):
    (tmp_path / "p.zip").write_bytes(data)
    subprocess.run(["unzip", "-tq", tmp_path / "p.zip"], check=True, capture_output=True)


class Reader(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attrs]

    def handle_data(self, data):
        self.words += data


def read_page(archive, path):
    reader = Reader()
    reader.feed(archive.read(path).decode())
    return reader


@pytest.mark.parametrize(
    "path", ["index.html", "html/shop/customers/page-0001.html", "html/shop/orders/page-0002.html"]
)
def test_pages_run_and_load_nothing(archive, path):
    text, reader = archive.read(path).decode(), read_page(archive, path)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(reader.tags)
    assert not [one for one in reader.attributes if one[1].startswith("on") or one[1] in {"src", "style"}]
    policy = next(value for tag, name, value in reader.attributes if tag == "meta" and value and "default-src" in value)
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = hashlib.sha256(style.encode()).digest()
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert __import__("base64").b64encode(digest).decode() in policy
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_links_lead_to_files_that_are_there(archive):
    names = set(archive.namelist())
    for path in (name for name in names if name.endswith(".html")):
        for tag, name, value in read_page(archive, path).attributes:
            if tag == "a" and name == "href" and not value.startswith(("#", "https://")):
                base = path.split("/")[:-1]
                for part in value.split("/"):
                    base = base[:-1] if part == ".." else [*base, part]
                assert "/".join(base) in names, (path, value)


def test_hostile_words_are_shown_as_words(archive):
    page = archive.read("html/shop/customers/page-0001.html").decode()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x07" not in page
    assert (
        "</td></style><script>alert('x')</script>&\"'\ufffd\ufffd"
        in read_page(archive, "html/shop/customers/page-0001.html").words
    )


def test_pages_follow_one_another(archive):
    middle = read_page(archive, "html/shop/orders/page-0002.html")
    assert "Page 2 of 3" in middle.words
    assert "order 201" in middle.words
    assert "order 200" not in middle.words
    hrefs = [value for tag, name, value in middle.attributes if (tag, name) == ("a", "href")]
    assert "page-0001.html" in hrefs
    assert "page-0003.html" in hrefs


def test_the_summary_answers_the_law(archive):
    words = " ".join(read_page(archive, "index.html").words.split())
    for said in (
        "451", "Maria Example", ANSWER.reference, "22 November 2026", "Providing the service: a contract with you",
        "Example Mailer (Germany)", "Kept for 2 years after the last use.", "You gave it.", "Have it corrected",
        "Data State Inspectorate", "You may go to court", "Nothing that was found about you was left out.",
        ANSWER.keys_url, "450 records", "1 record",
    ):  # fmt: skip
        assert said in words


def test_after_ten_thousand_rows_the_page_points_to_the_files():
    storage = MemoryStorage()
    rows = [(number, "x") for number in range(1, 10_302)]
    many = Found(spooled(storage, "many", ("id", "text"), rows), "Many", "Shop")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package(storage, [many]))))
    pages = [name for name in archive.namelist() if name.startswith("html/")]
    assert len(pages) == 50
    assert "first 10,000 of 10,301 records" in read_page(archive, pages[-1]).words
    assert "10000" in read_page(archive, pages[-1]).words
    assert len(json.loads(archive.read("data/shop/many.json"))) == 10_301


def test_withheld_rows_and_collections_are_in_no_file(storage, found):
    withheld = (
        Withheld("shop", 1, "About another person (Art. 15(4))", collection="orders", rows=frozenset({4})),
        Withheld("shop", 1, "Trade secret (Art. 15(4))", collection="customers"),
    )
    before = set(storage.objects)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package(storage, found, withheld=withheld))))
    assert set(storage.objects) == before
    assert not [name for name in archive.namelist() if "customers" in name]
    rows = json.loads(archive.read("data/shop/orders.json"))
    assert [row["id"] for row in rows] == [1, 2, 3, 4, *range(6, 451)]
    assert [one["ground"] for one in json.loads(archive.read("manifest.json"))["withheld"]] == [
        "About another person (Art. 15(4))",
        "Trade secret (Art. 15(4))",
    ]
    assert "About another person" in read_page(archive, "index.html").words
    for name in archive.namelist():
        assert b"order 5<" not in archive.read(name)
        assert b'order 5"' not in archive.read(name)


def test_an_abandoned_build_leaves_no_copy(storage, found):
    before = set(storage.objects)
    withheld = (Withheld("shop", 1, "x", collection="orders", rows=frozenset({4})),)
    stream = iter(package(storage, found, withheld=withheld))
    next(stream)
    assert len(storage.objects) == len(before) + 1
    stream.close()
    assert set(storage.objects) == before


def test_hostile_table_names_stay_in_the_package():
    storage = MemoryStorage()
    names = ["../../../etc/cron.d/x", "CON", "con", "a/b", "a\\b", "x\u202egpj", "<script>", "z" * 400]
    with SpoolWriter(storage, KEY) as spool:
        for name in names:
            sink = spool.open("../shop", name, ("id",))
            sink.rows([(1,)])
            sink.close()
        found = [Found(one, one.collection, "Shop") for one in spool.finish()]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package(storage, found))))
    paths = archive.namelist()
    assert len({path.lower() for path in paths}) == len(paths)
    for path in paths:
        assert re.fullmatch(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.(?:html|pdf|json|csv|jws)", path)
        assert len(path) < 200
    assert "<script>" not in archive.read("index.html").decode()


def test_nothing_found_is_an_answer_too():
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package(MemoryStorage(), [], categories=()))))
    assert archive.namelist() == ["index.html", "report.pdf", "manifest.json", "manifest.jws"]
    assert "No records about you were found." in read_page(archive, "index.html").words


def test_a_collection_without_rows_has_a_page_that_says_so():
    storage = MemoryStorage()
    empty = Found(spooled(storage, "empty", ("id",), []), "Empty", "Shop")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package(storage, [empty]))))
    assert "There are no records here." in read_page(archive, "html/shop/empty/page-0001.html").words


def test_rows_of_changing_types_can_be_read():
    storage = MemoryStorage()
    rows = [(1, "x"), ("two", None), (3.5, b"\x00"), (None, "a\x00b"), (True, order(1)[1])]
    mixed = spooled(storage, "mixed", ("id", "any"), rows)
    assert list(read_rows(storage, KEY, mixed)) == rows
    archive = zipfile.ZipFile(io.BytesIO(b"".join(package(storage, [Found(mixed, "Mixed", "Shop")]))))
    assert "a\ufffdb" in read_page(archive, "html/shop/mixed/page-0001.html").words


def test_large_entries_get_zip64_fields():
    at = ANSWER.generated_at
    large = Entry("data/large.json", 5 * 2**32, 2**32, 7)
    small = Entry("data/small.json", 3, 5, 7)
    head = local_header(large, at)
    assert len(head) == 30 + len(large.path) + 20
    start = len(head) + large.packed
    entries = [(large, 0), (small, start)]
    place = start + len(local_header(small, at)) + small.packed
    end = directory(entries, at, place)
    # a file with a hole where the content would be: only the directory is looked at
    read = zipfile.ZipFile(_Sparse(end, place))
    assert [(info.filename, info.file_size, info.compress_size, info.header_offset) for info in read.infolist()] == [
        ("data/large.json", 5 * 2**32, 2**32, 0),
        ("data/small.json", 3, 5, start),
    ]


class _Sparse(io.RawIOBase):
    """Some bytes far behind the beginning of a file."""

    def __init__(self, tail, place):
        self._tail, self._place, self._at = tail, place, 0

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        self._at = offset + (0, self._at, self._place + len(self._tail))[whence]
        return self._at

    def tell(self):
        return self._at

    def read(self, size=-1):
        start = self._at - self._place
        found = self._tail[start:] if size < 0 else self._tail[start : start + size]
        self._at += len(found)
        return found
