"""What an organisation holds, why, for how long and for whom, and which rights there are: Art. 13 and 14 at a glance.

All of it comes from the controller file and its data maps; what they leave open stays empty here, and is shown as open.
The rows are those of the Art. 15 report (`app.domain.disclosure`), with what only the data maps know beside them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.domain.citing import Article, cite
from app.domain.counting import length
from app.domain.disclosure import category_facts, known_categories, purpose_facts, recipient_facts
from app.domain.erasing import goes, longest
from app.domain.kinds_in_detail import called
from app.domain.kinds_of_data import known
from app.domain.ladder import in_order
from app.domain.messages import Message
from app.domain.packaging import CategoryFacts, PurposeFacts, RecipientFacts, RightFacts
from app.domain.policy import ControllerFile, Period, covers, say
from app.domain.regime import Regime
from app.models.controllers import PolicyVersion
from app.policies.datasets import Field
from app.queries import proof
from app.queries.policies import Policy
from app.work import Work

SECRETS: Final = "user.authorization"
# Which right ends a use, by what allows it: Art. 7(3), 21(1).
_STOPS: Final = {
    "consent": "consent_withdrawal",
    "legitimate_interest": "objection",
    "public_task": "objection",
}


@dataclass(frozen=True, slots=True)
class Use:
    """A purpose; `stop` is the right that ends it here, `law_open`: a law obliges, and nobody has said which."""

    key: str
    basis: str
    facts: PurposeFacts
    stop: str | None
    law_open: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data. `fields`: what the systems hold of it; `secrets`: what never leaves them, by its kind alone.

    `stays`: what an erasure leaves, and `laws` the laws that oblige to keep it; `goes`: whether it takes anything.
    """

    facts: CategoryFacts
    uses: tuple[Use, ...]
    fields: tuple[str, ...]
    secrets: tuple[str, ...]
    functions: tuple[str, ...]
    goes: bool
    stays: tuple[str, ...]
    laws: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return f"kind-{self.facts.key.replace('.', '-')}"

    @property
    def is_open(self) -> bool:
        """Whether the file leaves something of it open."""
        facts = self.facts
        said = (self.uses, facts.keep, facts.source, self.functions, self.fields or self.secrets)
        return not all(said) or any(use.law_open for use in self.uses) or (bool(self.stays) and not self.laws)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A recipient with the kinds of data that it gets."""

    facts: RecipientFacts
    kinds: tuple[Kind, ...]

    @property
    def is_open(self) -> bool:
        return self.facts.abroad and not self.facts.safeguards


@dataclass(frozen=True, slots=True)
class Copies:
    """One series of backups."""

    name: str
    every: Message
    keep: Message


@dataclass(frozen=True, slots=True)
class Offer:
    """One right: what it is, what suffices to show who one is (each a set of ways), and when the answer comes."""

    name: str
    facts: RightFacts
    proofs: tuple[tuple[str, ...], ...]
    times: tuple[Message, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything, in one language."""

    kinds: tuple[Kind, ...]
    uses: tuple[tuple[Use, tuple[Kind, ...]], ...]
    receivers: tuple[Receiver, ...]
    copies: tuple[Copies, ...]
    last_copy: Message | None
    accounts: tuple[tuple[str, Message], ...]
    rights: tuple[Offer, ...]
    automated: str

    @property
    def is_open(self) -> bool:
        """Whether anything is left open, so that the page explains its mark."""
        whole = (self.kinds, self.uses, self.receivers, self.copies, self.automated)
        unused = any(not kinds for _, kinds in self.uses)
        parts = [*(one.is_open for one in self.kinds), *(one.is_open for one in self.receivers)]
        return not all(whole) or unused or any(parts)


@dataclass(slots=True)
class _Held:
    """What the data maps have of one kind."""

    fields: dict[str, None] = field(default_factory=dict)
    secrets: dict[str, None] = field(default_factory=dict)
    goes: dict[str, None] = field(default_factory=dict)
    stays: dict[str, None] = field(default_factory=dict)


def catalogue(policy: Policy, language: str) -> Catalogue:
    """The rows of the page and of the API, from one version of the file."""
    file = policy.file
    uses = {key: _use(policy, key, language) for key in file.purposes}
    kinds = tuple(_kinds(policy, uses, language))
    last = max((one.keep for one in file.backups), key=longest, default=None)
    return Catalogue(
        kinds=kinds,
        uses=tuple((use, tuple(one for one in kinds if use in one.uses)) for use in uses.values()),
        receivers=tuple(_receivers(file, kinds, language)),
        copies=tuple(Copies(say(one.name, language), length(one.every), length(one.keep)) for one in file.backups),
        last_copy=length(last) if last else None,
        accounts=tuple((key.replace("_", " "), length(one.delete_after_expiry)) for key, one in file.accounts.items()),
        rights=tuple(_offer(policy, name, language) for name in policy.forms),
        automated=say(file.automated_decisions, language) if file.automated_decisions else "",
    )


