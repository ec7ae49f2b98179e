"""Uploaded files: seven kinds are known by their bytes, all else is refused, and nothing is parsed in the portal."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.domain.errors import Unavailable
from app.domain.evidence import KINDS, fault, file_name
from app.gateways import limited, previewing
from app.gateways.previewing import AT_ONCE, DRAWN, LimitedOpener, NullOpener
from app.gateways.receiving import SealedUpload
from app.gateways.scanner import ClamdScanner, NullScanner, Scan
from app.gateways.sniffing import Unfit, kind_of
from app.gateways.storage import DirectoryStorage, MemoryStorage
from tests.clamd import clamd
from tests.samples_of_files import BAD, EICAR, GOOD, heic, pdf, photo_with_place, picture

OPENER = LimitedOpener()


def looked_into(data: bytes) -> str:
    kind = kind_of(data)
    OPENER.check(data, kind)
    return kind


@pytest.mark.parametrize("kind", GOOD)
def test_a_file_is_what_its_bytes_say(kind: str) -> None:
    assert looked_into(GOOD[kind]()) == kind
    assert GOOD.keys() == KINDS.keys()


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_taken_says_why(what: str) -> None:
    make, word = BAD[what]
    with pytest.raises(Unfit) as unfit:
        looked_into(make())
    assert unfit.value.word == word
    assert "passport" in str(fault(word, "passport"))


@pytest.mark.parametrize("kind", sorted(DRAWN))
def test_a_preview_is_a_fresh_picture(kind: str) -> None:
    drawn = OPENER.draw(GOOD[kind](), kind)  # type: ignore[arg-type]
    assert len(drawn.pages) == 1
    assert not drawn.more
    assert Image.open(io.BytesIO(drawn.pages[0])).format == "PNG"


def test_what_cannot_be_drawn_has_no_pages() -> None:
    for kind in KINDS.keys() - DRAWN:
        assert OPENER.draw(GOOD[kind](), kind).pages == NullOpener().draw(b"", kind).pages == ()


def test_a_preview_says_nothing_but_pixels() -> None:
    data = photo_with_place()
    assert b"Secret phone" in data
    page = OPENER.draw(data, "jpeg").pages[0]
    assert b"Secret phone" not in page
    assert Image.open(io.BytesIO(page)).info == {}


def test_a_telephones_photo_is_shown_upright_and_says_nothing_but_pixels() -> None:
    data = heic("on_its_side")
    assert b"Acme" in data
    (page,) = OPENER.draw(data, "heic").pages
    shown = Image.open(io.BytesIO(page))
    assert (shown.size, shown.info) == ((200, 300), {})


def test_a_long_document_shows_its_beginning_and_says_so() -> None:
    drawn = OPENER.draw(pdf(pages=limited.PAGES_DRAWN + 1), "pdf")
    assert (len(drawn.pages), drawn.more) == (limited.PAGES_DRAWN, True)


def test_an_opener_that_takes_too_long_is_ended() -> None:
    with pytest.raises((Unfit, Unavailable)):
        LimitedOpener(seconds=0.001).check(picture(), "png")


def test_where_all_places_are_taken_nobody_waits_without_end() -> None:
    """Whoever sends files that take long must not hold up all others."""
    opener = LimitedOpener(seconds=0.01)
    for _ in range(AT_ONCE):
        assert opener._places.acquire(blocking=False)
    for look in (lambda: opener.check(picture(), "png"), lambda: opener.mail(b"From: a@example.com")):
        with pytest.raises(Unavailable):
            look()
    opener._places.release()
    with pytest.raises((Unfit, Unavailable)):
        opener.check(picture(), "png")
    assert opener._places.acquire(blocking=False), "the place is free again"


ATTEMPTS = {
    "the network": "import socket; socket.socket()",
    "another program": "import os; os.execv('/bin/true', ['true'])",
    "a second process": "import subprocess; subprocess.run(['/bin/true'])",
    "making a file": "open('{place}/new', 'w')",
    "changing a file": "open('{place}/there', 'r+')",
    "removing a file": "import os; os.unlink('{place}/there')",
    "much memory": "bytearray(2_000_000_000)",
    "many files": "held = [open('/dev/null') for _ in range(100)]",
    "ending others": "import os; os.kill(os.getppid(), 0)",
}


@pytest.mark.parametrize("what", ATTEMPTS)
def test_what_opens_files_can_do_nothing_else(what: str, tmp_path: Path) -> None:
    """The same process, with what an attacker would run in it once the rights are given up."""
    there = tmp_path / "there"
    there.write_text("as it was")
    program = Path(limited.__file__).read_text().partition('if __name__ == "__main__":')[0]
    attempt = ATTEMPTS[what].format(place=tmp_path)
    lines = (
        program, "import socket, subprocess", "give_up_rights()", "try:", f"    {attempt}",
        "except (OSError, MemoryError):", "    print('stopped')", "else:", "    print('went through')",
    )  # fmt: skip
    ran = subprocess.run([sys.executable, "-IB", "-c", "\n".join(lines)], capture_output=True, check=False, cwd="/")
    assert ran.stdout == b"stopped\n", ran.stderr.decode()
    assert there.read_text() == "as it was"
    assert [file.name for file in tmp_path.iterdir()] == ["there"]


def test_nothing_of_the_environment_goes_with_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import os, sys\nsys.stdout.write('begun\\n' + repr(dict(os.environ)))\n")
    monkeypatch.setenv("HABEAS_MASTER_KEY", "the key of keys")
    monkeypatch.setattr(previewing, "_PROGRAM", spy)
    said = LimitedOpener()._run("check", b"x", "png")
    assert b"the key of keys" not in said


@pytest.mark.parametrize(
    "said",
    [
        b"", b"nonsense", b"[]", b'{"fault": null}', b'{"fault": null, "pages": "x"}',
        json.dumps({"fault": None, "pages": [6]}).encode() + b"\n<html>", b'{"fault": "<script>", "pages": []}',
    ],
)  # fmt: skip
def test_what_the_process_says_is_not_taken_on_trust(said: bytes) -> None:
    with pytest.raises(Unfit):
        previewing._read(said)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("passport.pdf", "passport.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\me.jpg", "me.jpg"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("x" * 300 + ".pdf", "x" * 108 + "….pdf"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_a_name_names_no_place(given: str | None, shown: str) -> None:
    assert file_name(given) == shown


def test_an_upload_is_sealed_while_it_comes(tmp_path: Path) -> None:
    upload = SealedUpload(DirectoryStorage(tmp_path))
    secret = b"number of my passport " * 10_000
    for at in range(0, len(secret), 5000):
        upload.write(secret[at : at + 5000])
    upload.seek(0)
    assert b"".join(upload.chunks()) == secret
    assert all(b"passport" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    upload.discard()
    upload.discard()
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_an_upload_that_stops_half_way_leaves_nothing(tmp_path: Path) -> None:
    upload = SealedUpload(DirectoryStorage(tmp_path))
    upload.write(bytes(500_000))
    assert [file for file in tmp_path.rglob("*") if file.is_file()]
    upload.discard()
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_what_is_too_large_is_counted_and_not_kept() -> None:
    storage = MemoryStorage()
    upload = SealedUpload(storage, largest=1000)
    for _ in range(100):
        upload.write(bytes(100))
    upload.seek(0)
    assert upload.too_large
    assert upload.size == 10_000
    assert storage.objects == {}


def test_what_is_kept_is_not_discarded() -> None:
    storage = MemoryStorage()
    upload = SealedUpload(storage)
    upload.write(b"x")
    upload.seek(0)
    upload.keep()
    upload.discard()
    assert upload.name in storage.objects


def test_the_scanner_finds_what_it_knows() -> None:
    with clamd() as daemon:
        for url in daemon.urls:
            scanner = ClamdScanner(url, seconds=5)
            assert scanner.scan([picture()]) == Scan("clean")
            assert scanner.scan([EICAR[:20], b"", EICAR[20:]]) == Scan("infected", "Eicar-Test-Signature")
            assert scanner.scan(bytes(100_000) for _ in range(20)) == Scan("clean")


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe\0"])
def test_only_a_whole_plain_answer_decides(answer: bytes) -> None:
    with clamd(answer=answer) as daemon:
        scanner = ClamdScanner(daemon.urls[0], seconds=5)
        if answer == b"stream: OK":
            assert scanner.scan([b"x"]) == Scan("clean")
            return
        with pytest.raises(Unavailable, match="did not answer"):
            scanner.scan([b"x"])


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_is_never_a_clean_file(url: str) -> None:
    with pytest.raises(Unavailable):
        ClamdScanner(url, seconds=1).scan([b"x"])
    assert NullScanner().scan([b"x"]) == Scan("no_scanner")


def test_a_silent_scanner_is_not_waited_for_without_end() -> None:
    with clamd(answer=None) as daemon, pytest.raises(Unavailable):
        ClamdScanner(daemon.urls[0], seconds=0.2).scan([b"x"])
