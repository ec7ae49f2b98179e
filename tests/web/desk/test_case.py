"""A case's page: everything that staff need, exactly the moves that they may make, and nothing for anybody else."""

from dataclasses import replace

import pytest

from app.domain.lifecycle import TRANSITIONS
from app.models.people import ROLES
from app.services import conversation, jobs
from tests.factories import ANA, person
from tests.services.letters import OFFERED, give_right
from tests.web.desk.conftest import case_url, shown
from workers.handlers import HANDLERS
from workers.lease import perform

STATUSES = ("unverified", "open", "in_review", "ready", "closed")


def offered(page, reference: str) -> set[str]:
    """The moves that the page leads to, by link or by button."""
    start = case_url(reference, "moves/")
    targets = [*page.links(), *(form.get("action") or "" for form in page.all("form"))]
    return {target.removeprefix(start).strip("/") for target in targets if target.startswith(start)}


def test_it_shows_what_was_asked_what_is_proven_and_how_the_time_is_counted(handler, acme):
    reference = acme.in_status("open", identities={"email": ANA, "account_name": "bob"})
    page = handler.get(case_url(reference))
    for text in (
        "Ana Liepa", ANA, "Proven: code sent by e-mail", "bob", "Not proven: never used to search",
        "Everything about me", "23 December 2026", "30 days left", "Regulation 1182/71", "Request confirmed by code",
    ):  # fmt: skip
        assert text in page.main, text


def test_found_records_lead_to_their_pages(handler, acme):
    reference = acme.in_status("in_review")
    page = handler.get(case_url(reference))
    assert "Records found 5" in page.main
    assert "records found: billing 2, crm 3" in page.main
    pages = [link for link in page.links() if "/items/" in link]
    assert len(pages) == 3
    assert any("called twice" in handler.get(link).main for link in pages)
    assert not any("belongs to Bob" in handler.get(link).html for link in pages)


def test_a_failed_system_says_why_and_the_answer_is_not_called_complete(handler, acme, portal):
    reference = acme.in_status("open")
    broken = replace(acme, portal=replace(portal, environment={}))
    broken.move(reference, "collect")
    page = handler.get(case_url(reference))
    assert "Failed" in page.main
    assert "ACME_CRM_URL" in page.main
    assert "not complete and cannot be approved" in page.main
    assert "Search again" in page.main


@pytest.mark.parametrize("status", STATUSES)
def test_buttons_are_exactly_the_moves_that_role_and_state_allow(desks, acme, status):
    reference = acme.in_status(status)
    for role in ("dpo", "handler", "approver", "auditor"):
        page = desks(acme, role).get(case_url(reference))
        assert offered(page, reference) == {move.name for move in acme.view(reference, role).moves}, role


@pytest.mark.parametrize("status", STATUSES)
def test_every_move_page_is_open_exactly_when_the_move_is_possible(desks, acme, status):
    reference = acme.in_status(status)
    for role in ("dpo", "handler", "approver", "auditor"):
        browser, view = desks(acme, role), acme.view(reference, role)
        for move in TRANSITIONS:
            url = case_url(reference, f"moves/{move.name}/")
            answer = browser.client.get(url)
            if not move.of_desk:
                assert answer.status_code == 404
            elif move in view.moves:
                assert browser.get(url).status == 200
            else:
                assert answer.status_code in {403, 409}, (role, move.name)


def pages_of(acme, reference: str) -> list[str]:
    """Every address of the desk that shows something of the case."""
    number = acme.view(reference).collections[0].id
    return [
        case_url(reference), case_url(reference, f"items/{number}/"), case_url(reference, "moves/assign/"),
        case_url(reference, "moves/refuse/"),
    ]  # fmt: skip


def test_role_by_page(desks, acme):
    reference = acme.in_status("in_review")
    expected = {
        "dpo": [200, 200, 200, 200],
        "handler": [200, 200, 200, 200],
        "approver": [200, 200, 403, 403],
        "auditor": [200, 200, 403, 403],
        "admin": [403, 403, 403, 403],
    }
    assert set(expected) == set(ROLES)
    for role, statuses in expected.items():
        browser = desks(acme, role)
        assert [browser.client.get(url).status_code for url in pages_of(acme, reference)] == statuses, role


def test_nobody_is_let_in_without_signing_in(client, acme):
    reference = acme.in_status("in_review")
    for url in ["/desk/", "/desk/acme/", *pages_of(acme, reference)]:
        assert client.get(url).headers["Location"].startswith("/signin/?next=/desk/")
    assert client.post(case_url(reference, "moves/approve/")).headers["Location"] == "/signin/"


def test_a_foreign_case_looks_like_one_that_does_not_exist(desks, acme, borealis):
    reference = acme.in_status("in_review")
    stranger = desks(borealis, "dpo")
    number = acme.view(reference).collections[0].id
    said = set()
    for rest in ("", f"items/{number}/", "moves/assign/", "moves/nonsense/"):
        for known in (reference, "2222-2222-2222", "not-a-reference", "%00", reference + "%00"):
            said.add(stranger.get(case_url(known, rest, slug="borealis"), status=404).main)
        said.add(stranger.get(case_url(reference, rest), status=404).main)
    said.add(stranger.get("/desk/acme/", status=404).main)
    said.add(stranger.get("/desk/nowhere/", status=404).main)
    assert len(said) == 1
    answer = stranger.post(case_url(reference, "moves/collect/", slug="borealis"), {"version": "1"}, status=404)
    assert answer.main in said


