"""What a company reads that has to send a letter (M-8): how, to where, what happens then, and what not to send."""

import pytest
from flask import Flask

from app.portal import Portal
from app.services import sessions
from tests.samples_of_files import pdf
from tests.services.test_evidence import sent
from tests.services.test_official_letter import bigco, called, waiting
from tests.web.conftest import Browser

__all__ = ["bigco"]


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    """The verbs' house: its systems know companies."""
    return sqlite_portal


def let_in(app: Flask, portal: Portal, reference: str) -> Browser:
    client = app.test_client()
    with portal.unscoped("the test lets somebody in") as work:
        token = sessions.start(work, stage="person", references=[reference])
    with client.session_transaction() as session:
        session["_user_id"] = token
    return Browser(client)


def test_the_page_says_how_to_send_the_letter(app, portal, bigco):
    reference = waiting(bigco)
    page = let_in(app, portal, reference).get(f"/case/{reference}/")
    for text in (
        "Send a letter of the company", "privacy@acme.example.com", "on the company’s letterhead",
        "calls the company back", "Do not send copies of identity documents",
    ):  # fmt: skip
        assert text in page.main, text
    assert f"mailto:privacy@acme.example.com?subject={reference}" in page.html
    assert "ana@example.com" not in page.html, "what is on file is not told to who asks"


def test_a_denied_letter_tells_nothing_of_how_it_was_found_out(app, portal, bigco):
    reference = waiting(bigco)
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    called(bigco, reference, result="denied", note="An impostor, says the director.")
    page = let_in(app, portal, reference).get(f"/case/{reference}/")
    assert "What you sent does not suffice as proof" in page.main
    for word in ("impostor", "denied", "called back", "on file", "director"):
        assert word not in page.main, word
