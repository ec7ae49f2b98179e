"""A POST that is sent twice with one Idempotency-Key takes effect once: a lost answer must not become a second request.

The answer is remembered in the transaction of the effect itself, for a day; a refused call is not remembered and may be
tried again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from app.domain.errors import Invalid
from app.models.people import IdempotencyKey
from app.work import Work

LONGEST_KEY: Final = 255
KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Once:
    """One call: who calls what with which key (`name`), and what was asked for (`body`)."""

    name: str
    body: bytes


def recall(work: Work, once: Once) -> Mapping[str, Any] | None:
    """What this call was answered before, if it was; Invalid when the key came with another body.

    A second call that comes while the first is still at work waits here for its answer.
    """
    digest = _key(work, once)
    work.lock(f"idempotency:{digest.hex()}")
    row = work.session.scalars(select(IdempotencyKey).where(IdempotencyKey.key_hash == digest)).one_or_none()
    if row is None or row.created_at <= work.real_now - KEPT:
        return None
    if row.request_digest != work.keyring.digest("idempotency-body", once.body):
        raise Invalid({"Idempotency-Key": "This key was used for another request. Use a new key for a new request."})
    return dict(row.result)


def remember(work: Work, once: Once, result: Mapping[str, Any]) -> None:
    """Keep the answer (never personal data), after `recall` found none."""
    digest = _key(work, once)
    work.session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.key_hash == digest, IdempotencyKey.created_at <= work.real_now - KEPT
        )
    )
    work.session.add(
        IdempotencyKey(
            key_hash=digest,
            request_digest=work.keyring.digest("idempotency-body", once.body),
            result=dict(result),
            created_at=work.real_now,
        )
    )


def _key(work: Work, once: Once) -> bytes:
    return work.keyring.digest("idempotency-key", once.name.encode("utf-8", "surrogatepass"))
