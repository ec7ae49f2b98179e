"""The arithmetic of the audit trail (Art. 5(2)): what an entry's hash covers, and how chains join into a Merkle root.

An entry hashes the ciphertext of its personal part, not the plain text: erasing a person by destroying the case's
key leaves
every hash as it was.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as far as the hash goes."""

    controller_id: int
    chain: str
    number: int
    at: datetime
    event: str
    actor_kind: str
    actor_id: int | None
    facts: Mapping[str, object]
    personal: bytes | None


def entry_hash(entry: Entry, previous: bytes) -> bytes:
    """SHA-256 (32 bytes) over the entry's canonical form and the hash before it."""
    form = [
        entry.controller_id,
        entry.chain,
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.event,
        entry.actor_kind,
        entry.actor_id,
        entry.facts,
        None if entry.personal is None else b64encode(entry.personal).decode(),
    ]
    text = json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + text.encode()).digest()


def leaf(chain: str, number: int, head: bytes) -> bytes:
    """The Merkle leaf for one chain's head."""
    return hashlib.sha256(b"\x00" + f"{chain}|{number}|".encode() + head).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root (32 bytes) over the leaves in order; an odd one out is carried up unpaired. No leaves: 32 zero bytes."""
    if not leaves:
        return GENESIS
    level = list(leaves)
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def checkpoint_statement(*, controller_id: int, number: int, at: datetime, root: bytes, previous: bytes) -> bytes:
    """The bytes that the portal's key signs for one checkpoint."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"habeas-checkpoint/1|{controller_id}|{number}|{moment}|{root.hex()}|{previous.hex()}".encode()
