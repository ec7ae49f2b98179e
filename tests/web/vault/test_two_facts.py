"""Two questions on a request's page: the same for somebody and nobody, nothing lost, another way beside them."""

import re
import sqlite3
from contextlib import closing
from functools import reduce

import pytest

from app.domain.permissions import SYSTEM
from app.policies.loader import read_controller
from app.services import facts_drawing, policies
from tests.web.conftest import CONTROLLER, DATASET
from workers.idle import run_until_idle

EVE = "eve@example.net"
RIGHT = {"Which town do we have?": " RIGA ", "Kura pilsēta?": "riga", "When were you born?": "3 February 1990"}
QUESTIONS = ("Which town do we have?", "When were you born?")
HINTS = (
    "Capital letters, accents and spaces do not matter.",
    "As you usually write it, for example 27.3.1985 or 27 March 1985.",
)
META = """\
    meta:
      two_facts:
        - {field: customers.town, ask: {en: "Which town do we have?", lv: "Kura pilsēta?"}}
        - {field: customers.born, kind: date, ask: {en: "When were you born?", lv: "Kad esat dzimis?"}}
"""
COLUMNS = "          - {name: town}\n          - {name: born}\n"


@pytest.fixture(autouse=True)
def questioned(portal, tmp_path):
    put_questions(portal, tmp_path)


