"""What a law asks, as data: its rights with their periods, grounds and mandatory elements, and the ways to complain.

A pack is versioned by the day from which it holds; a case keeps the version that held when its request was received.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.domain.ages import Ages
from app.domain.authorities import Authority
from app.domain.citing import Article
from app.domain.policy_values import (
    AnyRight,
    AtOnce,
    CategoryName,
    Country,
    Data,
    Key,
    Line,
    LocalText,
    Proof,
    RightName,
    Span,
    some_each_once,
)

Counting = Literal["eu_1182_71", "ru_civil_code", "california", "brazil", "elapsed_hours", "full_hours"]
PauseReason = Literal["identity", "clarification"]
Restart = Literal["id_received", "fee_paid"]
Capacity = Literal["self", "guardian", "agent", "customer"]
LetterKind = Literal[
    "acknowledgement", "identity_request", "clarification", "extension", "refusal", "fee_notice", "partial",
    "access", "no_data", "rectified", "erased", "restricted", "lifting", "portability", "objection",
    "automated_decision", "consent_withdrawn", "referral", "recipient_notice", "breach_authority", "breach_person",
    "breach_register", "withdrawn", "complaint", "answer", "lapsed",
]  # fmt: skip  # L1 to L22 of the law, and four more
Cited = Annotated[Line, AfterValidator(Article)]


class Ground(Data):
    """A reason that the law lets stand, or a right that it names, in plain words."""

    title: LocalText
    article: Cited
    explanation: LocalText
    evidence: bool = False  # whoever relies on it has to prove it: Art. 12(5)
    absolute: bool = False  # asked on this ground, it is never refused: advertising, Art. 21(3)
    unidentified: bool = False  # relying on it says that nobody can tell whose data it is: Art. 11(2)


class Element(Data):
    """Something that an answer must contain, or say that it does not apply.

    `when`: it is only asked for where the ground of the refusal has to be proven (`Ground.evidence`).
    """

    key: Key
    title: LocalText
    article: Cited
    when: Literal["evidence"] | None = None


class Extension(Data):
    """By how much the time may be lengthened, once, counted on from the same start, if told before it ends."""

    by: Span
    article: Cited
    reasons: dict[Key, LocalText]


class Told(Data):
    """Why a fact moves a clock: the article, and its meaning in a sentence.

    `both_days`: its words may be read to leave out the day of the question and of the answer alike; that date is shown,
    never relied on.
    """

    article: Cited
    explanation: LocalText
    both_days: bool = False


def _length(value: object) -> object:
    return AtOnce() if value == {"days": 0} else value


class Rule(Data):
    """How long something may take and how that is counted; `{days: 0}` is at once.

    `rolls`: an end on a day off moves to the next working day. `pauses`: what stops the time while an answer is
    awaited. `restarts`: what begins it anew. `receipt_may_count`: an article that may be read to count the day of
    receipt too; a day less, the aim that is told, is in time under both readings.
    """

    title: LocalText
    length: Annotated[Span, BeforeValidator(_length)]
    article: Cited
    counted_by: Counting
    rolls: bool = False
    extension: Extension | None = None
    pauses: dict[PauseReason, Told] = Field(default_factory=dict)
    restarts: dict[Restart, Told] = Field(default_factory=dict)
    receipt_may_count: Line | None = None


class RegimeRight(Data):
    """One right as the law gives it.

    `period` names one of the pack's rules. `grounds` are what the person may rely on, `refusal_grounds` what the
    controller may. `asks_for_ground`: a request needs one of them. `part_of`: the right that holds this one in it,
    so that who offers that one need not offer this one too.
    """

    title: LocalText
    article: Cited
    explanation: LocalText
    period: Key = "answer"
    grounds: dict[Key, Ground] = Field(default_factory=dict)
    asks_for_ground: bool = False
    capacities: tuple[Capacity, ...] = ("self", "guardian", "agent")
    refusal_grounds: dict[Key, Ground]
    answer_must_contain: tuple[Element, ...]
    part_of: RightName | None = None


class Complaint(Data):
    """The complaint to a supervisory authority, and which one leads in which country.

    `leads`: what it means that one of several leads; `abroad`: when they act on one with its seat elsewhere.
    `to_controller`: the controller hears the complaint first, and `acknowledge` is the rule for saying so (UK, s.164A).
    """

    article: Cited
    explanation: LocalText
    authorities: dict[Country, Authority]
    leads: Told | None = None
    abroad: Told | None = None
    to_controller: Told | None = None
    acknowledge: Key | None = None

    def lead(self, country: str) -> Authority | None:
        """The authority of the controller's region, else of its country."""
        return self.authorities.get(country) or self.authorities.get(country.partition("-")[0])


