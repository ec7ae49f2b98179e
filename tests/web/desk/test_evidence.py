"""Evidence at the desk: listed, looked at as pictures, saved, noted, destroyed; each look is a POST in the history."""

import io
import re
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from app.gateways.scanner import ClamdScanner
from app.services import evidence
from tests.factories import House, person
from tests.samples_of_files import EML, SVG, pdf, photo_with_place, picture
from tests.web.desk.conftest import case_url

PROOF = {"doubt": "Another address.", "items_asked": "A card.", "alternatives": "A call."}


def asked(acme: House) -> str:
    reference = acme.in_status("open")
    acme.move(reference, "ask_proof", **PROOF)
    return reference


def given(acme: House, reference: str, name: str, data: bytes, *, portal: Any = None) -> str:
    """A file of the person's; its id."""
    portal = portal or acme.portal
    upload = evidence.incoming(portal)
    upload.write(data)
    upload.seek(0)
    (taken,) = evidence.take(
        portal, person(reference), acme.controller_id, reference, files=[(upload, name)], purpose="identity"
    )
    assert taken.fault is None
    return taken.id or ""


def place(reference: str, file: str, what: str) -> str:
    return case_url(reference, f"evidence/{file}/{what}/")


def test_the_list_leads_to_every_look(handler, acme):
    reference = asked(acme)
    file = given(acme, reference, "me <b>.pdf", pdf())
    page = handler.get(case_url(reference))
    for text in (
        "me <b>.pdf", "Proof of identity", "sent by the person", "No virus scanner is connected", "Received",
        "It is destroyed on 23 December 2026 at the latest.",
    ):  # fmt: skip
        assert text in page.main, text
    for what in ("look", "open", "destroy"):
        assert f'action="{place(reference, file, what)}"' in page.html


def test_a_look_shows_fresh_pictures_and_stands_in_the_history(handler, acme):
    reference = asked(acme)
    file = given(acme, reference, "photo.jpg", photo_with_place())
    page = handler.post(place(reference, file, "look"))
    (picture_in_page,) = re.findall(r'src="data:image/png;base64,([^"]+)"', page.html)
    drawn = b64decode(picture_in_page)
    assert Image.open(io.BytesIO(drawn)).format == "PNG"
    assert b"Secret phone" not in drawn
    assert acme.events(reference)[-1] == "evidence:looked_at"
    assert "File looked at" in handler.get(case_url(reference)).main


def test_what_has_no_picture_says_so(handler, acme):
    reference = asked(acme)
    file = given(acme, reference, "letter.eml", EML)
    assert "There is no picture of this kind of file" in handler.post(place(reference, file, "look")).main


def test_a_file_is_saved_and_never_shown(handler, acme):
    reference = asked(acme)
    file = given(acme, reference, 'me"; x=.pdf', data := pdf())
    answer = handler.client.post(place(reference, file, "open"), data={"csrf_token": handler.token()})
    assert answer.status_code == 200
    assert answer.data == data
    head = answer.headers
    assert head["Content-Type"].startswith("application/octet-stream")
    assert head["Content-Disposition"].startswith(f'attachment; filename="acme-{reference}-')
    assert '"; x' not in head["Content-Disposition"]
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert head["Cache-Control"] == "no-store"
    assert int(head["Content-Length"]) == len(data)
    assert acme.events(reference)[-1] == "evidence:opened"


def test_what_was_seen_stands_ready_when_the_proof_is_accepted(handler, acme):
    reference = asked(acme)
    file = given(acme, reference, "me.png", picture())
    assert handler.post(place(reference, file, "note"), {"note": " "}, status=422).problems
    page = handler.post(place(reference, file, "note"), {"note": "Passport: the name fits."})
    assert "Your note is kept." in page.main
    assert "Seen in it: Passport: the name fits." in page.main
    page = handler.get(case_url(reference, "moves/accept_proof/"))
    assert page.value("note") == "Passport: the name fits."


def test_a_file_is_destroyed_by_a_button(handler, acme):
    reference = asked(acme)
    file = given(acme, reference, "me.png", picture())
    page = handler.post(place(reference, file, "destroy"))
    assert "The file and its key are destroyed." in page.main
    assert "A file, no longer kept" in page.main
    assert "it was not needed" in page.main
    for what in ("look", "open"):
        assert handler.post(place(reference, file, what), status=409).main
    assert place(reference, file, "look") not in page.html


def test_what_waits_for_the_scanner_opens_to_nobody(handler, acme):
    reference = asked(acme)
    away = replace(acme.portal, scanner=ClamdScanner("tcp://127.0.0.1:1", seconds=1))
    file = given(acme, reference, "me.png", picture(), portal=away)
    page = handler.get(case_url(reference))
    assert "The virus scanner has not seen it yet" in page.main
    assert place(reference, file, "look") not in page.html
    for what in ("look", "open"):
        assert "has not seen this file yet" in handler.post(place(reference, file, what), status=409).main


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("approver", 403), ("admin", 403)])
def test_who_may_not_open_sees_no_button_and_no_file(desks, acme, who, status):
    reference = asked(acme)
    file = given(acme, reference, "me.png", picture())
    browser = desks(acme, who)
    for what in ("look", "open", "note", "destroy"):
        browser.post(place(reference, file, what), {"note": "x"}, status=status)
    if who != "admin":
        assert "/evidence/" not in browser.get(case_url(reference)).html
    came = acme.events(reference).index("evidence:received")
    assert set(acme.events(reference)[came + 1 :]) == {"door:refused"}


def test_another_organisation_finds_nothing(desks, acme, borealis):
    reference = asked(acme)
    file = given(acme, reference, "me.png", picture())
    neighbour = desks(borealis, "dpo")
    for what in ("look", "open", "note", "destroy"):
        neighbour.post(place(reference, file, what), {"note": "x"}, status=404)
        address = case_url(reference, f"evidence/{file}/{what}/", slug="borealis")
        neighbour.post(address, {"note": "x"}, status=404)
    came = acme.events(reference).index("evidence:received")
    assert set(acme.events(reference)[came + 1 :]) <= {"door:refused"}


def test_staff_keep_what_came_by_post(handler, acme):
    reference = asked(acme)
    fields: dict[str, Any] = {"csrf_token": handler.token(), "purpose": "mandate"}

    def send(name: str, data: bytes, status: int = 200) -> Any:
        body = {**fields, "files": [(io.BytesIO(data), name)]}
        answer = handler.client.post(case_url(reference, "evidence/"), data=body, content_type="multipart/form-data")
        return handler._shown(answer, case_url(reference, "evidence/"), status)

    page = send("mandate.pdf", pdf())
    assert "The files are kept with the request." in page.main
    assert "Proof of authority to act for somebody" in page.main
    assert "Handler" in page.main
    assert "“x.svg” is none of the kinds" in send("x.svg", SVG, 422).problems[0][1]
