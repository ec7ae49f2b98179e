"""The controller file is enough: each of its keys changes what people see, get or wait for, and no code is touched.

`SHOWN` are keys whose words stand on a page; `@shows` are those that one has to try; `LATER` are read and kept, and
what they promise is done by hand until the portal does it. A key of the types that is in none of them fails here.
"""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli import register
from app.domain.mail_checks import Head
from app.domain.permissions import Actor
from app.gateways.clock import FixedClock
from app.policies.faults import PolicyFaults
from app.queries import policies as known
from app.queries.reading import load
from app.services import mail_checks
from tests.web.conftest import ANSWERS, DATASET, EMAIL
from tests.web.enough import VISITS, Changing, keys_of
from workers.idle import run_until_idle

HOME, CATALOGUE, FORM = "/c/acme/", "/c/acme/catalogue/", "/c/acme/access/"
GUIDE = (Path(__file__).parents[2] / "docs" / "controller-file.md").read_text(encoding="utf-8")
ROWS = "rows: {shop.visits: delete_row}"

# key: what is exchanged in the file, the page, what stands there before and what after it.
SHOWN: dict[str, tuple[dict[str, str], str, str, str]] = {
    "controller.name": ({"name: ACME\n": "name: Lamps & Co\n"}, HOME, "What ACME holds", "What Lamps & Co holds"),
    "controller.legal_name": ({"legal_name: ACME SIA": "legal_name: Lamps AS"}, HOME, "ACME SIA", "Lamps AS"),
    "controller.regime": (
        {"regime: gdpr": "regime: uk_gdpr", "country: LV": "country: GB-ENG", "erasure: {proof: [{all_of":
         "objection: {}\n  erasure: {proof: [{all_of"},
        HOME, "General Data Protection Regulation.", "Information Commissioner",
    ),
    "controller.contact.email": ({"privacy@acme": "rights@acme"}, HOME, "privacy@acme.example", "rights@acme.example"),
    "controller.contact.phone": ({"20000000": "20000009"}, HOME, "+371 20000000", "+371 20000009"),
    "controller.contact.post": ({"1 Example": "8 Example"}, HOME, "1 Example Street", "8 Example Street"),
    "controller.dpo.name": ({"Dace Ozola": "Ieva Egle"}, HOME, "Dace Ozola", "Ieva Egle"),
    "controller.dpo.email": ({"dpo@acme": "officer@acme"}, HOME, "dpo@acme.example", "officer@acme.example"),
    "controller.dpo.phone": ({"20000007": "20000008"}, HOME, "+371 20000007", "+371 20000008"),
    "controller.about": ({"We sell lamps.": "We mend lamps."}, HOME, "We sell lamps.", "We mend lamps."),
    "controller.no_use_under": ({"EU: 16": "EU: 14"}, FORM, "I am 16 or older", "I am 14 or older"),
    "rights.*.proof": ({"{proof: [email_code], respond": "{proof: [signed_form], respond"}, CATALOGUE,
                       "show who you are Code sent by e-mail When", "show who you are Signed form When"),
    "rights.*.proof.*.all_of": ({"[email_code, signed_form]": "[email_code, official_letter]"}, CATALOGUE,
                                "e-mail + Signed form", "e-mail + Official letter"),
    "rights.*.note": ({"Use the address that we know.": "Name your town."}, FORM, "Use the address", "Name your town."),
    "purposes.*.title": ({"Providing the service": "Selling"}, HOME, "Providing the service", "Selling"),
    "purposes.*.legal_basis": ({"legal_basis: contract": "legal_basis: consent"}, CATALOGUE, "A contract with you",
                               "Your consent"),
    "purposes.*.law": ({"Accounting Act s. 10": "Tax Act s. 3"}, CATALOGUE, "Accounting Act s. 10", "Tax Act s. 3"),
    "categories.*.title": ({"title: Notes": "title: Remarks"}, HOME, "Notes", "Remarks"),
    "categories.*.purposes": ({"Notes, purposes: [billing]": "Notes, purposes: [service]"}, HOME, "Notes Invoicing",
                              "Notes Providing the service"),
    "categories.*.keep": ({"keep: {years: 5}": "keep: {weeks: 6}"}, CATALOGUE, "for 5 years", "for 6 weeks"),
    "categories.*.keep.from": ({"from: last_use": "from: contract_end"}, CATALOGUE, "after the last use",
                               "after the contract ended"),
    "categories.*.criteria": ({"As long as you are a customer.": "Until you move."}, CATALOGUE, "As long as you are",
                              "Until you move."),
    "categories.*.source": ({"You gave it.": "A register."}, CATALOGUE, "You gave it.", "A register."),
    "categories.*.functions": ({"[sales]": "[legal]"}, CATALOGUE, "may see it sales", "may see it Legal"),
    "categories.*.on_erasure": ({"on_erasure: keep": "on_erasure: redact"}, CATALOGUE,
                                "This is kept: What you wrote", "is gone: one month. Other data What belongs"),
    "erasure.default": ({"default: nullify": "default: keep"}, CATALOGUE, "Other data What belongs to it",
                        "It is kept. Why it is kept: Not stated"),
    "erasure.fields": ({"user.contact.email: hash": "user.contact.email: keep"}, CATALOGUE, "Contact details",
                       "This is kept: E-mail address"),
    "erasure.rows": ({ROWS: "rows: {shop.visits: keep}"}, CATALOGUE, "Contact details", "This is kept: E-mail address"),
    "recipients.*.name": ({"Example Mailer": "Example Post"}, CATALOGUE, "Example Mailer", "Example Post"),
    "recipients.*.role": ({"role: processor": "role: authority"}, CATALOGUE, "works on the controller's behalf",
                          "authority"),
    "recipients.*.country": ({"country: US": "country: CA"}, CATALOGUE, "United States", "Canada"),
    "recipients.*.safeguards": ({"Standard clauses": "Binding rules"}, CATALOGUE, "Standard clauses", "Binding rules"),
    "recipients.*.categories": ({"[user.contact.email]}": "[user.content]}"}, CATALOGUE, "Receives: Contact details",
                                "Receives: Notes"),
    "backups.*.name": ({"name: daily": "name: nightly"}, CATALOGUE, "daily", "nightly"),
    "backups.*.every": ({"every: {days: 1}": "every: {hours: 6}"}, CATALOGUE, "two copies: one day", "copies: 6 hours"),
    "backups.*.keep": ({"keep: {months: 1}": "keep: {weeks: 3}"}, CATALOGUE, "kept: one month", "kept: 3 weeks"),
    "automated_decisions": ({"No machine": "A machine"}, CATALOGUE, "No machine decides", "A machine decides"),
    "accounts.*.delete_after_expiry": ({"{months: 3}": "{days: 45}"}, CATALOGUE, "demo3 months", "demo45 days"),
}  # fmt: skip

