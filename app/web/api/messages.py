"""Messages through the API: what staff and person wrote to each other about a case (Art. 12(1), 12(2))."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.queries import conversation as read
from app.services import conversation
from app.web.api import bearer
from app.web.api.once import once
from app.web.api.operations import Operation, answer, operation
from app.web.api.shapes import MessageBody, MessageRow, MessagesAnswer, WrittenAnswer
from app.web.transaction import reading
from app.work import Work


@operation(
    Operation(
        "GET", "/cases/{reference}/messages", "list_messages", "What was written about a case",
        bearer.token("case:view"), answer=MessagesAnswer, problems=(401, 403, 404, 429),
    )
)  # fmt: skip
def list_messages(reference: str) -> Response:
    """In order, with the names of staff."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    with reading(caller.controller_id, who=caller) as work:
        rows = read.thread(work, reference)
    return answer(
        MessagesAnswer(
            messages=[
                MessageRow(
                    id=row.id, direction=row.direction, kind=row.kind, body=row.body, author=row.author or None,
                    written_at=row.written_at,
                )
                for row in rows
            ]
        )
    )  # fmt: skip


@operation(
    Operation(
        "POST", "/cases/{reference}/messages", "write_message", "Write to the person", bearer.token("case:message"),
        status=201, body=MessageBody, answer=WrittenAnswer, headers=("Idempotency-Key",),
        problems=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )
)  # fmt: skip
def write_message(reference: str, body: MessageBody) -> Response:
    """The person gets a mail that points to their page."""
    caller = bearer.caller()
    assert caller.controller_id is not None

    def perform(work: Work) -> Mapping[str, Any]:
        return {"id": conversation.write(work, reference, body.body)}

    return answer(WrittenAnswer.model_validate(once(caller.controller_id, perform)), status=201)
