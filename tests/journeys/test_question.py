"""Staff ask what is meant, the person answers on the page, both write to each other, and the person withdraws."""

from collections.abc import Callable

from tests.journeys.steps import ask, confirm
from tests.journeys.walker import Walker, sees

IDA = "ida.berzina@example.com"
QUESTION = "Do you mean the invoices, the support calls, or both?"
ANSWER = "Only the invoices of this year."


def test_a_question_is_asked_answered_and_the_request_withdrawn(
    window: Callable[..., Walker], desk: Callable[..., Walker]
) -> None:
    person = window(width=360)
    reference = ask(person, name="Ida Bērziņa", email=IDA)
    confirm(person, IDA)
    handler = desk("handler")
    ask_what_is_meant(handler, reference)
    answer(person, reference)
    handler.open(f"/desk/softmanager/cases/{reference}/")
    sees(handler, ANSWER)
    sees(handler, "Open")
    handler.page.get_by_label("Write to the person").fill("Thank you. We look for them.")
    handler.press("Send the message")
    withdraw(person, reference)
    handler.open(f"/desk/softmanager/cases/{reference}/")
    sees(handler, "Withdrawn")
    handler.follow("Take the request up again")
    handler.page.get_by_label("Why is it taken up again?").fill("She wrote that she pressed the wrong button.")
    handler.press("Take the request up again")
    sees(handler, "open again, with a new time for its answer")


def ask_what_is_meant(handler: Walker, reference: str) -> None:
    """The letter is read before it is sent; the time stands still from then on."""
    handler.open(f"/desk/softmanager/cases/{reference}/")
    handler.follow("Ask what is meant")
    sees(handler, "stands still from today")
    handler.page.get_by_label("What is unclear").fill(QUESTION)
    handler.page.get_by_label("What can the person choose from?").fill("Invoices\nSupport calls")
    handler.page.get_by_label("What do you answer meanwhile?").fill("Nothing: everything hangs on it.")
    handler.press("Read the letter first")
    sees(handler, QUESTION)
    handler.press("Send this letter")
    sees(handler, "Waiting for the person")


def answer(person: Walker, reference: str) -> None:
    """From the page of the request, without an account."""
    person.open(f"/case/{reference}/")
    person.press("Answer now")
    person.page.get_by_label("The answer").fill(ANSWER)
    person.press("Send your answer")
    sees(person, "Your answer is there.")
    sees(person, ANSWER)


def withdraw(person: Walker, reference: str) -> None:
    """Asked once more before it is done."""
    person.open(f"/case/{reference}/")
    sees(person, "Thank you. We look for them.")
    person.follow("Withdraw the request")
    person.press("Withdraw the request")
    sees(person, "You withdrew the request.")
