"""Passwords of staff (Art. 32 GDPR): Argon2id, a length that helps, the same cost whether or not there is somebody."""

import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.domain.errors import Invalid
from app.domain.messages import Message
from app.portal import Portal

SHORTEST: Final = 12
LONGEST: Final = 1000
_FEWEST_DIFFERENT: Final = 5


def check(password: str, *, email: str, name: str) -> None:
    """Invalid when a guesser would try this one first; no rules about kinds of characters, which only annoy."""
    fault = _fault(_normal(password), {email, email.partition("@")[0], name, name.replace(" ", "")})
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
        return Message("Use at least %(least)d characters, for example four words in a row.", {"least": SHORTEST})
    if len(password) > LONGEST:
        return Message("Use %(most)d characters or fewer.", {"most": LONGEST})
    if password.casefold() in {_normal(word).casefold() for word in obvious}:
        return Message("Choose something else than your name or e-mail address.")
    if len(set(password)) < _FEWEST_DIFFERENT:
        return Message("Choose something less repetitive.")
    return None


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
