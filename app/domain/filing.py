"""What it takes to file a request (Art. 12(2), 15 GDPR): the least that lets the organisation find and answer the
person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.customers import CUSTOMER, Company
from app.domain.customers import checked as company_checked
from app.domain.errors import Invalid
from app.domain.identity import (
    IDENTITY_KINDS,
    IDENTITY_LENGTH,
    NAME_LENGTH,
    read_email,
    text_fault,
    tidy,
)
from app.domain.messages import Message
from app.domain.questions import GROUNDS, Given, RightForm, one_of
from app.domain.representation import KINDS, Representing, Room
from app.domain.representation import checked as representing
from app.domain.rights_forms import PENDING

CHANNELS = ("web", "api", "post", "phone", "email", "desk")
# No letter among them: it proves nothing before somebody at a contact on file has confirmed it (M-8).
PROOF_METHODS = ("document_view", "account_session")


@dataclass(frozen=True, slots=True)
class ProofNote:
    """What staff saw that proves the identities of this very filing, and no others."""

    method: str
    note: str


@dataclass(frozen=True, slots=True)
class Filing:
    """One submission: one or several rights asked for by one person. `details` is by right, then by question; `grounds`
    is by right too."""

    rights: tuple[str, ...]
    name: str
    identities: Mapping[str, str]
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    language: str = "en"
    capacity: str = "self"
    channel: str = "web"
    received_at: datetime | None = None
    proof: ProofNote | None = None
    grounds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    representation: Representing | None = None
    company: Company | None = None
    under: int | None = None  # they say that they are younger than the organisation lets use its service

    @property
    def for_another(self) -> bool:
        """Whether somebody else asks for the person: a guardian, an agent."""
        return self.capacity in KINDS

    @property
    def by_themselves(self) -> bool:
        """Whether the person fills in the form; what came on paper or by phone is taken as it came."""
        return self.channel in ("web", "api") and self.proof is None


def checked(
    filing: Filing, *, forms: Mapping[str, RightForm], languages: Collection[str], contact: str = "",
    room: Room | None = None,
) -> Filing:  # fmt: skip
    """The filing tidied up; Invalid names every wrong field with the way to mend it. `contact` answers what cannot be
    asked here, `room` is who may ask for whom."""
    faults: dict[str, Message] = {}
    identities = _identities(filing, faults)
    given = _given(filing, forms, faults)
    tidied = replace(
        filing,
        name=_text(filing.name, "name", NAME_LENGTH, faults),
        identities=identities,
        details={right: dict(one.details) for right, one in given.items() if one.details},
        grounds={right: one.grounds for right, one in given.items() if one.grounds},
        representation=_represented(filing, identities, room, faults, contact),
        company=company_checked(
            filing.company,
            capacity=filing.capacity,
            identities=identities,
            rights=filing.rights,
            allowed=room.capacities if room else {},
            proven=filing.proof is not None,
            faults=faults,
        ),
    )
    if not tidied.name and "name" not in faults:
        theirs, yours = Message("Enter the name of the person."), Message("Enter your name.")
        faults["name"] = theirs if filing.for_another else yours
    _rights(filing, forms, faults)
    if filing.language not in languages:
        faults["language"] = one_of(filing.language, languages)
    if filing.channel not in CHANNELS:
        faults["channel"] = one_of(filing.channel, CHANNELS)
    if filing.proof is not None:
        _proof(filing.proof, faults)
    if faults:
        raise Invalid(faults)
    return _set_aside_meanwhile(tidied, forms)


def _represented(  # noqa: PLR0917  # the order in which a filing is read
    filing: Filing, identities: Mapping[str, str], room: Room | None, faults: dict[str, Message], contact: str
) -> Representing | None:
    """Who asks for somebody else says with what authority; nobody else does."""
    if filing.for_another and room is not None:
        return representing(
            filing.representation, kind=filing.capacity, name=str(filing.name), rights=filing.rights,
            own_email=identities.get("email", ""),
            by_themselves=filing.by_themselves, room=room, faults=faults,
        )  # fmt: skip
    if filing.capacity not in ("self", CUSTOMER):
        text = "Here everybody asks for themselves. To ask for somebody else, write to %(contact)s and say for whom."
        faults["capacity"] = Message(text, {"contact": contact})
    elif filing.representation is not None:
        faults["representation"] = Message("Say this only if you ask for somebody else.")
    return None


def _set_aside_meanwhile(filing: Filing, forms: Mapping[str, RightForm]) -> Filing:
    """Who objects may ask in the same breath that the data is not used until it is decided (Art. 18(1)(d)): that is a
    request of its own. Advertising needs none, since it stops at once."""
    form = forms.get("restriction")
    wished = filing.details.get("objection", {}).get("restrict") == "yes" and "objection" in filing.rights
    if not wished or form is None or PENDING not in form.grounds or not _may_be_weighed(filing, forms["objection"]):
        return filing
    before = tuple(filing.grounds.get("restriction", ()))
    return replace(
        filing,
        rights=filing.rights if "restriction" in filing.rights else (*filing.rights, "restriction"),
        grounds={**filing.grounds, "restriction": tuple(dict.fromkeys((*before, PENDING)))},
    )


def _may_be_weighed(filing: Filing, form: RightForm) -> bool:
    grounds = filing.grounds.get("objection", ())
    return not grounds or any(not form.grounds[name].absolute for name in grounds)


def _identities(filing: Filing, faults: dict[str, Message]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for kind, value in filing.identities.items():
        place = f"identities.{kind}"
        if kind not in IDENTITY_KINDS:
            faults[place] = one_of(kind, IDENTITY_KINDS)
        elif kind == "email":
            _email(value, kept, faults)
        elif text := _text(value, place, IDENTITY_LENGTH, faults):
            kept[kind] = text
    # On the web the mail is the way back to the person; a letter or a call may leave none.
    asks_alone = filing.by_themselves and not filing.for_another
    if asks_alone and "email" not in kept and "identities.email" not in faults:
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


def _given(filing: Filing, forms: Mapping[str, RightForm], faults: dict[str, Message]) -> dict[str, Given]:
    for right in {*filing.details, *filing.grounds} - set(filing.rights):
        for part, said in (("details", filing.details), ("grounds", filing.grounds)):
            if said.get(right):
                faults[f"{part}.{right}"] = Message("This right is not among those asked for.")
    kept: dict[str, Given] = {}
    for right in filing.rights:
        if (form := forms.get(right)) is None:
            continue
        answers, relied = filing.details.get(right, {}), filing.grounds.get(right, ())
        kept[right], wrong = form.read(answers, relied, strict=filing.by_themselves)
        for name, words in wrong.items():
            faults[f"grounds.{right}" if name == GROUNDS else f"details.{right}.{name}"] = words
    return kept


def _text(value: object, place: str, most: int, faults: dict[str, Message]) -> str:
    if not isinstance(value, str):
        faults[place] = Message("This must be text.")
        return ""
    text = tidy(value)
    fault = text_fault(text, max_length=most)
    if fault is not None:
        faults[place] = fault
    return text


def _rights(filing: Filing, forms: Collection[str], faults: dict[str, Message]) -> None:
    if not filing.rights:
        faults["rights"] = Message("Say which right you want to use.")
    if len(set(filing.rights)) != len(filing.rights):
        faults["rights"] = Message("Name each right once.")
    for right in filing.rights:
        if right not in forms:
            faults["rights"] = one_of(right, forms)


def _proof(proof: ProofNote, faults: dict[str, Message]) -> None:
    if proof.method not in PROOF_METHODS:
        faults["proof.method"] = one_of(proof.method, PROOF_METHODS)
    if not tidy(proof.note):
        faults["proof.note"] = Message("Say what was seen that proves who the person is.")
    elif fault := text_fault(tidy(proof.note), max_length=NAME_LENGTH * 2):
        faults["proof.note"] = fault
