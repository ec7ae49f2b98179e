"""Questions that the right person can answer, drawn from the controller's own systems (Art. 12(6); LAW 6).

Which two are asked depends on the claimed identity alone. Of the answers only keyed digests are kept, bound to the case
and filled up with random ones to one number: neither page nor row nor the work of comparing tells whether there is
anybody of that name. Nor does the time that drawing them took: they are shown on the beat.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import select

from app.connectors import narrow
from app.connectors.base import System
from app.connectors.graph import Node, Place
from app.domain.facts import ASKED, chosen, on_file, one_name
from app.domain.identity import comparable
from app.models.cases import Case
from app.models.proof import FactQuestion
from app.policies.datasets import Fact
from app.queries.policies import Policy
from app.queries.reading import identities_of
from app.work import Work

ANSWERS: Final = 200  # of one question; more of them would be guessed
DIGEST_BYTES: Final = 16
# Systems that hold much of somebody answer later than for a stranger: whoever looks on sees whole beats only.
BEAT: Final = timedelta(seconds=3)
# What a stranger is least likely to know comes first; the address that the code went to is the last resort.
_FIRST: Final = ("customer_number", "account_name", "phone")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom the request names, by one identity, and the facts that are asked of them; `name` is its keyed digest."""

    kind: str
    spellings: tuple[str, ...]
    name: str
    facts: Mapping[str, tuple[Fact, frozenset[Place]]]


def begin(work: Work, case: Case) -> None:
    """Ask for the questions to be drawn, unless they are there."""
    if not drawn(work, case):
        work.enqueue("draw_facts", case=case, asked_at=work.now.isoformat())


def drawn(work: Work, case: Case) -> Sequence[FactQuestion]:
    """The questions of the case with the digests that count, in the order in which they are asked."""
    rows = work.session.scalars(select(FactQuestion).where(FactQuestion.case_id == case.id).order_by(FactQuestion.id))
    return [row for row in rows.all() if row.answers]


def ready(work: Work, case: Case) -> Sequence[FactQuestion]:
    """The same, once they may be shown."""
    return [row for row in drawn(work, case) if row.drawn_at <= work.now]


def next_beat(asked_at: datetime, now: datetime) -> datetime:
    """When what is there now may be shown."""
    return asked_at + BEAT * max(1, ceil((now - asked_at) / BEAT))


def claim_of(work: Work, case: Case, policy: Policy, systems: Mapping[str, System]) -> Claim | None:
    """The one identity that is asked about, whoever else is named; None where too few facts can be found by any.

    It is one alone: whoever writes from an address that is on file must not answer for another with their own facts.
    """
    places = places_of(policy)
    named = [(row.kind, value) for row, value in identities_of(work, case)]
    for kind, value in sorted(named, key=lambda one: _rank(one[0])):
        found = narrow.found_by(systems, kind, [at for _, all_at in places.values() for at in all_at])
        askable = {key: (fact, at & found) for key, (fact, at) in places.items() if at & found}
        if len(askable) < ASKED:
            continue
        digest = work.keyring.digest("facts/name", f"{work.controller_id}/{kind}/{one_name(kind, value)}".encode())
        spellings = (value, comparable(kind, value)) if kind == "phone" else (value,)
        pair = chosen(askable.keys(), digest)
        return Claim(kind, tuple(dict.fromkeys(spellings)), digest.hex(), {key: askable[key] for key in pair})
    return None


def places_of(policy: Policy) -> dict[str, tuple[Fact, frozenset[Place]]]:
    """Every fact that may be asked, with the columns that hold it: connections may share a data map."""
    places: dict[str, tuple[Fact, frozenset[Place]]] = {}
    for connection, dataset in policy.datasets.items():
        for fact in dataset.facts:
            key = f"{dataset.key}.{fact.collection}.{fact.field}"
            before = places[key][1] if key in places else frozenset()
            places[key] = fact, before | {Place(Node(connection, fact.collection), fact.field)}
    return places


def _rank(kind: str) -> int:
    if kind == "email":
        return len(_FIRST) + 1
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def read(systems: Mapping[str, System], claim: Claim) -> dict[str, frozenset[object]]:
    """What the systems hold for the claimed identity; never inside a transaction. Raises ConnectorFault."""
    wanted = [place for _, places in claim.facts.values() for place in places]
    found = narrow.values(systems, claim.kind, claim.spellings, wanted)
    return {
        key: frozenset(value for place in places for value in found[place]) for key, (_, places) in claim.facts.items()
    }


def write(
    work: Work,
    case: Case,
    policy: Policy,
    *,
    claim: Claim,
    found: Mapping[str, frozenset[object]],
    shown_from: datetime,
) -> None:
    """Keep the digests of every answer that counts, and as many random ones as make up the number."""
    controller = policy.file.controller
    for row in work.session.scalars(select(FactQuestion).where(FactQuestion.case_id == case.id)).all():
        work.session.delete(row)  # asked once more: the digests of the first time are gone already
    work.flush()
    for place, (fact, _) in claim.facts.items():
        forms = {
            form
            for value in found.get(place, ())
            for form in on_file(fact.kind, value, controller.language, controller.timezone)
        }
        digests = sorted(digest_of(work, case, place, form) for form in forms)[:ANSWERS]
        digests += [secrets.token_bytes(DIGEST_BYTES) for _ in range(ANSWERS - len(digests))]
        answers = sorted(one.hex() for one in digests)
        work.session.add(FactQuestion(case_id=case.id, place=place, answers=answers, drawn_at=shown_from))
        work.flush()  # one after the other: they are asked in this order
    work.audit("facts:asked", case=case, facts={"identity": claim.kind})


def digest_of(work: Work, case: Case, place: str, form: str) -> bytes:
    """The keyed digest of an answer in its normal form, at its place in this case and nowhere else."""
    return work.keyring.digest("facts/answer", f"{case.reference}/{place}/{form}".encode())[:DIGEST_BYTES]


def forget(work: Work, case: Case) -> None:
    """The digests have done their work, or will never do it."""
    for row in drawn(work, case):
        row.answers = []
