"""How the organisation's own systems reach whom a request names (Art. 12(6); LAW 6): the address on file counts, not
the one in the request.

Whether systems are asked is decided by what the form says, never by what is known of the person: pages, jobs and mails
are the same for people whom the systems know and for those whom they do not. What is found is kept sealed under the
case's key; who asks never sees it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import select

from app.connectors.base import ConnectorFault, System, Wanted
from app.connectors.nested import reach
from app.domain.contacts import ContactKind, contact_kind, sound
from app.domain.identity import comparable
from app.domain.permissions import SYSTEM
from app.domain.representation import KINDS
from app.models.cases import Case, Identity
from app.models.proof import OnFile
from app.policies.datasets import Collection
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.proof import demand_of
from app.queries.reading import address_of, identities_of
from app.services.collection import connected_systems
from app.services.jobs import MOST_ATTEMPTS
from app.work import Attempt, Work

MOST_ROWS: Final = 20  # of one collection: a name that more rows carry names nobody
MOST_CONTACTS: Final = 10
Claimed = Sequence[tuple[str, str]]


class Contact(NamedTuple):
    """A way to reach somebody, and by which name in which system it was found."""

    kind: ContactKind
    value: str
    claimed: str
    connection: str


def begin(work: Work, cases: Sequence[Case]) -> None:
    """Ask for the look-up where the form leads there."""
    if wanted(work, cases):
        work.enqueue("look_up", case=cases[0])


def wanted(work: Work, cases: Sequence[Case]) -> bool:
    """Whether the form names more than an e-mail address, or two facts may show who asks."""
    kinds = set(
        work.session.scalars(select(Identity.kind).where(Identity.case_id == cases[0].id, Identity.of == "subject"))
    )
    if cases[0].capacity in KINDS:  # what somebody else typed of a person proves nothing
        return True
    return bool(kinds - {"email"}) or any(_by_facts(work, case) for case in cases)


def _by_facts(work: Work, case: Case) -> bool:
    return any("two_facts" in ways for ways in demand_of(work, case, policy_of(work, case)).alternatives)


def together(work: Work, case_id: int) -> Sequence[Case]:
    """The requests of one submission that still have their key, held in one order."""
    submission = select(Case.submission).where(Case.id == case_id).scalar_subquery()
    statement = select(Case).where(Case.submission == submission, Case.data_key.is_not(None)).order_by(Case.id)
    return work.session.scalars(statement if work.reads_only else statement.with_for_update()).all()


def look_up(portal: Portal, attempt: Attempt) -> None:
    """The job: one look into each system, outside of any transaction. A system that is away is asked again like in any
    other job; in the end nothing of it is on file, and another rung is open."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        cases = [one for one in together(work, attempt.case_id or 0) if one.looked_up_at is None]
        policy = policy_of(work, cases[0]) if cases else None
        claimed = _claimed(work, cases[0]) if cases else ()
    found: list[Contact] = []
    faults: dict[str, ConnectorFault] = {}
    if policy is not None:
        found, faults = contacts(connected_systems(portal, policy), claimed)
    if attempt.number < MOST_ATTEMPTS and (fault := next((one for one in faults.values() if one.retry), None)):
        raise fault
    with portal.work(SYSTEM, attempt.controller_id) as work:
        for case in together(work, attempt.case_id or 0):
            if case.looked_up_at is None:
                _keep(work, case, found, unreached=sorted(faults))
        _go_on(work, attempt)
        work.finish(attempt)


def _claimed(work: Work, case: Case) -> Claimed:
    """By which names the person says that the systems know them."""
    return [(row.kind, value) for row, value in identities_of(work, case) if row.of == "subject"]


def _go_on(work: Work, attempt: Attempt) -> None:
    """Who is reached at a contact on file is told, once the one who asks has shown that their own address works."""
    cases = together(work, attempt.case_id or 0)
    if cases and (cases[0].status != "unverified" or address_of(work, cases[0]) is None):
        work.enqueue("on_file", case=cases[0])


