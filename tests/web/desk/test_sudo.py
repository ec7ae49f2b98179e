"""What cannot be taken back asks for the second factor again; what was typed meanwhile is kept (Art. 32)."""

import pytest

from app.services import staff
from app.services.sessions import PROOF_LASTS
from tests.factories import House
from tests.offices import SECRET, code_now
from tests.web.conftest import Browser
from tests.web.desk.conftest import case_url, shown

REASON = "It was answered on 2 November.\nNothing has changed since."


@pytest.fixture
def refusing(acme: House, dpo: Browser) -> tuple[str, dict[str, str]]:
    """The address at which a request is refused, and everything that was typed; the proof is old."""
    login_id = acme.staff("dpo").login_id
    assert login_id is not None
    staff.enrol_known(acme.portal, login_id, SECRET)
    url = case_url(acme.in_status("open"), "moves/refuse/")
    page = dpo.get(url)
    ground = next(node.get("value") for node in page.all("input") if node.get("name") == "ground")
    acme.clock.advance(PROOF_LASTS)
    dpo.get(url)
    return url, {**shown(page), "ground": ground, "reason": REASON}


def test_a_fresh_proof_is_not_asked_for_again(acme: House, dpo: Browser) -> None:
    url = case_url(acme.in_status("ready"), "moves/release/")
    page = dpo.get(url)
    page = dpo.post(url, {**shown(page), "step": "send"})
    assert page.h1 != "Show your second factor again"


def test_the_letter_is_read_first_and_every_answer_survives_the_question(
    acme: House, dpo: Browser, refusing: tuple[str, dict[str, str]]
) -> None:
    url, typed = refusing
    assert "second factor" not in dpo.post(url, typed).main, "reading the letter takes nothing"
    page = dpo.post(url, {**typed, "step": "send"})
    assert page.h1 == "Show your second factor again"
    reference = url.split("/")[4]
    assert acme.view(reference).status == "open"
    page = dpo.post(url, {**typed, "step": "send", "proof_code": "000000"}, status=422)
    kept = {node.get("name"): node.get("value") for node in page.all("input") if node.get("type") == "hidden"}
    assert kept.items() >= {**typed, "step": "send"}.items()
    page = dpo.post(url, {**kept, "csrf_token": dpo.token(), "proof_code": code_now(acme.portal)})
    assert "done=refuse" in dpo.url
    assert acme.view(reference).outcome == "refused"


def test_asking_for_another_language_meanwhile_loses_nothing(
    dpo: Browser, refusing: tuple[str, dict[str, str]]
) -> None:
    url, typed = refusing
    page = dpo.post(url, {**typed, "step": "send", "lang": "lv", "proof_code": ""}, status=422)
    assert page.language == "lv"
    assert page.value("reason") == REASON


def test_what_can_be_taken_back_is_not_asked_for(acme: House, dpo: Browser) -> None:
    url = case_url(acme.in_status("open"), "moves/assign/")
    page = dpo.get(url)
    acme.clock.advance(PROOF_LASTS)
    page = dpo.post(url, {**shown(page), "assignee": ""}, status=422)
    assert page.problems, "the form itself answers"


def test_a_proof_without_our_token_counts_nothing(dpo: Browser, refusing: tuple[str, dict[str, str]]) -> None:
    url, typed = refusing
    page = dpo.post(url, {**typed, "step": "send", "proof_code": "000000"}, status=422, token=False)
    assert "open for too long" in page.main
