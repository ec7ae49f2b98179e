"""Review through the API: which records were found, and which of them stay out of the answer (Art. 15(4)).

What stands in a record is not told here: that is the package's, behind a scope of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, request

from app.domain.errors import Forbidden, NotFound, Stale
from app.domain.permissions import can
from app.queries import items, reading
from app.services import review
from app.web import transaction
from app.web.api import bearer, etag
from app.web.api.once import once
from app.web.api.operations import Operation, Query, answer, operation, whole_number
from app.web.api.shapes import DecidedAnswer, IncludeBody, ItemRow, ItemsAnswer, WithholdBody
from app.web.visitor import portal
from app.work import Work

_DECIDE = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429)


@operation(
    Operation(
        "GET", "/cases/{reference}/items", "list_items", "What was found", bearer.token("case:view"),
        answer=ItemsAnswer,
        query=(
            Query("limit", f"At most so many records, 1 to {items.MOST}; {items.PAGE} when absent."),
            Query("cursor", "`next` of the page before."),
        ),
        problems=(401, 403, 404, 422, 429),
    )
)  # fmt: skip
def list_items(reference: str) -> Response:
    """A page of found records with the decision on each."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    limit = whole_number("limit", items.PAGE, most=items.MOST)
    with transaction.reading(caller.controller_id, who=caller) as work:
        page = items.items(portal(), work, reference, cursor=request.args.get("cursor"), limit=limit)
    return answer(ItemsAnswer(items=[_row(row) for row in page.rows], next=page.next_cursor))


def _row(row: items.ItemRow) -> ItemRow:
    return ItemRow(
        id=row.id, connection=row.connection, collection=row.collection, row=int(row.id.rpartition("-")[2]),
        categories=list(row.categories), decision=row.decision, ground=row.ground, reason=row.reason,
    )  # fmt: skip


@operation(
    Operation(
        "POST", "/cases/{reference}/items/withhold", "withhold_items", "Leave records out of the answer",
        bearer.token("item:withhold"), body=WithholdBody, answer=DecidedAnswer,
        headers=("If-Match", "Idempotency-Key"), problems=_DECIDE,
    )
)  # fmt: skip
def withhold_items(reference: str, body: WithholdBody) -> Response:
    """Each with one of the law's grounds and a reason; an approval given before is void."""
    return _decided(reference, "withhold", body.items, ground=body.ground, reason=body.reason)


@operation(
    Operation(
        "POST", "/cases/{reference}/items/include", "include_items", "Take records back into the answer",
        bearer.token("item:include"), body=IncludeBody, answer=DecidedAnswer,
        headers=("If-Match", "Idempotency-Key"), problems=_DECIDE,
    )
)  # fmt: skip
def include_items(reference: str, body: IncludeBody) -> Response:
    """The default for every record that nobody decided on; an approval given before is void."""
    return _decided(reference, "include", body.items)


_VERBS: Mapping[str, Callable[..., None]] = {"withhold": review.withhold, "include": review.include}


def _decided(reference: str, decision: str, ids: Sequence[str], **why: str) -> Response:
    caller = bearer.caller()
    assert caller.controller_id is not None

    def perform(work: Work) -> Mapping[str, Any]:
        case = reading.load(work, reference)
        facts = reading.facts_of(case)
        if not can(work.actor, "case:view", facts):
            raise NotFound
        if not can(work.actor, f"item:{decision}", facts):
            raise Forbidden("This token may not decide on records.")
        if etag.demanded() not in {None, case.version}:
            raise Stale("Somebody else has changed this request since you read it. Read it again, then decide.")
        _VERBS[decision](work, case, ids, **why)
        return {"reference": case.reference, "decided": len(ids), "version": case.version}

    told = DecidedAnswer.model_validate(once(caller.controller_id, perform))
    return answer(told, headers={"ETag": etag.of(told.version)})
