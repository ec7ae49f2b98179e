"""The way into a request: a code, five tries, and nothing that tells whether a request exists."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.gateways.mail import MemoryMailer
from app.models.cases import Case, Code
from tests.web.conftest import ANSWERS, START
from workers.idle import run_until_idle

NOBODYS = "7K2M-9QXF-4TRB"


def status_of(portal, reference: str) -> str:
    with portal.unscoped("test", reads_only=True) as work:
        return work.session.scalar(select(Case.status).where(Case.reference == reference))


def mails(portal) -> int:
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    return len(portal.mailer.sent)


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_confirming_opens_the_request(browser, filed, mailbox, portal):
    page = browser.post(f"/case/{filed}/confirm", {"code": mailbox()})
    assert browser.url == f"/case/{filed}/"
    assert filed in page.h1
    assert "You confirmed your request" in page.main
    assert status_of(portal, filed) == "open"


def test_spaces_and_hyphens_in_a_pasted_code_do_not_matter(browser, filed, mailbox):
    code = mailbox()
    page = browser.post(f"/case/{filed}/enter", {"code": f" {code[:3]}-{code[3:]} "})
    assert filed in page.h1


def test_opening_the_page_uses_nothing_up(browser, another, filed, mailbox):
    code = mailbox()
    for _ in range(3):
        another.get(f"/case/{filed}/")
    assert filed in browser.post(f"/case/{filed}/confirm", {"code": code}).h1


def test_a_wrong_code_is_named_and_the_sixth_try_needs_a_new_one(browser, filed, mailbox, portal):
    code = mailbox()
    for _ in range(4):
        page = browser.post(f"/case/{filed}/confirm", {"code": wrong(code)}, status=422)
        assert "not the code we sent" in page.problems[0][1]
    page = browser.post(f"/case/{filed}/confirm", {"code": wrong(code)}, status=422)
    assert "5 times" in page.problems[0][1]
    page = browser.post(f"/case/{filed}/confirm", {"code": code}, status=422)
    assert "5 times" in page.problems[0][1], "the right code no longer helps"
    assert status_of(portal, filed) == "unverified"
    browser.post(f"/case/{filed}/code")
    assert filed in browser.post(f"/case/{filed}/confirm", {"code": mailbox()}).h1


def test_a_used_code_is_of_no_use_to_anybody_else(browser, another, filed, mailbox):
    code = mailbox()
    browser.post(f"/case/{filed}/confirm", {"code": code})
    page = another.post(f"/case/{filed}/confirm", {"code": code}, status=422)
    assert page.problems
    assert page.h1 == "Open your request"


def test_an_old_code_says_so(browser, filed, mailbox, clock):
    code = mailbox()
    clock.advance(timedelta(minutes=10))
    page = browser.post(f"/case/{filed}/confirm", {"code": code}, status=422)
    assert "more than 10 minutes old" in page.problems[0][1]


def test_another_cases_code_does_not_fit(browser, filed, mailbox):
    code = mailbox()
    browser.post("/c/acme/access/", ANSWERS)
    page = browser.post("/c/acme/access/check/")
    other = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)[0]
    assert other != filed
    assert mailbox() != code
    browser.post(f"/case/{other}/confirm", {"code": code}, status=422)


@pytest.mark.parametrize("code", ["", "   ", "12345", "1234567", "١٢٣٤٥٦", "' OR 1=1 --", "\x00123456", "x" * 5000])
def test_nonsense_is_no_code(browser, filed, code):
    assert browser.post(f"/case/{filed}/confirm", {"code": code}, status=422).problems


def test_two_confirmations_confirm_once(browser, another, filed, mailbox, portal):
    code = mailbox()
    browser.post(f"/case/{filed}/confirm", {"code": code})
    another.post(f"/case/{filed}/confirm", {"code": code}, status=422)
    assert status_of(portal, filed) == "open"
    assert mails(portal) == 2, "a receipt and one acknowledgement"


def test_a_request_that_does_not_exist_looks_the_same(browser, another, filed, portal):
    def seen(who, reference: str) -> list[str]:
        pages = [who.get(f"/case/{reference}/"), who.post(f"/case/{reference}/code")]
        pages += [who.post(f"/case/{reference}/enter", {"code": "0"}, status=422) for _ in range(6)]
        return [
            re.sub(r"nonce-\S+|nonce=\"[^\"]*\"|value=\"[^\"]*\"", "", page.html).replace(reference, "R")
            for page in pages
        ]

    before = mails(portal)
    assert seen(browser, filed) == seen(another, NOBODYS)
    assert mails(portal) == before + 1


def test_asking_for_codes_has_the_same_limit_for_both(browser, filed, portal):
    for reference in (filed, NOBODYS):
        for _ in range(5):
            browser.post(f"/case/{reference}/code")
        assert browser.post(f"/case/{reference}/code", status=429).h1 == "Too many tries"


def test_a_new_code_replaces_the_old_one(browser, filed, mailbox):
    old = mailbox()
    browser.post(f"/case/{filed}/code")
    new = mailbox()
    assert old != new
    browser.post(f"/case/{filed}/confirm", {"code": old}, status=422)
    assert filed in browser.post(f"/case/{filed}/confirm", {"code": new}).h1


def test_find_takes_any_spelling_and_names_what_is_wrong(browser, filed):
    page = browser.post("/case/", {"reference": f" {filed.lower().replace('-', ' ')} "})
    assert browser.url == f"/case/{filed}/"
    assert page.h1 == "Open your request"
    assert browser.post("/case/", {"reference": ""}, status=422).problems[0][0] == "#reference"
    page = browser.post("/case/", {"reference": "0OIL-1111-2222"}, status=422)
    assert page.value("reference") == "0OIL-1111-2222"


def test_the_address_has_one_spelling(client, filed):
    answer = client.get(f"/case/{filed.lower()}/")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/case/{filed}/")


@pytest.mark.parametrize("name", ["confirm", "enter", "code", "leave"])
def test_without_our_token_nothing_happens(browser, filed, mailbox, portal, name):
    code = mailbox()
    sent = mails(portal)
    browser.post(
        f"/case/{filed}/{name}", {"code": code}, token=False, status=422 if name in {"confirm", "enter"} else 400
    )
    assert status_of(portal, filed) == "unverified"
    assert mails(portal) == sent


def test_leaving_closes_the_request_on_this_device(browser, entered):
    assert browser.post(f"/case/{entered}/leave").h1 == "Use your data rights"
    assert browser.get(f"/case/{entered}/").h1 == "Open your request"


def test_the_session_id_changes_when_authority_rises(client, browser, filed, mailbox):
    def sid() -> str | None:
        with client.session_transaction() as session:
            return session.get("_user_id")

    before = sid()
    browser.post(f"/case/{filed}/confirm", {"code": mailbox()})
    first = sid()
    assert first not in {None, before}
    browser.post(f"/case/{filed}/code")
    browser.post(f"/case/{filed}/enter", {"code": mailbox()})
    assert sid() not in {None, first}


def test_idling_closes_the_request(browser, entered, clock):
    clock.advance(timedelta(minutes=30))
    assert browser.get(f"/case/{entered}/").h1 == "Open your request"


def test_whoever_types_anothers_address_sees_nothing_of_what_follows(browser, another, filed, mailbox, desk):
    """The stranger who filed keeps only the page that thanked them; the owner's code lets the owner in."""
    another.post(f"/case/{filed}/confirm", {"code": mailbox()})
    assert browser.get("/c/acme/access/sent/").h1 == "Open your request"
    assert browser.get(f"/case/{filed}/").h1 == "Open your request"


def test_codes_are_not_in_the_database(portal, filed, mailbox):
    code = mailbox()
    with portal.unscoped("test", reads_only=True) as work:
        row = work.session.scalars(select(Code)).one()
    assert code.encode() not in row.nonce
    assert row.created_at == START