# Read and kept: said where people look for it, or by `controllers check`; done in the systems by hand so far.
LATER = {
    "rights.*.cooling_off": "the time in which a decided erasure can be taken back",
    "rights.*.cooling_off.effect": "what holds meanwhile",
}
TRIED: dict[str, str] = {}


def shows(*keys: str) -> Callable:
    """Marks the test that tries these keys."""

    def mark(test: Callable) -> Callable:
        TRIED.update(dict.fromkeys(keys, test.__name__))
        return test

    return mark


@pytest.fixture
def change(portal, tmp_path) -> Changing:
    """The file with every key is in force; called, it is changed."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop, shop:
        shop.execute("CREATE TABLE visits (id INTEGER PRIMARY KEY, email TEXT, page TEXT)")
    changing = Changing(portal, tmp_path / "files")
    changing()
    return changing


@pytest.fixture
def told(app) -> Callable[..., dict]:
    """A command's document."""
    register(app)

    def run(*words: str, code: int = 0) -> dict:
        result = app.test_cli_runner().invoke(args=[*words, "--json"])
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    return run


@pytest.fixture
def sent(browser) -> Callable[[], str]:
    """Sends a request; the words of the page that follows."""

    def send() -> str:
        page = browser.get(FORM)
        answers = {**ANSWERS, **({"age": "older"} if page.value("age") is None and "How old" in page.main else {})}
        browser.post(FORM, answers)
        return browser.post(f"{FORM}check/").main

    return send


def reference_in(words: str) -> str:
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", words)
    assert found, words
    return found[0]


def iso(day: str) -> str:
    """13 December → 2026-12-13."""
    number, month = day.split()
    return f"2026-{('November', 'December').index(month) + 11}-{number}"


def test_every_key_is_tried() -> None:
    keys = list(keys_of())
    sections = {key for key in keys if any(other.startswith((f"{key}.", f"{key}.*.")) for other in keys)}
    assert {*SHOWN, *TRIED, *LATER} - set(keys) == set(), "keys that are none any more"
    assert set(keys) - sections - {*SHOWN, *TRIED, *LATER} == set(), "keys that nobody has tried"


