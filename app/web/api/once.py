"""How a call of the API writes: in one transaction, and once per Idempotency-Key."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from app.services import idempotency
from app.services.idempotency import Once
from app.web.api import bearer, bodies
from app.web.api.problems import Malformed
from app.web.transaction import writing
from app.work import Work


def once(controller_id: int, perform: Callable[[Work], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What `perform` gives, or gave when this very call was made before. The result is kept: no personal data in it."""
    call = _call()
    with writing(controller_id, who=bearer.caller()) as work:
        if call is not None and (earlier := idempotency.recall(work, call)) is not None:
            return earlier
        result = perform(work)
        if call is not None:
            idempotency.remember(work, call, result)
    return result


def _call() -> Once | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= idempotency.LONGEST_KEY:
        raise Malformed(f"Idempotency-Key must have 1 to {idempotency.LONGEST_KEY} characters.")
    who = bearer.fingerprint() or "public"
    return Once(name=f"{who} {request.method} {request.path} {key}", body=bodies.raw())
