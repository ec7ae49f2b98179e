"""Passwords of staff (Art. 32 GDPR): Argon2id, a length that helps, the same cost whether or not there is somebody."""

import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.portal import Portal

SHORTEST: Final = 12
LONGEST: Final = 1000
# Of the library's five steps; the third means more than a hundred million guesses by somebody who has the leaked lists.
_LEAST_SCORE: Final = 3
_WEIGHED: Final = 72  # so many characters are weighed; more cannot make a password weaker


def check(password: str, *, email: str, name: str) -> None:
    """Invalid when a guesser would try this one first; no rules about kinds of characters, which only annoy."""
    fault = _fault(_normal(password), {email, *email.split("@"), name, name.replace(" ", ""), *name.split()})
    if fault is not None:
        raise Invalid({"password": fault})


def hashed(portal: Portal, password: str) -> str:
    """The Argon2id hash to store. Takes about a tenth of a second: never call it inside an open `Work`."""
    return _hasher(cheap=portal.settings.env == "test").hash(_normal(password))


def matches(portal: Portal, password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored hash the same work is done and the answer is no."""
    hasher = _hasher(cheap=portal.settings.env == "test")
    try:
        hasher.verify(stored or _nobodys(hasher), _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def _fault(password: str, obvious: set[str]) -> Message | None:
    if len(password) < SHORTEST:
        return Message(
            "Use at least %(count)s character, for example four words in a row.", {"count": SHORTEST},
            "Use at least %(count)s characters, for example four words in a row.",
        )  # fmt: skip
    if len(password) > LONGEST:
        return Message("Use %(count)s character or fewer.", {"count": LONGEST}, "Use %(count)s characters or fewer.")
    if password.casefold() in {_normal(word).casefold() for word in obvious}:
        return Message("Choose something else than your name or e-mail address.")
    if _guessed_early(password, obvious):
        # Leaked lists begin with it: the 30,000 passwords that people really had, their usual disguises, keyboard
        # rows, dates, names and the words of this very person. All of it is in the package: nothing is sent anywhere.
        return Message("This one is among the first that are tried: choose something else, such as four random words.")
    return None


def _guessed_early(password: str, obvious: set[str]) -> bool:
    known = [_normal(word).casefold() for word in (*obvious, "habeas") if word]
    return int(zxcvbn(password[:_WEIGHED], user_inputs=known)["score"]) < _LEAST_SCORE


def _normal(password: str) -> str:
    # The same password typed on another keyboard may arrive as other code points.
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


@cache
def _hasher(*, cheap: bool) -> PasswordHasher:
    # The library's own defaults (RFC 9106, low memory); tests need the logic, not the cost.
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
