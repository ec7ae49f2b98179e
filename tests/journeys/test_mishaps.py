"""What goes wrong: wrong answers and codes, old pages, the back button, two clicks, a system that is off."""

import re
from collections.abc import Callable

from tests.journeys.conftest import NewWalker, Running
from tests.journeys.steps import ACCESS, answer_form, ask, confirm, reference_on
from tests.journeys.walker import Walker, sees

OLIVER = "oliver.smith@example.com"
IOANA = "ioana.vacarescu@example.com"
MIHAI = "familia.dumitrescu@example.com"
A_POPESCU = "a.popescu@example.net"


def test_an_empty_form_is_answered_beside_each_field(person: Walker) -> None:
    person.open(ACCESS)
    person.press("Continue")
    summary = person.page.locator(".govuk-error-summary")
    assert summary.evaluate("node => node === document.activeElement")
    links = summary.get_by_role("link")
    assert links.count() >= 3
    links.last.click()
    assert person.page.get_by_label("E-mail address").evaluate("node => node === document.activeElement")
    assert person.page.title().startswith("Error: ")


def test_five_wrong_codes_use_the_code_up_and_a_new_one_helps(person: Walker) -> None:
    reference = ask(person, name="Oliver Smith", email=OLIVER)
    first = person.mailed_code(OLIVER)
    wrong = "000000" if first != "000000" else "111111"
    person.open(f"/case/{reference}/")
    for _ in range(5):
        person.page.get_by_label("Code").first.fill(wrong)
        person.press("Open my request")
        assert person.page.locator(".govuk-error-message").count() == 1, person.words
    person.page.get_by_label("Code").first.fill(first)
    person.press("Open my request")
    assert person.page.locator(".govuk-error-message").count() == 1, "the code was used up by the five tries"
    person.press("Send me a code")
    page = person.page.url
    second = person.mailed_code(OLIVER, after=1)
    person.open(page)
    person.page.get_by_label("Code").first.fill(second)
    person.press("Open my request")
    sees(person, "Shown to be yours")


def test_a_page_that_was_open_too_long_loses_nothing(person: Walker) -> None:
    person.open(ACCESS)
    answer_form(person, name="Ana Ionescu", email="ana.ionescu@example.com")
    person.page.get_by_label("Anything else", exact=False).fill("We met at the fair in Cluj.")
    person.context.clear_cookies()
    person.press("Continue")
    sees(person, "open for too long")
    assert person.page.get_by_label("Your name").input_value() == "Ana Ionescu"
    assert person.page.get_by_label("Anything else", exact=False).input_value() == "We met at the fair in Cluj."
    person.press("Continue")
    sees(person, "Check your answers")
    sees(person, "We met at the fair in Cluj.")


def test_two_clicks_and_the_back_button_give_one_request(person: Walker, desk: Callable[..., Walker]) -> None:
    person.open(ACCESS)
    answer_form(person, name="Mihai Dumitrescu", email=MIHAI)
    person.press("Continue")
    person.page.get_by_role("link", name=re.compile("Change ?: Your name")).click()
    person.page.wait_for_url("**/access/#name")
    assert person.page.get_by_label("Your name").input_value() == "Mihai Dumitrescu"
    person.press("Continue")
    with person.page.expect_navigation(url="**/sent/"):
        person.page.get_by_role("button", name="Send my request").dblclick()
    reference = reference_on(person.look() and person)
    person.page.go_back()
    person.page.wait_for_load_state()
    person.look()
    assert reference in person.words, "whoever goes back to the check page is shown what was sent"

    handler = desk("handler")
    handler.open(f"/desk/softmanager/?q={MIHAI}")
    assert handler.page.locator(".habeas-cases tbody tr").count() == 1


def test_sending_twice_without_scripts_gives_one_request(window: NewWalker, desk: Callable[..., Walker]) -> None:
    person = window(scripts=False)
    person.open(ACCESS)
    answer_form(person, name="A. Popescu", email=A_POPESCU)
    person.press("Continue")
    token = person.page.locator("[name=csrf_token]").first.get_attribute("value") or ""
    for _ in range(2):
        sent = person.context.request.post(person.page.url, form={"csrf_token": token})
        assert sent.ok
        assert sent.url.endswith("/sent/")
    handler = desk("handler")
    handler.open(f"/desk/softmanager/?q={A_POPESCU}")
    assert handler.page.locator(".habeas-cases tbody tr").count() == 1


def test_a_system_that_is_off_is_named_and_searched_again(
    person: Walker, desk: Callable[..., Walker], portal: Running
) -> None:
    reference = ask(person, name="Ioana Văcărescu", email=IOANA)
    confirm(person, IOANA)
    handler = desk("handler")
    handler.open(f"/desk/softmanager/cases/{reference}/")
    system = portal.data / "samples" / "softmanager_billing.db"
    away = system.with_suffix(".away")
    system.rename(away)
    try:
        handler.press("Start the collection")
        handler.until(lambda page: page.locator(".habeas-run__error").count() > 0, what="a run that failed", seconds=60)
    finally:
        away.rename(system)
    said = handler.page.locator(".habeas-run__error").inner_text()
    assert str(portal.data) not in said, "where a system lies is nobody's business on this page"
    assert "Traceback" not in said
    sees(handler, "not complete")
    assert handler.page.get_by_role("button", name="Approve the answer").count() == 0
    handler.press("Search again")
    handler.until(lambda page: page.locator("#found").count() > 0, what="the second search")
    sees(handler, "none of them holds a record")
