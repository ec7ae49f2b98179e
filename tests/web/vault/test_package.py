"""The download: a fresh code, parts that can be resumed, an address worth nothing elsewhere, and an honest end."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.fulfilment import Package
from app.models.ledger import TrailEntry
from app.services import housekeeping
from workers.idle import run_until_idle


@pytest.fixture
def released(entered, desk) -> str:
    desk(entered, "collect", "approve", "release")
    return entered


@pytest.fixture
def address(browser, released) -> str:
    return next(link for link in browser.get(f"/case/{released}/").links() if "/package/" in link)


@pytest.fixture
def opened(browser, client, address, mailbox) -> str:
    """The address of the bytes."""
    browser.post(f"{address}code")
    answer = client.post(f"{address}open", data={"csrf_token": browser.token(), "code": mailbox()})
    assert answer.status_code == 303
    return answer.headers["Location"]


def trail(portal) -> list[str]:
    with portal.unscoped("test", reads_only=True) as work:
        return list(work.session.scalars(select(TrailEntry.event).order_by(TrailEntry.id)))


def test_the_page_says_size_end_checksum_and_how_to_verify(browser, address):
    page = browser.get(address)
    for words in ("kB", "23 December 2026", "SHA-256", "Get-FileHash", "jwks.json"):
        assert words in page.main


def test_the_whole_file_holds_the_rows_of_the_proven_address_only(client, opened, portal):
    answer = client.get(opened)
    assert answer.status_code == 200
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(answer.data).hexdigest() == answer.get_etag()[0]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    rows = json.loads(archive.read("data/shop/customers.json"))
    assert [row["note"] for row in rows] == ["likes tea", "=1+1"]
    assert trail(portal)[-2:] == ["package:opened", "package:downloaded"]


def test_a_broken_download_goes_on(client, opened):
    whole = client.get(opened)
    size, etag = len(whole.data), f'"{whole.get_etag()[0]}"'
    for header, first, last in [("bytes=0-99", 0, 100), ("bytes=100-", 100, size), ("bytes=-7", size - 7, size)]:
        part = client.get(opened, headers={"Range": header, "If-Range": etag})
        assert part.status_code == 206
        assert part.data == whole.data[first:last]
        assert part.headers["Content-Range"] == f"bytes {first}-{last - 1}/{size}"
        assert part.headers["Content-Length"] == str(last - first)
    assert client.get(opened, headers={"Range": "bytes=100-", "If-Range": '"other"'}).status_code == 200
    beyond = client.get(opened, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    for odd in ("bytes=5-1", "bytes=a-b", "lines=1-2", "bytes=0-1,5-9", "bytes=-"):
        assert client.get(opened, headers={"Range": odd}).status_code == 200


def test_head_tells_the_size_and_leaves_no_trace(client, opened, portal):
    before = trail(portal)
    answer = client.head(opened)
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.data == b""
    assert trail(portal) == before


def test_the_address_is_worth_nothing_in_another_browser(another, opened, filed, mailbox):
    another.get(opened, status=404)
    another.post(f"/case/{filed}/code")
    another.post(f"/case/{filed}/enter", {"code": mailbox()})
    another.get(opened, status=404)


def test_the_address_dies_after_an_hour_and_when_it_is_changed(browser, client, opened, monkeypatch):
    import time

    browser.get(f"{opened[:-3]}xx/", status=404)
    browser.get(opened.replace("/part/1/", "/part/2/"), status=404)
    later = time.time() + 3602
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(opened).status_code == 404


def test_a_wrong_code_opens_nothing(browser, address, mailbox, portal):
    browser.post(f"{address}code")
    code = mailbox()
    page = browser.post(f"{address}open", {"code": "000000" if code != "000000" else "111111"}, status=422)
    assert "not the code we sent" in page.problems[0][1]
    assert "package:opened" not in trail(portal)


def test_the_code_that_let_in_does_not_open(browser, filed, mailbox, desk):
    code = mailbox()
    browser.post(f"/case/{filed}/confirm", {"code": code})
    desk(filed, "collect", "approve", "release")
    address = next(link for link in browser.get(f"/case/{filed}/").links() if "/package/" in link)
    browser.post(f"{address}open", {"code": code}, status=422)


def test_without_our_token_nothing_opens(browser, address, mailbox):
    browser.post(f"{address}code")
    page = browser.post(f"{address}open", {"code": mailbox()}, token=False, status=422)
    assert "Everything you typed is still here" in page.problems[0][1]


def test_get_opens_nothing(client, address):
    assert client.get(f"{address}open").status_code == 405
    assert client.get(f"{address}code").status_code == 405


def test_after_its_day_it_is_gone_and_says_so(browser, address, released, clock, mailbox, portal):
    clock.advance(timedelta(days=30))
    housekeeping.tick(portal)
    run_until_idle(portal)
    browser.post(f"/case/{released}/code")
    browser.post(f"/case/{released}/enter", {"code": mailbox()})
    page = browser.get(address)
    assert "This package is gone" in page.main
    assert "/c/acme/" in page.links()
    assert "Your package was deleted" in browser.get(f"/case/{released}/").main
    browser.post(f"{address}open", {"code": "123456"}, status=404)


def test_bytes_that_are_lost_become_a_page_not_a_broken_file(browser, opened, portal):
    with portal.unscoped("test", reads_only=True) as work:
        name = work.session.scalars(select(Package.object_name)).one()
    portal.storage.delete(name)
    assert browser.get(opened, status=404).h1 == "There is no such page"


def test_a_package_of_another_request_is_not_found_here(browser, address, mailbox):
    browser.post("/c/acme/access/", {"name": "Bo", "email": "other@example.com", "scope": "everything"})
    browser.post("/c/acme/access/check/")
    other = next(
        link for link in browser.get("/c/acme/access/sent/").links() if link.startswith("/case/") and len(link) > 10
    )
    browser.post(f"{other}confirm", {"code": mailbox()})
    browser.get(f"{other}package/{address.split('/')[-2]}/", status=404)
