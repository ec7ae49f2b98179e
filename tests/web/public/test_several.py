"""Several rights asked for together, without scripts: one page for each, the person once, one code; nothing is lost."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.gateways.mail import MemoryMailer
from app.models.cases import Case
from tests.web.conftest import EMAIL

pytestmark = pytest.mark.usefixtures("every_right")
START = "/c/acme/several/"
YOU, CHECK, SENT = f"{START}you/", f"{START}check/", f"{START}sent/"
ABOUT = {"name": "Ana Ionescu", "email": EMAIL}
ERASURE = {"grounds": ["unlawful"], "wish": "My photo"}


def ask(right: str) -> str:
    return f"{START}ask/{right}/"


def count(portal) -> int:
    with portal.unscoped("test", reads_only=True) as work:
        return work.session.scalar(select(func.count()).select_from(Case))


def answered(browser) -> None:
    browser.post(START, {"rights": ["access", "confirmation", "erasure"]})
    browser.post(ask("access"), {"scope": "everything"})
    browser.post(ask("erasure"), ERASURE)
    browser.post(YOU, ABOUT)


def test_the_whole_way(browser, portal, mailbox):
    page = browser.post(START, {"rights": ["access", "confirmation", "erasure", "consent_withdrawal"]})
    assert (page.h1, browser.url) == ("Get a copy of your data", ask("access"))
    assert "Page 1 of 4" in page.main, "what asks nothing has no page"
    page = browser.post(ask("access"), {"scope": "everything"})
    assert (page.h1, browser.url) == ("Have data erased", ask("erasure"))
    page = browser.post(ask("erasure"), ERASURE)
    assert browser.url == ask("consent_withdrawal")
    page = browser.post(ask("consent_withdrawal"), {"consents": ["news"]})
    assert (page.h1, browser.url) == ("About you", YOU)
    page = browser.post(YOU, ABOUT)
    assert (page.h1, browser.url) == ("Check your answers", CHECK)
    for words in ("Get a copy of your data", "Ask whether data about you is used", "My photo", "News about the", EMAIL):
        assert words in page.main
    page = browser.post(CHECK)
    assert page.h1 == "Your requests are on their way"
    references = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)
    assert len(set(references)) == count(portal) == 4
    assert page.main.index("Take back your consent") < page.main.index("Have data erased"), "the first due first"
    code = mailbox()
    assert isinstance(portal.mailer, MemoryMailer)
    assert len(portal.mailer.sent) == 1
    assert browser.get(SENT).main == page.main
    page = browser.post(f"/case/{references[0]}/confirm", {"code": code})
    assert "Asked for together" in page.main
    for reference in set(references) - {references[0]}:
        assert f"/case/{reference}/" in page.links()
        assert "Shown to be yours" in browser.get(f"/case/{reference}/").main, "one code opens all"


def test_changing_one_answer_comes_back_to_the_check(browser):
    answered(browser)
    page = browser.get(CHECK)
    assert f"{ask('erasure')}#wish" in page.links()
    assert browser.get(ask("erasure")).value("wish") == "My photo"
    page = browser.post(ask("erasure"), {"wish": "My name"})
    assert browser.url == CHECK
    assert "My name" in page.main
    assert "The data should not have been used" not in page.main


def test_another_right_may_be_added_or_left_out_at_the_end(browser, portal):
    answered(browser)
    page = browser.get(START)
    assert len(re.findall(r'name="rights"[^>]*checked', page.html)) == 3
    page = browser.post(START, {"rights": ["access", "objection"]})
    assert browser.url == ask("objection")
    page = browser.post(ask("objection"), {"grounds": "direct_marketing"})
    assert browser.url == CHECK
    assert "My photo" not in page.main
    browser.post(CHECK)
    assert count(portal) == 2


def test_pages_cannot_be_jumped_over(browser, portal):
    assert browser.get(CHECK).h1 == "Ask for several things at once"
    assert browser.get(YOU).h1 == "Ask for several things at once"
    browser.post(START, {"rights": ["access", "erasure"]})
    browser.get(CHECK)
    assert browser.url == ask("access")
    browser.post(ask("access"), {"scope": "everything"})
    browser.post(CHECK)
    assert browser.url == ask("erasure")
    browser.get(ask("objection"))
    assert browser.url.startswith(START), "what was not chosen is not asked"
    browser.get("/c/acme/several/ask/nonsense/", status=404)
    browser.post(START, {"rights": ["confirmation", "erasure"]})
    browser.get(ask("confirmation"))
    assert browser.url == ask("erasure"), "what asks nothing leads on"
    assert count(portal) == 0


def test_nothing_chosen_is_named(browser):
    assert browser.post(START, {}, status=422).problems == [("#rights", "Choose at least one.")]
    assert browser.post(START, {"rights": ["immortality"]}, status=422).problems[0][0] == "#rights"


def test_each_page_names_its_own_mistakes_only(browser):
    browser.post(START, {"rights": ["restriction", "other"]})
    assert [place for place, _ in browser.post(ask("restriction"), {}, status=422).problems] == ["#grounds"]
    browser.post(ask("restriction"), {"grounds": ["needed_for_claims"]})
    assert [place for place, _ in browser.post(ask("other"), {}, status=422).problems] == ["#wish"]
    browser.post(ask("other"), {"wish": "?"})
    assert [place for place, _ in browser.post(YOU, {"name": "Ana", "email": "ana"}, status=422).problems] == ["#email"]


def test_back_leads_the_way_one_came(browser):
    browser.post(START, {"rights": ["access", "erasure"]})
    assert START in browser.get(ask("access")).links()
    assert ask("access") in browser.get(ask("erasure")).links()
    assert ask("erasure") in browser.get(YOU).links()


@pytest.mark.parametrize("page", [START, ask("erasure"), YOU])
def test_an_old_page_and_another_language_lose_nothing(browser, page):
    answered(browser)
    typed = {START: {"rights": ["access"]}, ask("erasure"): {"wish": "New words"}, YOU: {**ABOUT, "name": "New words"}}[
        page
    ]
    for more, status in (({"lang": "lv"}, 200), ({}, 422)):
        shown = browser.post(page, {**typed, **more}, token=bool(more), status=status)
        assert "New words" in shown.html or 'value="access" checked' in re.sub(r"\s+", " ", shown.html)
    assert "New words" not in browser.get(CHECK).main


def test_pressing_twice_sends_once(browser, portal):
    answered(browser)
    first, second = browser.post(CHECK), browser.post(CHECK)
    assert first.main == second.main
    assert count(portal) == 3


def test_a_single_request_begun_beside_it_does_not_mix(browser):
    answered(browser)
    assert browser.get("/c/acme/access/").value("name") == ""


def test_answers_lapse_after_a_day_and_say_so(browser, clock):
    answered(browser)
    clock.advance(timedelta(hours=24))
    assert "kept for 24 hours" in browser.get(CHECK).main
    assert browser.url.startswith(START)


def test_a_right_that_is_no_longer_offered_is_left_out(browser, portal, tmp_path):
    from app.domain.permissions import SYSTEM
    from app.policies.loader import read_controller
    from app.services import policies

    answered(browser)
    path = tmp_path / "acme.yaml"
    path.write_text(path.read_text().replace("  erasure: {}\n", ""))
    policies.apply(portal, SYSTEM, read_controller(path))
    assert "My photo" not in browser.get(CHECK).main
