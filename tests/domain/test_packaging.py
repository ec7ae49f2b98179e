import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.packaging import FileNames, Folders, Names, PackagedFile, Withheld, extension_of, manifest, safe_name
from tests.gateways.packages import answer


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("orders", "orders"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("C:\\Windows\\x", "C-Windows-x"),
        ("/abs", "abs"),
        ("CON", "CON_"),
        ("con.txt", "con-txt"),
        ("lpt1", "lpt1_"),
        ("nul ", "nul_"),
        ("a\x00b\nc", "a-b-c"),
        ("exe\u202egpj.", "exegpj"),
        ("ключи", "unnamed"),
        ("Rēķini", "Rekini"),
        ("a" * 300, "a" * 60),
        (".hidden", "hidden"),
        ("trailing.", "trailing"),
        ("-rf", "rf"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(name, safe):
    assert safe_name(name) == safe


@given(st.lists(st.text(max_size=80), max_size=40))
def test_names_of_a_folder_never_meet(names):
    taken = Names()
    found = [taken.unique("f", name) for name in names]
    assert len({name.lower() for name in found}) == len(names)
    for name in found:
        assert name.isascii()
        assert len(name) <= 64
        assert not set(name) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def test_folders_are_unique_by_case_and_connection():
    places = [("shop", "Orders"), ("shop", "orders"), ("SHOP", "orders"), ("shop/", "orders")]
    folders = Folders()
    assert [folders.place(*one) for one in places] == ["shop/Orders", "shop/orders-2", "SHOP-2/orders", "shop-3/orders"]


def test_the_manifest_says_what_is_in_and_what_is_not():
    withheld = Withheld("shop", 3, "Rights of others (Art. 15(4))", collection="notes", until=date(2027, 1, 1))
    assert withheld.where == "notes"
    assert replace(withheld, title="Notes of our staff").where == "Notes of our staff"
    files = [
        PackagedFile("index.html", 10, "aa"),
        PackagedFile("data/shop/orders.json", 5, "bb", 2, "shop", "orders", ("user.contact",)),
    ]
    facts = json.loads(manifest(answer(withheld=(withheld,)), files))
    assert list(facts) == [
        "format", "package_id", "reference", "controller", "right", "case_version", "generated_at", "generator",
        "subject", "files", "withheld", "parts",
    ]  # fmt: skip
    assert facts["format"] == "habeas-package/1"
    assert datetime.fromisoformat(facts["generated_at"]) == datetime(2026, 11, 22, 14, 5, 7, tzinfo=UTC)
    assert facts["files"] == [
        {"path": "index.html", "bytes": 10, "sha256": "aa"},
        {
            "path": "data/shop/orders.json", "bytes": 5, "sha256": "bb", "rows": 2, "connection": "shop",
            "collection": "orders", "categories": ["user.contact"],
        },
    ]  # fmt: skip
    assert facts["withheld"] == [
        {
            "connection": "shop", "collection": "notes", "count": 3, "ground": "Rights of others (Art. 15(4))",
            "until": "2027-01-01",
        }
    ]  # fmt: skip
    assert facts["parts"] == {"n": 1, "of": 1}


def test_files_of_a_row_never_meet():
    names = FileNames("shop/people", ["Photo", "photo", "../photo", "фото", "CON"])
    found = [names.path(7, at, "png") for at in range(5)]
    assert found == [
        f"files/shop/people/7-{name}.png" for name in ("Photo", "photo-2", "photo-3", "unnamed", "CON_")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF\n\x00\x00\nWEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", "wav"),
        (b"OggS\x00", "ogg"),
        (b"ID3\x03\x00", "mp3"),
        (b"\x00\x00\x00\x18ftypmp42", "mp4"),
        (b"PK\x03\x04", "zip"),
        (b"<!doctype html><script>alert(1)</script>", "bin"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x">', "bin"),
        (b"MZ\x90\x00", "bin"),
        (b"#!/bin/sh", "bin"),
        (b" %PDF-1.7", "bin"),
        (b"", "bin"),
    ],
)
def test_only_what_no_browser_runs_has_a_telling_name(data, extension):
    assert extension_of(data) == extension
