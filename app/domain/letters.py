"""The letters that a law demands (Art. 12, 15-22, 33, 34 GDPR): what each is called, what staff write into it, and what
it must contain before it may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast, get_args

from app.domain.citing import Article
from app.domain.customers import CUSTOMER
from app.domain.messages import Listed, Message, Worded
from app.domain.regime import Element, LetterKind, Regime
from app.domain.representation import KINDS as KINDS_OF_REPRESENTATIVE

KINDS: Final[tuple[LetterKind, ...]] = get_args(LetterKind)
# These go to somebody else than the person of a case, or to nobody.
WITHOUT_CASE: Final[frozenset[LetterKind]] = frozenset({
    "recipient_notice", "breach_authority", "breach_person", "breach_register",
})  # fmt: skip
# It decides nothing, all its words stand in its mail, and two hundred may go out at once: the mail does not wait for
# the paper. A decision's PDF is there when its mail arrives.
MAILED_FIRST: Final[frozenset[LetterKind]] = frozenset({"acknowledgement"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: its heading, which lists and subjects use too, and the inputs that it knows.

    An input is named like the element that it fills. `once`: what else may be said, and is left out when it is not.
    """

    title: Message
    inputs: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    titles: Mapping[str, Message] = field(default_factory=dict)  # by capacity, where it is another one


LETTERS: Final[Mapping[LetterKind, Kind]] = {
    "acknowledgement": Kind(Message("We have received your request"), (), ("still_needed",)),
    "identity_request": Kind(
        Message("We need to know that it is you"), ("doubt", "items_asked", "alternatives"), ("not_to_send", "defect"),
        {
            **dict.fromkeys(KINDS_OF_REPRESENTATIVE, Message("We need to know that you may act for this person")),
            CUSTOMER: Message("We need to know that it is the company that asks"),
        },
    ),
    "clarification": Kind(
        Message("Please tell us more about your request"), ("unclear_part", "options"), ("answered_meanwhile",)
    ),
    "extension": Kind(
        Message("Your answer takes longer"), ("reasons",), ("ground", "new_due_date", "delivered_now")
    ),
    "refusal": Kind(Message("Our decision on your request"), ("ground", "reasons"), ("evidence",)),
    "fee_notice": Kind(
        Message("Your request would cost a fee"), ("cost_basis", "amount", "evidence"), ("ground", "reasons")
    ),
    "partial": Kind(Message("Our decision on your request"), ("granted", "withheld"), ("reasons",)),
    "access": Kind(
        Message("The answer to your request for access"),
        ("copy",),
        (
            "search_scope", "searched_on", "categories", "purposes", "recipients", "safeguards", "retention", "source",
            "automated_decisions",
        ),
    ),
    "no_data": Kind(Message("We hold no data about you"), (), ("search_scope", "searched_on")),
    "rectified": Kind(
        Message("Your data is corrected"),
        ("changes", "systems", "recipients_told"), ("changed_on", "statement"),
    ),
    "erased": Kind(
        Message("Your data is erased"),
        ("scope", "systems", "processors", "recipients_told"), ("erased_on", "backups", "kept", "public"),
    ),
    "restricted": Kind(
        Message("Your data is set aside"),
        ("ground", "scope", "ends_when", "recipients_told"), ("restricted_on", "permitted_uses"),
    ),
    "lifting": Kind(Message("Your data will be used again"), ("lifting_reason", "lifting_on", "check_outcome")),
    "portability": Kind(
        Message("Your data to take with you"), (), ("data_sets", "format", "schema", "access_link", "excluded")
    ),
    "objection": Kind(
        Message("Our decision on your objection"),
        ("result", "suppression", "restriction_status"), ("stopped_on", "compelling_grounds"),
    ),
    "automated_decision": Kind(
        Message("A person has looked at the decision again"),
        ("reviewer", "view_considered", "new_result", "logic"), ("reasons",),
    ),
    "consent_withdrawn": Kind(
        Message("Your consent is withdrawn"), ("consent", "consequences"), ("withdrawn_on", "continuing")
    ),
    "referral": Kind(
        Message("Somebody else is responsible for your request"), ("responsible",), ("passed_on", "passed_on_at")
    ),
    "recipient_notice": Kind(
        Message("Personal data that you received from us"),
        ("recipient", "reference", "person_reference", "action", "scope"), ("done_on", "changes"),
    ),
    "breach_authority": Kind(
        Message("Notification of a personal data breach"),
        ("recipient", "reference", "aware_at", "phase", "nature", "numbers", "likely_consequences", "measures"),
        ("late_reasons", "extent", "data", "impact", "action_plan"),
    ),
    "breach_person": Kind(
        Message("Your personal data is affected by an incident"),
        ("person", "reference", "nature", "likely_consequences", "measures", "advice"),
    ),
    "breach_register": Kind(
        Message("Record of a personal data breach"),
        ("reference", "facts", "effects", "remedial_action"), ("aware_at", "notified", "not_notified_because"),
    ),
    "withdrawn": Kind(Message("You withdrew your request")),
    "lapsed": Kind(Message("Your request is closed without an answer"), ("reasons",)),
    "complaint": Kind(Message("Your complaint to us"), ("result",), ("reasons",)),
    "answer": Kind(Message("The answer to your request")),
}  # fmt: skip

