"""Moves through the API: one address per row of the table of moves, the same fields as the form, the same `can()`."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from pydantic import RootModel

from app.domain.codes import TRIES, CodeResult
from app.domain.errors import Invalid, NotFound
from app.domain.given import read
from app.domain.identity import read_reference
from app.domain.lifecycle import move_named
from app.domain.permissions import Actor
from app.services import limits as counters
from app.services import moves, policies, verification
from app.services.verification import TRIES_AT_NOTHING
from app.web import limits
from app.web.api import bearer, etag
from app.web.api.cases import told
from app.web.api.once import once
from app.web.api.openapi import MOVE_PATH
from app.web.api.operations import Operation, operation
from app.web.api.problems import Unauthorised
from app.web.api.shapes import CaseAnswer, Passage, Word
from app.web.even import evenly
from app.web.transaction import prove, reading, writing
from app.web.visitor import portal
from app.work import Work

TRIES_FROM_ONE_NETWORK = 60


class MoveBody(RootModel[dict[Word, Passage]]):
    """The move's fields by name; which ones there are says the table of moves."""


MOVE = Operation(
    "POST", MOVE_PATH, "move_case", "Move a case on", bearer.anyone(), body=MoveBody, answer=CaseAnswer,
    headers=("If-Match", "Idempotency-Key"), problems=(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)  # fmt: skip


@operation(MOVE)
def move_case(reference: str, move: str, body: MoveBody) -> Response:
    """With a token as staff; `confirm` without one, by the person with the code from the mail."""
    caller = bearer.caller()
    if caller.kind != "staff":
        if move != "confirm":
            raise Unauthorised
        return _confirmed(reference, _code(body))
    assert caller.controller_id is not None

    def perform(work: Work) -> Mapping[str, Any]:
        moves.perform(work, reference, move, body.root, version=etag.demanded())
        return {"moved": move}

    once(caller.controller_id, perform)
    with reading(caller.controller_id, who=caller) as work:
        return told(work, reference)


def _code(body: MoveBody) -> str:
    row = move_named("confirm")
    assert row is not None
    return str(read(row.fields, body.root, {})["code"])


def _confirmed(reference: str, code: str) -> Response:
    """An unknown reference and a wrong code get one and the same answer: nobody learns which requests exist."""
    prove()
    limits.slow_down("code-tries-from", limits.network(), limit=TRIES_FROM_ONE_NETWORK, seconds=10 * limits.MINUTE)
    canonical = read_reference(reference[:40])
    if canonical is None:
        raise NotFound
    with evenly():
        place = policies.find_case(portal(), canonical)
        if place is None:
            raise Invalid({"code": _result_of_nothing(canonical).message})
        who = Actor("person", references=frozenset({place.reference}))
        with writing(place.controller_id, who=who) as work:
            result = verification.confirm(work, place.reference, code)
    if not result.accepted:
        raise Invalid({"code": result.message})
    with reading(place.controller_id, who=who) as work:
        return told(work, place.reference)


def _result_of_nothing(reference: str) -> CodeResult:
    """What a request with a code would have answered."""
    tries = counters.hit(portal(), TRIES_AT_NOTHING, reference, limit=10**6, seconds=30 * limits.DAY)
    return CodeResult.WRONG if tries < TRIES else CodeResult.USED_UP
