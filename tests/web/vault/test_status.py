"""The status page: what happens next, until when, and honest about how it ended."""

import re

import pytest
from sqlalchemy import select

from app.domain.lifecycle import STATUSES
from app.domain.permissions import Actor
from app.models.people import Login
from app.queries import findings, policies
from app.queries.reading import load
from app.services import review
from app.services.jobs import take_due
from tests.web.conftest import ANSWERS, EMAIL
from workers.handlers import HANDLERS
from workers.idle import run_until_idle
from workers.lease import perform


def test_it_says_what_was_asked_what_is_proven_and_how_the_date_is_counted(browser, entered):
    page = browser.get(f"/case/{entered}/")
    for words in (
        EMAIL,
        "Shown to be yours",
        "23 December 2026",
        "Regulation 1182/71",
        "Everything the organisation holds",
    ):
        assert words in page.main
    assert "dpo@acme.example" in page.main


def test_the_way_goes_on_with_the_case(browser, entered, desk):
    assert "somebody takes your request on" in browser.get(f"/case/{entered}/").main
    desk(entered, "collect")
    page = browser.get(f"/case/{entered}/")
    assert "the answer is being checked" in page.main
    desk(entered, "approve")
    assert "your answer is sent" in browser.get(f"/case/{entered}/").main
    assert not [link for link in browser.get(f"/case/{entered}/").links() if "/package/" in link], "not before release"
    desk(entered, "release")
    page = browser.get(f"/case/{entered}/")
    assert "Your request was granted" in page.main
    assert [link for link in page.links() if "/package/" in link]
    assert "Answered on 23 November 2026" in page.main


def test_a_refusal_shows_its_letter_and_claims_no_search(browser, entered, desk, client):
    desk(entered, "refuse", ground="cannot_identify", reason="You asked the same yesterday.")
    page = browser.get(f"/case/{entered}/")
    assert "Your request was refused" in page.main
    assert "The systems are searched" not in page.main
    address = next(form.get("action") for form in page.all("form") if "/letter/" in (form.get("action") or ""))
    answer = client.post(address, data={"csrf_token": page.token()})
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.post(address).status_code == 400, "not without our token"
    assert client.get(address).status_code == 405


def test_staff_names_stay_inside(browser, entered, desk):
    desk(entered, "collect", "approve", "release")
    assert "Dora" not in browser.get(f"/case/{entered}/").html


def test_late_is_said_plainly(browser, filed, mailbox, clock):
    from datetime import timedelta

    clock.advance(timedelta(days=31))
    browser.post(f"/case/{filed}/code")
    browser.post(f"/case/{filed}/enter", {"code": mailbox()})
    page = browser.get(f"/case/{filed}/")
    assert "This date has passed" in page.main
    assert "complain" in page.main


def test_every_status_has_its_words(app):
    for status in STATUSES:
        app.jinja_env.get_template(f"vault/next/{status}.html")


@pytest.mark.parametrize("state", ["released", "expired"])
def test_every_package_state_has_its_words(app, state):
    app.jinja_env.get_template(f"vault/package/{state}.html")


FOREIGN = ["package/x/", "package/x/part/1/t/"]


@pytest.mark.parametrize("rest", FOREIGN)
def test_a_foreign_request_has_no_pages(another, entered, rest):
    assert another.get(f"/case/{entered}/{rest}", status=404).h1 == "There is no such page"


@pytest.mark.parametrize("rest", ["package/x/code", "package/x/open", "letter/x"])
def test_a_foreign_request_takes_no_posts(another, entered, rest):
    assert another.post(f"/case/{entered}/{rest}", {"code": "123456"}, status=404).h1 == "There is no such page"


def test_a_letter_is_there_to_be_read_before_it_is_printed(browser, entered, portal):
    for job_id, _ in take_due(portal):
        perform(portal, job_id, HANDLERS)
    page = browser.get(f"/case/{entered}/")
    assert "We have received your request: the letter is being printed and sent." in page.main
    assert f"name the number {entered}" in page.main
    assert "(PDF)" not in page.main
    run_until_idle(portal)
    page = browser.get(f"/case/{entered}/")
    assert "is being printed" not in page.main
    assert "We have received your request (PDF)" in page.main


def released(portal, desk, reference, **withheld) -> None:
    """The answer, with a record left out of it if that is said."""
    desk(reference, "collect")
    place = policies.find_case(portal, reference)
    if withheld:
        with portal.unscoped("the test's officer", reads_only=True) as work:
            login = work.session.scalars(select(Login.id).where(Login.email == "dpo@acme.example")).one()
        officer = Actor("staff", login_id=login, role="dpo", controller_id=place.controller_id)
        with portal.work(officer, place.controller_id) as work:
            (found,) = findings.collections(work, load(work, reference), policies.current(work))
            review.withhold(work, load(work, reference), [f"{found.id}-0"], **withheld)
    desk(reference, "approve", "release")


WITHHELD = {"ground": "rights_of_others", "reason": "Names another customer."}
REMEDIES = ("Art. 77", "Data State Inspectorate", "Art. 79", "court")


@pytest.mark.parametrize("language", ["en", "lv"])
def test_whoever_gets_a_part_reads_on_their_page_what_is_left_out_and_why(browser, entered, desk, portal, language):
    released(portal, desk, entered, **WITHHELD)
    page = browser.get(f"/case/{entered}/?lang={language}")
    if language == "en":
        for words in ("What you do not get, and why", "1 record – ", "Art. 15(4)", *REMEDIES):
            assert words in page.main, words
    else:
        for words in ("1 ieraksts", "77. pant", "Datu valsts inspekcija", "79. pant"):
            assert words in page.main, words
    assert "Names another customer" not in page.main, "a note of staff stays with staff"


def test_whoever_is_unknown_reads_on_their_page_where_was_searched(browser, mailbox, desk, portal):
    browser.post("/c/acme/access/", {**ANSWERS, "email": "nobody@example.com"})
    reference = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", browser.post("/c/acme/access/check/").main)[0]
    browser.post(f"/case/{reference}/confirm", {"code": mailbox()})
    released(portal, desk, reference)
    page = browser.get(f"/case/{reference}/")
    for words in ("found no data about you", "Where we searched", "Shop", "23 November 2026", *REMEDIES):
        assert words in page.main, words


def test_whoever_gets_nothing_reads_the_reasons_on_their_page(browser, entered, desk):
    desk(entered, "refuse", ground="unfounded", reason="Ten letters in a week.", evidence="The letters.")
    page = browser.get(f"/case/{entered}/")
    for words in ("The reasons", "Ten letters in a week.", *REMEDIES):
        assert words in page.main, words
    desk(entered, "reopen", reason="You called.")
    assert "Ten letters" not in browser.get(f"/case/{entered}/").main