def _keep(work: Work, case: Case, found: Sequence[Contact], *, unreached: Sequence[str]) -> None:
    for one in found:
        digest = on_file_digest(work, one)
        row = OnFile(
            case_id=case.id,
            kind=one.kind,
            claimed=one.claimed,
            connection=one.connection,
            value=work.seal_for(case, one.value, place=f"on_file/{digest.hex()}"),
            digest=digest,
            found_at=work.now,
        )
        work.session.add(row)
    case.looked_up_at = work.now
    work.audit("contact:looked_up", case=case, facts={"contacts": len(found), "unreached": list(unreached)})


def on_file_digest(work: Work, contact: Contact) -> bytes:
    """The keyed digest of a contact and the name by which it was found."""
    text = f"{contact.claimed}:{contact.kind}:{comparable(contact.kind, contact.value)}"
    return work.keyring.digest("on_file", text.encode())


def value_of(work: Work, case: Case, row: OnFile) -> str:
    """The contact itself."""
    return str(work.unseal_for(case, row.value, place=f"on_file/{row.digest.hex()}"))


def contacts(systems: Mapping[str, System], claimed: Claimed) -> tuple[list[Contact], dict[str, ConnectorFault]]:
    """What each system holds to reach whoever carries these names; and which systems could not be asked."""
    found: dict[tuple[str, str, str], Contact] = {}
    faults: dict[str, ConnectorFault] = {}
    for connection, system in systems.items():
        try:
            for one in _in_system(connection, system, claimed):
                found.setdefault((one.claimed, one.kind, comparable(one.kind, one.value)), one)
        except ConnectorFault as fault:
            faults[connection] = fault
    return list(found.values())[:MOST_CONTACTS], faults


def _in_system(connection: str, system: System, claimed: Claimed) -> Iterator[Contact]:
    """Only rows that carry the name themselves, and of those only what reaches a person: no walk from row to row."""
    asked = [
        (small, where, kind, value)
        for collection in system.dataset.collections.values()
        if not collection.skip
        for kind, value in claimed
        for where in collection.identities().get(kind, ())
        if (small := _contacts_of(collection, where)) is not None
    ]
    if not asked:
        return
    with system.connector.open(_each_whole([small for small, *_ in asked])) as source:
        for small, where, kind, value in asked:
            wanted_of = Wanted(small, tuple(dict.fromkeys(name.partition(".")[0] for name in small.fields)))
            fitting = source.fit(small, where, _spellings(kind, value))
            with closing(source.rows(wanted_of, where, fitting, batch=MOST_ROWS)) as batches:
                for row in next(batches, []) if fitting else []:
                    for contact, text in _of_row(wanted_of, row):
                        yield Contact(contact, text, kind, connection)


def _spellings(kind: str, value: str) -> list[object]:
    """As it was typed; a telephone number also without the spaces that people type."""
    return list(dict.fromkeys([value, comparable(kind, value)] if kind == "phone" else [value]))


def _contacts_of(collection: Collection, where: str) -> Collection | None:
    """The collection with no more than the name and the contacts in it; None where it has none."""
    reaching = {
        name: one
        for name, one in collection.fields.items()
        if not one.secret and any(contact_kind(category) for category in one.categories)
    }
    return replace(collection, fields={where: collection.fields[where], **reaching}) if reaching else None


def _each_whole(collections: Sequence[Collection]) -> list[Collection]:
    """Each collection once, with the fields of all look-ups into it."""
    merged: dict[str, Collection] = {}
    for one in collections:
        before = merged.get(one.name, one)
        merged[one.name] = replace(one, fields={**before.fields, **one.fields})
    return list(merged.values())


def _of_row(asked: Wanted, row: Sequence[object]) -> Iterator[tuple[ContactKind, str]]:
    """A row's contacts; the parts of a postal address in one line."""
    parts: list[str] = []
    for name, one in asked.collection.fields.items():
        root, *path = name.split(".")
        kind = next((kind for category in one.categories if (kind := contact_kind(category))), None)
        for value in reach([row[asked.columns.index(root)]], path):
            if kind == "post":
                parts.append(" ".join(str(value).split()))
            elif kind is not None and (text := sound(kind, value)) is not None:
                yield kind, text
    if text := sound("post", ", ".join(part for part in parts if part)):
        yield "post", text
