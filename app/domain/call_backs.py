"""Asking a company back at a contact that is on file whether a letter is theirs (M-8, G-3; LAW 6): what is asked of
staff, and in which words it is told."""

from collections.abc import Mapping
from typing import Final

from app.domain.fields import choice, passage, text
from app.domain.messages import Message

DECISIVE: Final = ("confirmed", "denied")
PAPER: Final = "paper"  # where a contact was found that no system holds

RESULTS: Final[Mapping[str, Message]] = {
    "confirmed": Message("They confirmed that the letter is theirs"),
    "denied": Message("They said that the letter is not theirs"),
    "not_reached": Message("Nobody was reached who could say"),
}
KINDS: Final[Mapping[str, Message]] = {
    "email": Message("E-mail address"), "phone": Message("Telephone number"), "post": Message("Postal address"),
}  # fmt: skip
CALL_BACK: Final = (
    choice(
        "contact",
        Message("At which contact that is on file did you ask?"),
        "registered",
        Message("Never at one that stands in the letter or the mail itself."),
        needed=Message(
            "Choose the contact on file at which you asked. If there is none, record one from the contract first."
        ),
    ),
    choice("result", Message("What did they say?"), "call_results", needed=Message("Choose what they said.")),
    passage(
        "note",
        Message("Note for the file"),
        Message("Whom you spoke to, what they are in the company, and what exactly they confirmed."),
        needed=Message("Write whom you spoke to and what they said."),
    ),
)
RECORD_CONTACT: Final = (
    choice("kind", Message("What kind of contact is it?"), "contact_kinds", needed=Message("Choose what it is.")),
    text("value", Message("The contact"), needed=Message("Enter the contact.")),
    text(
        "source",
        Message("Where does it stand?"),
        Message("Such as: contract 2024-118, page 1. Never the letter that you want to check."),
        needed=Message("Say where the contact stands."),
    ),
    passage(
        "reason",
        Message("Why is it taken from there?"),
        Message("It stands in the history."),
        needed=Message("Say why it is taken from there."),
    ),
)

NO_LETTER: Final = Message("Keep the company's letter or mail with the request first: as a file, below.")
NO_CALL: Final = Message(
    "Nobody at a contact on file has confirmed this letter yet. Call the company back there, and record the result."
)
DENIED: Final = Message(
    "At a contact on file they said that the letter is not theirs. It cannot be accepted unless they confirm it there."
)
# All that who sent a denied letter learns.
NOT_ENOUGH: Final = Message(
    "What you sent does not suffice as proof, so that we cannot act on this request. If you think that this is a"
    " mistake, write to us here."
)
