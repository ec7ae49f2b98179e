"""Sealing and verifying the trail (Art. 5(2)): anybody with the database can recompute it; only the portal's key
could forge a seal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.errors import Tampered
from app.domain.messages import Message
from app.domain.trail import GENESIS, Entry, checkpoint_statement, entry_hash, leaf, merkle_root
from app.gateways.signing import verify_detached
from app.models.ledger import Checkpoint, TrailEntry
from app.portal import Portal
from app.services.keys import published, signing_key
from app.work import Work

HONESTLY = Message(
    "What this proves: nobody without the portal's signing key has changed, removed or reordered an entry that a "
    "checkpoint covers. What it cannot prove: entries younger than the last checkpoint can still be rewritten by a "
    "database administrator, and somebody who holds the database and the master key could write a new history. Keep "
    "checkpoints (`trail verify --json`) where that person cannot reach them."
)


Heads = dict[tuple[str, int], tuple[int, bytes]]  # by chain and number: the row's own number, and its hash


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. `broken` names the first entry or checkpoint that does not hold."""

    entries: int
    chains: int
    checkpoints: int
    unsealed: int
    broken: Message | None
    last_checkpoint: str | None

    @property
    def holds(self) -> bool:
        return self.broken is None


def seal(portal: Portal, work: Work) -> bool:
    """Join the heads of all chains that grew since the last checkpoint into a signed one; False when nothing grew."""
    work.lock(f"checkpoint:{work.controller_id}")
    newest = work.session.scalars(select(Checkpoint).order_by(Checkpoint.number.desc()).limit(2)).all()
    last = newest[0] if newest else None
    # A transaction may commit later than one with a higher number: each seal looks back over the interval before it
    # as well.
    since = max((head["id"] for head in newest[1].heads), default=0) if len(newest) == 2 else 0
    grown = (
        select(TrailEntry.chain, func.max(TrailEntry.number).label("number"))
        .where(TrailEntry.id > since)
        .group_by(TrailEntry.chain)
        .subquery()
    )
    rows = work.session.scalars(
        select(TrailEntry)
        .join(grown, (TrailEntry.chain == grown.c.chain) & (TrailEntry.number == grown.c.number))
        .order_by(TrailEntry.id)
    ).all()
    covered = {(head["chain"], head["number"]) for head in last.heads} if last else set()
    if all((row.chain, row.number) in covered for row in rows):
        return False
    key = signing_key(portal)
    root = merkle_root([leaf(row.chain, row.number, row.hash) for row in rows])
    number, previous = (last.number + 1, last.root) if last else (1, GENESIS)
    statement = checkpoint_statement(
        controller_id=work.controller_id, number=number, at=work.now, root=root, previous=previous
    )
    work.session.add(
        Checkpoint(
            number=number,
            at=work.now,
            heads=[{"id": row.id, "chain": row.chain, "number": row.number} for row in rows],
            root=root,
            previous=previous,
            kid=key.kid,
            signature=key.sign(statement).encode(),
        )
    )
    return True


def verify(portal: Portal, work: Work) -> Verdict:
    """Recompute every chain and every checkpoint of the controller at hand."""
    heads: Heads = {}
    broken: Message | None = None
    newest = 0
    chains: dict[str, TrailEntry] = {}
    for row in _entries(work):
        broken = broken or _entry_fault(row, chains.get(row.chain))
        chains[row.chain] = row
        heads[row.chain, row.number] = row.id, row.hash
        newest = max(newest, row.id)
    checkpoints = list(work.session.scalars(select(Checkpoint).order_by(Checkpoint.number)))
    keys = published(portal)
    previous = GENESIS
    for number, checkpoint in enumerate(checkpoints, start=1):
        broken = broken or _checkpoint_fault(checkpoint, number, previous, heads=heads, keys=keys)
        previous = checkpoint.root
    sealed = max((head["id"] for head in checkpoints[-1].heads), default=0) if checkpoints else 0
    return Verdict(
        entries=len(heads),
        chains=len(chains),
        checkpoints=len(checkpoints),
        unsealed=work.session.scalars(select(func.count(TrailEntry.id)).where(TrailEntry.id > sealed)).one(),
        broken=broken,
        last_checkpoint=f"{checkpoints[-1].number}:{checkpoints[-1].root.hex()}" if checkpoints else None,
    )


def _entries(work: Work) -> Iterator[TrailEntry]:
    statement = select(TrailEntry).order_by(TrailEntry.chain, TrailEntry.number)
    yield from work.session.scalars(statement.execution_options(yield_per=1000))


def _entry_fault(row: TrailEntry, before: TrailEntry | None) -> Message | None:
    place = {"chain": row.chain, "number": row.number}
    if row.number != (before.number + 1 if before else 1):
        return Message("Chain %(chain)s: an entry is missing before entry %(number)d.", place)
    # What the hash does not cover must still agree with what it does: the case, and the order of writing.
    case_id = int(row.chain.removeprefix("case:")) if row.chain.startswith("case:") else None
    if row.case_id != case_id or (before is not None and row.id <= before.id):
        return Message("Chain %(chain)s: entry %(number)d was moved.", place)
    previous = before.hash if before else GENESIS
    entry = Entry(
        controller_id=row.controller_id,
        chain=row.chain,
        number=row.number,
        at=row.at,
        event=row.event,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        facts=row.facts,
        personal=row.personal,
    )
    if row.previous != previous or row.hash != entry_hash(entry, previous):
        return Message("Chain %(chain)s: entry %(number)d is not what was written.", place)
    return None


def _checkpoint_fault(
    row: Checkpoint,
    number: int,
    previous: bytes,
    *,
    heads: Heads,
    keys: Mapping[str, object],
) -> Message | None:
    place = {"number": row.number}
    if row.number != number or row.previous != previous:
        return Message("Checkpoint %(number)d does not follow the one before it.", place)
    leaves = []
    for head in row.heads:
        number_there, found = heads.get((head["chain"], head["number"]), (None, b""))
        if number_there != head["id"]:
            missing = {**place, "chain": head["chain"], "entry": head["number"]}
            return Message("Checkpoint %(number)d covers entry %(entry)d of chain %(chain)s, which is gone.", missing)
        leaves.append(leaf(head["chain"], head["number"], found))
    if merkle_root(leaves) != row.root:
        return Message("Checkpoint %(number)d does not fit the entries that it covers.", place)
    statement = checkpoint_statement(
        controller_id=row.controller_id, number=row.number, at=row.at, root=row.root, previous=row.previous
    )
    try:
        signed = verify_detached(row.signature.decode(), statement, keys)
    except Tampered as error:
        return Message("Checkpoint %(number)d: %(reason)s", {**place, "reason": str(error)})
    if signed.get("kid") != row.kid:
        return Message("Checkpoint %(number)d names another key than the one that signed it.", place)
    return None
