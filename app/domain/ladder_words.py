"""The rungs of the ladder in the words of whoever has to show them (Art. 12(1), 12(6))."""

from collections.abc import Collection, Mapping
from typing import Final

from app.domain.ladder import PAPERS, Demand, rank
from app.domain.messages import Message
from app.domain.policy_values import Way

# What the person does.
DO: Final[Mapping[Way, Message]] = {
    "account_session": Message("Sign in with the sign-in that you have here, and file the request from there."),
    "email_code": Message("Type the code that we send to your e-mail address."),
    "phone_code": Message("Type the code that we send to your phone."),
    "two_facts": Message("Answer two questions on your request's page, whose answers you and the organisation know."),
    "signed_form": Message(
        "Print the form that your request's page makes for you, sign it, and send a scan or a photo of it."
    ),
    "official_letter": Message(
        "Send a letter of the company on its letterhead, or a mail from its registered "
        "address. You will be called back at the contact that is on file."
    ),
    "document_view": Message(
        "Send a picture of a document that shows who you are. Black out "
        "everything except your name and the date of issue."
    ),
    "representative": Message(
        "Send what shows that you may act for the person: the mandate, or what makes you the child's guardian."
    ),
}
# Why it is asked.
_WHY: Final[Mapping[Way, Message]] = {
    "two_facts": Message(
        "The code shows that you read the mail of this address, and not yet whose data may be given to you."
    ),
    "signed_form": Message("This request is made in writing, with your signature."),
    "official_letter": Message("We have to be sure that the company itself asks, and not somebody in its name."),
    "document_view": Message("What you have shown so far does not tell whose data may be given to you."),
    "representative": Message("The data is another person's. They are protected from requests that they do not want."),
}
_UNSURE: Final = Message("What you have shown so far does not tell whose data may be given to you.")
_WRITE: Final = Message("If you cannot do this, write to us on your request's page. We look for another way with you.")
NO_PAPERS: Final = Message(
    "No papers may be asked for here: this right must be as easy to use as it was to consent. Act on the request, or "
    "ask what is meant."
)


def asked_for(way: Way) -> Message:
    """What the person is asked to do."""
    return DO[way]


def why(demand: Demand, way: Way) -> tuple[Message, ...]:
    """Why it is asked, in one or two sentences."""
    return (_WHY.get(way, _UNSURE), *demand.because)


def instead(demand: Demand, asked: Way, closed: Collection[Way]) -> tuple[Message, ...]:
    """What would do as well, and where to turn when nothing does."""
    others = {way for ways in demand.alternatives if not ways & frozenset(closed) for way in ways}
    others -= {asked, "email_code", "account_session"}
    if demand.no_papers:
        others -= PAPERS
    return (*(DO[way] for way in sorted(others, key=rank)), _WRITE)


def less_would_do(way: Way) -> Message:
    """Why a reason is wanted."""
    return Message("Less may suffice: %(less)s Say why it does not.", {"less": DO[way]})