def since(work: Work, policy: Policy) -> datetime:
    """From when this version of the file holds."""
    return work.session.scalars(select(PolicyVersion.applied_at).where(PolicyVersion.id == policy.version_id)).one()


def _use(policy: Policy, key: str, language: str) -> Use:
    purpose = policy.file.purposes[key]
    stop = _STOPS.get(purpose.legal_basis)
    return Use(
        key,
        purpose.legal_basis,
        purpose_facts(policy.file, key, language),
        stop if stop in policy.forms else None,
        purpose.legal_basis == "legal_obligation" and purpose.law is None,
    )


def _kinds(policy: Policy, uses: dict[str, Use], language: str) -> Iterator[Kind]:
    """Each rule of the file in its order, whatever the systems hold beyond that, and rules for all the rest last."""
    file = policy.file
    held = _held(policy, language)
    of_systems = {name for _, _, one in _fields(policy) for name in one.categories}
    found = category_facts(file, known_categories(file, of_systems), language)
    order = list(file.categories)
    for facts in sorted(found, key=lambda one: ("." not in one.key, _place(order, one.key))):
        rule = file.categories.get(facts.key)
        has = held.get(facts.key) or _Held()
        purposes = rule.purposes if rule else ()
        stays = tuple(has.stays) or ((facts.title,) if not has.goes and not goes(file, facts.key) else ())
        yield Kind(
            facts,
            tuple(uses[name] for name in purposes),
            tuple(has.fields),
            tuple(has.secrets),
            rule.functions if rule else (),
            bool(has.goes) or not stays,
            stays,
            tuple(_laws(file, purposes, language)),
        )


def _place(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _fields(policy: Policy) -> Iterator[tuple[str, str, Field]]:
    """Every field with its connection and collection; a collection that is left out is none of this portal's."""
    for connection, data in policy.datasets.items():
        for collection in data.collections.values():
            if not collection.skip:
                yield from ((connection, collection.name, one) for one in collection.fields.values())


def _held(policy: Policy, language: str) -> dict[str, _Held]:
    held: dict[str, _Held] = {}
    for connection, collection, one in _fields(policy):
        for category in one.categories:
            rule = policy.file.rule_for(category)
            here = held.setdefault(rule[0] if rule else known(category), _Held())
            name = _name(one, category, language, first=policy.file.controller.language)
            (here.secrets if one.secret else here.fields)[name] = None
            away = goes(policy.file, category, rows=f"{connection}.{collection}")
            (here.goes if away else here.stays)[name] = None
    return held


def _name(one: Field, category: str, language: str, *, first: str) -> str:
    """What a secret is called in its system helps whoever is after it: its kind is enough. So it is for a reference,
    which leads to a record of its own."""
    if one.secret:
        return called(category if covers(SECRETS, category) else SECRETS, language)
    return ("" if one.references else one.words(language, first=first)) or called(category, language)


def _laws(file: ControllerFile, purposes: Collection[str], language: str) -> Iterator[str]:
    for name in purposes:
        one = file.purposes[name]
        if one.legal_basis == "legal_obligation" and one.law is not None:
            yield say(one.law, language)


def _receivers(file: ControllerFile, kinds: Sequence[Kind], language: str) -> Iterator[Receiver]:
    for one in file.recipients:
        facts = recipient_facts(file, one, language)
        theirs = tuple(kind for kind in kinds if facts in kind.facts.recipients)
        yield Receiver(facts, theirs)


def _offer(policy: Policy, name: str, language: str) -> Offer:
    law, offer = policy.right(name), policy.offer(name)
    capacity = "self" if "self" in law.capacities else law.capacities[0]
    return Offer(
        name,
        RightFacts(say(law.title, language), cite(law.article, language), say(law.explanation, language)),
        tuple(tuple(in_order(ways)) for ways in proof.suffices(policy, name, capacity=capacity)),
        tuple(_times(policy.regime, name, offer.respond_within)),
        say(offer.note, language) if offer.note else "",
    )


def _times(regime: Regime, right: str, promise: Period | None) -> Iterator[Message]:
    """How long an answer takes: by the law, by its extension, and by what the organisation promises beyond it.

    Under a law that asks for a signature the promise counts from the signed form, and then it alone is due.
    """
    rule = regime.rule(right)
    article = Article(rule.article)
    if rule.length.count:
        values = {"length": length(rule.length), "article": article}
        yield Message("By law within %(length)s (%(article)s).", values)
    else:
        yield Message("By law at once (%(article)s).", {"article": article})
    if rule.extension is not None:
        values = {"length": length(rule.extension.by), "article": Article(rule.extension.article)}
        yield Message("It can be lengthened once by %(length)s, if you are told why (%(article)s).", values)
    if promise is not None:
        own, signed = {"length": length(promise)}, promise.from_ == "duly_executed"
        yield (
            Message("The organisation promises %(length)s from the signed form on.", own)
            if signed
            else Message("The organisation promises %(length)s.", own)
        )
        if not (signed and regime.signed_form):
            yield Message("The earlier date counts.")