class Court(Data):
    """The way to a court."""

    article: Cited
    explanation: LocalText


class MoreProof(Data):
    """Where the least does not suffice: what a wrong disclosure of such data would do asks for more (recital 64)."""

    rights: Annotated[tuple[RightName, ...], AfterValidator(some_each_once)]
    categories: Annotated[tuple[CategoryName, ...], AfterValidator(some_each_once)]
    suffices: Annotated[tuple[Proof, ...], AfterValidator(some_each_once)]
    why: LocalText


class ProofRules(Data):
    """The proof of identity that suffices where a controller's file names none, and what may never be asked for."""

    article: Cited
    suffices: Annotated[tuple[Proof, ...], AfterValidator(some_each_once)]
    no_papers: tuple[AnyRight, ...] = ()  # as easy to use as it was to consent: Art. 7(3)
    more: tuple[MoreProof, ...] = ()


class PaperForm(Data):
    """What a law wants to stand, beside name and signature, on a request that is made on paper, in this order."""

    article: Cited
    fields: tuple[Element, ...]


class Regime(Data):
    """One version of a law as the portal runs it."""

    key: Key
    version: Annotated[int, Field(ge=1, strict=True)]
    holds_from: date
    title: LocalText
    periods: dict[Key, Rule]
    rights: dict[AnyRight, RegimeRight]
    letters: dict[LetterKind, tuple[Element, ...]] = Field(default_factory=dict)  # what each must contain
    refusal_article: Cited  # which article asks for reasons, complaint and court in every refusal
    facilitation: Line | None = None  # which article forbids to make asking hard, such as by a signed form alone
    complaint: Complaint
    court: Court
    proof: ProofRules
    ages: Ages
    signed_form: PaperForm | None = None  # the law itself asks for a signature; none: name and contact are enough
    # The longest that proof of identity or authority is kept while nothing is decided (Art. 5(1)(e)).
    evidence_days: Annotated[int, Field(ge=1, le=180, strict=True)] = 30

    @model_validator(mode="after")
    def _periods_are_there(self) -> Self:
        asked = {right.period for right in self.rights.values()} | {self.complaint.acknowledge or "answer"}
        if missing := sorted(asked - set(self.periods)):
            raise PydanticCustomError("period", "lacks the period “{name}” that it names", {"name": missing[0]})
        return self

    def offered_by_choice(self) -> tuple[AnyRight, ...]:
        """The rights that a controller file may name; what is left is taken by every controller."""
        return tuple(name for name in self.rights if name in get_args(RightName))

    def rights_of_subjects(self) -> dict[AnyRight, RegimeRight]:
        """The rights that a person has about their own data, each once: those that an answer names, Art. 15(1)(e)."""
        rights = {name: self.rights[name] for name in self.offered_by_choice()}
        return {name: one for name, one in rights.items() if "self" in one.capacities and one.part_of is None}

    def rule(self, right: str) -> Rule:
        """How the answer to a request for this right is timed."""
        return self.periods[next(one for name, one in self.rights.items() if name == right).period]


class Regimes(Mapping[str, Regime]):
    """All packs: `regimes["gdpr"]` is the newest version; `at` is the one that held on a day."""

    def __init__(self, packs: Iterable[Regime]) -> None:
        self._versions: dict[str, dict[int, Regime]] = {}
        for pack in sorted(packs, key=lambda one: (one.key, one.version)):
            self._versions.setdefault(pack.key, {})[pack.version] = pack

    def __getitem__(self, key: str) -> Regime:
        versions = self._versions[key]
        return versions[max(versions)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._versions)

    def __len__(self) -> int:
        return len(self._versions)

    def version(self, key: str, number: int) -> Regime:
        """A version by its number; it stays as long as a case may have been filed under it."""
        return self._versions[key][number]

    def find(self, key: str, number: str) -> Regime | None:
        """A version by its number as it was written down; None when it is no longer here."""
        return next((one for one in self._versions.get(key, {}).values() if str(one.version) == number), None)

    def at(self, key: str, day: date) -> Regime:
        """The version that held on that day; before all of them, the first."""
        versions = self._versions[key].values()
        held = [one for one in versions if one.holds_from <= day]
        return max(held or [min(versions, key=lambda one: one.holds_from)], key=lambda one: one.holds_from)

    def all(self) -> Iterator[Regime]:
        """Every version of every pack."""
        return (pack for versions in self._versions.values() for pack in versions.values())
