"""What a controller promises, as data: the types of the controller file (docs/controller-file.md).

A procedure is data, never an `if` on a controller's name; texts for people are one string or one per language.
The regime packs' types live in `regime.py`, the shared words in `policy_values.py`; both are at hand here too.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.domain.ages import Age
from app.domain.colours import MINIMUM_CONTRAST, contrast_with_white
from app.domain.errors import Unavailable
from app.domain.messages import Message
from app.domain.policy_values import (
    UNITS,
    CategoryName,
    Country,
    Data,
    Key,
    Language,
    Line,
    LocalText,
    Period,
    Proof,
    RightName,
    Slug,
    Span,
    Text,
    Way,
    covers,
    each_once,
    say,
    some_each_once,
)  # fmt: skip
from app.domain.regime import Complaint, Court, Element, Ground, Regime, RegimeRight, Rule

__all__ = [
    "UNITS", "AccountRule", "Backup", "CategoryRule", "Complaint", "ConnectionSpec", "Contact",
    "Controller", "ControllerFile", "CoolingOff", "Court", "Element", "Erasure", "Ground", "Keep", "Look", "Officer",
    "Period", "Proof", "Purpose", "Recipient", "Regime", "RegimeRight", "RightName", "RightOffer", "Rule", "Span",
    "Text", "Way", "covers", "say",
]  # fmt: skip

LegalBasis = Literal[
    "consent", "contract", "legal_obligation", "vital_interest", "public_task", "legitimate_interest"
]  # Art. 6(1)(a)-(f)
ErasureEffect = Literal["nullify", "redact", "hash", "delete_row", "keep"]

REFERENCE = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)\}")
SECRET_PARAMETER = re.compile(r"(?i)(password|passwd|pwd|secret|token|api_?key)$")


def _email(value: str) -> str:
    # Only the form is looked at: whether the mailbox answers is found out by writing to it.
    if not re.fullmatch(r"[^@\s<>\"(),:;\\\[\]]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}", value) or len(value) > 254:
        raise PydanticCustomError("email", "is no e-mail address; like privacy@example.com")
    return value


def _mail_server(value: str) -> str:
    # As it stands in Authentication-Results (RFC 8601, 2.5), which any sender can write too: so it is one exact name.
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", value):
        raise PydanticCustomError("mail_server", "is no name of a mail server; in small letters, like mx.example.com")
    return value


def _colour(value: object) -> object:
    if value is None:
        raise PydanticCustomError("no_colour", 'is empty: # begins a comment; in quotes, like "#1d4ed8"')
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise PydanticCustomError("colour", 'is no colour; six hexadecimal digits in quotes, like "#1d4ed8"')
    found = contrast_with_white(value)
    if found < MINIMUM_CONTRAST:
        raise PydanticCustomError(
            "contrast",
            "is too light: white text on it has a contrast of {found}:1; at least {least}:1 (WCAG 2.2, 1.4.3)",
            {"found": f"{found:.1f}", "least": str(MINIMUM_CONTRAST)},
        )
    return value


def _no_secret(url: str) -> str:
    if "${" in REFERENCE.sub("", url):
        raise PydanticCustomError("reference", "holds a broken reference; ${NAME} in capitals, digits and _")
    if re.fullmatch(REFERENCE, url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if not parts.scheme:
        raise PydanticCustomError("url", 'is no address; like "${ACME_SHOP_URL}" or postgresql://reader@host/shop')
    password = parts.netloc.rpartition("@")[0].partition(":")[2]
    fields = (piece.partition("=")[::2] for piece in parts.query.split("&"))
    in_query = [value for name, value in fields if SECRET_PARAMETER.search(unquote(name))]
    if any(REFERENCE.sub("", value) for value in (password, *in_query)):
        raise PydanticCustomError("secret", "holds a password; ${NAME} in its place, set in the environment")
    return url


Email = Annotated[str, AfterValidator(_email)]
MailServer = Annotated[str, AfterValidator(_mail_server)]
Colour = Annotated[str | None, BeforeValidator(_colour)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_no_secret)]


class Keep(Span):
    """How long data of a category is kept (Art. 5(1)(e), 15(1)(d)), counted from an event in its life."""

    from_: Literal["created", "last_use", "contract_end", "purpose_end"] = Field(default="created", alias="from")


class CoolingOff(Span):
    """The time in which a decided erasure can still be taken back, and what holds meanwhile."""

    effect: Literal["suspend", "restrict", "none"] = "none"


class RightOffer(Data):
    """How this controller serves one right; what it leaves out is the regime's own rule."""

    proof: Annotated[tuple[Proof, ...], AfterValidator(some_each_once)] = ()  # none named: what the law's pack says
    respond_within: Period | None = None
    approvers: Annotated[int, Field(ge=0, le=5, strict=True)] = 1
    cooling_off: CoolingOff | None = None
    note: LocalText | None = None


class Contact(Data):
    """Where a person reaches the controller."""

    email: Email
    phone: Line | None = None
    post: Line | None = None
    mail_server: MailServer | None = None  # whose results about a mail's sender are trusted (M-8)


