"""A form that is printed, signed by hand and sent back (152-FZ, Art. 14(3)): the code that ties the paper to its
request, and what can be wrong with it, each with the way to mend it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.identity import REFERENCE_LETTERS
from app.domain.messages import Message

MARK: Final = "HF:"  # in front of ours, since other codes may stand on the same paper
LENGTH: Final = 16  # of 30 letters: 78 bits, nobody guesses one
GROUP: Final = 4
LONGEST_LINE: Final = 200

# Whose form a paper is, seen from the case that it came to.
Whose = Literal["this", "other", "none"]


def new_code() -> str:
    """A random code that says nothing about anybody."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(LENGTH))


def shown(code: str) -> str:
    """The code in groups, as it is read aloud and typed: 7K2M-9QXF-4TRB-8HWN."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(text: str) -> str | None:
    """The code that somebody typed from the paper, or None when it cannot be one."""
    letters = "".join(letter for letter in text.upper().removeprefix(MARK) if letter.isalnum())
    return letters if len(letters) == LENGTH and set(letters) <= set(REFERENCE_LETTERS) else None


def codes_among(texts: Iterable[str]) -> tuple[str, ...]:
    """Our codes among all that were read from a paper."""
    ours = (read_code(text) for text in texts if text.startswith(MARK))
    return tuple(dict.fromkeys(code for code in ours if code is not None))


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with a signed form: for who looks at it, and for who has to mend it."""

    seen: Message
    mend: Message


DEFECTS: Final[Mapping[str, Defect]] = {
    "no_signature": Defect(
        Message("It is not signed"),
        Message("The form is not signed. Sign it by hand in the box at the bottom, and send it again."),
    ),
    "signature_elsewhere": Defect(
        Message("The signature stands on another page, or is a typed name or a picture"),
        Message(
            "The signature is not in the box at the bottom of the form, or it was not written by hand. Sign the printed"
            " form itself, and send it again."
        ),
    ),
    "no_date": Defect(
        Message("The day of signing is missing"),
        Message("The day on which you signed is missing. Write it beside your signature, and send the form again."),
    ),
    "incomplete_fields": Defect(
        Message("A field that the law asks for is empty"),
        Message("A line of the form that the law asks for is empty. Fill in every line, and send the form again."),
    ),
    "unreadable": Defect(
        Message("It cannot be read: blurred, too dark, too small"),
        Message(
            "The picture cannot be read. Lay the form flat in daylight, hold the camera straight above it until the"
            " whole page is in the picture, and send the new picture."
        ),
    ),
    "pages_missing": Defect(
        Message("A part of the page is cut off"),
        Message("A part of the page is cut off or covered. Send a picture with all four corners of the page in it."),
    ),
    "wrong_person": Defect(
        Message("It is signed by or filled in for somebody else"),
        Message(
            "The form names or was signed by somebody else than the person who made the request. The person whose data"
            " it is about has to sign it. If you act for them, write to us first."
        ),
    ),
    "changed_text": Defect(
        Message("The printed words were changed"),
        Message(
            "The printed words of the form were changed. Make the form once more on your request's page and sign it as"
            " it is. To ask for something else, make another request."
        ),
    ),
    "other_request": Defect(
        Message("It belongs to another request"),
        Message("The form belongs to another request. Take the form from the page of this request, and sign that one."),
    ),
    "other_paper": Defect(
        Message("It is another paper, not the form"),
        Message("What you sent is not the form. Make the form on your request's page, print and sign it, and send it."),
    ),
}  # fmt: skip

NOT_AS_IT_IS: Final = Message(
    "The signed form that you sent cannot be used as it is. Nothing is lost: your request stays as it is, and you can"
    " send the form again."
)
AGAIN: Final = Message("The form from your request's page, mended as it says above.")
OTHERWISE: Final = Message(
    "If you cannot print, sign or take a picture, write to us on your request's page: we find another way with you."
)
OF_ANOTHER: Final = Message("This form belongs to another request: take the one from this page.")
