"""The page on which a contact on file says whether a request is theirs: the same for all, and only a POST acts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.gateways.mail import MemoryMailer
from app.models.proof import OnFile
from app.services import mail_caps
from tests.web.conftest import EMAIL
from workers.idle import run_until_idle

NOBODYS = "7K2M-9QXF-4TRB"
NEW = "ana.new@example.net"
pytestmark = pytest.mark.usefixtures("numbered")


def mails(portal, to: str | None = None):
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    return [mail for mail in portal.mailer.sent if to in {None, mail.to}]


def code_in(mail) -> str:
    return re.findall(r"^\s+(\d{6})\s*$", mail.text, re.MULTILINE)[-1]


def ask(browser, *, email: str = NEW, number: str = "1") -> str:
    answers = {"name": "Ana Ionescu", "email": email, "scope": "everything", "customer_number": number}
    browser.post("/c/acme/access/", answers)
    page = browser.post("/c/acme/access/check/")
    return re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)[0]


@pytest.fixture
def asked(browser, portal) -> str:
    """Somebody asks from a new address under a customer's number."""
    reference = ask(browser)
    browser.post(f"/case/{reference}/confirm", {"code": code_in(mails(portal, NEW)[-1])})
    return reference


def answers(portal) -> list[str | None]:
    with portal.unscoped("test", reads_only=True) as work:
        return list(work.session.scalars(select(OnFile.answer).where(OnFile.kind == "email")))


def test_yes_by_a_typed_code(another, browser, asked, portal):
    (notice,) = mails(portal, EMAIL)
    page = another.get(f"/case/{asked}/on-file/")
    assert page.h1 == "Did you make this request?"
    page = another.post(f"/case/{asked}/on-file/", {"code": code_in(notice), "mine": "yes"})
    assert page.h1 == "Your answer is there"
    assert answers(portal) == ["mine"]
    assert "Not shown to be yours" not in browser.get(f"/case/{asked}/").main


def test_no_is_not_seen_by_the_one_who_asks(another, browser, asked, portal):
    (notice,) = mails(portal, EMAIL)
    before = browser.get(f"/case/{asked}/").main
    another.post(f"/case/{asked}/on-file/", {"code": code_in(notice), "mine": "no"})
    assert answers(portal) == ["not_mine"]
    assert browser.get(f"/case/{asked}/").main == before


def test_opening_the_page_answers_nothing(another, asked, portal):
    (notice,) = mails(portal, EMAIL)
    code = code_in(notice)
    for query in ("", f"?code={code}&mine=yes", "?said=yes", f"?said=no&code={code}"):
        another.get(f"/case/{asked}/on-file/{query}")
    assert answers(portal) == [None]


@pytest.mark.parametrize("data", [{"mine": "yes"}, {"code": "123456"}, {"code": "123456", "mine": "perhaps"}])
def test_code_and_answer_are_both_needed(another, asked, portal, data):
    assert another.post(f"/case/{asked}/on-file/", data, status=422).problems
    assert answers(portal) == [None]


def test_the_page_tells_nobody_whether_there_is_a_contact(browser, another, portal):
    """A customer, nobody's number, a form without a number, and no request at all: page for page the same."""

    def pages(reference: str) -> list[str]:
        address = f"/case/{reference}/on-file/"
        seen = [another.get(address)]
        seen += [another.post(address, {"code": "0", "mine": "yes"}, status=422) for _ in range(3)]
        another.post(f"{address}code")
        run_until_idle(portal)
        seen += [another.post(address, {"code": "0", "mine": "no"}, status=422) for _ in range(6)]
        return [
            re.sub(r"nonce-\S+|nonce=\"[^\"]*\"|value=\"[^\"]*\"", "", one.html).replace(reference, "R") for one in seen
        ]

    def confirmed(**given: str) -> str:
        reference = ask(browser, **given)
        browser.post(f"/case/{reference}/confirm", {"code": code_in(mails(portal, NEW)[-1])})
        run_until_idle(portal)
        return reference

    known, unknown, without = confirmed(), confirmed(number="4711"), confirmed(number="")
    assert len(mails(portal, EMAIL)) == 1
    assert pages(known) == pages(unknown) == pages(without) == pages(NOBODYS)
    assert len(mails(portal, EMAIL)) == 2


def test_a_new_code_goes_to_the_address_on_file_alone(another, asked, portal, clock):
    before = len(mails(portal, NEW))
    clock.advance(timedelta(minutes=20))
    page = another.post(f"/case/{asked}/on-file/code")
    assert "a new one is on its way" in page.main
    first, second = mails(portal, EMAIL)
    assert len(mails(portal, NEW)) == before
    another.post(f"/case/{asked}/on-file/", {"code": code_in(first), "mine": "yes"}, status=422)
    another.post(f"/case/{asked}/on-file/", {"code": code_in(second), "mine": "yes"})
    assert answers(portal) == ["mine"]


def test_new_codes_have_a_limit_for_every_reference(another, asked, portal):
    for reference in (asked, NOBODYS):
        for _ in range(3):
            another.post(f"/case/{reference}/on-file/code")
        another.post(f"/case/{reference}/on-file/code", status=429)
    assert len(mails(portal, EMAIL)) <= mail_caps.NOTICES_A_DAY


@pytest.mark.parametrize("reference", ["x", "7K2M", "7K2M-9QXF-4TR0", "'", "%00"])
def test_what_is_no_reference_has_no_page(another, reference):
    another.get(f"/case/{reference}/on-file/", status=404)
