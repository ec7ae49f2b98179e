"""Every right in every language: filed, moved on and answered, with pages, mails and letters that speak it."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser
from pypdf import PdfReader

from app.catalogs import LANGUAGES
from app.gateways.speech import speech
from tests.journeys import office as offices
from tests.journeys.office import BRITISH, SLUG, STAFF, Office
from tests.journeys.reader import Reader, options_of, text_of
from tests.journeys.steps import REFERENCE
from tests.journeys.tongues import PEOPLE
from tests.offices import PASSWORD, code_now

DESK = f"/desk/{SLUG}/"


@dataclass(frozen=True)
class Flow:
    """One request: what is answered in its form, what is done with it, and how it ends."""

    name: str
    right: str
    answers: dict[str, str] = field(default_factory=dict)
    moves: tuple[tuple[str, dict[str, str]], ...] = ()
    outcome: str | None = "granted"
    known: bool = False
    slug: str = SLUG


def flow(name: str, right: str, *moves: str | tuple[str, dict[str, str]], outcome: str | None = "granted",
         known: bool = False, slug: str = SLUG, **answers: str) -> Flow:  # fmt: skip
    made = tuple((one, {}) if isinstance(one, str) else one for one in moves)
    return Flow(name, right, answers, made, outcome, known, slug)


PACKAGED = ("collect", "approve", "release")
WITHHELD = {"items.1.decision": "withheld"}
FLOWS = (
    flow("access", "access", ("assign", {"assignee": STAFF}), *PACKAGED, known=True, scope="everything"),
    flow("portability", "portability", *PACKAGED, known=True),
    flow("nothing", "access", *PACKAGED, outcome="no_data", scope="some"),
    flow("paper", "access", "answer_by_hand", known=True, scope="everything", outcome="partly_granted"),
    flow("erasure", "erasure", "extend", "erase", grounds="not_necessary,unlawful"),
    flow("advertising", "objection", "grant", grounds="direct_marketing"),
    flow("outweighed", "objection", ("refuse", {"ground": "compelling_grounds"}), outcome="refused",
         grounds="own_situation"),
    flow("consent", "consent_withdrawal", "grant", consents="news,offers"),
    flow("machine", "automated_decision_review", "ask_proof", "reject_proof", "accept_proof", "grant"),
    flow("confirmation", "confirmation", "ask_clarification", "person:clarify", "grant"),
    flow("disclosure", "disclosure_information", ("quote_fee", {"amount": "12.50", "currency": "EUR"}), "record_fee",
         "grant"),
    flow("transfer", "transfer_mechanism_copy", "refer", outcome="referred"),
    flow("clauses", "transfer_mechanism_copy", "grant"),
    flow("instruction", "instruction", "grant"),
    flow("unknown", "access", "cannot_identify", "reopen", outcome=None, scope="everything"),
    flow("changed", "erasure", "person:withdraw", outcome="withdrawn"),
    flow("complaint", "complaint", "grant", slug=BRITISH),
    flow("displeased", "confirmation", "person:complain", "grant", slug=BRITISH),
    flow("silent", "confirmation", "ask_clarification", "close", outcome="lapsed"),
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all languages."""
    with offices.opened(tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.fixture(scope="module")
def staff_state() -> dict[str, Any]:
    """The cookies of the member of staff: their code works once."""
    return {}


@pytest.fixture(scope="module")
def checked() -> set[str]:
    """The kinds of pages that were held against WCAG already."""
    return set()


@pytest.fixture
def reader(chromium: Browser, office: Office, language: str, checked: set[str]) -> Iterator[Callable[..., Reader]]:
    """Opens windows in the test's language."""
    opened: list[Reader] = []

    def new(name: str, *, width: int, state: Any = None) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, storage_state=state, timezone_id="Europe/Riga",
            reduced_motion="reduce", **options_of(language, LANGUAGES.index(language)),
        )  # fmt: skip
        context.set_default_timeout(15_000)
        opened.append(Reader(context, office.base, language, name, checked))
        return opened[-1]

    yield new
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.context.close()
    assert not faults, "\n".join(sorted(set(faults)))


@pytest.fixture
def person(reader: Callable[..., Reader]) -> Reader:
    """Somebody with a telephone."""
    return reader("person", width=360)


@pytest.fixture
def desk(reader: Callable[..., Reader], office: Office, staff_state: dict[str, Any]) -> Reader:
    """The data protection officer."""
    if not staff_state:
        one = reader("signin", width=1280)
        one.open("/signin/")
        one.answer(email=STAFF, password=PASSWORD)
        one.answer(code=code_now(office.portal))
        staff_state.update(one.context.storage_state())
    return reader("desk", width=1280, state=dict(staff_state))


def email_of(flow: Flow, language: str) -> str:
    return f"ana.{language}@example.com" if flow.known else f"{flow.name}.{language}@example.org"


def file(person: Reader, office: Office, one: Flow) -> str:
    """Filed and confirmed by plain requests."""
    email = email_of(one, person.language)
    path = f"/c/{one.slug}/{one.right}/"
    about = {"name": PEOPLE[person.language], "email": email, "account_name": "", "customer_number": ""}
    page = person.send(person.get(path), **about, **one.answers)
    sent = person.send(page)
    found = REFERENCE.search(sent.text_content())
    assert found
    confirmed = person.send(sent, code=office.code(email))
    assert found[0] in confirmed.text_content()
    return found[0]


