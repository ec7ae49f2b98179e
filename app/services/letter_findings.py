"""What letters say of a search and of its package: where was searched and when, which data is handed over until when,
what was left out (Art. 12(4), 15, 20)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from app.domain.disclosure import known_facts, rights_facts
from app.domain.messages import Message
from app.domain.policy import say
from app.gateways import reporting
from app.models.cases import Case
from app.models.fulfilment import Collected, ItemDecision, Package, Run
from app.queries.policies import Policy, local_day
from app.services import answers
from app.work import Work

Facts = dict[str, Any]
Entry = Mapping[str, Any]


def searched(work: Work, case: Case, policy: Policy, language: str) -> Facts:
    """The systems that were searched, and the day on which the last of them was."""
    runs = work.session.scalars(select(Run).where(Run.case_id == case.id).order_by(Run.id)).all()
    ended = [run.finished_at for run in runs if run.finished_at is not None]
    timezone = policy.file.controller.timezone
    return {
        "search_scope": [say(policy.datasets[run.connection].title, language) for run in runs],
        "searched_on": local_day(max(ended), timezone) if ended else None,
    }


def packed(work: Work, case: Case, policy: Policy, language: str) -> Facts:
    """What the newest package holds and lacks, and until when it can be fetched."""
    package = work.session.scalars(
        select(Package).where(Package.case_id == case.id).order_by(Package.id.desc())
    ).first()
    if package is None:
        return {"expires_at": None}
    held: Sequence[Entry] = package.manifest.get("files", ())
    # In the reader's language, as long as the decisions are there; the manifest speaks that of the package.
    lacking: Sequence[Entry] = decided(work, case, policy, language) or package.manifest.get("withheld", ())
    gone = [(_set(policy, one, language, number="count"), one["ground"]) for one in lacking]
    return {
        "expires_at": package.expires_at,
        "data_sets": [_set(policy, one, language) for one in held if _is_data(one)],
        "excluded": [Message("%(set)s: %(ground)s", {"set": item, "ground": ground}) for item, ground in gone],
        "withheld": [{"item": item, "ground": ground, "article": ""} for item, ground in gone],
        "reasons": "\n\n".join(_explanations(work, case, policy, language)),
    }


def on_file(policy: Policy, right: str, language: str) -> Facts:
    """What the law asks beside a copy that staff give by hand: as the controller file says it."""
    asked = {one.key: one.article for one in policy.right(right).answer_must_contain}
    return {
        "titles": reporting.titles(asked),
        "on_file": reporting.said_of(known_facts(policy.file, language)),
        "other_rights": rights_facts(policy.regime, language),
        "automated": say(decisions, language) if (decisions := policy.file.automated_decisions) else "",
    }


def decided(work: Work, case: Case, policy: Policy, language: str) -> list[Entry]:
    """What was withheld, with the grounds in that language."""
    return [asdict(one) for one in answers.withheld(work, case, policy, language)]


def _is_data(file: Entry) -> bool:
    return str(file["path"]).startswith("data/") and str(file["path"]).endswith(".json")


def _set(policy: Policy, entry: Entry, language: str, *, number: str = "rows") -> Message:
    """`Invoices, invoices: 12 records`"""
    dataset = policy.datasets[entry["connection"]]
    collection = dataset.collections.get(entry.get("collection") or "")
    title = collection.title if collection is not None else dataset.title
    values = {"title": say(title, language), "count": int(entry.get(number) or 0)}
    return Message("%(title)s: %(count)s record", values, "%(title)s: %(count)s records")


def _explanations(work: Work, case: Case, policy: Policy, language: str) -> list[str]:
    """The grounds on which something was left out, in the words of the law; notes of staff stay with staff."""
    found = select(Collected.id).where(Collected.case_id == case.id)
    keys = work.session.scalars(
        select(ItemDecision.ground).where(ItemDecision.collected_id.in_(found)).order_by(ItemDecision.id)
    )
    grounds = policy.right(case.right).refusal_grounds
    return [say(grounds[key].explanation, language) for key in dict.fromkeys(keys)]
