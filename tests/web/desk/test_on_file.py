"""What staff see of contacts on file: never a whole address, but whether somebody objects, and letters that deceive."""

import re

import pytest

from app.domain.permissions import ANONYMOUS
from app.queries.contacts import contacts_of
from app.queries.reading import load
from app.services import on_file
from tests.web.desk.conftest import case_url

NEW = "ana.new@example.net"


@pytest.fixture
def asked(acme):
    """A request from a new address under Ana's account."""
    reference = acme.filed(identities={"email": NEW, "account_name": "ana"})
    assert acme.confirm(reference).accepted
    acme.run()
    return reference


def say(acme, reference: str, *, mine: bool) -> None:
    mail = next(mail for mail in acme.mails.sent if "/on-file/" in mail.text)
    code = re.search(r"^\s*(\d{6})\s*$", mail.text, re.MULTILINE)[1]
    with acme.work(ANONYMOUS) as work:
        assert on_file.answer(work, reference, code, mine=mine).accepted


def test_it_says_which_address_was_told_and_when(handler, acme, asked):
    page = handler.get(case_url(asked))
    assert "Account name: the systems know a different address (a•••@example.com)." in page.main
    assert "told on 23 November 2026" in page.main
    assert "no answer yet" in page.main
    assert "ana@example.com" not in page.html


def test_a_yes_is_shown(handler, acme, asked):
    say(acme, asked, mine=True)
    page = handler.get(case_url(asked))
    assert "it is me" in page.main
    assert "did not make this request" not in page.main


def test_an_objection_is_a_warning(handler, acme, asked):
    say(acme, asked, mine=False)
    page = handler.get(case_url(asked))
    assert "says that they did not make this request" in page.main
    assert "I did not ask for this" in page.main


def test_nothing_on_file_is_said_too(handler, acme):
    reference = acme.filed(identities={"email": NEW, "account_name": "nobody-here"})
    acme.run()
    assert "hold nothing to reach somebody" in handler.get(case_url(reference)).main


def test_a_form_with_an_address_alone_has_no_such_section(handler, acme):
    assert "Contacts on file" not in handler.get(case_url(acme.in_status("open"))).main


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("\u0430na@example.com", "mixes letters of several scripts"),
        ("ana@ex\u0430mple.com", "xn--exmple-4nf.com"),
        ("ana@b\u00fccher.example", "letters beyond plain Latin ones"),
    ],
)
def test_an_address_that_may_deceive_is_a_warning(handler, acme, address, words):
    assert words in handler.get(case_url(acme.filed(identities={"email": address}))).main


def test_when_the_persons_key_is_gone_nothing_is_shown(handler, acme, asked):
    with acme.work() as work:
        load(work, asked).data_key = None
    with acme.reading("handler") as work:
        assert contacts_of(work, asked).rows == ()
