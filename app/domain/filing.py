"""What it takes to file a request (Art. 12(2), 15 GDPR): the least that lets the organisation find and answer the
person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.errors import Invalid
from app.domain.identity import (
    IDENTITY_KINDS,
    IDENTITY_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    read_email,
    text_fault,
    tidy,
)
from app.domain.messages import Message

CHANNELS = ("web", "api", "post", "phone", "email", "desk")
PROOF_METHODS = ("document_view", "official_letter", "account_session")
DETAILS = ("wish",)


@dataclass(frozen=True, slots=True)
class ProofNote:
    """What staff saw that proves the identities of this very filing, and no others."""

    method: str
    note: str


@dataclass(frozen=True, slots=True)
class Filing:
    """One submission: one or several rights asked for by one person. `details` is by right, then by field."""

    rights: tuple[str, ...]
    name: str
    identities: Mapping[str, str]
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    language: str = "en"
    capacity: str = "self"
    channel: str = "web"
    received_at: datetime | None = None
    proof: ProofNote | None = None


def checked(filing: Filing, *, offered: Collection[str], languages: Collection[str]) -> Filing:
    """The filing tidied up; Invalid names every wrong field with the way to mend it."""
    faults: dict[str, Message] = {}
    identities = _identities(filing, faults)
    tidied = replace(
        filing,
        name=_text(filing.name, "name", NAME_LENGTH, faults),
        identities=identities,
        details=_details(filing, faults),
    )
    if not tidied.name and "name" not in faults:
        faults["name"] = Message("Enter your name.")
    _rights(filing, offered, faults)
    if filing.language not in languages:
        faults["language"] = _one_of(filing.language, languages)
    if filing.capacity != "self":
        faults["capacity"] = Message("Only requests for oneself can be filed here.")
    if filing.channel not in CHANNELS:
        faults["channel"] = _one_of(filing.channel, CHANNELS)
    if filing.proof is not None:
        _proof(filing.proof, faults)
    if faults:
        raise Invalid(faults)
    return tidied


def _identities(filing: Filing, faults: dict[str, Message]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for kind, value in filing.identities.items():
        place = f"identities.{kind}"
        if kind not in IDENTITY_KINDS:
            faults[place] = _one_of(kind, IDENTITY_KINDS)
        elif kind == "email":
            _email(value, kept, faults)
        elif text := _text(value, place, IDENTITY_LENGTH, faults):
            kept[kind] = text
    # On the web the mail is the way back to the person; a letter or a call may leave none.
    must_have_email = filing.channel in ("web", "api") and filing.proof is None
    if must_have_email and "email" not in kept and "identities.email" not in faults:
        faults["identities.email"] = Message("Enter your e-mail address.")
    if not kept and not any(place.startswith("identities") for place in faults):
        faults["identities"] = Message(
            "Give at least one thing by which the person can be found, such as an e-mail address."
        )
    return kept


def _email(value: object, kept: dict[str, str], faults: dict[str, Message]) -> None:
    if not isinstance(value, str):
        faults["identities.email"] = Message("This must be text.")
        return
    if not value.strip():
        return
    address, fault = read_email(value.strip())
    if fault is not None:
        faults["identities.email"] = fault
    elif address is not None:
        kept["email"] = address


def _details(filing: Filing, faults: dict[str, Message]) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for right, answers in filing.details.items():
        for name, value in answers.items():
            place = f"details.{right}.{name}"
            if right not in filing.rights:
                faults[f"details.{right}"] = Message("This right is not among those asked for.")
            elif name not in DETAILS:
                faults[place] = _one_of(name, DETAILS)
            elif text := _text(value, place, TEXT_LENGTH, faults, lines=True):
                kept.setdefault(right, {})[name] = text
    return kept


def _text(value: object, place: str, most: int, faults: dict[str, Message], *, lines: bool = False) -> str:
    if not isinstance(value, str):
        faults[place] = Message("This must be text.")
        return ""
    text = tidy(value)
    fault = text_fault(text, max_length=most, lines=lines)
    if fault is not None:
        faults[place] = fault
    return text


def _rights(filing: Filing, offered: Collection[str], faults: dict[str, Message]) -> None:
    if not filing.rights:
        faults["rights"] = Message("Say which right you want to use.")
    if len(set(filing.rights)) != len(filing.rights):
        faults["rights"] = Message("Name each right once.")
    for right in filing.rights:
        if right not in offered:
            faults["rights"] = _one_of(right, offered)


def _proof(proof: ProofNote, faults: dict[str, Message]) -> None:
    if proof.method not in PROOF_METHODS:
        faults["proof.method"] = _one_of(proof.method, PROOF_METHODS)
    if not tidy(proof.note):
        faults["proof.note"] = Message("Say what was seen that proves who the person is.")
    elif fault := text_fault(tidy(proof.note), max_length=NAME_LENGTH * 2):
        faults["proof.note"] = fault


def _one_of(given: object, allowed: Collection[str]) -> Message:
    return Message("“%(given)s” is not offered here. Choose from: %(allowed)s.", {
        "given": str(given)[:60], "allowed": ", ".join(allowed) or "nothing",
    })  # fmt: skip
