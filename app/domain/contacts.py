"""Addresses of people: shown without giving them away, counted by mailbox, and looked at for letters that only seem to
be what they are (Art. 5(1)(f), 32)."""

import unicodedata
from typing import Final, Literal

from app.domain.identity import read_email
from app.domain.messages import Message
from app.domain.policy_values import covers

ContactKind = Literal["email", "phone", "post"]
# Which data categories of a data map are a way to reach somebody.
KINDS: Final[dict[str, ContactKind]] = {
    "user.contact.email": "email", "user.contact.phone_number": "phone", "user.contact.address": "post",
}  # fmt: skip
LONGEST: Final = 300
# Providers that deliver with and without dots to one mailbox, so that dots would multiply what one person gets.
_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})
# Scripts that one word of one language mixes.
_TOGETHER: Final = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}
_HIDDEN: Final = "•••"


def contact_kind(category: str) -> ContactKind | None:
    """What a field of this data category tells about reaching a person."""
    return next((kind for known, kind in KINDS.items() if covers(known, category)), None)


def sound(kind: ContactKind, value: object) -> str | None:
    """A value of a system as a contact, in one line; None when nobody could be reached by it."""
    text = " ".join(str(value).split())
    if not text or len(text) > LONGEST:
        return None
    return read_email(text)[0] if kind == "email" else text


def masked(kind: ContactKind, value: str) -> str:
    """So much of a contact that its owner knows it again, and nobody else learns it. A domain of other letters is shown
    as computers write it: it may have been chosen to look like another."""
    if kind == "email":
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}{_HIDDEN}@{domain if domain.isascii() else _computers_write(domain)}"
    return f"{_HIDDEN}{value[-3:]}" if kind == "phone" else _HIDDEN


def mailbox(address: str) -> str:
    """One key for all spellings that reach one mailbox: case, what follows a plus, dots where they do not count.

    Only for counting mails: whether two addresses are one person is decided by `comparable`, which is strict.
    """
    local, _, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain in _DOTLESS else local}@{domain}"


def oddities(address: str) -> tuple[Message, ...]:
    """What staff should look at twice in an e-mail address: letters that look like others."""
    found = []
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        text = "The domain of this address has letters beyond plain Latin ones. Computers write it %(written)s."
        found.append(Message(text, {"written": _computers_write(domain)}))
    # The last part of a domain, such as com, is Latin in addresses of every language.
    letters = local + domain.rpartition(".")[0]
    if len({_script(letter) for letter in letters if letter.isalpha()}) > 1:
        found.append(Message("This address mixes letters of several scripts, some of which look alike."))
    return tuple(found)


def _script(letter: str) -> str:
    word = unicodedata.name(letter, "UNKNOWN").split()[0]
    return _TOGETHER.get(word, word)


def _computers_write(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return ascii(domain).strip("'")