def test_a_letter_is_there_to_be_read_before_it_is_printed(desks, acme):
    reference = acme.filed()
    assert acme.confirm(reference).accepted
    browser = desks(acme, "auditor")
    for job_id, _ in jobs.take_due(acme.portal):
        perform(acme.portal, job_id, HANDLERS)
    page = browser.get(case_url(reference))
    assert "We have received your request: the letter is being printed and sent." in page.main
    assert "Write to privacy@acme.example.com" in page.main
    acme.run()
    page = browser.get(case_url(reference))
    assert "is being printed" not in page.main
    assert "Letter printed" in page.main


def test_a_letter_opens_by_post_and_leaves_a_trace(desks, acme):
    reference = acme.in_status("open")
    acme.move(reference, "refuse", ground="cannot_identify", reason="We cannot tell who you are.")
    browser = desks(acme, "auditor")
    page = browser.get(case_url(reference))
    target = next(form.get("action") for form in page.all("form") if "/letters/" in (form.get("action") or ""))
    assert browser.client.get(target).status_code == 405
    assert browser.client.post(target).status_code == 400
    answer = browser.client.post(target, data={"csrf_token": browser.token()})
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert acme.events(reference)[-1] == "letter:opened"
    browser.post(case_url(reference, "letters/made-up/"), status=404)


def test_what_a_stranger_typed_is_shown_as_typed(handler, acme):
    reference = acme.in_status(
        "open", name="<script>alert(1)</script>", details={"access": {"wish": "=1+1\n<b>all</b>"}}
    )
    page = handler.get(case_url(reference))
    assert "<script>alert(1)" not in page.html
    assert "<script>alert(1)</script>" in page.main
    assert "<b>all</b>" in page.main


def test_looking_changes_nothing(handler, acme):
    reference = acme.in_status("in_review")
    before = acme.events(reference), acme.row(reference).version
    for url in ["/desk/acme/", *pages_of(acme, reference)]:
        handler.get(url)
    assert (acme.events(reference), acme.row(reference).version) == before


def test_done_is_said_once_the_move_is_made(handler, acme):
    reference = acme.in_status("open")
    page = handler.get(case_url(reference))
    page = handler.post(case_url(reference, "moves/collect/"), shown(page))
    assert "The search has begun." in page.main
    assert handler.get(case_url(reference, "?done=%3Cscript%3E")).status == 200


def test_what_was_found_is_named_as_the_report_names_it(handler, acme):
    page = handler.get(case_url(acme.in_status("in_review")))
    assert "Personal data" in page.main
    assert "Technical data" in page.main
    assert "unique_id" not in page.main


def test_a_refused_request_that_was_never_searched_waits_for_nothing(handler, acme):
    reference = acme.in_status("open")
    assert "Not searched yet" in handler.get(case_url(reference)).main
    acme.move(reference, "refuse", ground="cannot_identify", reason="Nothing of yours can be told apart.")
    page = handler.get(case_url(reference))
    assert "Not searched" in page.main
    assert "Not searched yet" not in page.main


def test_work_that_was_given_up_is_named_with_its_reason(desks, acme):
    reference = acme.filed()
    acme.mails.broken = True
    for _ in range(jobs.MOST_ATTEMPTS):
        acme.run()
        acme.clock.advance(jobs.LONGEST_PAUSE)
    page = desks(acme, "dpo").get(case_url(reference))
    assert "Sending an e-mail: given up after several tries (The mail server did not take the message.)" in page.main


def test_a_new_message_stands_on_top_until_somebody_dealt_with_it(handler, desks, acme):
    reference = acme.in_status("open")
    with acme.work(person(reference)) as work:
        conversation.write(work, reference, "I meant only the invoices.")
    assert "New message" in handler.get("/desk/acme/").main
    page = handler.get(case_url(reference))
    assert "New message from the person I meant only the invoices." in page.main
    assert "mark it as read" not in desks(acme, "auditor").get(case_url(reference)).main
    handler.post(case_url(reference, "messages/read/"))
    assert "New message from the person" not in handler.get(case_url(reference)).main
    assert "Message read" in handler.get(case_url(reference)).main
    assert reference not in handler.get("/desk/acme/?messages=new").main


@pytest.mark.parametrize(("right", "first", "words"), [
    ("access", "collect", "Start the collection"), ("rectification", "rectify", "See what is held"),
    ("erasure", "erase", "See what is held"), ("restriction", "restrict", "See what is held"),
    ("objection", "grant", "See what is held"), ("other", "recognise", "See what is held"),
])  # fmt: skip
def test_what_a_letter_answers_leads_to_that_answer(dpo, acme, right, first, words):
    acme.apply(changes=OFFERED)
    reference = acme.in_status("open")
    give_right(acme, reference, right)
    page = dpo.get(case_url(reference))
    assert words in page.main
    assert ("Search the systems with what is proven" in page.main) is (first == "collect")
    if first != "collect":
        button = next(link for link in page.all("a") if "govuk-button" in (link.get("class") or ""))
        assert (button.get("href") or "").endswith(f"moves/{first}/")


def test_where_several_decide_what_is_held_is_searched_first(dpo, acme):
    one = "  access: {proof: [email_code], approvers: 1}\n"
    acme.apply(changes={one: one + one.replace("access", "erasure").replace("1}", "2}")})
    reference = acme.in_status("open")
    give_right(acme, reference, "erasure")
    assert "Search the systems with what is proven" in dpo.get(case_url(reference)).main
