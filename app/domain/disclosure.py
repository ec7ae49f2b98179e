"""What Art. 15(1) GDPR wants said beside the data, from the controller file, for the categories that were found."""

from collections.abc import Iterable

from app.domain.citing import cite
from app.domain.kinds_in_detail import called
from app.domain.kinds_of_data import known
from app.domain.messages import Message
from app.domain.packaging import CategoryFacts, PurposeFacts, RecipientFacts, RightFacts
from app.domain.policy import CategoryRule, ControllerFile, Keep, Purpose, Recipient, Regime, covers, say

LEGAL_BASES = {
    "consent": Message("your consent (Art. 6(1)(a))"),
    "contract": Message("a contract with you, or steps before one (Art. 6(1)(b))"),
    "legal_obligation": Message("a legal obligation (Art. 6(1)(c))"),
    "vital_interest": Message("somebody's vital interests (Art. 6(1)(d))"),
    "public_task": Message("a task in the public interest (Art. 6(1)(e))"),
    "legitimate_interest": Message("a legitimate interest (Art. 6(1)(f))"),
}
# The same where another law holds, whose articles these are not.
_BASES_ELSEWHERE = {
    "consent": Message("your consent"),
    "contract": Message("a contract with you, or steps before one"),
    "legal_obligation": Message("a legal obligation"),
    "vital_interest": Message("somebody's vital interests"),
    "public_task": Message("a task in the public interest"),
    "legitimate_interest": Message("a legitimate interest"),
}
_ART_6 = ("gdpr", "uk_gdpr")
# Within it data travels freely; whoever sends it out says how it is protected there (Art. 13(1)(f), 44).
EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
ROLES = {
    "processor": Message("works on the controller's behalf"),
    "controller": Message("decides for itself what it does with the data"),
    "joint_controller": Message("decides together with the controller"),
    "authority": Message("a public authority"),
}


def category_facts(file: ControllerFile, found: Iterable[str], language: str) -> tuple[CategoryFacts, ...]:
    """One entry per rule of the controller file that covers something found; what no rule covers stands for itself."""
    groups: dict[str, tuple[CategoryRule, set[str]]] = {}
    for category in sorted(set(found)):
        key, rule = file.rule_for(category) or (known(category), CategoryRule())
        groups.setdefault(key, (rule, set()))[1].add(category)
    return tuple(_facts(file, key, language, rule=rule, found=names) for key, (rule, names) in groups.items())


def known_facts(file: ControllerFile, language: str) -> tuple[CategoryFacts, ...]:
    """The same of every kind of data that the controller file knows, where nobody has listed what was found."""
    return category_facts(file, known_categories(file, ()), language)


def known_categories(file: ControllerFile, held: Iterable[str]) -> set[str]:
    """Every category that the file speaks of or that is held. What a recipient gets of a whole branch is no kind of
    data of its own: its twigs are."""
    named = {*file.categories, *held}
    received = {name for one in file.recipients for name in one.categories}
    return named | {name for name in received if not any(covers(name, one) or covers(one, name) for one in named)}


def legal_basis(file: ControllerFile, purpose: Purpose) -> Message:
    """What allows it, with the article where the organisation stands under the law that has it."""
    bases = LEGAL_BASES if file.controller.regime in _ART_6 else _BASES_ELSEWHERE
    return bases[purpose.legal_basis]


def is_abroad(home: str, country: str) -> bool:
    """Whether data that goes there leaves the law of home: another country, unless both are in the EEA."""
    here, there = home.partition("-")[0], country.partition("-")[0]
    return here != there and not {here, there} <= EEA


def rights_facts(regime: Regime, language: str) -> tuple[RightFacts, ...]:
    """The rights that an answer must name (Art. 15(1)(e))."""
    return tuple(
        RightFacts(say(one.title, language), cite(one.article, language), say(one.explanation, language))
        for one in regime.rights_of_subjects().values()
    )


def _facts(file: ControllerFile, key: str, language: str, *, rule: CategoryRule, found: set[str]) -> CategoryFacts:
    recipients = [
        recipient_facts(file, one, language) for category in sorted(found) for one in file.recipients_of(category)
    ]
    return CategoryFacts(
        key=key,
        title=say(rule.title, language) if rule.title else called(key, language),
        purposes=tuple(purpose_facts(file, name, language) for name in rule.purposes),
        recipients=tuple(dict.fromkeys(recipients)),
        keep=_period(rule.keep) if rule.keep else say(rule.criteria, language) if rule.criteria else "",
        source=say(rule.source, language) if rule.source else "",
    )


def purpose_facts(file: ControllerFile, key: str, language: str) -> PurposeFacts:
    """One purpose, in the reader's language."""
    purpose = file.purposes[key]
    law = say(purpose.law, language) if purpose.law else ""
    return PurposeFacts(say(purpose.title, language), legal_basis(file, purpose), law)


def recipient_facts(file: ControllerFile, one: Recipient, language: str) -> RecipientFacts:
    """One recipient, in the reader's language."""
    safeguards = say(one.safeguards, language) if one.safeguards else ""
    abroad = is_abroad(file.controller.country, one.country)
    return RecipientFacts(say(one.name, language), ROLES[one.role], one.country, safeguards, abroad)


def _period(keep: Keep) -> Message:
    period = {"period": _length(keep)}
    return {
        "created": Message("Kept for %(period)s after the record was made.", period),
        "last_use": Message("Kept for %(period)s after the last use.", period),
        "contract_end": Message("Kept for %(period)s after the contract ended.", period),
        "purpose_end": Message("Kept for %(period)s after the purpose has ended.", period),
    }[keep.from_]


def _length(keep: Keep) -> Message:
    count = {"count": keep.count}
    return {
        "hours": Message("%(count)s hour", count, "%(count)s hours"),
        "days": Message("%(count)s day", count, "%(count)s days"),
        "working_days": Message("%(count)s working day", count, "%(count)s working days"),
        "weeks": Message("%(count)s week", count, "%(count)s weeks"),
        "months": Message("%(count)s month", count, "%(count)s months"),
        "years": Message("%(count)s year", count, "%(count)s years"),
    }[keep.unit]
