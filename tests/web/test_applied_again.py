"""People in the middle of a request when the organisation's file changes: nothing is taken from them."""

import pytest

from tests.web.conftest import ANSWERS, EMAIL
from tests.web.enough import Changing

ERASURE = {"  erasure: {proof: [{all_of: [email_code, signed_form]}], cooling_off: {days: 10, effect: suspend}}\n": ""}
PLAIN = {"[{all_of: [email_code, signed_form]}]": "[email_code]", "  no_use_under: {EU: 16}\n": ""}


@pytest.fixture
def change(portal, tmp_path) -> Changing:
    changing = Changing(portal, tmp_path / "files")
    changing(PLAIN)
    return changing


def test_a_right_that_was_taken_away(browser, another, change, mailbox, desk) -> None:
    form = "/c/acme/erasure/"
    browser.post(form, {"name": ANSWERS["name"], "email": EMAIL, "wish": "My notes."})
    reference = next(word for word in browser.post(f"{form}check/").main.split() if word.count("-") == 2)
    change({**ERASURE, "  no_use_under: {EU: 16}\n": ""})
    page = browser.post(f"/case/{reference}/confirm", {"code": mailbox()})
    assert "Have data erased" in page.main
    assert "My notes." in page.main
    assert form not in another.get("/c/acme/").links()
    page = another.get(form, status=404)
    assert "ACME has no form of its own for this. Ask all the same" in page.main
    free = next(node.get("action") for node in page.all("form") if node.get("id") == "answers")
    sent = another.post(free, {"name": "Bob", "email": "bob@example.com", "wish": "Erase my notes."})
    assert sent.h1 == "Check your answers"
    done = dict.fromkeys(("scope", "systems", "processors", "backups", "kept", "recipients_told"), "As asked.")
    desk(reference, "erase", **done)
    assert "Your request was granted" in browser.get(f"/case/{reference}/").main


def test_a_half_filled_form_whose_right_goes_away(browser, change) -> None:
    form = "/c/acme/erasure/"
    browser.post(form, {"name": ANSWERS["name"], "email": EMAIL, "wish": "My notes."})
    change({**ERASURE, "  no_use_under: {EU: 16}\n": ""})
    browser.post(f"{form}check/", status=404)
    assert "Ask all the same" in browser.get(form, status=404).main


def test_a_language_that_was_taken_away(browser, another, change, mailbox) -> None:
    """The one who asked in Latvian goes on in Latvian; newcomers get English."""
    browser.get("/c/acme/access/?lang=lv")
    browser.post("/c/acme/access/", ANSWERS)
    page = browser.post("/c/acme/access/check/")
    assert page.language == "lv"
    reference = next(word for word in page.main.split() if word.count("-") == 2)
    change({**PLAIN, "languages: [en, lv]": "languages: [en]"})
    assert browser.post(f"/case/{reference}/confirm", {"code": mailbox()}).language == "lv"
    assert browser.get(f"/case/{reference}/").language == "lv"
    assert another.get("/c/acme/access/?lang=lv").language == "en"


def test_a_language_that_was_never_there(client, change) -> None:
    body = {"rights": ["access"], "identities": {"email": EMAIL}, "name": "Ana", "language": "bg",
            "details": {"access": {"wish": "All."}}}  # fmt: skip
    refused = client.post("/api/v1/controllers/acme/cases", json=body)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["#/language"]
    assert "en, lv" in refused.get_data(as_text=True)
