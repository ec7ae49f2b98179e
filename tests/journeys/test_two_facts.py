"""A customer asks from an address that nobody knows: a code, then two questions, wrong once, and the request opens; who
does not know the answers is shown another way."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.policies.loader import CONTROLLERS
from tests.journeys.conftest import Running
from tests.journeys.keys import enter, write
from tests.journeys.steps import CODE_FIELD, answer_form, reference_on
from tests.journeys.walker import Walker, sees

SLUG = "careful"
ADDRESS = "new.address@example.net"
TOWN, TOTAL, PAID = "In which town", "How much was one of your invoices", "On which day was one of your invoices paid"


@pytest.fixture(scope="module")
def careful(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An organisation with SoftManager's systems that asks for a code and two facts; its slug."""
    folder = tmp_path_factory.mktemp("careful")
    (folder / "datasets").mkdir()
    for name in ("softmanager_crm.yml", "softmanager_billing.yml"):
        (folder / "datasets" / name).write_bytes((CONTROLLERS / "datasets" / name).read_bytes())
    text = (CONTROLLERS / "softmanager.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("slug: softmanager", f"slug: {SLUG}"),
        ("name: SoftManager\n", "name: Careful\n"),
        ("proof: [email_code]", "proof: [{all_of: [email_code, two_facts]}, document_view]"),
        ("${SOFTMANAGER_CRM_URL}", f"sqlite:///{system(portal, 'crm')}"),
        ("${SOFTMANAGER_BILLING_URL}", f"sqlite:///{system(portal, 'billing')}"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "careful.yaml"
    path.write_text(text, encoding="utf-8")
    done = portal.flask("controllers", "apply", str(path))
    assert done.returncode == 0, done.stderr
    return SLUG


def system(portal: Running, name: str) -> Path:
    (path,) = portal.data.rglob(f"*{name}*.db")
    return path


CLIENTS = "SELECT id, code, city FROM clients WHERE kind = 'person' AND active ORDER BY id"
BILLS = "SELECT total, paid_on FROM documents d JOIN payments p ON document_id = d.id WHERE d.client_id = ?"


def known(portal: Running) -> dict[str, str]:
    """What a client of the sample system knows of themselves: number, town, an invoice and the day of a payment."""
    with closing(sqlite3.connect(f"file:{system(portal, 'crm')}?mode=ro", uri=True)) as crm:
        clients = crm.execute(CLIENTS).fetchall()
    with closing(sqlite3.connect(f"file:{system(portal, 'billing')}?mode=ro", uri=True)) as billing:
        for number, code, town in clients:
            if found := billing.execute(BILLS, (number,)).fetchone():
                year, month, day = str(found[1])[:10].split("-")
                paid = f"{int(day)}.{int(month)}.{year}"
                return {"code": code, TOWN: f" {town.upper()} ", TOTAL: f"{found[0]:,.2f} RON", PAID: paid}
    raise AssertionError("nobody has paid anything")


def ask(person: Walker, number: str) -> str:
    """From the form to the questions; gives the reference."""
    person.open(f"/c/{SLUG}/access/")
    answer_form(person, name="Somebody", email=ADDRESS)
    person.page.get_by_label("Customer number").fill(number)
    person.press("Continue")
    person.press("Send my request")
    reference = reference_on(person)
    sent = person.page.url
    code = person.mailed_code(ADDRESS)
    person.open(sent)
    person.page.get_by_label(CODE_FIELD).first.fill(code)
    person.press("Confirm my request")
    look_again(person)
    return reference


def look_again(person: Walker) -> None:
    """As the page says, until the questions are there."""
    questions, button = person.page.locator("#answers"), person.page.get_by_role("button", name="Look again")
    for _ in range(100):
        if questions.count():
            break
        with person.page.expect_navigation():
            button.press("Enter")
    assert questions.count(), person.words
    person.look()


def fill(person: Walker, answers: dict[str, str], *, wrong: bool = False) -> None:
    """Each question on the page with its answer, without a mouse."""
    for name in ("first", "second"):
        label = person.page.locator(f"label[for={name}]").inner_text()
        right = next(answer for question, answer in answers.items() if label.startswith(question))
        write(person.page.locator(f"#{name}"), "something else" if wrong and name == "second" else right)


def test_two_facts_open_the_request(careful: str, portal: Running, window: Callable[..., Walker]) -> None:
    facts = known(portal)
    person = window(width=360)
    reference = ask(person, facts["code"])
    sees(person, "Both answers have to agree")

    fill(person, facts, wrong=True)
    enter(person, "Send my answers")
    sees(person, "These answers do not both agree with what is on file.")
    assert person.page.locator("#second").input_value() == "something else"

    fill(person, facts)
    enter(person, "Send my answers")
    sees(person, "We know that it is you.")
    sees(person, "Next: somebody takes your request on")
    assert person.path == f"/case/{reference}/"
    assert person.page.locator("#answers").count() == 0


def test_who_does_not_know_is_shown_another_way(careful: str, portal: Running, window: Callable[..., Walker]) -> None:
    person = window(scripts=False)
    ask(person, "C-99999")
    person.press("Show me another way")
    sees(person, "Below is another way to show who you are.")
    sees(person, "Send a file")
