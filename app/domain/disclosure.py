"""What Art. 15(1) GDPR wants said beside the data, from the controller file, for the categories that were found."""

from collections.abc import Iterable

from app.domain.citing import cite
from app.domain.kinds_of_data import NAMES, known
from app.domain.messages import Message
from app.domain.packaging import CategoryFacts, PurposeFacts, RecipientFacts, RightFacts
from app.domain.policy import CategoryRule, ControllerFile, Keep, Recipient, Regime, say

LEGAL_BASES = {
    "consent": Message("your consent (Art. 6(1)(a))"),
    "contract": Message("a contract with you, or steps before one (Art. 6(1)(b))"),
    "legal_obligation": Message("a legal obligation (Art. 6(1)(c))"),
    "vital_interest": Message("somebody's vital interests (Art. 6(1)(d))"),
    "public_task": Message("a task in the public interest (Art. 6(1)(e))"),
    "legitimate_interest": Message("a legitimate interest (Art. 6(1)(f))"),
}
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
    received = {name for one in file.recipients for name in one.categories}
    return category_facts(file, {*file.categories, *received}, language)


def rights_facts(regime: Regime, language: str) -> tuple[RightFacts, ...]:
    """The rights that an answer must name (Art. 15(1)(e))."""
    return tuple(
        RightFacts(say(one.title, language), cite(one.article, language), say(one.explanation, language))
        for one in regime.rights_of_subjects().values()
    )


def _facts(file: ControllerFile, key: str, language: str, *, rule: CategoryRule, found: set[str]) -> CategoryFacts:
    recipients = [_recipient(one, language) for category in sorted(found) for one in file.recipients_of(category)]
    return CategoryFacts(
        key=key,
        title=say(rule.title, language) if rule.title else say(NAMES[known(key)], language),
        purposes=tuple(_purpose(file, name, language) for name in rule.purposes),
        recipients=tuple(dict.fromkeys(recipients)),
        keep=_period(rule.keep) if rule.keep else say(rule.criteria, language) if rule.criteria else "",
        source=say(rule.source, language) if rule.source else "",
    )


def _purpose(file: ControllerFile, key: str, language: str) -> PurposeFacts:
    purpose = file.purposes[key]
    law = say(purpose.law, language) if purpose.law else ""
    return PurposeFacts(say(purpose.title, language), LEGAL_BASES[purpose.legal_basis], law)


def _recipient(one: Recipient, language: str) -> RecipientFacts:
    safeguards = say(one.safeguards, language) if one.safeguards else ""
    return RecipientFacts(one.name, ROLES[one.role], one.country, safeguards)


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


def _words(category: str) -> str:
    """user.financial.bank_account → Financial: bank account"""
    parts = [part.replace("_", " ") for part in category.split(".") if part != "user"] or ["personal data"]
    return ": ".join(parts).capitalize()
