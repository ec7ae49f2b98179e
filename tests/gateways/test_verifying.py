import io
import json
import shutil
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.gateways.archive import Found, verify
from app.gateways.signing import SigningKey, jwks
from app.gateways.storage import MemoryStorage
from tests.gateways.packages import ORDER_COLUMNS, SIGNER, collections, order, package, spooled

KNOWN = jwks([SigningKey.generate().public_jwk, SIGNER.public_jwk])


@pytest.fixture(scope="module")
def data():
    storage = MemoryStorage()
    return b"".join(package(storage, collections(storage)))


@pytest.fixture(scope="module")
def small():
    """A package with as few bytes as there may be, to change each of them."""
    storage = MemoryStorage()
    orders = Found(spooled(storage, "orders", ORDER_COLUMNS, [order(1)]), "Orders", "Shop")
    return b"".join(package(storage, [orders]))


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "p.zip"

    def check(content, keys=KNOWN):
        path.write_bytes(content)
        return [str(fault) for fault in verify(path, keys)]

    return check


def test_a_package_as_it_was_released(checked, data, small):
    assert checked(data) == []
    assert checked(small) == []


def test_every_changed_byte_is_found(checked, small):
    for at in range(len(small)):
        changed = small[:at] + bytes([small[at] ^ 1]) + small[at + 1 :]
        assert checked(changed), at


@settings(max_examples=150)
@given(content=st.data())
def test_any_change_anywhere_is_found(checked, data, content):
    at = content.draw(st.integers(0, len(data) - 1))
    length = content.draw(st.integers(0, 40))
    piece = content.draw(st.binary(max_size=40))
    changed = data[:at] + piece + data[at + length :]
    assert bool(checked(changed)) == (changed != data)


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.9, 0.999])
def test_a_file_cut_short_is_found(checked, data, share):
    assert checked(data[: int(len(data) * share)])


def test_nothing_may_stand_before_or_behind(checked, data):
    assert checked(data + b"\x00")
    assert checked(b"#!/bin/sh\n" + data)
    commented = bytearray(data + b"hi")
    commented[len(data) - 2 : len(data)] = struct.pack("<H", 2)
    assert checked(bytes(commented))
    assert checked(data + data)


def rewritten(data, *, change=lambda name, content: (name, content), add=(), drop=()):
    """The package as an ordinary ZIP program would write it anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(*change(name, old.read(name)))
        for name, content in add:
            new.writestr(name, content)
    return out.getvalue()


def test_what_was_done_to_the_files_is_said(checked, data):
    def spoil(name, content):
        return name, content.replace(b"order 9", b"order 8") if name.endswith("orders.json") else content

    def rename(name, content):
        return ("data/shop/other.csv" if name == "data/shop/orders.csv" else name), content

    assert "data/shop/orders.json was changed." in checked(rewritten(data, change=spoil))
    assert "data/shop/orders.csv is missing." in checked(rewritten(data, change=rename))
    assert "data/shop/other.csv does not belong to the package." in checked(rewritten(data, change=rename))
    assert "index.html is missing." in checked(rewritten(data, drop={"index.html"}))
    assert "run.exe does not belong to the package." in checked(rewritten(data, add=[("run.exe", b"x")]))
    assert checked(rewritten(data)) == ["The ZIP file itself was changed, or written anew by another program."]


@pytest.mark.parametrize("name", ["manifest.json", "manifest.jws"])
def test_without_manifest_or_signature_nothing_can_be_said(checked, data, name):
    assert checked(rewritten(data, drop={name})) == [
        "The manifest or its signature is missing, so nothing can be checked."
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_found(checked, data):
    assert checked(rewritten(data, add=[("index.html", b"another")])) == ["A file is in the package twice."]


def test_a_changed_manifest_is_found(checked, data):
    def shorten(name, content):
        if name == "manifest.json":
            facts = json.loads(content)
            facts["files"] = facts["files"][1:]
            content = json.dumps(facts).encode()
        return name, content

    assert checked(rewritten(data, change=shorten, drop={"index.html"})) == [
        "The signature does not fit the manifest: one of the two was changed."
    ]


def test_a_package_signed_by_somebody_else_is_refused(checked, data):
    stranger = SigningKey.generate()

    def forge(name, content):
        manifest = zipfile.ZipFile(io.BytesIO(data)).read("manifest.json")
        return name, stranger.sign(manifest).encode() if name == "manifest.jws" else content

    key = json.dumps(jwks([stranger.public_jwk])).encode()
    for forged in (rewritten(data, change=forge), rewritten(data, change=forge, add=[("jwks.json", key)])):
        assert checked(forged) == ["The signature was made with a key that is not among the known ones."]


def test_only_known_keys_count(checked, data):
    assert checked(data, {"keys": []})
    assert checked(data, jwks([SIGNER.public_jwk])) == []


def test_what_is_no_package_is_said_to_be_none(checked):
    assert checked(b"")
    assert checked(b"%PDF-1.7")
    assert checked(b"PK\x03\x04" + b"\xff" * 60)


def test_a_bomb_does_not_go_off(checked):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("data/big.json", b"0" * 50_000_000)
    claimed_small = bytearray(out.getvalue())
    claimed_small[22:26] = struct.pack("<I", 10)
    assert checked(bytes(claimed_small)) == ["data/big.json was changed: it cannot be unpacked."]


def test_the_file_is_not_touched(tmp_path, data):
    path = tmp_path / "p.zip"
    path.write_bytes(data)
    path.chmod(0o400)
    assert verify(path, KNOWN) == []
    shutil.copy(path, tmp_path / "q.zip")
    assert (tmp_path / "q.zip").read_bytes() == data
