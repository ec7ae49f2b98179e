"""What a letter says beside the words of staff: dates with their counting, grounds, remedies, recipients, backups - all
gathered from the case, its law and its controller file, in the person's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from app.domain.citing import cite
from app.domain.deadlines import Clock, Fact
from app.domain.disclosure import legal_basis
from app.domain.errors import Invalid
from app.domain.letters import LETTERS, day, lines
from app.domain.messages import Message
from app.domain.policy import ControllerFile, Regime, say
from app.domain.regime import LetterKind, Told
from app.models.cases import Case, ClockFact
from app.queries import representation
from app.queries.policies import Policy, local_day, policy_of
from app.queries.proof import standing
from app.queries.reading import address_for, clock_of, reckoned
from app.services import letter_findings
from app.services.stationery import language_of
from app.work import Work

Facts = dict[str, Any]
# Inputs that are several things, and inputs that are a day.
_LISTS: Final = {
    "items_asked", "alternatives", "not_to_send", "options", "granted", "systems", "scope", "processors", "consent",
    "data_sets", "excluded", "backups", "kept", "changes", "withheld", "search_scope", "continuing", "recipient",
    "advice",
}  # fmt: skip
_DAYS: Final = {
    "new_due_date", "changed_on", "erased_on", "restricted_on", "lifting_on", "stopped_on", "withdrawn_on",
    "passed_on_at", "searched_on", "done_on",
}  # fmt: skip
# What asking for something does to the time: the pause and the new beginning that a law may know.
_STOPS: Final[Mapping[str, tuple[Any, Any]]] = {
    "identity_request": ("identity", "id_received"),
    "clarification": ("clarification", None),
    "fee_notice": ("fee", "fee_paid"),
}
NOTIFIED_WITHIN: Final = timedelta(hours=72)  # Art. 33(1)
_NEEDED: Final = {"unverified": "code", "proof_needed": "proof", "waiting": "answer"}
_ANY: Final = frozenset({"reference", *(name for kind in LETTERS.values() for name in (*kind.inputs, *kind.once))})


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the rights that a person used with one submission."""

    title: str
    article: str
    reference: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Counted:
    """The steps of a date, and the rights to which they belong."""

    titles: tuple[str, ...]
    steps: Sequence[Any]


def read_inputs(inputs: Mapping[str, Any]) -> Facts:
    """The inputs as templates use them: lists are lists, days are days, and what was not given is nothing."""
    read: Facts = dict.fromkeys(_ANY)
    if "reason" in inputs and "reasons" not in inputs:  # as a move's one field of words is called
        inputs = {**inputs, "reasons": inputs["reason"]}
    for name, value in inputs.items():
        given = value.strip() if isinstance(value, str) else value
        read[name] = lines(given) if name in _LISTS else day(given) if name in _DAYS else given
    return read


def plain(value: Any) -> Any:
    """The inputs as they are kept: texts, lists, days by their ISO form."""
    match value:
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return value


def paper(file: ControllerFile, regime: Regime, language: str, *, written_at: datetime) -> Facts:
    """What every letter of a controller has: who writes, when, under which law, and the remedies that it gives."""
    authority = regime.complaint.lead(file.controller.country)
    return {
        "controller": file.controller,
        "timezone": file.controller.timezone,
        "written_at": written_at,
        "law": say(regime.title, language),
        "refusal_article": cite(regime.refusal_article, language),
        "complaint": say(regime.complaint.explanation, language).strip(),
        "complaint_article": cite(regime.complaint.article, language),
        "authority": authority,
        "court_words": say(regime.court.explanation, language).strip(),
        "court_article": cite(regime.court.article, language),
        "reference": "", "received_at": None, "addressee": (), "right_title": "", "must_prove": False, "case_url": "",
    }  # fmt: skip


