"""What Art. 15(1) GDPR wants said beside the data, from the controller file, for the categories that were found."""

from collections.abc import Iterable

from app.domain.messages import Message
from app.domain.packaging import CategoryFacts, PurposeFacts, RecipientFacts
from app.domain.policy import CategoryRule, ControllerFile, Keep, Recipient, say

LEGAL_BASES = {
    "consent": "your consent (Art. 6(1)(a))",
    "contract": "a contract with you, or steps before one (Art. 6(1)(b))",
    "legal_obligation": "a legal obligation (Art. 6(1)(c))",
    "vital_interest": "somebody's vital interests (Art. 6(1)(d))",
    "public_task": "a task in the public interest (Art. 6(1)(e))",
    "legitimate_interest": "a legitimate interest (Art. 6(1)(f))",
}
ROLES = {
    "processor": "works on the controller's behalf",
    "controller": "decides for itself what it does with the data",
    "joint_controller": "decides together with the controller",
    "authority": "a public authority",
}
_KEPT = {
    "created": "Kept for %(period)s after the record was made.",
    "last_use": "Kept for %(period)s after the last use.",
    "contract_end": "Kept for %(period)s after the contract ended.",
    "purpose_end": "Kept for %(period)s after the purpose has ended.",
}
_PERIODS = {
    "hours": ("%(count)s hour", "%(count)s hours"),
    "days": ("%(count)s day", "%(count)s days"),
    "working_days": ("%(count)s working day", "%(count)s working days"),
    "weeks": ("%(count)s week", "%(count)s weeks"),
    "months": ("%(count)s month", "%(count)s months"),
    "years": ("%(count)s year", "%(count)s years"),
}


def category_facts(file: ControllerFile, found: Iterable[str], language: str) -> tuple[CategoryFacts, ...]:
    """One entry per rule of the controller file that covers something found; what no rule covers stands for itself."""
    groups: dict[str, tuple[CategoryRule, set[str]]] = {}
    for category in sorted(set(found)):
        key, rule = file.rule_for(category) or (category, CategoryRule())
        groups.setdefault(key, (rule, set()))[1].add(category)
    return tuple(_facts(file, key, language, rule=rule, found=names) for key, (rule, names) in groups.items())


def _facts(file: ControllerFile, key: str, language: str, *, rule: CategoryRule, found: set[str]) -> CategoryFacts:
    recipients = [_recipient(one, language) for category in sorted(found) for one in file.recipients_of(category)]
    return CategoryFacts(
        key=key,
        title=say(rule.title, language) if rule.title else _words(key),
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
    period = Message(_PERIODS[keep.unit][0 if keep.count == 1 else 1], {"count": keep.count})
    return Message(_KEPT[keep.from_], {"period": period})


def _words(category: str) -> str:
    """user.financial.bank_account → Financial: bank account"""
    parts = [part.replace("_", " ") for part in category.split(".") if part != "user"] or ["personal data"]
    return ": ".join(parts).capitalize()
