"""What a field with choices offers for one case: grounds and reasons of its law, ways of proof, staff (Art. 12(3))."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.domain import call_backs
from app.domain.citing import Article
from app.domain.labels import IDENTITY, PROOF, RIGHT, label
from app.domain.ladder import least_more
from app.domain.lifecycle import FieldSpec
from app.domain.messages import Message, Worded
from app.domain.policy import Text
from app.domain.regime import Ground, RegimeRight
from app.domain.representation import KINDS
from app.domain.signed_form import DEFECTS
from app.models.cases import Case
from app.queries import official_letter
from app.queries.policies import Policy, policy_of
from app.queries.proof import standing
from app.queries.reading import by_letter, identities_of
from app.queries.registered import registered_of
from app.services import form_codes, triage
from app.work import Work


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer of a field: what is stored, what is read (in words of ours or of a law), what explains it."""

    value: str
    label: Message | Text
    hint: Message | None = None


def of(work: Work, case: Case, spec: FieldSpec) -> tuple[Choice, ...]:
    """The choices of a field."""
    if (own := _OWN.get(spec.source or "")) is not None:
        return tuple(own(work, case))
    return _of_law(policy_of(work, case), case, spec)


def _staff(work: Work, _: Case) -> Iterable[Choice]:
    return (Choice(login.email, _text(login.name)) for login in triage.handlers(work))


def _granted(*_: object) -> Iterable[Choice]:
    return (Choice("granted", Message("Granted", context="a decision on one thing")),)


def _decisions(*_: object) -> Iterable[Choice]:
    return (*_granted(), Choice("withheld", Message("Withheld", context="a decision on one thing")))


def _held(*_: object) -> Iterable[Choice]:
    return (Choice("yes", Message("Yes")), Choice("no", Message("No, nothing was found")))


def _proof_methods(work: Work, case: Case) -> Iterable[Choice]:
    """What staff can have seen with their own eyes; codes, sign-ins and answers the portal sees by itself."""
    on_paper = ("signed_form",) if form_codes.row_of(work, case) is not None else ()
    letter = ("official_letter",) if by_letter(work, case) else ()
    acting = ("representative",) if case.capacity in KINDS else ()
    return (Choice(name, label(PROOF, name)) for name in (*acting, *letter, *on_paper, "document_view"))


def _registered(work: Work, case: Case) -> Iterable[Choice]:
    systems = policy_of(work, case).datasets
    for row in registered_of(work, case):
        system = systems.get(row.connection)
        values = {"kind": label(call_backs.KINDS, row.kind), "system": Worded.of(system.title) if system else ""}
        in_system = Message("%(kind)s, in the system %(system)s", values)
        on_paper = Message("%(kind)s, from the company’s papers", values)
        hint = in_system if system else on_paper
        yield Choice(str(row.id), _text(official_letter.value_of(work, case, row)), hint)


def _call_results(*_: object) -> Iterable[Choice]:
    return (Choice(name, words) for name, words in call_backs.RESULTS.items())


def _contact_kinds(*_: object) -> Iterable[Choice]:
    return (Choice(name, words) for name, words in call_backs.KINDS.items())


def _defects(*_: object) -> Iterable[Choice]:
    return (Choice(key, one.seen, one.mend) for key, one in DEFECTS.items())


def _answer_to(*_: object) -> Iterable[Choice]:
    return (
        Choice("subject", Message("The person whose data it is")),
        Choice("representative", Message("Who acts for them: the authority covers it")),
    )


def _proof_ways(work: Work, case: Case) -> Iterable[Choice]:
    """What may be asked for, the least first."""
    now = standing(work, case)
    asked = (now.asked,) if now.asked else ()
    ways = dict.fromkeys((*asked, *least_more(now.demand, now.shown, now.closed)))
    return (Choice(way, label(PROOF, way)) for way in ways)


def _of_law(policy: Policy, case: Case, spec: FieldSpec) -> tuple[Choice, ...]:
    law = policy.right(case.right)
    if spec.source == "extension_reasons":
        extension = policy.regime.rule(case.right).extension
        found = extension.reasons if extension else {}
        return tuple(Choice(key, text) for key, text in found.items())
    if spec.source == "restriction_grounds":
        return _grounds(law.grounds, lambda _: True)
    if spec.source == "grounds_with_evidence":
        return _grounds(law.refusal_grounds, lambda one: one.evidence)
    # A part is withheld for what it is, not for who asked how often.
    whole = spec.row is None and spec.source != "grounds_of_parts"
    return _grounds(law.refusal_grounds, lambda one: whole or not (one.evidence or one.unidentified))


def _grounds(grounds: Mapping[str, Ground], wanted: Callable[[Ground], bool]) -> tuple[Choice, ...]:
    return tuple(
        Choice(key, one.title, Message("%(article)s", {"article": Article(one.article)}))
        for key, one in grounds.items()
        if wanted(one)
    )


def _rights(work: Work, case: Case) -> Iterable[Choice]:
    laws: Mapping[str, RegimeRight] = dict(policy_of(work, case).regime.rights.items())
    for name in triage.recognisable(work, case):
        yield Choice(name, label(RIGHT, name), Message("%(article)s", {"article": Article(laws[name].article)}))


def _unproven(work: Work, case: Case) -> Iterable[Choice]:
    for row, value in identities_of(work, case):
        if row.proven_by is None:
            yield Choice(row.kind, _text(value), label(IDENTITY, row.kind))


def _text(text: str) -> Message:
    return Message("%(text)s", {"text": text})


_OWN: Mapping[str, Callable[[Work, Case], Iterable[Choice]]] = {
    "staff": _staff,
    "unproven": _unproven,
    "decisions": _decisions,
    "granted": _granted,
    "held": _held,
    "rights": _rights,
    "proof_methods": _proof_methods,
    "proof_ways": _proof_ways,
    "answer_to": _answer_to,
    "defects": _defects,
    "registered": _registered,
    "call_results": _call_results,
    "contact_kinds": _contact_kinds,
}
