"""Two people ask under a client's number from addresses that nobody knows: the client is told at the one on file, says
yes to the first and no to the second, and only staff see that."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from tests.journeys.conftest import Running
from tests.journeys.steps import CODE_FIELD, answer_form, reference_on
from tests.journeys.walker import CODE, Walker, sees

CLIENT = "SELECT code, email FROM clients WHERE kind = 'person' AND active ORDER BY id DESC LIMIT 1 OFFSET 7"
NUMBER = "Customer number"


def client_of(portal: Running) -> tuple[str, str]:
    """Number and address of a client of the sample system."""
    (path,) = portal.data.rglob("*crm*.db")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as crm:
        number, address = crm.execute(CLIENT).fetchone()
    return str(number), str(address)


def test_the_address_on_file_says_whose_a_request_is(
    portal: Running, window: Callable[..., Walker], desk: Callable[..., Walker]
) -> None:
    number, on_file = client_of(portal)
    person, stranger, owner = window(width=360), window(), window(width=360)
    mine = asks(person, "ana.moved@example.net", number)
    answers(owner, mine, on_file, "Yes, it is me", after=0)
    sees(owner, "Your answer is there")
    person.open(f"/case/{mine}/")
    assert person.page.get_by_text("Not shown to be yours").count() == 0
    theirs = asks(stranger, "not.her@example.net", number)
    answers(owner, theirs, on_file, "No, I did not ask for this", after=1)
    sees(owner, "The organisation is warned")
    stranger.open(f"/case/{theirs}/")
    sees(stranger, "Not shown to be yours")
    handler = desk("handler")
    handler.open(f"/desk/softmanager/cases/{theirs}/")
    sees(handler, "says that they did not make this request")


def asks(walker: Walker, address: str, number: str) -> str:
    """From the form to a request that is confirmed at the address given."""
    walker.open("/c/softmanager/access/")
    answer_form(walker, name="Ana Pop", email=address)
    walker.page.get_by_label(NUMBER).fill(number)
    walker.press("Continue")
    walker.press("Send my request")
    reference = reference_on(walker)
    sent = walker.page.url
    code = walker.mailed_code(address)
    walker.open(sent)
    walker.page.get_by_label("Code").first.fill(code)
    walker.press("Confirm my request")
    sees(walker, "Not shown to be yours")
    return reference


def answers(walker: Walker, reference: str, address: str, words: str, *, after: int) -> None:
    """The notice is read, its code typed, one of both answers given; first with nothing filled in."""
    code = noticed_code(walker, address, after=after)
    walker.open(f"/case/{reference}/on-file/")
    walker.press("Send the answer")
    sees(walker, "Say whether it was you")
    walker.page.get_by_label(CODE_FIELD).fill(code)
    walker.page.get_by_label(words).check()
    walker.press("Send the answer")


def noticed_code(walker: Walker, address: str, *, after: int) -> str:
    """The code in the newest notice to an address that has got more than `after` of them."""
    walker.open(f"/demo/mail/?to={address}")
    notices = walker.page.get_by_role("link", name="Did you make this request")
    walker.until(lambda _: notices.count() > after, what=f"a notice to {address}")
    with walker.page.expect_navigation():
        notices.first.click()
    walker.look()
    found = CODE.search(walker.page.locator(".habeas-letter").inner_text())
    assert found, walker.words
    return found[1]
