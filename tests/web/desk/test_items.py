"""Records: looked through a page at a time; withheld with ground and reason, taken back, never by who may not."""

import sqlite3

import pytest

from app.queries import policies
from app.queries.items import items
from tests.web.desk.conftest import case_url, shown


@pytest.fixture
def reference(acme) -> str:
    return acme.in_status("in_review")


@pytest.fixture
def notes(acme, reference) -> tuple[str, list[str]]:
    """The page of the notes, and the names of its two records."""
    number = next(row.id for row in acme.view(reference).collections if row.collection == "notes")
    return case_url(reference, f"items/{number}/"), [f"{number}-0", f"{number}-1"]


@pytest.fixture
def ground(acme, reference) -> dict[str, str]:
    """A ground that the law gives, and a reason."""
    with acme.reading("dpo") as work:
        known = policies.current(work).right("access").refusal_grounds
    return {"ground": next(iter(known)), "reason": "It names somebody else."}


def decisions(acme, reference: str) -> dict[str, str]:
    with acme.reading("dpo") as work:
        return {row.id: row.decision for row in items(acme.portal, work, reference).rows}


def test_a_record_is_withheld_and_taken_back(handler, acme, reference, notes, ground):
    address, names = notes
    page = handler.get(address)
    assert "called twice" in page.main
    assert "=1+1" in page.main
    page = handler.post(address, {**shown(page), "item": names[1], "decision": "withhold", **ground})
    assert "Withheld" in page.main
    assert "We cannot tell which data is yours (Art. 11(2), 12(2)). It names somebody else." in page.main, (
        "the ground in words too"
    )
    assert decisions(acme, reference)[names[1]] == "withhold"
    page = handler.post(address, {**shown(page), "item": names[1], "decision": "include"})
    assert set(decisions(acme, reference).values()) == {"include"}
    assert acme.events(reference)[-2:] == ["item:withheld", "item:included"]


def test_ground_and_reason_are_needed_and_the_choice_is_kept(handler, acme, reference, notes):
    address, names = notes
    page = handler.get(address)
    page = handler.post(address, {**shown(page), "item": names[0], "decision": "withhold"}, status=422)
    assert [where for where, _ in page.problems] == ["#ground", "#reason"]
    assert page.value("item") == names[0], "still ticked"
    typed = {"ground": "because", "reason": "\u202e"}
    page = handler.post(address, {**shown(page), "item": names[0], "decision": "withhold", **typed}, status=422)
    assert page.problems[0][0] == "#ground"


def test_a_picture_is_named_with_its_size_and_not_shown(handler, acme):
    path = acme.portal.environment["ACME_CRM_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE notes SET text = ? WHERE id = 1", (b"\x89PNG\r\n\x1a\n" + b"a" * 120_000,))
        connection.execute("UPDATE notes SET text = ? WHERE id = 2", (b"key\x00",))
    connection.close()
    reference = acme.in_status("in_review")
    number = next(row.id for row in acme.view(reference).collections if row.collection == "notes")
    page = handler.get(case_url(reference, f"items/{number}/"))
    assert "file, 120.0 kB" in page.main
    assert "file, 4 bytes" in page.main
    assert "PNG" not in page.main


def test_no_record_chosen_is_said(handler, notes, ground):
    address, _ = notes
    page = handler.post(address, {**shown(handler.get(address)), "decision": "withhold", **ground}, status=422)
    assert "Choose at least one record" in page.main
    assert page.value("reason") == ground["reason"]


def test_records_that_are_not_this_cases_do_not_exist(handler, acme, reference, notes, ground):
    address, _ = notes
    sent = {**shown(handler.get(address)), "decision": "withhold", **ground}
    for item in ("999-0", "x", "", "1-999999", "-1", "1-²", "\x00"):
        handler.post(address, {**sent, "item": item}, status=404)
    assert set(decisions(acme, reference).values()) == {"include"}


def test_nobody_decides_on_an_old_page_or_without_our_token(handler, dpo, acme, reference, notes, ground):
    address, names = notes
    old = {**shown(handler.get(address)), "item": names[0], "decision": "withhold", **ground}
    assert "open for too long" in handler.post(address, old, token=False, status=422).main
    dpo.post(address, {**old, "item": names[1]})
    page = handler.post(address, old, status=409)
    assert "Somebody else has changed this request" in page.main
    assert page.value("reason") == ground["reason"]
    assert decisions(acme, reference)[names[0]] == "include"


def test_who_only_reads_has_no_boxes_to_tick(desks, acme, notes, ground):
    address, names = notes
    for role in ("approver", "auditor"):
        browser = desks(acme, role)
        page = browser.get(address)
        assert page.value("item") is None
        assert "Withhold" not in page.main
        browser.post(address, {**shown(page), "item": names[0], "decision": "withhold", **ground}, status=403)


def test_outside_of_review_nothing_can_be_decided(handler, acme, reference, notes, ground):
    address, names = notes
    old = shown(handler.get(address))
    acme.move(reference, "approve")
    page = handler.get(address)
    assert "Withhold the chosen" not in page.main
    version = {"version": str(acme.row(reference).version), "events_seen": old["events_seen"]}
    handler.post(address, {**version, "item": names[0], "decision": "withhold", **ground}, status=409)


def test_pages_and_collections_that_are_not_this_cases_do_not_exist(handler, reference, notes):
    address, _ = notes
    for cursor in ("x", "1", "-", "1-x", "%00"):
        handler.get(f"{address}?cursor={cursor}", status=404)
    for number in ("0", "999", "2147483648", "99999999999999999999", "x"):
        handler.get(case_url(reference, f"items/{number}/"), status=404)
