"""What nobody should send: a clear problem each time, with a pointer to the field, nothing written and nothing lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.models.cases import Case
from app.portal import Portal
from app.web.api.filings import FILINGS_PER_HOUR
from tests.web.api.conftest import BODY, Caller

FILE = "controllers/acme/cases"


def cases_in(portal: Portal) -> int:
    with portal.unscoped("the test counts", reads_only=True) as work:
        return work.session.scalars(select(func.count(Case.id))).one()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"rights": ["erasure"]}, "#/rights"),
        ({"rights": ["no-such-right"]}, "#/rights"),
        ({"rights": []}, "#/rights"),
        ({"rights": ["access", "access"]}, "#/rights"),
        ({"rights": "access"}, "#/rights"),
        ({"rights": [["access"]]}, "#/rights/0"),
        ({"name": ""}, "#/name"),
        ({"name": "x" * 201}, "#/name"),
        ({"name": "x" * 100_000}, "#/name"),
        ({"name": "Ana\u0000"}, "#/name"),
        ({"name": "Ana \u202eecalpemos"}, "#/name"),
        ({"name": 7}, "#/name"),
        ({"name": None}, "#/name"),
        ({"identities": {"email": "not an address"}}, "#/identities/email"),
        ({"identities": {"email": "a" * 300 + "@example.com"}}, "#/identities/email"),
        ({"identities": {}}, "#/identities/email"),
        ({"identities": {"email": "ana@example.com", "shoe/size~": "40"}}, "#/identities/shoe~1size~0"),
        ({"identities": {"email": ["ana@example.com"]}}, "#/identities/email"),
        ({"details": {"access": {"wish": "x" * 4001}}}, "#/details/access/wish"),
        ({"details": {"access": {"password": "x"}}}, "#/details/access/password"),
        ({"details": {"erasure": {"wish": "x"}}}, "#/details/erasure"),
        ({"details": []}, "#/details"),
        ({"grounds": {"access": ["unlawful"]}}, "#/grounds/access"),
        ({"language": "tlh"}, "#/language"),
        ({"capacity": "emperor"}, "#/capacity"),
        ({"is_admin": True}, "#/is_admin"),
    ],
)
def test_a_wrong_field_is_pointed_at(public: Caller, portal: Portal, change: dict[str, Any], pointer: str) -> None:
    told = public.post(FILE, {**BODY, **change}, 422).json
    assert pointer in {fault["pointer"] for fault in told["errors"]}
    assert all(len(fault["detail"]) > 10 for fault in told["errors"])
    assert cases_in(portal) == 0


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "nonsense",
        "[]",
        '"text"',
        "null",
        '{"name": NaN}',
        '{"name": Infinity}',
        '{"name": "Ana", "name": "Eva"}',
        '{"identities": {"email": "a@example.com", "email": "b@example.com"}}',
        '{"details": ' + "{" * 200 + "}" * 200 + "}",
        '{"a":' * 100_00 + "1" + "}" * 100_00,
        '{"name": "\\ud800"}',
        '{"name": ' + "9" * 5000 + "}",
        b'{"name": "\xff"}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_clear_json_is_refused(public: Caller, portal: Portal, raw: str | bytes) -> None:
    status = 422 if raw == "" else 400
    public.post(FILE, status=status, raw=raw)
    assert cases_in(portal) == 0


def test_emoji_and_every_script_are_welcome(public: Caller) -> None:
    public.post(FILE, {**BODY, "name": "Ștefan Țurcanu 👩‍💻 Мария 李雷", "details": {"access": {"wish": "a\nb"}}}, 201)


def test_a_body_that_is_too_large_or_of_another_kind(public: Caller, client: FlaskClient, portal: Portal) -> None:
    public.post(FILE, raw=json.dumps({**BODY, "name": "x" * 300_000}), status=413)
    public.post(FILE, raw=b"x" * 10_000_000, status=413)
    public.post(FILE, raw="name=Ana", status=415, Content_Type="application/x-www-form-urlencoded")
    public.post(FILE, raw=json.dumps(BODY), status=415, Content_Type="text/plain")
    assert cases_in(portal) == 0


def test_unknown_addresses_and_methods_are_problems_too(public: Caller, dpo: Caller) -> None:
    for path in ("", "nothing", "cases/", "controllers/acme", "/api/v2/cases", "/api"):
        public.get(path, 404)
    assert "POST" in public.send("DELETE", FILE, status=405, headers={}).headers["Allow"]
    public.send("PUT", "cases/2222-2222-2222", status=405, headers={})
    public.post("controllers/nobody/cases", BODY, 404)
    dpo.get("cases?colour=red", 422)
    dpo.get("cases?status=closed&lateness=late", 422)
    dpo.get("cases?status=' OR 1=1 --", 422)
    dpo.get("cases?sort=name", 422)
    for limit in ("0", "201", "-1", "ten", "1e3", "9" * 40, "٣"):
        dpo.get(f"cases?limit={limit}", 422)
    for cursor in ("x", "bm90aGluZw", "W10", "%00"):
        dpo.get(f"cases?cursor={cursor}", 422)


def test_sql_in_an_identity_is_only_text(public: Caller, dpo: Caller, portal: Portal) -> None:
    identities = {"email": "ana@example.com", "account_name": 'x\'; DROP TABLE "case"; --'}
    public.post(FILE, {**BODY, "identities": identities}, 201)
    assert dpo.get("cases?q=x%27%3B%20DROP%20TABLE%20%22case%22%3B%20--").json["cases"] == []
    assert cases_in(portal) == 1


@pytest.mark.parametrize("reference", ["2222-2222-2222", "nonsense", "7K2M-9QXF-4TRB", "%00", "1", "x" * 300])
def test_an_unknown_reference_is_not_there(dpo: Caller, reference: str) -> None:
    for path in ("", "/trail", "/items", "/messages"):
        dpo.get(f"cases/{reference}{path}", 404)
    dpo.post(f"cases/{reference}/moves/collect", status=404)
    dpo.post(f"cases/{reference}/items/include", {"items": ["1-0"]}, 404)
    dpo.post(f"packages/{reference}/open", status=404)


def test_anothers_case_looks_like_one_that_does_not_exist(proven: str, hire: Callable[..., Caller]) -> None:
    stranger = hire("dpo", slug="borealis")

    def answers(reference: str) -> list[str]:
        return [
            stranger.get(f"cases/{reference}", 404).json["detail"],
            stranger.get(f"cases/{reference}/trail", 404).json["detail"],
            stranger.get(f"cases/{reference}/items", 404).json["detail"],
            stranger.get(f"cases/{reference}/messages", 404).json["detail"],
            stranger.post(f"cases/{reference}/messages", {"body": "x"}, 404).json["detail"],
            stranger.post(f"cases/{reference}/moves/refuse", {"ground": "x"}, 404).json["detail"],
            stranger.post(f"cases/{reference}/moves/collect", status=404, If_Match='"1"').json["detail"],
            stranger.post(f"cases/{reference}/items/include", {"items": ["1-0"]}, 404).json["detail"],
        ]

    assert answers(proven) == answers("2222-2222-2222")
    stranger.get("cases?controller=acme", 404)
    assert stranger.get(f"cases?q={proven}").json["cases"] == []


def test_moves_say_what_is_wrong(dpo: Caller, proven: str, hire: Callable[..., Caller]) -> None:
    assert dpo.post(f"cases/{proven}/moves/approve", status=409).json["allowed"] == [
        "assign", "collect", "answer_by_hand", "ask_proof", "ask_clarification", "extend", "quote_fee", "refuse",
        "cannot_identify",
        "refer", "withdraw",
    ]  # fmt: skip
    hire("auditor").post(f"cases/{proven}/moves/collect", status=403)
    hire("dpo", "cases:read", email="reader@acme.example").post(f"cases/{proven}/moves/collect", status=403)
    for move in ("collected", "assembled", "confirm", "nothing"):
        assert dpo.post(f"cases/{proven}/moves/{move}", status=404).json["status"] == 404
    told = dpo.post(f"cases/{proven}/moves/assign", {"assignee": "x" * 20_000, "colour": "red"}, 422).json
    assert {fault["pointer"] for fault in told["errors"]} == {"#/assignee", "#/colour"}
    told = dpo.post(f"cases/{proven}/moves/assign", {"colour": "red"}, 422).json
    assert {fault["pointer"] for fault in told["errors"]} == {"#/assignee", "#/colour"}
    dpo.post(f"cases/{proven}/moves/assign", {"assignee": 7}, 422)
    dpo.post(f"cases/{proven}/moves/assign", {"assignee": "nobody@acme.example"}, 422)


def test_whoever_is_slower_learns_it(dpo: Caller, proven: str) -> None:
    seen = dpo.get(f"cases/{proven}")
    tag = seen.headers["ETag"]
    assert tag == f'"{seen.json["version"]}"'
    assert dpo.get(f"cases/{proven}", 304, If_None_Match=f'"x", {tag}').headers["ETag"] == tag
    dpo.post(f"cases/{proven}/moves/assign", {"assignee": "dpo@acme.example"}, If_Match=tag)
    for late in (tag, f"W/{tag}", '"999"', '"x"'):
        dpo.post(f"cases/{proven}/moves/assign", {"assignee": "dpo@acme.example"}, 412, If_Match=late)
    dpo.post(f"cases/{proven}/moves/assign", {"assignee": "dpo@acme.example"}, 400, If_Match="3")
    dpo.post(f"cases/{proven}/moves/assign", {"assignee": "dpo@acme.example"}, If_Match="*")
    dpo.get(f"cases/{proven}", If_None_Match=tag)


def test_a_code_is_for_one_case_one_purpose_and_five_tries(public: Caller, mailbox: Callable[[], str]) -> None:
    first, second = (public.post(FILE, BODY, 201).json["cases"][0] for _ in range(2))
    code = mailbox()
    wrong = "000000" if code != "000000" else "111111"
    unknown = public.post("cases/2222-2222-2222/moves/confirm", {"code": wrong}, 422).json
    known = public.post(f"cases/{first}/moves/confirm", {"code": code}, 422).json
    assert unknown["errors"] == known["errors"], "a code of another case tells no more than one of no case"
    public.post(f"cases/{second}/moves/confirm", {"code": code})
    used = public.post(f"cases/{second}/moves/confirm", {"code": code}, 422).json
    assert "used already" in used["errors"][0]["detail"]
    said = [public.post(f"cases/{r}/moves/confirm", {"code": wrong}, 422).json["errors"][0]["detail"]
            for r in (first, "3333-3333-3333") for _ in range(4)]  # fmt: skip
    assert "typed wrong 5 times" in said[3]
    public.post(f"cases/{first}/moves/confirm", {}, 422)
    public.post("cases/nonsense/moves/confirm", {"code": wrong}, 404)


def test_a_network_that_files_too_much_has_to_wait(public: Caller) -> None:
    for number in range(FILINGS_PER_HOUR):
        public.post(FILE, {**BODY, "name": f"Ana {number}"}, 201)
    waits = public.post(FILE, {**BODY, "identities": {"email": "one-more@example.com"}}, 429)
    assert int(waits.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("received", "status"),
    [("2026-11-01T10:00:00+02:00", 201), ("2026-11-24T10:00:00Z", 422), ("2015-01-01T00:00:00Z", 422),
     ("2026-11-01T10:00:00", 422), ("2026-11-01", 422), ("yesterday", 422), (1762000000, 422)],
)  # fmt: skip
def test_a_day_of_receipt_must_be_possible(dpo: Caller, received: object, status: int) -> None:
    told = dpo.post(FILE, {**BODY, "channel": "post", "received_at": received}, status).json
    if status == 422:
        assert told["errors"][0]["pointer"] == "#/received_at"


def test_proof_and_channel_are_held_against_their_lists(dpo: Caller) -> None:
    for change, pointer in (
        ({"channel": "pigeon"}, "#/channel"),
        ({"proof": {"method": "vibes", "note": "x"}}, "#/proof/method"),
        ({"proof": {"method": "document_view", "note": " "}}, "#/proof/note"),
        ({"proof": {"method": "document_view"}}, "#/proof/note"),
        ({"proof": "seen"}, "#/proof"),
    ):
        told = dpo.post(FILE, {**BODY, **change}, 422).json
        assert pointer in {fault["pointer"] for fault in told["errors"]}