def gather(
    work: Work, case: Case, kind: LetterKind, inputs: Mapping[str, Any], *, base_url: str, language: str = ""
) -> tuple[Facts, str]:
    """Every fact of a letter about a case, and the language in which it is said: the person's, or the one given."""
    policy = policy_of(work, case)
    language = language_of(language or case.language, policy.file)
    name = work.unseal_for(case, case.personal, place="personal")["name"]
    greeted = representation.name_for(work, case, address_for(work, case, mail=kind), name)
    right = policy.right(case.right)
    facts = {
        **read_inputs(inputs),
        **paper(policy.file, policy.regime, language, written_at=work.now),
        "name": greeted,
        "addressee": (greeted,) if greeted == name else (greeted, name),
        "reference": case.reference,
        "capacity": case.capacity,
        "received_at": case.received_at,
        "right": case.right,
        "right_title": say(right.title, language),
        "right_article": cite(right.article, language),
        "status": case.status,
        "clock": clock_of(work, case, policy),
        "case_url": f"{base_url}/case/{case.reference}/",
    }
    facts |= _ground(policy, case, facts, language)
    facts |= _of_kind(work, case, kind, policy=policy, facts=facts, language=language)
    return facts, language


def gather_without_case(
    file: ControllerFile, regime: Regime, inputs: Mapping[str, Any], *, language: str, written_at: datetime
) -> Facts:
    """The facts of a letter to a recipient, to an authority or to many people, which no case asks for."""
    given = read_inputs(inputs)
    aware_at = _moment(given["aware_at"], file.controller.timezone)
    addressee = given["recipient"] or lines(given["person"])
    return {
        **given,
        **paper(file, regime, language, written_at=written_at),
        "addressee": addressee,
        "reference": given["reference"] or "",
        "aware_at": aware_at,
        "in_time": aware_at is not None and written_at - aware_at <= NOTIFIED_WITHIN,
    }


def _moment(given: object, timezone: str) -> datetime | None:
    """A time as it was written, in the organisation's zone where it names none."""
    if not given:
        return None
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as error:
        raise Invalid({"aware_at": Message("This is no date and time; like 2026-11-22T10:00.")}) from error
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(timezone))


def _ground(policy: Policy, case: Case, facts: Facts, language: str) -> Facts:
    """The ground by its key, in words: of a refusal, of what the person relied on, or of an extension."""
    right, rule, key = policy.right(case.right), policy.regime.rule(case.right), facts["ground"]
    reasons = rule.extension.reasons if rule.extension is not None else {}
    found = right.refusal_grounds.get(key) or right.grounds.get(key)
    if found is None:
        title = say(reasons[key], language) if key in reasons else ""
        return {"ground_title": title, "ground_article": "", "ground_explanation": "", "must_prove": False}
    return {
        "ground_title": say(found.title, language),
        "ground_article": cite(found.article, language),
        "ground_explanation": say(found.explanation, language),
        "must_prove": found.evidence,
    }


def _of_kind(work: Work, case: Case, kind: LetterKind, *, policy: Policy, facts: Facts, language: str) -> Facts:
    more: Facts = {}
    match kind:
        case "acknowledgement":
            more = _acknowledged(work, case, policy, language)
        case "identity_request" | "clarification" | "fee_notice":
            more = {"pause": _pause(policy, case, kind, language)}
        case "extension":
            more = _extended(work, case, policy, facts=facts, language=language)
        case "no_data" | "access":
            more = letter_findings.searched(work, case, policy, language)
            more |= letter_findings.on_file(policy, case.right, language)
        case "portability" | "partial":
            more = letter_findings.packed(work, case, policy, language)
            more |= {"granted": more.get("data_sets"), "about_values": case.right == "rectification"}
            facts["withheld"] = _withheld(policy, case, facts["withheld"], language)
        case "rectified" | "erased" | "restricted":
            more = _carried_out(policy, facts, language, today=local_day(work.now, facts["timezone"]))
        case "consent_withdrawn":
            more = {"others": _others(policy.file, language), "withdrawn_on": local_day(work.now, facts["timezone"])}
        case "objection":
            more = {"stopped_on": local_day(work.now, facts["timezone"])}
        case "answer":
            more = {"answers": _answers(policy, case, facts, language)}
    # What staff said comes before what was gathered.
    return {name: facts.get(name) or value for name, value in more.items()}


