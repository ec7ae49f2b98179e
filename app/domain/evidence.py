"""Evidence in words (LAW 6): what may be sent, for what, in which state a file is, and why one is not taken."""

from collections.abc import Mapping
from typing import Final, Literal

from app.domain.messages import Message

Kind = Literal["pdf", "png", "jpeg", "tiff", "heic", "eml", "docx"]
Purpose = Literal["identity", "mandate", "other"]
How = Literal["proof_accepted", "proof_rejected", "case_decided", "latest_date", "infected", "by_staff"]

LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_FILES: Final = 10
MOST_AT_ONCE: Final = 100 * 1024 * 1024
MOST_OF_A_CASE: Final = 50
LONGEST_NAME: Final = 120

KINDS: Final[Mapping[Kind, str]] = {
    "pdf": "PDF", "png": "PNG", "jpeg": "JPEG", "tiff": "TIFF", "heic": "HEIC", "eml": "EML", "docx": "DOCX",
}  # fmt: skip
PURPOSES: Final[Mapping[Purpose, Message]] = {
    "identity": Message("It shows who I am"),
    "mandate": Message("It shows that I may act for somebody else"),
    "other": Message("Something else about this request"),
}
PURPOSES_FOR_DESK: Final[Mapping[Purpose, Message]] = {
    "identity": Message("Proof of identity"),
    "mandate": Message("Proof of authority to act for somebody"),
    "other": Message("Something else about the request"),
}
STATES: Final[Mapping[str, Message]] = {
    "waiting_for_scanner": Message("Waits for the virus scanner"),
    "ready": Message("Received", context="of a file"),
    "rejected": Message("Not taken: the virus scanner found something"),
    "destroyed": Message("Destroyed", context="of a file"),
}
SCANS: Final[Mapping[str, Message]] = {
    "waiting": Message("The virus scanner has not seen it yet: it cannot be opened."),
    "clean": Message("The virus scanner found nothing."),
    "infected": Message("The virus scanner found something."),
    "no_scanner": Message("No virus scanner is connected: open it with care."),
}
HOW: Final[Mapping[How, Message]] = {
    "proof_accepted": Message("the proof was accepted"),
    "proof_rejected": Message("the proof did not suffice"),
    "case_decided": Message("the request was decided"),
    "latest_date": Message("its latest date had come"),
    "infected": Message("the virus scanner found something in it"),
    "by_staff": Message("it was not needed"),
}

NOTHING_CHOSEN: Final = Message("Choose a file.")
TOO_MANY: Final = Message(
    "Choose at most %(count)s file at once.", {"count": MOST_FILES}, "Choose at most %(count)s files at once."
)
FULL: Final = Message(
    "There is already %(count)s file with this request. Write to the organisation instead.", {"count": MOST_OF_A_CASE},
    "There are already %(count)s files with this request. Write to the organisation instead.",
)  # fmt: skip


def file_name(given: str | None) -> str:
    """A name to show: the last part of whatever path was sent, printable and short. It never names a place of ours."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    if len(shown) > LONGEST_NAME:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[: LONGEST_NAME - 12]}…{dot}{ending[:10]}" if dot else f"{shown[: LONGEST_NAME - 1]}…"
    return shown or "file"


def fault(word: str, name: str) -> Message:
    """Why this file is not taken, and what to do instead."""
    file = {"name": name}
    return {
        "empty": Message("“%(name)s” is empty. Choose the file again.", file),
        "too_large": Message(
            "“%(name)s” is larger than 20 MB. Send a smaller copy, such as a photo instead of a scan.", file
        ),
        "unknown": Message(
            "“%(name)s” is none of the kinds of file that can be sent: PDF, PNG, JPEG, TIFF, HEIC, EML or DOCX. "
            "What a file is, is seen from what it holds, not from its name.",
            file,
        ),
        "broken": Message(
            "“%(name)s” is broken or was cut off. Open it yourself to see whether it is whole, or make it anew.", file
        ),
        "two_in_one": Message(
            "“%(name)s” holds more than one kind of file at once. Save it anew, or send a photo of it.", file
        ),
        "locked": Message("“%(name)s” is locked with a password. Save it without one, or send a photo of it.", file),
        "active": Message(
            "“%(name)s” holds a program (script, macro or command). Print it into a new PDF, or send a photo of it.",
            file,
        ),
        "carries": Message("“%(name)s” has other files inside. Send each file by itself.", file),
        "too_big": Message("“%(name)s” would be far too large once opened. Send a smaller picture.", file),
        "infected": Message("“%(name)s” was not kept: the virus scanner found something in it.", file),
    }[word]
