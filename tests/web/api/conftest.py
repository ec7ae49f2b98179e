"""A caller whose every answer is held against the API's own description."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.permissions import SYSTEM
from app.portal import Portal
from app.queries import policies
from app.services import staff, tokens
from tests.web.api.schema import faults_of, response_schema
from workers.idle import run_until_idle

ALL = ("cases:read", "cases:write", "packages:read")
BODY = {
    "rights": ["access"],
    "name": "Ana Ionescu",
    "identities": {"email": "ana@example.com"},
    "details": {"access": {"wish": "Everything, please."}},
}


class Caller:
    """Somebody who uses the API, with a token or without."""

    def __init__(self, client: FlaskClient, token: str | None = None) -> None:
        self.client, self.token = client, token

    def get(self, path: str, status: int = 200, **headers: str) -> TestResponse:
        return self.send("GET", path, status=status, headers=headers)

    def post(
        self, path: str, body: object = None, status: int = 200, *, raw: bytes | str | None = None, **headers: str
    ) -> TestResponse:
        data = raw if raw is not None else (json.dumps(body) if body is not None else None)
        return self.send("POST", path, status=status, headers=headers, data=data)

    def send(self, method: str, path: str, *, status: int, headers: dict[str, str], **given: Any) -> TestResponse:
        """Send, and insist on the status and on an answer that the description foresees."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if given.get("data") is not None:
            sent.setdefault("Content-Type", "application/json")
        address = path if path.startswith("/") else f"/api/v1/{path}"
        response = self.client.open(address, method=method, headers=sent, **given)
        assert response.status_code == status, response.get_data(as_text=True)
        self._as_described(method, address.partition("?")[0].removeprefix("/api/v1"), response)
        return response

    def _as_described(self, method: str, path: str, response: TestResponse) -> None:
        if response.status_code >= 400:
            assert response.mimetype == "application/problem+json"
            assert response.json is not None
            assert response.json["status"] == response.status_code
        schema = response_schema(method, path, response.status_code, response.mimetype or "")
        if schema is not None:
            assert not faults_of(response.json, schema)


@pytest.fixture
def public(client: FlaskClient) -> Caller:
    return Caller(client)


@pytest.fixture
def hire(portal: Portal, client: FlaskClient) -> Callable[..., Caller]:
    """Somebody of staff with a token."""

    def make(role: str = "dpo", *scopes: str, slug: str = "acme", email: str = "") -> Caller:
        address = email or f"{role}@{slug}.example"
        with portal.work(SYSTEM, policies.find(portal, slug)) as work:
            staff.invite(work, email=address, role=role)
            return Caller(client, tokens.create(work, email=address, scopes=scopes or ALL))

    return make


@pytest.fixture
def dpo(hire: Callable[..., Caller]) -> Caller:
    return hire("dpo")


@pytest.fixture
def finish(portal: Portal) -> Callable[[], int]:
    """Does the work that waits."""
    return lambda: run_until_idle(portal)


@pytest.fixture
def proven(dpo: Caller) -> str:
    """A request whose identity staff saw proven; its reference."""
    body = {**BODY, "channel": "post", "proof": {"method": "document_view", "note": "Identity card"}}
    reference = dpo.post("controllers/acme/cases", body, 201).json["cases"][0]
    return str(reference)