@pytest.mark.parametrize("key", SHOWN)
def test_what_it_says_is_on_the_page(browser, change, key) -> None:
    changes, url, before, after = SHOWN[key]
    was = browser.get(url).main
    change(changes)
    now = browser.get(url).main
    assert before in was
    assert after in now, now
    assert after not in was


@shows("controller.slug")
def test_the_slug_is_the_address(browser, change) -> None:
    browser.get("/c/lamps/", status=404)
    change({"slug: acme": "slug: lamps"})
    assert "ACME SIA" in browser.get("/c/lamps/").main


@shows("controller.country")
def test_the_country_brings_holidays_and_the_authority(browser, change, clock: FixedClock, sent) -> None:
    """18 November is a holiday in Latvia and none in Estonia."""
    clock.moment = datetime(2026, 10, 18, 9, tzinfo=UTC)
    long = {"respond_within: {days: 20}, ": ""}
    change(long)
    assert "Data State Inspectorate" in browser.get(HOME).main
    assert "19 November 2026" in sent()
    change({**long, "country: LV": "country: EE"})
    assert "Data State Inspectorate" not in browser.get(HOME).main
    assert "19 November 2026" not in sent()


@shows("controller.timezone")
def test_the_time_zone_brings_the_day(change, clock: FixedClock, sent) -> None:
    """Half past ten in the evening in London is the next day in Riga: a promise of 20 days ends a day later."""
    clock.moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert "14 December 2026" in sent()
    change({"timezone: Europe/Riga": "timezone: Europe/London"})
    assert "13 December 2026" in sent()


@shows("controller.languages")
def test_the_languages_are_those_of_the_pages(browser, change) -> None:
    assert browser.get(f"{HOME}?lang=lv").language == "lv"
    change({"languages: [en, lv]": "languages: [en]"})
    assert browser.get(f"{HOME}?lang=lv").language == "en"
    change({"languages: [en, lv]": "languages: [lv, ru]"})
    assert browser.get(HOME).language == "lv"
    assert browser.get(f"{HOME}?lang=ru").language == "ru"


@shows("controller.contact.mail_server")
def test_the_mail_server_is_whose_word_counts(portal, change, sent) -> None:
    """What another server wrote about a mail's sender is not believed."""
    reference = reference_in(sent())
    said = "mx.acme.example; dmarc=pass header.from=example.com"
    head = Head(senders=(EMAIL,), clear=True, results=(said,))
    number = known.find(portal, "acme")
    staff = Actor("staff", login_id=1, name="Dora", role="dpo", controller_id=number)
    found = []
    for server in ("mx.acme.example", "mx.other.example"):
        change({"mail_server: mx.acme.example": f"mail_server: {server}"})  # the newest file counts: the mail comes now
        with portal.work(staff, number) as work:
            case = load(work, reference)
            found.append(mail_checks.of_file(work, case, kind="eml", head=head, public_id="x").get("dmarc"))
    assert found == ["pass", None]


@shows("controller.look.colour")
def test_the_colour_is_that_of_the_pages(browser, change) -> None:
    def theme() -> str:
        (address,) = re.findall(r'href="(/theme/acme\.[^"]+)"', browser.get(HOME).html)
        return browser.client.get(address).get_data(as_text=True)

    assert "#1d4ed8" in theme()
    change({"#1d4ed8": "#7a0019"})
    assert "#7a0019" in theme()
    change({'  look: {colour: "#1d4ed8"}\n': ""})
    assert "/theme/acme." not in browser.get(HOME).html


@shows("rights.*.proof")
def test_the_proof_is_what_is_asked_for(browser, change, sent, mailbox) -> None:
    asked = []
    for way in ("email_code", "signed_form"):
        change({"{proof: [email_code], respond": f"{{proof: [{way}], respond"})
        reference = reference_in(sent())
        asked.append(browser.post(f"/case/{reference}/confirm", {"code": mailbox()}).main)
    assert ["Sign a form by hand" in words for words in asked] == [False, True]


