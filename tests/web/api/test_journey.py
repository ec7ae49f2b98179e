"""One access request through the API alone, by a guest and by staff, to the opened package."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient

from app.gateways.clock import FixedClock
from app.policies.loader import load_regimes
from app.portal import Portal
from app.services import keys, operating
from tests.web.api.conftest import BODY, Caller


def test_a_guest_files_and_confirms_with_the_mailed_code(public: Caller, mailbox: Callable[[], str]) -> None:
    filed = public.post("controllers/acme/cases", BODY, 201).json
    assert len(filed["cases"]) == 1
    seen = public.post(f"cases/{filed['cases'][0]}/moves/confirm", {"code": mailbox()}).json
    assert (seen["status"], seen["controller"], seen["submission"]) == ("open", "acme", filed["submission"])
    assert seen["identities"] == [{"kind": "email", "proven_by": "email_code"}]
    assert seen["clock"]["state"] == "running"
    assert seen["clock"]["due"] == "2026-12-23"
    assert all(step["why"] for step in seen["clock"]["steps"])


def test_staff_take_a_letter_from_filing_to_the_verified_package(
    dpo: Caller, proven: str, finish: Callable[[], int], portal: Portal, tmp_path: Path
) -> None:
    seen = dpo.get(f"cases/{proven}").json
    assert (seen["status"], seen["identities"][0]["proven_by"]) == ("open", "document_view")
    assert seen["moves"] == [
        "assign", "collect", "answer_by_hand", "ask_proof", "ask_clarification", "extend", "quote_fee", "refuse",
        "cannot_identify",
        "refer", "withdraw",
    ]  # fmt: skip
    given = dpo.post(f"cases/{proven}/moves/assign", {"assignee": "dpo@acme.example"}).json
    assert given["assignee"] == "dpo@acme.example"
    assert dpo.post(f"cases/{proven}/moves/collect").json["runs"] == [
        {"connection": "shop", "state": "queued", "found": 0, "error": None}
    ]
    finish()
    found = dpo.get(f"cases/{proven}").json
    assert found["runs"][0] == {"connection": "shop", "state": "done", "found": 2, "error": None}
    assert found["collections"][0]["categories"] == ["user.contact.email", "user.content", "user.unique_id"]
    dpo.post(f"cases/{proven}/moves/approve")
    finish()
    assert dpo.get(f"cases/{proven}").json["status"] == "ready"
    closed = dpo.post(f"cases/{proven}/moves/release").json
    assert (closed["status"], closed["outcome"], closed["lateness"]) == ("closed", "granted", None)
    assert closed["moves"] == ["reopen"]
    package = closed["packages"][0]
    opened = dpo.post(f"packages/{package['id']}/open").json
    (part,) = opened["parts"]
    content = dpo.get(part["url"]).data
    assert (len(content), hashlib.sha256(content).hexdigest()) == (part["bytes"], part["sha256"])
    path = tmp_path / part["name"]
    path.write_bytes(content)
    assert operating.check_package(portal, path, None) == []
    events = [entry["event"] for entry in dpo.get(f"cases/{proven}/trail").json["entries"]]
    assert events[-3:] == ["case:release", "package:fetched", "package:downloaded"]
    assert keys.published(portal)["keys"]


def released(dpo: Caller, reference: str, finish: Callable[[], int]) -> str:
    for move in ("collect", "approve", "release"):
        dpo.post(f"cases/{reference}/moves/{move}")
        finish()
    return str(dpo.get(f"cases/{reference}").json["packages"][0]["id"])


def test_a_download_goes_on_where_it_stopped(dpo: Caller, proven: str, finish: Callable[[], int]) -> None:
    url = dpo.post(f"packages/{released(dpo, proven, finish)}/open").json["parts"][0]["url"]
    whole = dpo.get(url)
    tag, size = whole.headers["ETag"], len(whole.data)
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, want in (("0-9", whole.data[:10]), ("10-", whole.data[10:]), ("-7", whole.data[-7:])):
        got = dpo.get(url, 206, Range=f"bytes={asked}")
        assert got.data == want
        assert got.headers["Content-Range"].endswith(f"/{size}")
    assert dpo.get(url, 416, Range=f"bytes={size}-").headers["Content-Range"] == f"bytes */{size}"
    assert dpo.get(url, 200, Range="bytes=0-9", If_Range='"older"').data == whole.data
    assert dpo.get(url, 206, Range="bytes=0-9", If_Range=tag).data == whole.data[:10]
    assert dpo.get(url, 304, If_None_Match=tag).data == b""
    head = dpo.client.head(url, headers={"Authorization": f"Bearer {dpo.token}"})
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(size))


def test_the_address_of_a_part_is_worth_nothing_without_its_token(
    dpo: Caller, hire: Callable[..., Caller], public: Caller, proven: str, finish: Callable[[], int], clock: FixedClock
) -> None:
    package = released(dpo, proven, finish)
    url = dpo.post(f"packages/{package}/open").json["parts"][0]["url"]
    assert dpo.token is not None
    assert dpo.token not in url
    public.get(url, 401)
    hire("approver").get(url, 404)
    hire("dpo", slug="borealis").get(url, 404)
    dpo.get(url[:-3] + "abc", 404)
    dpo.get(url.replace("/1/", "/2/"), 404)
    clock.advance(timedelta(minutes=15))
    dpo.get(url, 404)
    clock.advance(timedelta(days=31))
    dpo.post(f"packages/{package}/open", status=404)


def test_records_are_withheld_and_taken_back(dpo: Caller, proven: str, finish: Callable[[], int]) -> None:
    dpo.post(f"cases/{proven}/moves/collect")
    finish()
    page = dpo.get(f"cases/{proven}/items?limit=1").json
    first = page["items"][0]
    assert (first["connection"], first["collection"], first["decision"]) == ("shop", "customers", "include")
    second = dpo.get(f"cases/{proven}/items?cursor={page['next']}").json
    assert (len(second["items"]), second["next"]) == (1, None)
    dpo.post(f"cases/{proven}/items/withhold", {"items": [first["id"]], "ground": "nonsense", "reason": "x"}, 422)
    ground = ground_of()
    decision = {"items": [first["id"]], "ground": ground, "reason": "Names others"}
    told = dpo.post(f"cases/{proven}/items/withhold", decision)
    assert told.headers["ETag"] == f'"{told.json["version"]}"'
    assert dpo.get(f"cases/{proven}/items?limit=1").json["items"][0]["ground"] == ground
    dpo.post(f"cases/{proven}/items/include", {"items": [first["id"]]}, 412, If_Match='"1"')
    dpo.post(f"cases/{proven}/items/include", {"items": [first["id"]]}, If_Match=told.headers["ETag"])
    assert dpo.get(f"cases/{proven}/items?limit=1").json["items"][0]["decision"] == "include"
    dpo.post(f"cases/{proven}/items/include", {"items": ["999-0"]}, 404)


def ground_of() -> str:
    """A refusal ground of the law under which the organisation stands."""
    return next(iter(load_regimes()["gdpr"].rights["access"].refusal_grounds))


def test_a_refusal_states_its_ground(dpo: Caller, proven: str, finish: Callable[[], int]) -> None:
    answer = dpo.post(f"cases/{proven}/moves/refuse", {"ground": "none"}, 422).json
    assert {fault["pointer"] for fault in answer["errors"]} == {"#/ground", "#/reason"}
    body = {"ground": ground_of(), "reason": "The same was sent a week ago."}
    assert dpo.post(f"cases/{proven}/moves/refuse", body).json["outcome"] == "refused"
    finish()


def test_the_queue_filters_and_pages(dpo: Caller, proven: str, public: Caller) -> None:
    for number in range(3):
        public.post("controllers/acme/cases", {**BODY, "identities": {"email": f"p{number}@example.com"}}, 201)
    assert [row["reference"] for row in dpo.get("cases?status=open").json["cases"]] == [proven]
    assert dpo.get("cases?q=ana@example.com").json["cases"][0]["reference"] == proven
    seen: list[str] = []
    path = "cases?limit=2&sort=-received"
    while path:
        page = dpo.get(path).json
        seen += [row["reference"] for row in page["cases"]]
        path = f"cases?limit=2&sort=-received&cursor={page['next']}" if page["next"] else ""
    assert len(seen) == len(set(seen)) == 4
    assert dpo.get("cases?controller=acme&lateness=on_time&assignee=nobody").json["next"] is None


def test_the_description_is_served(client: FlaskClient) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.json is not None
    assert response.json["openapi"] == "3.1.0"
    assert response.mimetype == "application/json"
