"""What people type about themselves, made safe and comparable: names, texts and identities, and the references they
get back."""

import secrets
import unicodedata

from email_validator import EmailNotValidError, validate_email

from app.domain.messages import Message

# No 0/O, 1/I/L, and no U: read aloud and copied from paper without mistakes. 32 symbols minus those: 30, 12 of them:
# 58 bits.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_GROUPS = (4, 4, 4)
NAME_LENGTH = 200
TEXT_LENGTH = 4000
IDENTITY_LENGTH = 200
IDENTITY_KINDS = ("email", "phone", "customer_number", "account_name")
CONTACT_KINDS = ("email",)

_LINES = {"\n", "\t"}
# Characters that reorder or hide what staff read: overrides, embeddings, isolates, invisible separators (Trojan
# Source).
# What joins letters (\u200c, \u200d) stays: languages and emoji are written with it.
_HIDDEN = set(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f"
    "\u2028\u2029\ufeff\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufff9\ufffa\ufffb"
)


def new_reference() -> str:
    """A random case reference such as `7K2M-9QXF-4TRB`, unique across controllers for all practical purposes."""
    return "-".join("".join(secrets.choice(REFERENCE_LETTERS) for _ in range(size)) for size in REFERENCE_GROUPS)


def read_reference(text: str) -> str | None:
    """The canonical form of a typed reference (any case, spaces or no hyphens), or None when it cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != sum(REFERENCE_GROUPS) or any(letter not in REFERENCE_LETTERS for letter in letters):
        return None
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def text_fault(text: str, *, max_length: int, lines: bool = False) -> Message | None:
    """What is wrong with a typed text, in the typist's words; None when it can be kept as it is (emoji too)."""
    if len(text) > max_length:
        return Message(
            "Shorten this to %(count)s character or fewer. It has %(have)d now.",
            {"count": max_length, "have": len(text)},
            "Shorten this to %(count)s characters or fewer. It has %(have)d now.",
        )
    for letter in text:
        if letter in _HIDDEN:
            return Message(
                "Remove the invisible characters that change the direction or order of the text, and type it again."
            )
        if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") and not (lines and letter in _LINES):
            return Message("Remove the control characters: they may have come along when the text was pasted.")
    return None


def tidy(text: str) -> str:
    """One normal form (NFC), Unix line ends, no white space around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_email(text: str) -> tuple[str | None, Message | None]:
    """The address to write to, or what is wrong with it. No look-up: whether it works is shown by the code that
    arrives."""
    fault = text_fault(text, max_length=254)
    if fault is not None:
        return None, fault
    try:
        checked = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None, Message("Enter an e-mail address like name@example.com.")
    return checked.normalized, None


def comparable(kind: str, value: str) -> str:
    """The form in which two spellings of one identity are the same.

    Of an e-mail address only upper and lower case are one: letters that merely look alike, or that a looser rule would
    fold together (ß and ss, full-width forms), may be another person's mailbox.
    """
    if kind == "email":
        return unicodedata.normalize("NFC", value).strip().lower()
    folded = unicodedata.normalize("NFKC", value).strip().casefold()
    if kind == "phone":
        return "".join(letter for letter in folded if letter.isdigit() or letter == "+")
    return folded
