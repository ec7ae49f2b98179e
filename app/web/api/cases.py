"""Cases through the API: the queue, one case with its clock and its possible moves, its trail (Art. 5(2), 12(3))."""

from flask import Response, request

from app.domain.errors import NotFound
from app.domain.ladder import in_order
from app.domain.lifecycle import OUTCOMES, STATUSES
from app.queries import cases, history, proof, queue
from app.queries.cases import CaseView
from app.queries.proof import Standing
from app.queries.queue import QueueFilter, QueueRow
from app.services import policies
from app.web.api import bearer, etag
from app.web.api.operations import Operation, Query, answer, operation, whole_number
from app.web.api.shapes import (
    LATENESS,
    CaseAnswer,
    CaseRow,
    CasesAnswer,
    ClockAnswer,
    CollectionAnswer,
    IdentityAnswer,
    LetterAnswer,
    PackageAnswer,
    ProofAnswer,
    RepresentationAnswer,
    RunAnswer,
    StepAnswer,
    TrailAnswer,
    TrailRow,
)
from app.web.transaction import reading
from app.web.visitor import portal
from app.work import Work

COMMON = (401, 403, 404, 429)


@operation(
    Operation(
        "GET", "/cases", "list_cases", "The queue of one organisation", bearer.token("case:list"), answer=CasesAnswer,
        query=(
            Query("controller", "The organisation's slug; a token sees one organisation only."),
            Query("status", "Where the case is.", STATUSES),
            Query("right", "The right asked for."),
            Query("outcome", "How it ended.", OUTCOMES),
            Query("lateness", "How the due date stands to today.", LATENESS),
            Query("assignee", "E-mail of who handles it, `me`, or `nobody` for those that nobody does."),
            Query("messages", "`new`: the person wrote, and nobody of staff has done anything since.", ("new",)),
            Query("q", "A reference, or one exact identity such as an e-mail address."),
            Query("sort", "Order.", queue.SORTS),
            Query("limit", f"At most so many cases, 1 to {queue.MOST}; {queue.PAGE} when absent."),
            Query("cursor", "`next` of the page before."),
        ),
        problems=(*COMMON, 422),
    )
)  # fmt: skip
def list_cases() -> Response:
    """A page of cases; filters join with and."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    wanted = request.args.get("controller")
    if wanted and policies.find(portal(), wanted) != caller.controller_id:
        raise NotFound
    with reading(caller.controller_id, who=caller) as work:
        page = queue.queue(work, _filter())
    return answer(CasesAnswer(cases=[_row(row) for row in page.rows], next=page.next_cursor))


def _filter() -> QueueFilter:
    given = {
        name: value
        for name in ("status", "right", "outcome", "lateness", "assignee", "messages", "q", "sort", "cursor")
        if (value := request.args.get(name))
    }
    # The words were checked against the same lists that the types name.
    return QueueFilter(**given, limit=whole_number("limit", queue.PAGE, most=queue.MOST))  # type: ignore[arg-type]


def _row(row: QueueRow) -> CaseRow:
    return CaseRow(
        reference=row.reference, submission=row.submission, right=row.right, status=row.status, outcome=row.outcome,
        lateness=row.lateness, received_at=row.received_at, due=row.due_on, assignee=row.assignee,
        new_message=row.new_message, version=row.version,
    )  # fmt: skip


@operation(
    Operation(
        "GET", "/cases/{reference}", "read_case", "One case", bearer.token("case:view"), answer=CaseAnswer,
        headers=("If-None-Match",), problems=COMMON, more_answers={304: "Nothing changed since you last read it."},
    )
)  # fmt: skip
def read_case(reference: str) -> Response:
    """The version is the ETag: give it back in If-Match when you move the case on."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    with reading(caller.controller_id, who=caller) as work:
        return told(work, reference, may_be_unchanged=True)


@operation(
    Operation(
        "GET", "/cases/{reference}/trail", "read_trail", "What happened to a case", bearer.token("case:trail"),
        answer=TrailAnswer, problems=COMMON,
    )
)  # fmt: skip
def read_trail(reference: str) -> Response:
    """The entries in order; `flask trail verify` recomputes their chain."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    with reading(caller.controller_id, who=caller) as work:
        rows = history.trail(work, reference)
    return answer(
        TrailAnswer(
            entries=[
                TrailRow(
                    number=row.number,
                    at=row.at,
                    event=row.event,
                    text=str(row.text),
                    actor=str(row.actor),
                    facts=dict(row.facts),
                    hash=row.hash,
                )
                for row in rows
            ]
        )
    )


def told(work: Work, reference: str, *, may_be_unchanged: bool = False) -> Response:
    """The case as this actor sees it, under its ETag."""
    view = cases.view(work, reference)
    tag = etag.of(view.version)
    if may_be_unchanged and etag.still_holds(tag):
        return Response(status=304, headers={"ETag": tag})
    return answer(shape_of(view, proof.standing_of(work, reference)), headers={"ETag": tag})


def _representation(view: CaseView) -> RepresentationAnswer | None:
    acting = view.represented
    if acting is None:
        return None
    return RepresentationAnswer(
        kind=acting.kind, stands=acting.stands, ends_on=acting.ends_on, cosigned=acting.cosigned_at is not None,
        accepted=acting.accepted_at is not None, answer_to="subject" if acting.to_subject else "representative",
    )  # fmt: skip


def shape_of(view: CaseView, standing: Standing) -> CaseAnswer:
    """The view as the contract names its parts."""
    clock = view.clock
    return CaseAnswer(
        reference=view.reference,
        submission=view.submission,
        controller=view.controller_slug,
        right=view.right,
        status=view.status,
        outcome=view.outcome,
        lateness=view.lateness,
        received_at=view.received_at,
        clock=ClockAnswer(
            state=clock.state,
            due=clock.due,
            earliest_due=clock.earliest_due,
            statutory_due=clock.statutory_due,
            promised_due=clock.promised_due,
            base_due=clock.base_due,
            steps=[StepAnswer(date=step.date, rule=step.rule, why=str(step.why)) for step in clock.steps],
        ),
        identities=[IdentityAnswer(kind=row.kind, proven_by=row.proven_by) for row in view.identities],
        proof=ProofAnswer(
            asked=standing.asked,
            shown=in_order(standing.shown),
            closed=in_order(rung.way for rung in standing.rungs if rung.closed_at),
        ),
        capacity=view.capacity,
        representation=_representation(view),
        assignee=view.assignee_email,
        moves=[move.name for move in view.moves],
        runs=[
            RunAnswer(
                connection=row.connection, state=row.state, found=row.found, error=str(row.error) if row.error else None
            )
            for row in view.runs
        ],
        collections=[
            CollectionAnswer(
                connection=row.connection, collection=row.collection, rows=row.rows, categories=list(row.categories)
            )
            for row in view.collections
        ],
        packages=[
            PackageAnswer(
                id=row.id, state=row.state, bytes=row.bytes, sha256=row.sha256,
                released_at=row.released_at, expires_at=row.expires_at,
            )
            for row in view.packages
        ],
        letters=[
            LetterAnswer(
                id=row.id, kind=row.kind, title=str(row.title), sent_at=row.sent_at, sha256=row.sha256,
                mail_sha256=row.mail_sha256,
            )
            for row in view.letters
        ],
        new_message=view.new_message,
        version=view.version,
    )  # fmt: skip