def move(desk: Reader, office: Office, page: str, name: str, **given: str) -> None:
    """Made at the desk, with the letter read first where there is one."""
    page = desk.get(f"{page}moves/{name}/")
    page = desk.send(page, **given)
    if "done=" not in page.base_url:
        page = desk.send(page)
    assert f"done={name}" in page.base_url, " ".join(page.text_content().split())
    office.work()


def go(person: Reader, desk: Reader, office: Office, one: Flow) -> None:
    """From the form to the end."""
    reference = file(person, office, one)
    case = f"/desk/{one.slug}/cases/{reference}/"
    due_is_said(person, office, reference)
    for name, given in one.moves:
        if name.startswith("person:"):
            person.send(person.get(f"/case/{reference}/moves/{name.removeprefix('person:')}/"))
            office.work()
        else:
            move(desk, office, case, name, **given)
        desk.get(case)
        person.get(f"/case/{reference}/")
    assert office.view(reference).outcome == one.outcome
    read_post(person, office, reference, email_of(one, person.language))
    if one.name == "access":
        open_package(person, office, reference, email_of(one, person.language))


def open_package(person: Reader, office: Office, reference: str, email: str) -> None:
    """Fetched with a fresh code; what is read in it, and the letter beside it."""
    link = person.get(f"/case/{reference}/").xpath("//a[contains(@href, '/package/')]/@href")[0]
    page = person.get(link)
    person.post(f"{link}code", {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]})
    with zipfile.ZipFile(io.BytesIO(person.fetch(f"{link}open", page, code=office.code(email)))) as package:
        person.judge(text_of(html.document_fromstring(package.read("index.html"))), "index.html")
        look_at_pdf(person, package.read("report.pdf"), "report.pdf")


def due_is_said(person: Reader, office: Office, reference: str) -> None:
    due = office.view(reference).clock.due
    assert due
    assert speech(person.language).day(due) in person.get(f"/case/{reference}/").text_content()


def read_post(person: Reader, office: Office, reference: str, email: str) -> None:
    """Every mail and every letter."""
    for mail in office.mails(email):
        person.judge(f"{mail.subject}\n{mail.text}", f"mail {mail.subject}")
        person.judge(text_of(html.document_fromstring(mail.html)), f"mail {mail.subject}")
    page = person.get(f"/case/{reference}/")
    for letter in page.xpath("//form[contains(@action, '/letter/')]/@action"):
        look_at_pdf(person, person.fetch(letter, page), f"letter of {reference}")


def look_at_pdf(person: Reader, document: bytes, where: str) -> None:
    """It opens, and speaks the language."""
    person.keep_pdf(document)
    person.judge(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages), where)


def ask(person: Reader, office: Office, right: str, **answers: str) -> str:
    """The same in the browser: form, check, code, the request's own page; gives the reference."""
    email = f"{right}.browser.{person.language}@example.org"
    about = {"name": PEOPLE[person.language], "email": email, "account_name": "", "customer_number": ""}
    if right == "rectification":
        person.open(f"/c/{SLUG}/")
        person.go(person.page.locator(f'.habeas-picks a[href$="/{right}/"]'))
        person.go(person.page.locator("button[name=add]"))
    else:
        person.open(f"/c/{SLUG}/{right}/")
    person.answer("main form", **about, **answers)
    person.answer("main form")
    found = REFERENCE.search(person.words)
    assert found, person.words
    person.answer("main form", code=office.code(email))
    assert person.path == f"/case/{found[0]}/"
    return found[0]


def decide(desk: Reader, office: Office, reference: str, name: str, **given: str) -> None:
    """A move at the desk in the browser: its page, the letter read first, and back."""
    desk.open(f"{DESK}cases/{reference}/moves/{name}/")
    desk.answer("form#answers", **given)
    if "done=" not in desk.page.url:
        desk.go(desk.page.locator("button[name=step][value=send]"))
    assert f"done={name}" in desk.page.url, desk.words
    office.work()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_right_is_answered(person: Reader, desk: Reader, office: Office) -> None:
    for one in FLOWS:
        go(person, desk, office, one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_done_in_the_browser(person: Reader, desk: Reader, office: Office) -> None:
    corrected = ask(person, office, "rectification")
    desk.open(f"{DESK}cases/{corrected}/")
    decide(desk, office, corrected, "rectify", **WITHHELD)
    assert office.view(corrected).outcome == "partly_granted"
    aside = ask(person, office, "restriction", grounds="accuracy_contested")
    decide(desk, office, aside, "restrict")
    decide(desk, office, aside, "lift_restriction", lifting_on="2026-12-24")
    objected = ask(person, office, "objection", grounds="own_situation")
    meant = ask(person, office, "other")
    decide(desk, office, meant, "recognise", right="confirmation")
    assert office.view(meant).right == "confirmation"
    desk.open(DESK)
    person.open(f"/case/{corrected}/")
    for reference in (corrected, aside, objected, meant):
        read_post(person, office, reference, person_of(office, reference))


def person_of(office: Office, reference: str) -> str:
    return next(one.value for one in office.view(reference).identities if one.kind == "email")
