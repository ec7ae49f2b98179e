"""One valid row for every table, by hand: what tests of tenancy, migrations and constraints change one field of."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.models.base import Base
from app.models.cases import (
    Approval,
    Case,
    ClockFact,
    Code,
    Draft,
    Filing,
    Identity,
    Letter,
    Message,
    Restriction,
)
from app.models.controllers import Controller, PolicyVersion
from app.models.evidence import Evidence
from app.models.fulfilment import Collected, ItemDecision, Package, Run, SigningKey
from app.models.ledger import Checkpoint, Job, Sweep, TrailEntry
from app.models.people import (
    AddressCode,
    ApiToken,
    BrowserSession,
    FactorReset,
    IdempotencyKey,
    Login,
    Membership,
    Passkey,
    Rate,
    RecoveryCode,
    SsoIdentity,
)
from app.models.proof import CallBack, FactQuestion, OnFile, ProofStep, Representation, SignedForm
from tests.factories import START

LATER = START + timedelta(days=30)
Ids = dict[type[Base], Any]
Fields = dict[str, Any]


def some(count: int = 32) -> bytes:
    """Bytes that no other row has."""
    return secrets.token_bytes(count)


# In the order in which they can be written: a row may point to those before it.
ROWS: dict[type[Base], Callable[[Ids], Fields]] = {
    Controller: lambda _: {"slug": f"c-{secrets.token_hex(4)}", "name": "C", "created_at": START},
    Login: lambda _: {"email": f"{secrets.token_hex(4)}@example.com", "name": "L", "created_at": START},
    Membership: lambda ids: {
        "login_id": ids[Login], "controller_id": ids[Controller], "role": "dpo", "functions": [], "created_at": START,
    },
    BrowserSession: lambda ids: {
        "id_hash": some(), "login_id": ids[Login], "stage": "full", "references": [], "started_at": START,
        "last_seen_at": START, "expires_at": LATER,
    },
    RecoveryCode: lambda ids: {"login_id": ids[Login], "code_hash": some(), "made_at": START},
    Passkey: lambda ids: {
        "login_id": ids[Login], "credential_id": some(), "public_key": some(), "sign_count": 0, "name": "P",
        "created_at": START,
    },
    AddressCode: lambda ids: {
        "token_hash": some(), "purpose": "enter", "address": b"a", "language": "en", "login_id": ids[Login],
        "nonce": some(16), "attempts": 0, "created_at": START, "expires_at": LATER,
    },
    SsoIdentity: lambda ids: {
        "login_id": ids[Login], "issuer": "https://id.example.com", "subject": secrets.token_hex(8),
        "linked_at": START,
    },
    FactorReset: lambda ids: {
        "login_id": ids[Login], "asked_by_id": ids[Login], "asked_at": START, "confirmed": False,
        "settled_by_id": ids[Login], "settled_at": START,
    },
    Rate: lambda _: {"key": some(), "window_ends_at": LATER, "count": 1},
    SigningKey: lambda _: {"kid": secrets.token_hex(8), "public": some(), "private": None, "created_at": START},
    Sweep: lambda _: {"name": secrets.token_hex(8), "last_run_at": START},
    PolicyVersion: lambda _: {
        "number": 900, "document": {}, "datasets": {}, "regime": "gdpr", "regime_version": "1", "digest": "d",
        "applied_at": START,
    },
    Case: lambda ids: {
        "reference": secrets.token_hex(7), "submission": "S", "right": "access", "status": "open",
        "policy_version_id": ids[PolicyVersion], "language": "en", "channel": "web", "capacity": "self",
        "personal": b"", "received_at": START, "filed_at": START, "due_on": LATER.date(), "due_order": LATER.date(),
    },
    Identity: lambda ids: {"case_id": ids[Case], "kind": "email", "value": b"v", "digest": some()},
    ClockFact: lambda ids: {"case_id": ids[Case], "kind": "received", "at": START, "data": {}, "recorded_at": START},
    Code: lambda ids: {
        "case_id": ids[Case], "purpose": "confirm", "nonce": some(), "created_at": START, "expires_at": LATER,
    },
    Draft: lambda _: {"token_hash": some(), "kind": "access", "answers": b"", "expires_at": LATER},
    Filing: lambda _: {"draft_hash": some(), "submission": "S", "filed_at": START},
    Approval: lambda ids: {"case_id": ids[Case], "login_id": ids[Login], "approved_at": START},
    Letter: lambda ids: {
        "public_id": secrets.token_hex(8), "case_id": ids[Case], "kind": "refusal", "inputs": b"", "written_at": START,
    },
    Message: lambda ids: {
        "public_id": secrets.token_hex(8), "case_id": ids[Case], "direction": "to_person", "kind": "question",
        "body": b"", "login_id": ids[Login], "written_at": START,
    },
    Restriction: lambda ids: {"case_id": ids[Case], "ground": "accuracy_contested", "scope": b"", "since": START},
    Evidence: lambda ids: {
        "public_id": secrets.token_hex(8), "case_id": ids[Case], "purpose": "identity", "state": "ready",
        "kind": "pdf", "name": b"n", "object_name": secrets.token_hex(16), "data_key": b"k", "size": 1, "sha256": "0",
        "login_id": ids[Login], "uploaded_at": START, "scan": "clean", "scanned_at": START,
        "destroy_by": LATER.date(),
    },
    ProofStep: lambda ids: {
        "case_id": ids[Case], "way": "document_view", "asked_at": START, "asked_by_id": ids[Login], "reason": b"r",
        "shown_at": START, "shown_to_id": ids[Login], "facts": {},
    },
    OnFile: lambda ids: {
        "case_id": ids[Case], "kind": "email", "claimed": "customer_number", "connection": "crm", "value": b"v",
        "digest": some(), "found_at": START, "told_at": START, "answer": "mine", "answered_at": START,
    },
    FactQuestion: lambda ids: {
        "case_id": ids[Case], "place": f"crm.customers.{secrets.token_hex(4)}", "answers": [], "drawn_at": START,
    },
    SignedForm: lambda ids: {
        "case_id": ids[Case], "code_hash": some(), "code": b"c", "made_at": START, "verdict": "duly_executed",
        "defects": [], "judged_at": START, "judged_by_id": ids[Login],
    },
    CallBack: lambda ids: {
        "case_id": ids[Case], "on_file_id": ids[OnFile], "login_id": ids[Login], "result": "confirmed", "note": b"n",
        "called_at": START,
    },
    Representation: lambda ids: {
        "case_id": ids[Case], "kind": "agent", "personal": b"p", "contact_digest": some(), "scope": ["access"],
        "filed_at": START, "ends_on": LATER.date(), "answer_to": "subject", "revoked_at": START, "revoked_by": "staff",
    },
    Run: lambda ids: {"case_id": ids[Case], "connection": "crm", "state": "queued"},
    Collected: lambda ids: {
        "case_id": ids[Case], "connection": "crm", "collection": "customers", "categories": [], "rows": 1, "bytes": 1,
        "sha256": "0", "collected_at": START,
    },
    ItemDecision: lambda ids: {
        "collected_id": ids[Collected], "row_number": 0, "decision": "withhold", "ground": "g", "reason": "r",
        "login_id": ids[Login], "decided_at": START,
    },
    Package: lambda ids: {
        "public_id": secrets.token_hex(8), "case_id": ids[Case], "bytes": 1, "rows": 1, "sha256": "0", "manifest": {},
        "assembled_at": START,
    },
    ApiToken: lambda ids: {"login_id": ids[Login], "token_hash": some(), "scopes": [], "created_at": START},
    IdempotencyKey: lambda _: {"key_hash": some(), "request_digest": b"", "result": {}, "created_at": START},
    Job: lambda ids: {
        "kind": "shred", "case_id": ids[Case], "arguments": {}, "state": "done", "due_at": START, "created_at": START,
    },
    TrailEntry: lambda ids: {
        "chain": f"case:{ids[Case]}", "number": 1, "case_id": ids[Case], "at": START, "event": "case:filed",
        "actor_kind": "system", "facts": {}, "previous": bytes(32), "hash": some(),
    },
    Checkpoint: lambda _: {
        "number": 1, "at": START, "heads": [], "root": some(), "previous": bytes(32), "kid": "k", "signature": b"s",
    },
}  # fmt: skip


def one_of_each(session: Session) -> Ids:
    """Write a controller with one row in every table; the rows' primary keys by table."""
    ids: Ids = {}
    for model, fields in ROWS.items():
        ids[model] = write(session, model, fields(ids), ids)
    return ids


def write(session: Session, model: type[Base], fields: Fields, ids: Ids) -> Any:
    """Write one row, of the controller in `ids` where the table wants one; its primary key."""
    if "controller_id" in model.__table__.c:
        fields = {"controller_id": ids[Controller], **fields}
    row = model(**fields)
    session.add(row)
    session.flush()
    (key,) = model.__mapper__.primary_key_from_instance(row)
    return key