class Officer(Data):
    """The data protection officer (Art. 37-39)."""

    name: Line
    email: Email
    phone: Line | None = None


class Look(Data):
    """The controller's colour: links and buttons carry white text on it."""

    colour: Colour = None


class Controller(Data):
    """Who answers."""

    slug: Slug
    name: Line
    legal_name: Line
    country: Country
    timezone: Line
    languages: Annotated[tuple[Language, ...], AfterValidator(some_each_once)]
    regime: Key
    contact: Contact
    dpo: Officer | None = None
    look: Look = Look()
    about: LocalText | None = None
    no_use_under: dict[Country, Age] = Field(default_factory=dict)  # beyond what the law says (Art. 8)

    @property
    def language(self) -> str:
        return self.languages[0]


class Purpose(Data):
    """Why data is processed and what allows it (Art. 6(1), 15(1)(a))."""

    title: LocalText
    legal_basis: LegalBasis
    law: LocalText | None = None


class ConnectionSpec(Data):
    """One system that holds data; the key names it everywhere."""

    key: Key
    kind: Literal["sql"]
    url: Address
    dataset: Line

    def resolved(self, environment: Mapping[str, str]) -> str:
        """The address with each ${NAME} read now: a secret lives in the environment only, never in a table."""
        missing = [name for name in REFERENCE.findall(self.url) if not environment.get(name)]
        if missing:
            text = "The connection %(key)s needs %(names)s to be set in the environment."
            raise Unavailable(Message(text, {"key": self.key, "names": ", ".join(missing)}))
        return REFERENCE.sub(lambda found: environment[found[1]], self.url)


class CategoryRule(Data):
    """What holds for a data category and all below it that have no rule of their own."""

    title: LocalText | None = None
    purposes: Annotated[tuple[Key, ...], AfterValidator(each_once)] = ()
    keep: Keep | None = None
    criteria: LocalText | None = None  # Art. 15(1)(d): the criteria, where no period can be named
    source: LocalText | None = None  # Art. 15(1)(g)
    functions: Annotated[tuple[Key, ...], AfterValidator(each_once)] = ()
    on_erasure: ErasureEffect | None = None


class Erasure(Data):
    """What happens to a field or a row when it is erased; rows are named connection.collection."""

    default: ErasureEffect = "nullify"
    fields: dict[CategoryName, ErasureEffect] = Field(default_factory=dict)
    rows: dict[Line, Literal["delete_row", "keep"]] = Field(default_factory=dict)


class Recipient(Data):
    """To whom data is disclosed (Art. 15(1)(c)); safeguards for third countries (Art. 15(2), 46)."""

    name: LocalText
    role: Literal["processor", "controller", "joint_controller", "authority"]
    country: Country
    safeguards: LocalText | None = None
    categories: Annotated[tuple[CategoryName, ...], AfterValidator(some_each_once)]


class Backup(Data):
    """One series of backups: an erasure is complete only when the last copy is gone."""

    name: LocalText
    every: Span
    keep: Span


class AccountRule(Data):
    """What happens to one kind of business account after its end."""

    delete_after_expiry: Span


class ControllerFile(Data):
    """The whole controller file (docs/controller-file.md)."""

    controller: Controller
    rights: Annotated[dict[RightName, RightOffer], Field(min_length=1)]
    purposes: dict[Key, Purpose] = Field(default_factory=dict)
    connections: tuple[ConnectionSpec, ...] = ()
    categories: dict[CategoryName, CategoryRule] = Field(default_factory=dict)
    erasure: Erasure = Erasure()
    recipients: tuple[Recipient, ...] = ()
    backups: tuple[Backup, ...] = ()
    accounts: dict[Key, AccountRule] = Field(default_factory=dict)
    automated_decisions: LocalText | None = None  # Art. 13(2)(f), 22: none, or which, by what logic, with what effect

    @model_validator(mode="before")
    @classmethod
    def _empty_offer(cls, value: Any) -> Any:
        """`access:` with nothing behind it offers the right by the regime's own rules, as `{}` does."""
        rights = value.get("rights") if isinstance(value, dict) else None
        if not isinstance(rights, dict):
            return value
        return {**value, "rights": {name: {} if offer is None else offer for name, offer in rights.items()}}

    def rule_for(self, category: str) -> tuple[str, CategoryRule] | None:
        """The rule of the longest prefix (whole words between dots) with its key."""
        fitting = [key for key in self.categories if covers(key, category)]
        return (key := max(fitting, key=len), self.categories[key]) if fitting else None

    def recipients_of(self, category: str) -> tuple[Recipient, ...]:
        """Who gets data of this category, or of a part of it that has no rule of its own."""
        own = self.rule_for(category)
        return tuple(
            one
            for one in self.recipients
            if any(
                covers(part, category) or (covers(category, part) and self.rule_for(part) == own)
                for part in one.categories
            )
        )

    def connection(self, key: str) -> ConnectionSpec:
        return next(spec for spec in self.connections if spec.key == key)
