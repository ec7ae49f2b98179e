"""Who is too young to decide alone makes no sign-in (Art. 8 GDPR; R-4, I-5): one question, nothing kept of the answer,
and the way to one's own data stays open."""

import pytest
from sqlalchemy import func, select

from app.domain.permissions import SYSTEM
from app.models.people import Login
from app.policies.loader import read_controller
from app.portal import Portal
from app.queries.organisations import age_alone
from app.services import policies
from tests.web.conftest import CONTROLLER, EMAIL, Browser

DOOR = "/you/signin/"


@pytest.fixture
def sixteen(portal: Portal, tmp_path) -> None:
    """One organisation of several lets nobody under 16 in the EU use it alone."""
    path = tmp_path / "acme.yaml"
    text = CONTROLLER.format(slug="acme", name="ACME")
    path.write_text(text.replace("  about: We sell", "  no_use_under: {EU: 16, US: 13}\n  about: We sell"))
    policies.apply(portal, SYSTEM, read_controller(path))


def typed(browser: Browser, mailbox):
    """The right code, on its page."""
    browser.post(DOOR, {"email": EMAIL})
    return browser.post(browser.url, {"code": mailbox()})


def logins(portal: Portal) -> int:
    with portal.unscoped("the test looks", reads_only=True) as work:
        return work.session.scalars(select(func.count(Login.id)).where(Login.email == EMAIL)).one()


def test_the_strictest_of_all_organisations_and_laws_is_asked(portal, browser, mailbox, request):
    assert age_alone(portal) == 13, "Latvia's own age"
    request.getfixturevalue("sixteen")
    assert age_alone(portal) == 16
    page = typed(browser, mailbox)
    assert "I am 16 or older" in page.main
    assert "born" not in page.main
    assert logins(portal) == 0, "nothing is made before the answer"


def test_who_is_old_enough_goes_on_with_the_same_code(portal, browser, mailbox):
    page = typed(browser, mailbox)
    place, code = browser.url, page.value("code")
    assert "Choose how old you are." in browser.post(f"{place}age", {"code": code}, status=422).main
    assert "Choose how old you are." in browser.post(f"{place}age", {"code": code, "age": "x"}, status=422).main
    browser.post(f"{place}age", {"code": code, "age": "older"})
    assert (browser.url, logins(portal)) == ("/you/welcome/", 1)
    again = browser.post(f"{place}age", {"code": code, "age": "older"}, status=422)
    assert "Type the code" in again.h1, "it is used up"


def test_who_is_too_young_has_none_made_and_learns_the_ways(portal, browser, mailbox, sixteen):
    page = typed(browser, mailbox)
    place, code = browser.url, page.value("code")
    page = browser.post(f"{place}age", {"code": code, "age": "younger"})
    assert (browser.url, page.h1) == ("/you/young/", "If you are younger than 16")
    assert "without a sign-in" in page.main
    assert "For a child" in page.main
    assert logins(portal) == 0
    browser.post(f"{place}age", {"code": code, "age": "older"}, status=422)
    assert logins(portal) == 0, "another answer needs another code"
    assert browser.client.get("/you/").headers["Location"].startswith(DOOR)


def test_who_has_a_sign_in_is_not_asked_again(browser, another, mailbox):
    page = typed(browser, mailbox)
    browser.post(f"{browser.url}age", {"code": page.value("code"), "age": "older"})
    typed(another, mailbox)
    assert another.url == "/you/"


def test_the_question_tells_nobody_who_has_one(browser, another, mailbox):
    """Only the right code leads to it; a wrong one is counted there too."""
    page = typed(browser, mailbox)
    browser.post(f"{browser.url}age", {"code": page.value("code"), "age": "older"})
    for email in (EMAIL, "nobody@example.com"):
        another.post(DOOR, {"email": email})
        place, wrong = another.url, {"code": "000000", "age": "younger"}
        titles = [another.post(f"{place}age", wrong, status=422).main for _ in range(5)]
        assert all("That is not the code" in one for one in titles[:4])
        assert "5 times" in titles[4]
