"""Who may call: a good token and nothing else; every route declared, every route described."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.domain.errors import Invalid, NotFound
from app.domain.permissions import SYSTEM
from app.gateways.clock import FixedClock
from app.portal import Portal
from app.queries import policies
from app.services import staff, tokens
from app.web.api.operations import OPERATIONS
from app.web.guard import guard_of
from tests.web.api.conftest import BODY, Caller
from tests.web.api.schema import KNOWN, document, resolved
from tests.web.conftest import Browser

TOKEN = ("GET cases", "GET cases/2222-2222-2222", "GET cases/2222-2222-2222/trail", "GET cases/2222-2222-2222/items",
         "POST cases/2222-2222-2222/moves/collect", "POST cases/2222-2222-2222/items/include",
         "POST cases/2222-2222-2222/items/withhold", "POST packages/x/open", "GET packages/x/parts/1/y")  # fmt: skip


@pytest.mark.parametrize("call", TOKEN)
def test_without_a_good_token_nothing_is_said(call: str, public: Caller, hire: Callable[..., Caller]) -> None:
    method, _, path = call.partition(" ")
    good = hire().token
    assert good is not None
    said = []
    for header in (None, f"Bearer {good[:-1]}", "Bearer x", f"Basic {good}", "Bearer", "Bearer " + "x" * 5000):
        headers = {} if header is None else {"Authorization": header}
        answer = public.send(method, path, status=401, headers=headers)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        said.append({**answer.json, "request": ""})
    assert all(one == said[0] for one in said), "all wrong tokens are told the same"


def test_a_browsers_session_opens_nothing_here(browser: Browser, entered: str) -> None:
    assert browser.get(f"/case/{entered}/").status == 200
    for path in (f"cases/{entered}", "cases", f"cases/{entered}/trail"):
        assert browser.client.get(f"/api/v1/{path}").status_code == 401


def test_a_token_dies_with_what_it_stands_on(portal: Portal, hire: Callable[..., Caller], clock: FixedClock) -> None:
    caller = hire()
    assert caller.token is not None
    number = policies.find(portal, "acme")
    with portal.work(SYSTEM, number) as work:
        staff.invite(work, email="dpo@acme.example", role="auditor")
    caller.get("cases")
    caller.post("controllers/acme/cases", BODY, 403)
    with portal.work(SYSTEM, number) as work:
        short = tokens.create(
            work, email="dpo@acme.example", scopes=["cases:read"], expires=clock.real() + timedelta(hours=1)
        )
    Caller(caller.client, short).get("cases")
    clock.advance(timedelta(hours=1))
    Caller(caller.client, short).get("cases", 401)
    with portal.work(SYSTEM, number) as work:
        tokens.revoke(work, 1)
        tokens.revoke(work, 1)
    caller.get("cases", 401)


def test_a_token_is_made_only_for_staff_and_known_scopes(portal: Portal, clock: FixedClock) -> None:
    number = policies.find(portal, "acme")
    with portal.work(SYSTEM, number) as work:
        staff.invite(work, email="eva@acme.example", role="handler")
    wrong = (
        ("stranger@acme.example", ["cases:read"], None, NotFound),
        ("eva@acme.example", ["everything"], None, Invalid),
        ("eva@acme.example", [], None, Invalid),
        ("eva@acme.example", ["cases:read"], clock.real(), Invalid),
    )
    for email, scopes, expires, error in wrong:
        with pytest.raises(error), portal.work(SYSTEM, number) as work:
            tokens.create(work, email=email, scopes=scopes, expires=expires)
    with pytest.raises(NotFound), portal.work(SYSTEM, policies.find(portal, "borealis")) as work:
        tokens.create(work, email="eva@acme.example", scopes=["cases:read"])
    with portal.work(SYSTEM, number) as work:
        made = [tokens.create(work, email="eva@acme.example", scopes=["cases:read"]) for _ in range(2)]
    assert made[0] != made[1]
    assert all(re.fullmatch(r"habeas_[\w-]{43}", token) for token in made)
    found = tokens.authenticate(portal, made[0])
    assert found is not None
    assert (found.role, found.scopes) == ("handler", frozenset({"cases:read"}))


def test_scopes_and_roles_both_narrow(hire: Callable[..., Caller], proven: str) -> None:
    writer = hire("dpo", "cases:write", email="writer@acme.example")
    writer.get(f"cases/{proven}", 403)
    writer.get("cases", 403)
    for decision in ("include", "withhold"):
        body = {"items": ["1-0"], **({"ground": "excessive", "reason": "x"} if decision == "withhold" else {})}
        writer.post(f"cases/{proven}/items/{decision}", body, 404)
    hire("admin").get("cases", 403)
    hire("handler").post("packages/x/open", status=403)
    hire("dpo", "cases:read", email="reader@acme.example").post("packages/x/open", status=403)


def test_filing_with_a_token_is_never_a_public_one(hire: Callable[..., Caller], public: Caller) -> None:
    hire("dpo", "cases:read", email="reader@acme.example").post("controllers/acme/cases", BODY, 403)
    hire("auditor").post("controllers/acme/cases", BODY, 403)
    hire("dpo", slug="borealis").post("controllers/acme/cases", BODY, 403)
    for change in ({"channel": "post"}, {"received_at": "2026-11-01T00:00:00Z"},
                   {"proof": {"method": "document_view", "note": "seen"}}):  # fmt: skip
        public.post("controllers/acme/cases", {**BODY, **change}, 403)


def test_guessing_tokens_becomes_slow(public: Caller) -> None:
    for number in range(30):
        public.get("cases", 401, Authorization=f"Bearer habeas_{number}")
    assert public.get("cases", 429, Authorization="Bearer habeas_x").headers["Retry-After"]


def test_every_route_is_guarded_and_described(app: Flask) -> None:
    described = {(path, method.upper()) for path, calls in document()["paths"].items() for method in calls}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(rules) == len(OPERATIONS)
    for rule in rules:
        guard = guard_of(app, rule.endpoint)
        assert guard is not None
        assert guard.name.startswith(("token", "public"))
        assert not guard.browser, "no cookie has authority here"
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1")
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found = [one for one, known in described if known == method and _same(path, one)]
        assert found, f"{method} {path} is not described"


def _same(path: str, described: str) -> bool:
    return re.fullmatch(re.escape(path).replace(r"\{move\}", r"\w+"), described) is not None


def test_the_description_holds_together() -> None:
    paths = document()["paths"]
    assert "/cases/{reference}/moves/refuse" in paths
    assert "/cases/{reference}/moves/collected" not in paths, "the system's own moves are nobody's to make"
    refuse = paths["/cases/{reference}/moves/refuse"]["post"]
    body = refuse["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["ground", "reason"]
    assert body["properties"]["reason"]["maxLength"] == 4000
    names = [call["operationId"] for calls in paths.values() for call in calls.values()]
    assert len(names) == len(set(names))
    for part in _parts(document()):
        if "$ref" in part:
            assert resolved(part)
    for schema in document()["components"]["schemas"].values():
        assert schema.keys() <= KNOWN


def _parts(part: object) -> list[dict[str, object]]:
    if isinstance(part, dict):
        return [part, *(inner for value in part.values() for inner in _parts(value))]
    return [inner for value in part for inner in _parts(value)] if isinstance(part, list) else []