def _acknowledged(work: Work, case: Case, policy: Policy, language: str) -> Facts:
    """All rights of the submission, the one that is due first at the top; the same counting is told once."""
    rows = work.session.scalars(select(Case).where(Case.submission == case.submission).order_by(Case.id)).all()
    asked = sorted(
        (_asked(work, row, policy, language) for row in rows),
        key=lambda one: one.clock.due or one.clock.earliest_due or date.max,
    )
    counted: list[Counted] = []
    for one in asked:
        same = next((group for group in counted if _same(group.steps, one.clock.steps)), None)
        if same is None:
            counted.append(Counted((one.title,), one.clock.steps))
        else:
            counted[counted.index(same)] = Counted((*same.titles, one.title), same.steps)
    # The code has just been typed: what it does not suffice for is asked for next.
    more = any(one.status == "open" and one.right != "complaint" and not standing(work, one).met for one in rows)
    return {"asked": asked, "counted": counted, "needed": "proof" if more else _NEEDED.get(case.status, "")}


def _asked(work: Work, case: Case, policy: Policy, language: str) -> Asked:
    right = policy.right(case.right)
    return Asked(say(right.title, language), cite(right.article, language), case.reference, clock_of(work, case))


def _same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return [str(step.why) for step in one] == [str(step.why) for step in other]


def _pause(policy: Policy, case: Case, kind: LetterKind, language: str) -> Facts | None:
    """What asking does to the time, in the words of the law; None where the time goes on."""
    rule = policy.regime.rule(case.right)
    pause, restart = _STOPS[kind]
    told: Told | None = rule.pauses.get(pause) or rule.restarts.get(restart)
    return (
        {"words": say(told.explanation, language), "article": cite(told.article, language)}
        if told is not None
        else None
    )


def _extended(work: Work, case: Case, policy: Policy, *, facts: Facts, language: str) -> Facts:
    """The new date: as it stands when the extension was recorded, else as it would be if it were told now."""
    extension = policy.regime.rule(case.right).extension
    clock: Clock = facts["clock"]
    if extension is None:
        return {"extension_article": "", "new_due_date": None}
    if not clock.extended:
        rows = work.session.scalars(select(ClockFact).where(ClockFact.case_id == case.id).order_by(ClockFact.id))
        told = Fact("extended", work.now, {"by": extension.by.model_dump(exclude_none=True), "reason": facts["ground"]})
        clock = reckoned([*(Fact(row.kind, row.at, row.data) for row in rows), told], case, policy)
    return {"extension_article": cite(extension.article, language), "new_due_date": clock.due}


def _carried_out(policy: Policy, facts: Facts, language: str, *, today: date) -> Facts:
    """Who has the data, until when copies of it live, what the organisation's own rules keep."""
    file = policy.file
    erased_on = facts["erased_on"] if isinstance(facts["erased_on"], date) else today
    return {
        "changed_on": today,
        "erased_on": today,
        "restricted_on": today,
        "recipients": [say(one.name, language) for one in file.recipients],
        "own_processors": [say(one.name, language) for one in file.recipients if one.role == "processor"],
        "copies": [
            {
                "name": say(one.name, language),
                "until": erased_on + relativedelta(**one.keep.model_dump(exclude_none=True)),
            }
            for one in file.backups
        ],
        "kept_by_rule": [
            say(rule.title, language) if rule.title else key
            for key, rule in file.categories.items()
            if rule.on_erasure == "keep"
        ],
    }


def _others(file: ControllerFile, language: str) -> list[Facts]:
    """What goes on without this consent, and on what it rests (Art. 6(1))."""
    return [
        {"title": say(one.title, language), "basis": legal_basis(file, one)}
        for one in file.purposes.values()
        if one.legal_basis != "consent"
    ]


def _withheld(policy: Policy, case: Case, rows: Sequence[Facts] | None, language: str) -> list[Facts]:
    """What staff withheld, each ground in the words of the law: they read like the page or letter around them."""
    grounds = policy.right(case.right).refusal_grounds
    return [
        {**row, "ground": say(grounds[row["key"]].title, language)} if row.get("key") in grounds else row
        for row in rows or ()
    ]


def _answers(policy: Policy, case: Case, facts: Facts, language: str) -> list[Facts]:
    """What the law wants in the answer to a right, each with what staff wrote about it."""
    wanted = policy.right(case.right).answer_must_contain
    return [{"key": one.key, "title": say(one.title, language), "text": facts.get(one.key)} for one in wanted]
