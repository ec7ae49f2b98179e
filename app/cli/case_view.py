"""How a case reads on the command line: the contract's names for scripts, a few lines for people."""

from typing import Any

from app.domain.policy import say
from app.queries.cases import CaseView
from app.queries.queue import QueueRow


def facts_of(view: CaseView) -> dict[str, Any]:
    """The same parts under the same names as the API's answer, and who the person is: the reader is staff."""
    clock = view.clock
    return {
        "reference": view.reference,
        "submission": view.submission,
        "controller": view.controller_slug,
        "right": view.right,
        "status": view.status,
        "outcome": view.outcome,
        "lateness": view.lateness,
        "received_at": view.received_at.isoformat(),
        "clock": {
            "state": clock.state,
            "due": clock.due,
            "earliest_due": clock.earliest_due,
            "statutory_due": clock.statutory_due,
            "promised_due": clock.promised_due,
            "base_due": clock.base_due,
            "steps": [{"date": step.date, "rule": step.rule, "why": str(step.why)} for step in clock.steps],
        },
        "name": view.name,
        "identities": [{"kind": row.kind, "value": row.value, "proven_by": row.proven_by} for row in view.identities],
        "details": dict(view.details),
        "grounds": list(view.grounds),
        "assignee": view.assignee_email,
        "moves": [move.name for move in view.moves],
        "runs": [
            {
                "connection": row.connection, "state": row.state, "found": row.found,
                "error": str(row.error) if row.error else None,
            }
            for row in view.runs
        ],
        "collections": [
            {
                "connection": row.connection, "collection": row.collection, "rows": row.rows,
                "categories": list(row.categories),
            }
            for row in view.collections
        ],
        "packages": [
            {
                "id": row.id, "state": row.state, "bytes": row.bytes, "sha256": row.sha256,
                "released_at": row.released_at, "expires_at": row.expires_at,
            }
            for row in view.packages
        ],
        "letters": [
            {
                "id": row.id, "kind": row.kind, "title": str(row.title), "sent_at": row.sent_at, "sha256": row.sha256,
                "mail_sha256": row.mail_sha256,
            }
            for row in view.letters
        ],
        "new_message": view.new_message,
        "version": view.version,
    }  # fmt: skip


def lines_of(view: CaseView) -> list[str]:
    """What a person at the terminal wants to know first."""
    due = f"due {view.clock.due}" if view.clock.state == "running" else f"clock {view.clock.state}"
    if view.clock.state == "paused":
        due = f"clock paused, due {view.clock.earliest_due} at the earliest"
    lines = [
        f"{view.reference}  {say(view.right_title, 'en')} ({view.right_article}), {view.controller_name}",
        f"  {view.status}{f' ({view.outcome})' if view.outcome else ''}, {due}"
        f"{f', {view.lateness}' if view.lateness else ''}, handled by {view.assignee or 'nobody'}",
    ]
    lines += [f"  {row.kind} {row.value}: {row.proven_by or 'not proven'}" for row in view.identities]
    lines += [f"  {row.connection}: {row.state}, {row.found} found {row.error or ''}".rstrip() for row in view.runs]
    lines += [f"  package {row.id}: {row.state}, {row.bytes} bytes" for row in view.packages]
    return [*lines, f"  possible: {', '.join(move.name for move in view.moves) or 'nothing'}"]


def row_facts(row: QueueRow) -> dict[str, Any]:
    """One line of the queue for scripts."""
    return {
        "reference": row.reference, "submission": row.submission, "right": row.right, "status": row.status,
        "outcome": row.outcome, "lateness": row.lateness, "received_at": row.received_at.isoformat(),
        "due": row.due_on, "assignee": row.assignee, "new_message": row.new_message, "version": row.version,
    }  # fmt: skip


def row_line(row: QueueRow) -> str:
    """One line of the queue for people."""
    due, news = row.due_on or "", "  new message" if row.new_message else ""
    state = f"{row.outcome or row.status:16} {due!s:10} {row.lateness or '':9}"
    return f"{row.reference}  {state} {row.assignee or ''}{news}".rstrip()
