"""Asking for a copy of one's data: nothing typed is lost, nothing is sent twice, and every mistake is named."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.gateways.mail import MemoryMailer
from app.models.cases import Case, Draft
from app.services.mail_caps import FIRST_MAILS_A_DAY
from app.web.public.kept import TWICE
from tests.web.conftest import ANSWERS, EMAIL
from workers.idle import run_until_idle

FORM, CHECK, SENT = "/c/acme/access/", "/c/acme/access/check/", "/c/acme/access/sent/"


def count(portal, table) -> int:
    with portal.unscoped("test", reads_only=True) as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_start_page_lists_the_organisations(browser):
    page = browser.get("/")
    assert {"/c/acme/", "/c/borealis/"} <= set(page.links())


def test_organisation_page_says_what_is_held_how_it_goes_and_whom_to_ask(browser):
    page = browser.get("/c/acme/")
    for words in (
        "ACME SIA",
        "privacy@acme.example",
        "Data Protection Officer",
        "Contact details",
        "Providing the service",
    ):
        assert words in page.main
    assert FORM in page.links()
    assert "supervisory authority" in page.main.lower() or "Inspectorate" in page.main
    assert page.main.index("Contact details") < page.main.index("Other data"), "what is left over comes last"


@pytest.mark.parametrize(
    "url", ["/c/nobody/", "/c/acme/nonsense/", "/c/nobody/access/", "/c/acme/erasure/check/", "/c/acme/other/x/"]
)
def test_unknown_right_and_controller_is_not_found(browser, url):
    assert browser.get(url, status=404).h1 == "There is no such page"


def test_an_unknown_language_changes_nothing(browser):
    assert browser.get("/?lang=xx").h1 == browser.get("/").h1


def test_the_whole_way(browser, portal):
    page = browser.post(
        FORM, {**ANSWERS, "scope": "some", "wish": "Orders\r\nof 2025", "account_name": "ana", "more": "née Pop"}
    )
    assert page.h1 == "Check your answers"
    for words in ("Ana Ionescu", EMAIL, "A copy of", "Orders of 2025", "ana", "née Pop"):
        assert words in page.main
    assert count(portal, Case) == 0
    page = browser.post(CHECK)
    assert page.h1 == "Your request is on its way"
    assert "23 December 2026" in page.main
    assert "Received on 23 November 2026" in page.main, "the counting is shown"
    assert count(portal, Case) == 1
    assert count(portal, Draft) == 0, "the kept answers are gone once they are sent"


def test_double_submit_gives_one_case(browser, portal):
    browser.post(FORM, ANSWERS)
    first = browser.post(CHECK)
    second = browser.post(CHECK)
    assert first.main == second.main
    assert count(portal, Case) == 1


def test_back_and_change_find_everything_typed(browser):
    browser.post(FORM, {**ANSWERS, "customer_number": "C-1", "more": "two\r\nlines"})
    page = browser.get(FORM)
    assert [page.value(name) for name in ("name", "email", "scope", "customer_number", "more")] == [
        "Ana Ionescu", EMAIL, "everything", "C-1", "two\nlines",
    ]  # fmt: skip


def test_two_forms_of_one_browser_do_not_mix(browser):
    browser.post(FORM, ANSWERS)
    assert browser.get("/c/borealis/access/").value("name") == ""


def test_another_browser_never_sees_the_answers(browser, another):
    browser.post(FORM, ANSWERS)
    assert another.get(FORM).value("name") == ""
    assert another.get(CHECK).h1 == another.get(FORM).h1


def test_drafts_lapse_after_a_day_and_say_so(browser, clock):
    from datetime import timedelta

    browser.post(FORM, ANSWERS)
    clock.advance(timedelta(hours=24))
    page = browser.get(CHECK)
    assert "kept for 24 hours" in page.main
    assert browser.url.startswith(FORM)


@pytest.mark.parametrize("token", [None, "", "nonsense", "IjEyMyI.aaaaaa.bbbbbb"])
def test_a_failed_token_loses_nothing(browser, portal, token):
    sent = {**ANSWERS, "more": "a long story", **({"csrf_token": token} if token is not None else {})}
    page = browser.post(FORM, sent, token=False, status=422)
    assert "Everything you typed is still here" in page.problems[0][1]
    assert (page.value("name"), page.value("more")) == ("Ana Ionescu", "a long story")
    assert count(portal, Draft) == 0, "nothing is written for a request that may be another site's"
    assert browser.post(FORM, {"csrf_token": page.token(), **ANSWERS}, token=False).h1 == "Check your answers"


def test_a_failed_token_sends_nothing(browser, portal):
    browser.post(FORM, ANSWERS)
    page = browser.post(CHECK, token=False, status=422)
    assert (page.h1, EMAIL in page.main) == ("Check your answers", True)
    assert count(portal, Case) == 0
    assert browser.post(CHECK).h1 == "Your request is on its way"


def test_another_site_cannot_send_even_with_a_token(client, browser, portal):
    answer = client.post(
        FORM, data={"csrf_token": browser.token(), **ANSWERS}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 422
    assert count(portal, Draft) == 0


BAD = [
    ("name", "", "Enter your name."),
    ("name", "   ", "Enter your name."),
    ("name", "x" * 201, "200 characters or fewer"),
    ("name", "Ana\x00", "control characters"),
    ("name", "Ana\u202eksenoI", "invisible characters"),
    ("name", "Ana\nIonescu", "control characters"),
    ("email", "", "Enter your e-mail address."),
    ("email", "ana", "like name@example.com"),
    ("email", "ana@", "like name@example.com"),
    ("email", "a@b@c.example", "like name@example.com"),
    ("email", "ana@example.com\r\nBcc: x@example.com", "control characters"),
    ("email", "x" * 250 + "@example.com", "254 characters or fewer"),
    ("scope", "", "Choose whether"),
    ("scope", "sudo", "Choose whether"),
    ("account_name", "x" * 201, "200 characters or fewer"),
    ("account_name", "\u2066ana", "invisible characters"),
    ("customer_number", "1\x1b[2J", "control characters"),
    ("more", "x" * 1001, "1,000 characters or fewer"),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD)
def test_each_mistake_is_named_beside_its_field_and_nothing_is_lost(browser, portal, field, value, words):
    page = browser.post(FORM, {**ANSWERS, "customer_number": "C-77", field: value}, status=422)
    assert page.title.startswith("Error: ")
    assert [(where, words in said) for where, said in page.problems] == [(f"#{field}", True)], page.problems
    if field != "customer_number":
        assert page.value("customer_number") == "C-77"
    assert count(portal, Draft) == 0


def test_only_some_needs_saying_what(browser):
    page = browser.post(FORM, {**ANSWERS, "scope": "some"}, status=422)
    assert page.problems == [("#wish", "Say which data you want, or choose “Everything”.")]
    page = browser.post(FORM, {**ANSWERS, "scope": "some", "wish": "x" * 4001}, status=422)
    assert page.problems[0][0] == "#wish"
    assert page.value("wish") == "x" * 4001
    page = browser.post(FORM, {**ANSWERS, "scope": "everything", "wish": "x" * 4001})
    assert page.h1 == "Check your answers", "who wants everything need not mend what does not count"


@pytest.mark.parametrize(
    "value",
    ["👩‍👩‍👧 Ana", 'O\'Brien; DROP TABLE "case" --', "<script>alert(1)</script>", "Ана Йонеску", "%s %(x)s {{7*7}}"],
)
def test_odd_but_honest_text_is_kept_as_it_is(browser, value):
    browser.post(FORM, {**ANSWERS, "name": value})
    assert value in browser.get(CHECK).main
    browser.post(CHECK)
    assert browser.get(SENT).h1 == "Your request is on its way"


def test_ten_megabytes_are_refused_in_plain_words(browser, portal):
    page = browser.post(FORM, {**ANSWERS, "more": "x" * 10_000_000}, status=413)
    assert page.h1 == "That is too much at once"
    assert count(portal, Draft) == 0


def test_repeated_and_unknown_fields_do_no_harm(browser, client):
    sent = {"csrf_token": browser.token(), **ANSWERS, "name": ["Ana", "Zoe"], "status": "closed", "submission": "x"}
    assert client.post(FORM, data=sent).status_code == 303
    assert "Zoe" not in browser.get(CHECK).main


def test_a_strangers_mailbox_is_not_flooded(browser, portal):
    """Each request stands; only the mail stays away (see test_mail_caps)."""
    for _ in range(FIRST_MAILS_A_DAY + 2):
        browser.post(FORM, ANSWERS)
        assert browser.post(CHECK).h1 == "Your request is on its way"
    assert count(portal, Case) == FIRST_MAILS_A_DAY + 2
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    assert len(portal.mailer.sent) == FIRST_MAILS_A_DAY


def test_the_receipt_goes_out_with_reference_and_due_date(portal, filed, mailbox):
    mailbox()
    assert isinstance(portal.mailer, MemoryMailer)
    assert filed in portal.mailer.sent[0].text
    assert portal.mailer.sent[0].to == EMAIL


def copied(browser, another) -> None:
    """Somebody has the cookie of the draft."""
    cookie = browser.client.get_cookie("habeas-draft", path=FORM)
    another.client.set_cookie("habeas-draft", cookie.value, path=FORM)


def test_what_was_sent_is_shown_in_the_browser_that_sent_it_alone(browser, another, portal, clock):
    browser.post(FORM, ANSWERS)
    copied(browser, another)
    page = browser.post(CHECK)
    reference = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)[0]
    clock.advance(TWICE + timedelta(seconds=1))
    for address in (FORM, CHECK, SENT):
        page = another.get(address)
        assert another.url in {FORM, f"{FORM}?kept=no"}
        assert reference not in page.html
        assert EMAIL not in page.html
    assert reference not in another.post(CHECK).html
    assert reference in browser.get(CHECK).main
    assert reference in browser.get(SENT).main


def test_a_button_that_is_pressed_twice_shows_what_was_sent(browser, another):
    """The answer to the first press never arrived."""
    browser.post(FORM, ANSWERS)
    copied(browser, another)
    first = browser.post(CHECK)
    assert another.post(CHECK).h1 == first.h1 == "Your request is on its way"
    assert another.get(CHECK).h1 == first.h1
