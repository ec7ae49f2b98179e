"""Nobody's mailbox is filled by others (FIELD, attack 9), and what an address holds never becomes part of a mail."""

import re
from email import message_from_bytes
from email.policy import SMTP

import pytest
from sqlalchemy import func, select

from app.domain.identity import new_reference
from app.gateways.mail import Mail, MemoryMailer
from app.models.cases import Case, Identity
from app.models.ledger import TrailEntry
from app.portal import Portal
from app.services import mail_caps
from tests.web.conftest import ANSWERS, EMAIL, Browser
from workers.idle import run_until_idle

FORM, CHECK = "/c/acme/access/", "/c/acme/access/check/"
REFERENCE = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}")
BODY = {"rights": ["access"], "name": "Ana", "details": {"access": {"wish": "All."}}}


def sent(portal: Portal) -> list[Mail]:
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    return portal.mailer.sent


def file(browser: Browser, email: str = EMAIL) -> str:
    browser.post(FORM, {**ANSWERS, "email": email})
    page = browser.post(CHECK)
    found = REFERENCE.search(page.main)
    assert found
    return found[0]


def from_network(browser: Browser, number: int) -> None:
    browser.client.environ_base["REMOTE_ADDR"] = f"10.0.{number}.1"


def cases_in(portal: Portal) -> int:
    with portal.unscoped("test", reads_only=True) as work:
        return work.session.scalars(select(func.count(Case.id))).one()


def test_an_address_gets_so_many_first_mails_a_day_and_every_request_stands(browser: Browser, portal: Portal) -> None:
    pages = set()
    for number in range(mail_caps.FIRST_MAILS_A_DAY + 3):
        from_network(browser, number)
        browser.post(FORM, {**ANSWERS, "email": EMAIL if number % 2 else f"Ana+{number}@EXAMPLE.com"})
        pages.add(REFERENCE.sub("R", browser.post(CHECK).main))
    assert len(pages) == 1, "the page is the same when no mail goes out"
    assert cases_in(portal) == mail_caps.FIRST_MAILS_A_DAY + 3
    assert len(sent(portal)) == mail_caps.FIRST_MAILS_A_DAY
    with portal.unscoped("test", reads_only=True) as work:
        held = select(func.count()).select_from(TrailEntry).where(TrailEntry.event == "mail:held_back")
        assert work.session.scalars(held).one() == 3


def test_first_mails_and_codes_together_have_a_cap(browser: Browser, portal: Portal) -> None:
    references = []
    for number in range(mail_caps.FIRST_MAILS_A_DAY):
        from_network(browser, number)
        references.append(file(browser))
    for reference in references:
        for _ in range(3):
            browser.post(f"/case/{reference}/code")
    assert len(sent(portal)) == mail_caps.MAILS_A_DAY


def test_the_day_after_a_code_comes_again(browser: Browser, portal: Portal, clock) -> None:
    for number in range(mail_caps.FIRST_MAILS_A_DAY + 1):
        from_network(browser, number)
        reference = file(browser)
    before = len(sent(portal))
    clock.moment = clock.moment.replace(day=clock.moment.day + 1)
    browser.post(f"/case/{reference}/code")
    assert len(sent(portal)) == before + 1
    code = re.findall(r"^\s+(\d{6})\s*$", sent(portal)[-1].text, re.MULTILINE)[0]
    assert reference in browser.post(f"/case/{reference}/enter", {"code": code}).h1


def test_one_persons_cap_is_not_anothers(browser: Browser, portal: Portal) -> None:
    for number in range(mail_caps.FIRST_MAILS_A_DAY + 1):
        from_network(browser, number)
        file(browser)
    file(browser, "bob@example.com")
    assert sent(portal)[-1].to == "bob@example.com"


def test_a_network_brings_about_so_many_mails_a_day(
    browser: Browser, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_caps, "NETWORK_MAILS_A_DAY", 3)
    references = [file(browser, f"p{number}@example.com") for number in range(4)]
    assert [mail.to for mail in sent(portal)] == [f"p{number}@example.com" for number in range(3)]
    seen = {REFERENCE.sub("R", browser.post(f"/case/{one}/code").main) for one in (references[0], new_reference())}
    assert len(seen) == 1
    assert len(sent(portal)) == 3
    from_network(browser, 9)
    browser.post(f"/case/{references[3]}/code")
    assert len(sent(portal)) == 4


def test_a_mail_that_is_tried_again_counts_once(browser: Browser, portal: Portal, clock) -> None:
    assert isinstance(portal.mailer, MemoryMailer)
    file(browser)
    portal.mailer.broken = True
    for _ in range(4):
        run_until_idle(portal)
        clock.moment = clock.moment.replace(minute=clock.moment.minute + 2)
    portal.mailer.broken = False
    clock.moment = clock.moment.replace(hour=clock.moment.hour + 1)
    assert len(sent(portal)) == 1
    for number in range(mail_caps.FIRST_MAILS_A_DAY):
        from_network(browser, number)
        file(browser)
    assert len(sent(portal)) == mail_caps.FIRST_MAILS_A_DAY


SMUGGLED = [
    "ana@example.com\r\nBcc: all@example.com",
    "ana@example.com\nSubject: x",
    "ana@example.com%0aBcc:all@example.com",
    "ana@example.com, bob@example.com",
    "Ana <ana@example.com>",
    '"ana\r\nBcc: x"@example.com',
    "ana@example.com\x00",
    "ana@\u202eexample.com",
    "a" * 65 + "@example.com",
    "a" * 10_000 + "@example.com",
    "ana@" + "x" * 64 + ".com",
]


@pytest.mark.parametrize("address", SMUGGLED)
def test_what_is_no_single_address_is_refused_on_the_form(browser: Browser, portal: Portal, address: str) -> None:
    page = browser.post(FORM, {**ANSWERS, "email": address}, status=422)
    assert page.problems
    assert cases_in(portal) == 0


@pytest.mark.parametrize("address", SMUGGLED)
def test_what_is_no_single_address_is_refused_by_the_api(browser: Browser, portal: Portal, address: str) -> None:
    answer = browser.client.post("/api/v1/controllers/acme/cases", json={**BODY, "identities": {"email": address}})
    assert answer.status_code == 422
    assert cases_in(portal) == 0


@pytest.mark.parametrize(
    "address",
    ["ana+news@example.com", "a" * 64 + "@example.com", "o'ana!#$%&*/=?^_`{|}~-@example.com", "\u0430na@example.com"],
)
def test_unusual_addresses_are_written_to_as_they_are(browser: Browser, portal: Portal, address: str) -> None:
    answer = browser.client.post("/api/v1/controllers/acme/cases", json={**BODY, "identities": {"email": address}})
    assert answer.status_code == 201
    (mail,) = sent(portal)
    assert mail.to == address
    assert message_from_bytes(mail.as_bytes(), policy=SMTP)["Bcc"] is None


def test_lookalike_addresses_are_different_people(browser: Browser, portal: Portal) -> None:
    for number, address in enumerate((EMAIL, "\u0430na@example.com", "ana@ex\u0430mple.com", "ana+x@example.com")):
        from_network(browser, number)
        file(browser, address)
    with portal.unscoped("test", reads_only=True) as work:
        assert len(set(work.session.scalars(select(Identity.digest)))) == 4