@shows("rights.*.respond_within", "rights.*.respond_within.from")
def test_a_promise_is_on_the_page_in_the_letter_and_in_the_clock(browser, portal, change, sent, mailbox, told) -> None:
    """What is promised from the complete request does not begin before that is there: the law's month counts."""
    dues = {"{days: 20}": "13 December", "{weeks: 1}": "30 November", "{days: 9, from: duly_executed}": "23 December"}
    for promise, day in dues.items():
        change({"{days: 20}": promise})
        page = sent()
        reference = reference_in(page)
        status = browser.post(f"/case/{reference}/confirm", {"code": mailbox()}).main
        run_until_idle(portal)
        for words in (page, status, portal.mailer.sent[-1].text):
            assert f"{day} 2026" in words, words
        assert told("cases", "show", reference)["clock"]["due"] == iso(day)


@shows("rights.*.approvers")
def test_without_approvers_the_answer_comes_by_itself(browser, portal, change, sent, mailbox) -> None:
    ready = []
    for count in (1, 0):
        change({"approvers: 1": f"approvers: {count}"})
        reference = reference_in(sent())
        browser.post(f"/case/{reference}/confirm", {"code": mailbox()})
        run_until_idle(portal)
        ready.append("Get your data" in browser.get(f"/case/{reference}/").main)
    assert ready == [False, True]


@pytest.fixture
def collected(told, portal) -> Callable[[], dict]:
    """What a request finds: the runs, and in which collections."""
    told("users", "create", "--email", "dpo@acme.example", "--controller", "acme", "--role", "dpo")

    def collect(*moves: str) -> dict:
        filed = told(
            "cases", "file", "--controller", "acme", "--right", "access", "--identity", f"email={EMAIL}",
            "--proof", "Seen.", "--channel", "post", "--as", "dpo@acme.example",
        )  # fmt: skip
        for move in ("collect", *moves):
            told("cases", "move", filed["reference"], move, "--as", "dpo@acme.example")
            run_until_idle(portal)
        return told("cases", "show", filed["reference"], "--as", "dpo@acme.example")

    return collect


@shows("connections.*.key", "connections.*.dataset", "connections.*.url")
def test_the_systems_are_those_of_the_file(portal, tmp_path, change, collected) -> None:
    def found() -> tuple:
        (run,) = collected()["runs"]
        return run["connection"], run["state"], run["found"]

    assert found() == ("shop", "done", 2)
    change({"key: shop": "key: store", ROWS: "rows: {store.visits: keep}"})
    assert found() == ("store", "done", 2)
    change(dataset=VISITS_ONLY)
    assert found() == ("shop", "done", 0), "another data map: the customers are not in it"
    portal.environment["OTHER_URL"] = f"sqlite:///{tmp_path / 'other.db'}"
    with closing(sqlite3.connect(tmp_path / "other.db")) as shop, shop:
        shop.executescript(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, note TEXT);"
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, email TEXT, page TEXT);"
            f"INSERT INTO customers VALUES (1, '{EMAIL}', 'the only one')"
        )
    change({"${SHOP_URL}": "${OTHER_URL}"})
    assert found() == ("shop", "done", 1), "another database"


VISITS_ONLY = DATASET.partition("      - name: customers")[0] + VISITS


@shows("connections.*.kind")
def test_there_is_one_kind_of_system(change) -> None:
    with pytest.raises(PolicyFaults, match="allowed: sql"):
        change({"kind: sql": "kind: tape"})


@shows("categories.*.functions")
def test_the_functions_are_who_sees_it(told, change, collected, tmp_path) -> None:
    """Somebody who works in sales gets no package with data that is for the lawyers."""
    sales = ("--email", "s@acme.example", "--controller", "acme", "--role", "approver", "--functions", "sales")
    told("users", "create", *sales)
    codes = {"[sales]": 0, "[legal]": 1}
    for functions, code in codes.items():
        change({"[sales]": functions})
        reference = collected("approve", "release")["reference"]
        told("packages", "fetch", reference, "--out", str(tmp_path), "--as", "s@acme.example", code=code)


@pytest.mark.parametrize("key", LATER)
def test_what_is_kept_for_later_is_said_in_the_guide(key) -> None:
    later = GUIDE.partition("## Kept for later")[2].partition("\n## ")[0]
    assert f"`{key.rpartition('.')[2]}`" in later


def test_a_cooling_off_that_is_too_long_is_remarked_on(told, change) -> None:
    change({"cooling_off: {days: 10": "cooling_off: {days: 60"})
    checked = told("controllers", "check", str(change.folder / "acme.yaml"))
    assert any("cooling_off" in one for one in checked["warnings"])