def put_questions(portal, tmp_path):
    """Acme's customers are known by a number, and two things are known of each."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop, shop:
        shop.execute("ALTER TABLE customers ADD COLUMN town TEXT")
        shop.execute("ALTER TABLE customers ADD COLUMN born TEXT")
        shop.execute("UPDATE customers SET town = 'Rīga', born = '1990-02-03' WHERE id = 1")
    named = "{primary_key: true, data_type: integer, identity: customer_number}"
    text = DATASET.replace("{primary_key: true, data_type: integer}", named)
    text = text.replace("    collections:", f"{META}    collections:", 1) + COLUMNS
    (tmp_path / "shop.yml").write_text(text)
    path = tmp_path / "acme.yaml"
    controller = CONTROLLER.format(slug="acme", name="ACME")
    path.write_text(controller.replace("[email_code]", "[{all_of: [email_code, two_facts]}, document_view]"))
    policies.apply(portal, SYSTEM, read_controller(path))


def ask(browser, mailbox, *, number: str = "1") -> str:
    answers = {"name": "Ana Ionescu", "email": EVE, "scope": "everything", "customer_number": number}
    browser.post("/c/acme/access/", answers)
    page = browser.post("/c/acme/access/check/")
    reference = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)[0]
    browser.post(f"/case/{reference}/confirm", {"code": mailbox()})
    return reference


@pytest.fixture
def mailbox(portal):
    """The newest code that was mailed to whoever asks: contacts on file get mails of their own."""

    def newest() -> str:
        run_until_idle(portal)
        texts = [mail.text for mail in portal.mailer.sent if mail.to == EVE]
        return re.findall(r"^\s+(\d{6})\s*$", "\n".join(texts), re.MULTILINE)[-1]

    return newest


@pytest.fixture
def asked(browser, mailbox, portal) -> str:
    reference = ask(browser, mailbox)
    ready(portal)
    return reference


def ready(portal) -> None:
    run_until_idle(portal)
    portal.clock.advance(facts_drawing.BEAT)


def questions(page) -> dict[str, str]:
    """Question → name of its field."""
    labels = {node.get("for"): " ".join("".join(node.itertext()).split()) for node in page.all("label")}
    return {labels[name]: name for name in ("first", "second")}


def right(page) -> dict[str, str]:
    return {name: RIGHT[text] for text, name in questions(page).items()}


def test_right_answers_open_the_request(browser, asked):
    page = browser.get(f"/case/{asked}/")
    assert "Answer two questions" in page.main
    assert "You can try three times" in page.main
    page = browser.post(f"/case/{asked}/proof/two-facts", right(page))
    assert "We know that it is you" in page.main
    assert "Answer two questions" not in page.main
    assert "You answered both questions" in page.main


def test_wrong_answers_stay_and_no_field_is_blamed(browser, asked):
    page = browser.get(f"/case/{asked}/")
    typed = right(page) | {"second": "something else"}
    page = browser.post(f"/case/{asked}/proof/two-facts", typed, status=422)
    assert (page.value("first"), page.value("second")) == (typed["first"].strip(), "something else")
    assert [words for _, words in page.problems] == [
        "These answers do not both agree with what is on file. Check them and try again."
    ]
    assert "govuk-form-group--error" not in page.html


def test_the_page_is_the_same_for_nobody(browser, another, asked, mailbox, portal):
    other = ask(another, mailbox, number="4711")
    ready(portal)
    pages = [
        one.post(f"/case/{reference}/proof/two-facts", {"first": "a", "second": "b"}, status=422).main
        for one, reference in ((browser, asked), (another, other))
    ]
    own = [*QUESTIONS, *HINTS, asked, other, "4711"]
    told = [reduce(lambda text, word: text.replace(word, "…"), own, page) for page in pages]
    assert told[0].replace("Customer number 1Not", "Customer number …Not") == told[1]


def test_after_three_tries_the_next_way_is_there(browser, asked):
    for _ in range(2):
        browser.post(f"/case/{asked}/proof/two-facts", {"first": "a", "second": "b"}, status=422)
    page = browser.post(f"/case/{asked}/proof/two-facts", {"first": "a", "second": "b"}, status=422)
    assert "show in another way who you are" in page.problems[0][1]
    assert "Send a file" in page.main
    assert "refused" not in page.main
    page = browser.post(f"/case/{asked}/proof/two-facts", {"first": "a", "second": "b"}, status=422)
    assert "not asked any more" in page.problems[0][1]


def test_who_does_not_know_goes_another_way(browser, asked):
    page = browser.post(f"/case/{asked}/proof/two-facts/another-way")
    assert "Below is another way to show who you are." in page.main
    assert "Send a file" in page.main
    browser.post(f"/case/{asked}/proof/two-facts/another-way", status=422)


def test_nothing_typed_is_named_and_not_counted(browser, asked):
    for _ in range(4):
        page = browser.post(f"/case/{asked}/proof/two-facts", {"first": "only this"}, status=422)
        assert page.problems == [("#second", "Answer this question, or choose another way.")]
        assert page.value("first") == "only this"
    page = browser.post(f"/case/{asked}/proof/two-facts", right(page))
    assert "We know that it is you" in page.main


def test_while_they_are_being_prepared(browser, mailbox, portal):
    reference = ask(browser, mailbox)
    page = browser.get(f"/case/{reference}/")
    assert "We are preparing your questions" in page.main
    assert f"/case/{reference}/" in page.links()
    assert f"/case/{reference}/#two-facts" not in page.links(), "a browser that is there already would not ask again"
    page = browser.post(f"/case/{reference}/proof/two-facts", {"first": "a", "second": "b"}, status=422)
    assert "still being prepared" in page.problems[0][1]
    run_until_idle(portal)
    assert "We are preparing your questions" in browser.get(f"/case/{reference}/").main, "however quick it was"
    browser.post(f"/case/{reference}/proof/two-facts/another-way")
    assert "Send a file" in browser.get(f"/case/{reference}/").main


def test_in_the_readers_language(browser, asked):
    page = browser.get(f"/case/{asked}/?lang=lv")
    assert {"Kura pilsēta?", "Kad esat dzimis?"} == questions(page).keys()


def test_a_page_of_elsewhere_sends_nothing(browser, client, asked):
    page = browser.get(f"/case/{asked}/")
    assert client.post(f"/case/{asked}/proof/two-facts", data=right(page)).status_code in {400, 422}
    assert client.post(f"/case/{asked}/proof/two-facts/another-way").status_code == 400
    page = browser.post(f"/case/{asked}/proof/two-facts", right(page))
    assert "We know that it is you" in page.main


def test_a_stranger_finds_nothing(another, asked):
    for address in ("two-facts", "two-facts/another-way"):
        another.post(f"/case/{asked}/proof/{address}", {"first": "a", "second": "b"}, status=404)
