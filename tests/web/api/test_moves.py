"""The moves of the law through the API: the same fields as the form's, the same words for the same mistake."""

from collections.abc import Callable

from app.domain.lifecycle import TRANSITIONS
from app.portal import Portal
from tests.web.api.conftest import Caller
from workers.idle import run_until_idle

QUESTION = {"unclear_part": "There is much.", "options": "Invoices or notes.", "answered_meanwhile": "Nothing."}
EXTENSION = {"reason": "complexity", "reasons": "Two archives on paper.", "delivered_now": "Nothing."}


def pointers(answer: object) -> set[str]:
    return {fault["pointer"] for fault in answer.json["errors"]}  # type: ignore[attr-defined]


def test_asking_answering_and_extending_move_the_clock(dpo: Caller, proven: str) -> None:
    before = dpo.get(f"cases/{proven}").json["clock"]
    asked = dpo.post(f"cases/{proven}/moves/ask_clarification", QUESTION).json
    assert (asked["status"], asked["clock"]["state"], asked["clock"]["due"]) == ("waiting", "paused", None)
    assert {"clarify", "withdraw", "close"} <= set(asked["moves"])
    answered = dpo.post(f"cases/{proven}/moves/clarify", {"message": "The invoices."}).json
    assert (answered["status"], answered["clock"]["due"]) == ("open", before["due"]), "asked and answered on one day"
    extended = dpo.post(f"cases/{proven}/moves/extend", EXTENSION).json
    assert extended["clock"]["due"] > before["due"]
    assert "extend" not in extended["moves"]
    dpo.post(f"cases/{proven}/moves/extend", EXTENSION, 409)
    told = [entry["event"] for entry in dpo.get(f"cases/{proven}/trail").json["entries"]]
    assert told[-3:] == ["case:ask_clarification", "case:clarify", "case:extend"] or "case:extend" in told


def test_each_wrong_field_has_its_pointer(dpo: Caller, proven: str) -> None:
    assert pointers(dpo.post(f"cases/{proven}/moves/extend", {"reason": "holidays"}, 422)) == {
        "#/reason", "#/reasons", "#/delivered_now",
    }  # fmt: skip
    refusal = {"ground": "kept_by_law", "reason": "x"}  # a ground of another right
    assert pointers(dpo.post(f"cases/{proven}/moves/refuse", refusal, 422)) == {"#/ground"}
    assert pointers(dpo.post(f"cases/{proven}/moves/refuse", {"ground": "excessive", "reason": "x"}, 422)) == {
        "#/evidence"
    }
    assert dpo.post(f"cases/{proven}/moves/erase", {}, 409).json["allowed"]
    dpo.post(f"cases/{proven}/moves/clarify", {"message": "x"}, 409)


def test_a_closed_case_is_taken_up_again(dpo: Caller, proven: str) -> None:
    closed = dpo.post(f"cases/{proven}/moves/withdraw", {"note": "She called."}).json
    assert (closed["status"], closed["outcome"], closed["moves"]) == ("closed", "withdrawn", ["reopen"])
    again = dpo.post(f"cases/{proven}/moves/reopen", {"reason": "She called again."}).json
    assert (again["status"], again["outcome"], again["clock"]["state"]) == ("open", None, "running")


def test_messages_are_written_once_and_read_in_order(
    dpo: Caller, proven: str, portal: Portal, hire: Callable[..., Caller]
) -> None:
    first = dpo.post(f"cases/{proven}/messages", {"body": "We have begun."}, 201, Idempotency_Key="one").json
    assert dpo.post(f"cases/{proven}/messages", {"body": "We have begun."}, 201, Idempotency_Key="one").json == first
    dpo.post(f"cases/{proven}/messages", {"body": "Soon."}, 201)
    run_until_idle(portal)
    told = dpo.get(f"cases/{proven}/messages").json["messages"]
    assert [(row["direction"], row["kind"], row["body"]) for row in told] == [
        ("to_person", "message", "We have begun."), ("to_person", "message", "Soon."),
    ]  # fmt: skip
    auditor = hire("auditor")
    assert auditor.get(f"cases/{proven}/messages").json["messages"] == told
    auditor.post(f"cases/{proven}/messages", {"body": "x"}, 403)
    for body in ({}, {"body": ""}, {"body": 7}, {"body": "x" * 5000}, {"body": "x", "to": "y"}, {"body": "a\u202eb"}):
        assert dpo.post(f"cases/{proven}/messages", body, 422).json["errors"]


def test_the_description_has_each_move_with_its_fields(public: Caller) -> None:
    paths = public.get("openapi.json").json["paths"]
    for move in TRANSITIONS:
        path = paths.get(f"/cases/{{reference}}/moves/{move.name}")
        assert (path is not None) == (move.page != "system"), move.name
        if path is not None:
            schema = path["post"]["requestBody"]["content"]["application/json"]["schema"]
            rows = [field for field in move.fields if field.kind == "rows"]
            assert bool(rows) == ("patternProperties" in schema)
            assert {field.name for field in move.fields if field not in rows} <= schema["properties"].keys()
