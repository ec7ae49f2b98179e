"""The command line takes one request from filing to a checked package, as a script would."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from app.portal import Portal
from app.services import keys
from tests.web.conftest import offer_every_right

Flask = Callable[..., Result]
Told = Callable[..., Any]
DPO = ("--as", "dpo@acme.example")


@pytest.fixture
def dpo(told: Told) -> None:
    told("users", "create", "--email", "dpo@acme.example", "--controller", "acme", "--role", "dpo")


@pytest.fixture
def reference(told: Told, dpo: None) -> str:
    filed = told(
        "cases", "file", "--controller", "acme", "--right", "access", "--identity", "email=ana@example.com",
        "--proof", "Identity card", "--received", "2026-11-01", "--channel", "post", "--detail", "wish=All=of it", *DPO,
    )  # fmt: skip
    assert filed["cases"] == [filed["reference"]]
    return str(filed["reference"])


def test_from_filing_to_a_checked_package(
    told: Told, flask: Flask, reference: str, portal: Portal, tmp_path: Path
) -> None:
    seen = told("cases", "show", reference)
    assert (seen["status"], seen["clock"]["due"], seen["details"]) == ("open", "2026-12-01", {"wish": "All=of it"})
    assert seen["identities"] == [{"kind": "email", "value": "ana@example.com", "proven_by": "document_view"}]
    assert seen["moves"] == [], "without --as nothing may be moved"
    told("cases", "move", reference, "assign", "--data", "assignee=dpo@acme.example", *DPO)
    for move in ("collect", "approve"):
        told("cases", "move", reference, move, *DPO)
        assert told("work", "run", "--until-idle")["dead"] == 0
    closed = told("cases", "move", reference.lower(), "release", "--data-json", "-", *DPO, stdin="{}")
    assert (closed["outcome"], closed["packages"][0]["state"]) == ("granted", "released")
    fetched = told("packages", "fetch", reference, "--out", str(tmp_path / "out"), *DPO)
    (path,) = fetched["files"]
    assert told("packages", "verify", path)["holds"]
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(keys.published(portal)))
    assert told("packages", "verify", path, "--jwks", str(jwks))["holds"]
    jwks.write_text('{"keys": []}')
    assert told("packages", "verify", path, "--jwks", str(jwks), code=1)["faults"]
    content = bytearray(Path(path).read_bytes())
    content[len(content) // 2] ^= 1
    Path(path).write_bytes(content)
    assert told("packages", "verify", path, code=1)["faults"]
    assert told("trail", "verify")["holds"]
    assert "cannot prove" in told("trail", "verify", "--controller", "acme")["meaning"]


def test_the_moves_of_the_law_from_the_command_line(told: Told, reference: str) -> None:
    asked = told(
        "cases", "move", reference, "ask_clarification", "--data", "unclear_part=There is much.",
        "--data", "options=Invoices or notes.", "--data", "answered_meanwhile=Nothing.", *DPO,
    )  # fmt: skip
    assert (asked["status"], asked["clock"]["state"]) == ("waiting", "paused")
    answered = json.dumps({"message": "The invoices.", "received_on": ""})
    assert told("cases", "move", reference, "clarify", "--data-json", "-", *DPO, stdin=answered)["status"] == "open"
    wrong = told("cases", "move", reference, "extend", "--data", "reason=holidays", *DPO, code=1)["error"]["fields"]
    assert wrong.keys() == {"reason", "reasons", "delivered_now"}
    told("cases", "move", reference, "withdraw", "--data", "note=She called.", *DPO)
    again = told("cases", "move", reference, "reopen", "--data", "reason=She called again.", *DPO)
    assert (again["status"], again["outcome"], again["clock"]["state"]) == ("open", None, "running")


def test_people_read_lines_instead(flask: Flask, reference: str, told: Told) -> None:
    text = flask("cases", "show", reference, *DPO).stdout
    assert "due 2026-12-01" in text
    assert "possible: assign, collect, answer_by_hand, ask_proof" in text
    assert reference in flask("cases", "list", "--controller", "acme").stdout
    assert [row["reference"] for row in told("cases", "list", "--controller", "acme", "--status", "open")["cases"]] == [
        reference
    ]
    assert told("cases", "list", "--controller", "borealis") == {"cases": [], "next": None}


def test_refusals_are_exit_code_1_with_the_reason(told: Told, flask: Flask, reference: str, tmp_path: Path) -> None:
    assert told("cases", "move", reference, "approve", *DPO, code=1)["error"]["allowed"] == [
        "assign", "collect", "answer_by_hand", "ask_proof", "ask_clarification", "extend", "quote_fee", "refuse",
        "cannot_identify", "refer", "withdraw",
    ]  # fmt: skip
    fields = told("cases", "move", reference, "refuse", *DPO, code=1)["error"]["fields"]
    assert fields.keys() == {"ground", "reason"}
    told("cases", "move", reference, "collect", "--version", "99", *DPO, code=1)
    told("cases", "move", reference, "collect", "--as", "stranger@acme.example", code=1)
    told("cases", "show", "2222-2222-2222", code=1)
    told("cases", "show", "nonsense", code=1)
    told("cases", "list", "--controller", "nobody", code=1)
    told("packages", "fetch", reference, "--out", str(tmp_path), *DPO, code=1)
    for data in ("[]", "{", '{"assignee": 7}'):
        told("cases", "move", reference, "assign", "--data-json", "-", *DPO, code=1, stdin=data)
    wrong = ("cases", "file", "--controller", "acme", "--right", "erasure", "--identity", "email=nope", *DPO)
    result = flask(*wrong, code=1)
    assert "identities.email" in result.stderr
    assert "rights" in result.stderr
    assert not result.stdout
    told(*wrong[:-2], "--as", "dpo@borealis.example", code=1)
    told(*wrong, "--received", "soon", code=1)
    told(*wrong, "--identity", "email=b@example.com", code=1)


def test_a_role_that_may_not_is_refused(told: Told, reference: str) -> None:
    told("users", "create", "--email", "au@acme.example", "--controller", "acme", "--role", "auditor")
    told("cases", "move", reference, "collect", "--as", "au@acme.example", code=1)
    file = ("cases", "file", "--controller", "acme", "--right", "access", "--identity", "email=b@example.com")
    told(*file, "--as", "au@acme.example", code=1)


@pytest.mark.parametrize(
    "words",
    [
        ("cases", "file"),
        ("cases", "file", "--controller", "acme", "--right", "access", "--identity", "email", "--as", "x"),
        ("cases", "move", "x", "collect"),
        ("cases", "list"),
        ("cases", "list", "--limit", "0"),
        ("work", "run"),
        ("users", "create", "--email", "x@acme.example", "--controller", "acme", "--role", "king"),
        ("tokens", "create", "--email", "x@acme.example", "--controller", "acme"),
        ("packages", "verify", "/nothing.zip"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_exit_code_2(flask: Flask, words: tuple[str, ...]) -> None:
    assert flask(*words, code=2).stderr


def test_a_fault_is_exit_code_3_and_quotes_nobodys_data(told: Told, portal: Portal, reference: str) -> None:
    with portal.ground.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE identity")
    said = told("cases", "show", reference, code=3)["error"]["message"]
    assert said.startswith("Something went wrong: OperationalError at ")
    assert "ana@" not in said


def test_an_invitation_or_a_password(told: Told, flask: Flask) -> None:
    create = ("users", "create", "--email", "Eva@acme.example", "--role", "handler", "--functions", "operations, legal")
    invited = told(*create, "--controller", "acme")
    assert re.fullmatch(r"http://.*/signin/invitation/[\w-]{43}/", invited["invitation"])
    assert invited["functions"] == ["operations", "legal"]
    script = (*create, "--controller", "borealis", "--password-stdin")
    assert told(*script, stdin="four words in a row\n")["invitation"] is None
    assert told(*create, "--controller", "acme")["invitation"] is None
    assert "signs in as before" in flask(*create, "--controller", "acme").stdout
    told(*create, "--controller", "acme", "--password-stdin", stdin="short\n", code=1)
    told("users", "create", "--email", "nope", "--controller", "acme", "--role", "dpo", code=1)


def test_a_token_is_printed_once(told: Told, flask: Flask, dpo: None) -> None:
    create = ("tokens", "create", "--email", "dpo@acme.example", "--controller", "acme", "--scope", "cases:read")
    assert told(*create)["token"].startswith("habeas_")
    assert re.fullmatch(r"habeas_[\w-]{43}\n", flask(*create, "--expires", "2027-01-01").stdout)
    told(*create, "--expires", "2020-01-01", code=1)
    told(*create, "--expires", "tomorrow", code=1)
    told(*create[:3], "x@acme.example", *create[4:], code=1)


@pytest.fixture
def every_right(portal: Portal, tmp_path: Path) -> None:
    offer_every_right(portal, tmp_path)


def test_several_rights_with_their_details_and_grounds(told: Told, dpo: None, every_right: None) -> None:
    filed = told(
        "cases", "file", "--controller", "acme", "--identity", "email=ana@example.com", "--channel", "post", *DPO,
        "--right", "erasure", "--right", "rectification", "--right", "objection",
        "--ground", "unlawful", "--ground", "objection.own_situation",
        "--detail", "erasure.wish=My photo", "--detail", "field=Phone", "--detail", "corrections.0.right=2",
        "--detail", "situation=I am ill.", "--detail", "restrict=yes",
    )  # fmt: skip
    seen = [told("cases", "show", reference) for reference in filed["cases"]]
    assert [(case["right"], case["details"], case["grounds"]) for case in seen] == [
        ("erasure", {"wish": "My photo"}, ["unlawful"]),
        ("rectification", {"corrections.0.field": "Phone", "corrections.0.right": "2"}, []),
        ("objection", {"situation": "I am ill.", "restrict": "yes"}, ["own_situation"]),
        ("restriction", {}, ["objection_pending"]),
    ]
    assert {case["submission"] for case in seen} == {filed["submission"]}


@pytest.mark.parametrize(("words", "said"), [
    (("--ground", "sale"), "sale"),
    (("--ground", "erasure.accuracy_contested"), "accuracy_contested"),
    (("--detail", "colour=red"), "colour"),
    (("--detail", "erasure.colour=red"), "colour"),
])  # fmt: skip
def test_what_no_right_knows_is_named(
    flask: Flask, dpo: None, every_right: None, words: tuple[str, str], said: str
) -> None:
    refused = flask(
        "cases", "file", "--controller", "acme", "--right", "erasure", "--identity", "email=a@example.com", *words,
        *DPO, code=1,
    )  # fmt: skip
    assert said in refused.stderr


def test_free_words_are_recognised_by_command(told: Told, dpo: None) -> None:
    filed = told("cases", "file", "--controller", "acme", "--right", "other", "--identity", "email=ana@example.com",
                 "--proof", "Seen", "--detail", "wish=Stop the letters", *DPO)  # fmt: skip
    moved = told("cases", "move", filed["reference"], "recognise", "--data", "right=objection", *DPO)
    assert (moved["right"], moved["details"]) == ("objection", {"wish": "Stop the letters"})