# Inputs that are said inside another element.
_NO_ELEMENTS: Final = frozenset({"ground", "recipient", "person", "reference", "aware_at"})
_DENYING: Final[frozenset[LetterKind]] = frozenset({"refusal", "partial", "no_data", "lapsed"})
_ALWAYS: Final = frozenset({"controller", "reference", "date", "language"})  # in letters to others than the person too
# "Where applicable" (Art. 13(1)(b)): an organisation that has an officer names them in every letter; whom to write to
# stands in each letter's head in any case.
_OFFICER: Final = "officer"


def title_of(kind: str, capacity: str = "self") -> Message:
    """What a letter of that kind is called for who asks in that capacity."""
    known = LETTERS.get(cast("LetterKind", kind))
    return known.titles.get(capacity, known.title) if known is not None else Message("Letter")


def required(
    regime: Regime, kind: LetterKind, *, right: str | None = None, evidence: bool = False, officer: bool = False
) -> tuple[Element, ...]:
    """What a letter of this kind must contain under this law; `evidence`: its ground has to be proven (Art. 12(5));
    `officer`: the organisation has a data protection officer.
    """
    listed = regime.letters.get(kind) or _least(regime, kind)
    if kind == "answer":
        listed = (*_header(regime), *_answer_of(regime, right))
    wanted = [one for one in listed if one.when is None or evidence]
    if officer and _OFFICER not in {one.key for one in wanted}:
        wanted.append(_officer(regime))
    return tuple(wanted)


def _least(regime: Regime, kind: LetterKind) -> tuple[Element, ...]:
    """Where the law's pack says nothing of a letter: its head, what staff write into it, and what can be done about it
    where it denies something."""
    article = regime.facilitation or regime.refusal_article
    written = [name for name in LETTERS[kind].inputs if name not in _NO_ELEMENTS]
    remedies = ["complaint", "court"] if kind in _DENYING else []
    said = (Element(key=key, title=key.replace("_", " ").capitalize(), article=article) for key in written + remedies)
    return (*(one for one in _header(regime) if kind not in WITHOUT_CASE or one.key in _ALWAYS), *said)


def _answer_of(regime: Regime, right: str | None) -> tuple[Element, ...]:
    return next((one.answer_must_contain for name, one in regime.rights.items() if name == right), ())


def _header(regime: Regime) -> tuple[Element, ...]:
    """What every letter begins with, as the law's refusal names it."""
    header = ("controller", "reference", "date", "person", "language", "received")
    return tuple(one for one in regime.letters.get("refusal", ()) if one.key in header)


def _officer(regime: Regime) -> Element:
    contact = next((one for one in regime.letters.get("acknowledgement", ()) if one.key == "contact"), None)
    article = contact.article if contact is not None else regime.facilitation or regime.refusal_article
    title = "How to reach the data protection officer (“dpo” in the controller file)"
    return Element(key=_OFFICER, title=title, article=article)


def lacks(missing: tuple[Element, ...]) -> Message:
    """Why a letter cannot be sent, in plain words."""
    said = tuple(
        Message("%(what)s (%(article)s)", {"what": Worded.of(one.title), "article": Article(one.article)})
        for one in missing
    )
    return Message(
        "The letter lacks this, and cannot be sent without it: %(missing)s.", {"missing": Listed(said, "; ")}
    )


def lines(value: object) -> list[object]:
    """A list as it was given, or the lines of a text."""
    if isinstance(value, str):
        return [line.strip().removeprefix("- ").strip() for line in value.splitlines() if line.strip()]
    if isinstance(value, list | tuple):
        return [one for one in value if one]
    return [value] if value else []


def day(value: object) -> object:
    """A date out of what was given; words stay words."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10]) if value.strip()[:10].count("-") == 2 else value
        except ValueError:
            return value
    return value
