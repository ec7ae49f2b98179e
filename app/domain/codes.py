"""One-time codes typed from a mail: six digits, ten minutes, five tries, bound to one case and one purpose."""

import hmac
from datetime import timedelta
from enum import Enum

from app.domain.messages import Message

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5
# What each is for decides whom it is sent to; `subject`, `cosign` and `cosign_typed` go to the person for whom somebody
# else acts.
PURPOSES = ("confirm", "enter", "download", "on_file", "subject", "cosign", "cosign_typed")


class CodeResult(Enum):
    """What became of a typed code; the value is the sentence that the person reads."""

    ACCEPTED = Message("That is the right code.")
    WRONG = Message("That is not the code we sent. Check the newest e-mail and type the 6 digits again.")
    EXPIRED = Message("This code is more than 10 minutes old. Ask for a new one.")
    USED = Message("This code has been used already. Ask for a new one.")
    USED_UP = Message("The code was typed wrong 5 times, so it no longer works. Ask for a new one.")

    @property
    def message(self) -> Message:
        return self.value

    @property
    def accepted(self) -> bool:
        return self is CodeResult.ACCEPTED


def code_from(digest: bytes) -> str:
    """The six digits that a keyed digest (at least 8 bytes) stands for; the database alone cannot know them."""
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def same_code(typed: str, expected: str) -> bool:
    """Compares in constant time; spaces and hyphens that people type do not matter."""
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    return hmac.compare_digest(digits.encode(), expected.encode())
