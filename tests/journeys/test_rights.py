"""Other rights than a copy, as people use them: several at once without scripts, advertising, and free words."""

from collections.abc import Callable

from tests.journeys.conftest import NewWalker
from tests.journeys.steps import REFERENCE, answer_about, confirm, reference_on
from tests.journeys.walker import Walker, sees

RADU = "radu.marin@example.org"
ILINCA = "ilinca.dobre@example.org"
TUDOR = "tudor.enache@example.org"


def answer_each(person: Walker) -> None:
    """Choose three things and answer what each asks."""
    page = person.page
    person.open("/c/softmanager/")
    person.press("Ask for several things at once", role="button")
    for right in ("Have wrong data corrected", "Ask whether data about you is used", "Take back your consent"):
        page.get_by_label(right).check()
    person.press("Continue")
    person.press("Continue")
    sees(person, "Say what is wrong or missing.")
    page.get_by_label("What is wrong or missing?").fill("My phone number")
    page.get_by_label("What is right?").fill("+40 700 000 001")
    person.press("Add another one")
    assert page.get_by_label("What is right?").first.input_value() == "+40 700 000 001"
    page.get_by_label("What is wrong or missing?").nth(1).fill("My name")
    page.get_by_label("What stands there now?").nth(1).fill("Radu Marín")
    page.get_by_label("What is right?").nth(1).fill("Radu Marin")
    person.press("Continue")
    page.get_by_label("News about the product").check()
    person.press("Continue")


def test_several_things_at_once_on_a_telephone_without_scripts(window: NewWalker) -> None:
    person = window(width=360, scripts=False)
    page = person.page
    answer_each(person)
    answer_about(person, name="Radu Marin", email=RADU)
    person.press("Continue")
    for words in ("Correction 2", "Radu Marín", "News about the product", RADU):
        sees(person, words)
    person.press("Send my request")
    references = set(REFERENCE.findall(person.words))
    assert len(references) == 3
    sent, code = page.url, person.mailed_code(RADU)
    person.open(sent)
    page.get_by_label("Code").first.fill(code)
    person.press("Confirm my requests")
    sees(person, "Asked for together")
    for reference in references:
        person.open(f"/case/{reference}/")
        sees(person, "Shown to be yours")


def test_advertising_ends_with_one_answer(person: Walker) -> None:
    person.open("/c/softmanager/objection/")
    situation = person.page.get_by_label("what in your situation speaks against it", exact=False)
    assert not situation.is_visible()
    person.page.get_by_label("Something in my own situation").check()
    assert situation.is_visible()
    person.page.get_by_label("I do not want advertising").check()
    assert not situation.is_visible()
    answer_about(person, name="Ilinca Dobre", email=ILINCA)
    person.press("Continue")
    sees(person, "I do not want advertising")
    person.press("Send my request")
    confirm(person, ILINCA)


def test_free_words_become_the_right_that_they_are(person: Walker, desk: Callable[..., Walker]) -> None:
    person.open("/c/softmanager/")
    person.follow("Something else, or I am not sure")
    person.page.get_by_label("What would you like?").fill("Please stop sending me your product news.")
    answer_about(person, name="Tudor Enache", email=TUDOR)
    person.press("Continue")
    person.press("Send my request")
    reference = reference_on(person)
    confirm(person, TUDOR)
    handler = desk("handler")
    handler.open(f"/desk/softmanager/cases/{reference}/")
    handler.press("Say which right it is")
    sees(handler, "Please stop sending me your product news.")
    handler.page.get_by_label("Which right is meant?").select_option(label="Withdrawal of consent")
    handler.press("Say which right it is")
    sees(handler, "Withdrawal of consent")
    person.page.reload()
    sees(person, "We found out which of your rights you mean")
