"""Sending files on the person's page: what to cover and until when it is kept come first, faults beside the field."""

import io
from typing import Any

import pytest

from app.domain.evidence import MOST_AT_ONCE
from tests.samples_of_files import SVG, pdf, picture
from tests.web.checker import check

PROOF = {"doubt": "Another address.", "items_asked": "Your customer number.", "alternatives": "Call us."}


def send(browser: Any, reference: str, *files: tuple[str, bytes], status: int = 200, **more: str) -> Any:
    """What the form sends."""
    fields: dict[str, Any] = {"csrf_token": browser.token(), "purpose": "identity", **more}
    fields["files"] = [(io.BytesIO(data), name) for name, data in files]
    answer = browser.client.post(f"/case/{reference}/evidence", data=fields, content_type="multipart/form-data")
    return browser._shown(answer, f"/case/{reference}/evidence", status)


def stored(portal: Any) -> int:
    """How many files lie in the storage or are on the way into it."""
    return sum(file.is_file() for file in portal.settings.storage_path.rglob("*"))


@pytest.fixture
def asked(entered: str, desk: Any) -> str:
    desk(entered, "ask_proof", **PROOF)
    return entered


def test_the_page_says_beforehand_what_to_cover_and_until_when(browser, asked):
    page = browser.get(f"/case/{asked}/")
    assert "cover everything that was not asked for" in page.main
    assert "at the latest on 23 December 2026" in page.main
    assert "None yet." in page.main
    assert f'action="/case/{asked}/evidence"' in page.html
    assert 'enctype="multipart/form-data"' in page.html


def test_files_are_sent_and_listed(browser, asked, portal):
    before = stored(portal)
    page = send(browser, asked, ("me.png", picture()), ("..\\me.pdf", pdf()))
    assert "Your files are there." in page.main
    assert "me.png" in page.main
    assert "me.pdf" in page.main
    assert "Received. It is destroyed on 23 December 2026 at the latest." in page.main
    assert "We received your file" in page.main
    assert stored(portal) == before + 2


def test_what_became_of_a_file_is_said(browser, asked, desk, portal):
    before = stored(portal)
    send(browser, asked, ("me.png", picture()))
    desk(asked, "reject_proof", **PROOF)
    page = browser.get(f"/case/{asked}/")
    assert "A file, no longer kept" in page.main
    assert "the proof did not suffice" in page.main
    assert stored(portal) == before


def test_a_fault_stands_beside_the_field_and_the_good_ones_are_kept(browser, asked):
    page = send(browser, asked, ("good.pdf", pdf()), ("evil.svg", SVG), ("nothing.png", b""), status=422)
    assert page.problems[0][0] == "#files"
    assert "“evil.svg” is none of the kinds" in page.problems[0][1]
    assert "“nothing.png” is empty" in page.problems[0][1]
    assert "good.pdf" in page.main


@pytest.mark.parametrize("files", [[], [("", b"")]])
def test_nothing_chosen_is_named(browser, asked, files):
    assert send(browser, asked, *files, status=422).problems == [("#files", "Choose a file.")]


@pytest.mark.parametrize("purpose", ["", "curiosity"])
def test_what_it_shows_must_be_chosen(browser, asked, portal, purpose):
    before = stored(portal)
    page = send(browser, asked, ("me.png", picture()), status=422, purpose=purpose)
    assert page.problems == [("#purpose", "Choose what the files show.")]
    assert stored(portal) == before, "what came with it is gone"


def test_ten_at_once_and_not_eleven(browser, asked, portal):
    files = [(f"{number}.png", picture(size=(20 + number, 20))) for number in range(11)]
    before = stored(portal)
    page = send(browser, asked, *files, status=422)
    assert page.problems == [("#files", "Choose at most 10 files at once.")]
    assert stored(portal) == before
    assert "9.png" in send(browser, asked, *files[:10]).main


def test_without_our_token_nothing_is_kept(browser, asked, portal):
    before = stored(portal)
    page = send(browser, asked, ("me.png", picture()), status=422, csrf_token="made-up")
    assert "had been open for too long" in page.problems[0][1]
    assert stored(portal) == before


def test_a_stranger_sends_nothing(another, asked, portal):
    before = stored(portal)
    page = send(another, asked, ("me.png", picture()), status=404)
    assert "nothing here" in page.main or page.status == 404
    assert stored(portal) == before


class Endless(io.RawIOBase):
    """A body that never ends; it counts what was asked of it."""

    def __init__(self, head: bytes) -> None:
        self.head, self.given = head, 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        data = (self.head or bytes(len(room)))[: len(room)]
        self.head = self.head[len(data) :]
        room[: len(data)] = data
        self.given += len(data)
        return len(data)


HEAD = (
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="big.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%PDF-"
)


@pytest.mark.parametrize("said", [True, False])
def test_two_gigabytes_are_refused_early(browser, asked, portal, said):
    """With their length said nothing is read; without it no more than may come at once, and nothing stays."""
    before = stored(portal)
    body = Endless(HEAD)
    length = {"CONTENT_LENGTH": str(2 * 1024**3)} if said else {"wsgi.input_terminated": True}
    answer = browser.client.post(
        f"/case/{asked}/evidence", content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": body, **length},
    )  # fmt: skip
    assert answer.status_code == 413
    assert body.given <= (0 if said else MOST_AT_ONCE + 1_000_000)
    check(answer)
    assert stored(portal) == before


def test_a_strangers_gigabytes_are_not_even_read(another, asked):
    body = Endless(HEAD)
    answer = another.client.post(
        f"/case/{asked}/evidence", content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 404
    assert body.given <= 2_000_000


def test_an_upload_that_is_cut_off_leaves_nothing(browser, asked, portal):
    before = stored(portal)
    answer = browser.client.post(
        f"/case/{asked}/evidence", data=HEAD + bytes(300_000), content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert answer.status_code in {400, 413, 422}
    assert stored(portal) == before


def test_a_closed_request_has_no_field_and_takes_nothing(browser, asked, desk, portal):
    send(browser, asked, ("me.png", picture()))
    desk(asked, "withdraw", note="By phone.")
    page = browser.get(f"/case/{asked}/")
    assert "/evidence" not in page.html
    assert "the request was decided" in page.main
    before = stored(portal)
    assert "closed" in send(browser, asked, ("two.png", picture("PNG", size=(9, 9))), status=409).main
    assert stored(portal) == before
