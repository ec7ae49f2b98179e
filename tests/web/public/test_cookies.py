"""A visitor may refuse cookies (M-13, I-9): everything can be read, and what then cannot work is said plainly."""

import pytest

from tests.web.conftest import ANSWERS, Browser

FORM = "/c/acme/access/"


@pytest.fixture
def refuses(app) -> Browser:
    """A browser that keeps no cookie."""
    return Browser(app.test_client(use_cookies=False))


@pytest.mark.parametrize("path", ["/", "/c/acme/", "/c/acme/catalogue/", FORM, "/case/"])
def test_all_that_is_told_can_be_read(refuses, path):  # M-13
    refuses.get(path)


def test_what_cannot_work_is_said_and_nothing_typed_is_lost(refuses):  # M-13
    page = refuses.post(FORM, ANSWERS, status=422)
    assert "your browser refuses cookies" in page.problems[0][1]
    assert page.value("name") == ANSWERS["name"]
    again = refuses.post(FORM, ANSWERS, status=422)
    assert "allow cookies for this site, or write to the organisation" in again.problems[0][1]


def test_who_keeps_cookies_is_told_of_none(browser):  # M-13
    browser.get(FORM)
    page = browser.post(FORM, ANSWERS, token=False, status=422)
    assert "cookies" not in page.problems[0][1]
