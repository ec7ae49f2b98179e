"""One door for every move: role, status, version and fields decide, by the one table."""

from dataclasses import replace
from itertools import product

import pytest

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.lifecycle import TRANSITIONS, move_named
from app.domain.permissions import ANONYMOUS, ROLE_PERMISSIONS, SYSTEM
from app.queries.reading import load
from app.services import moves
from tests.factories import House, person

WORDS = "The facts are these."
TOLD = {"recipients_told": WORDS}
GOOD: dict[str, dict[str, str]] = {
    "answer_by_hand": {"held": "yes", "copy": WORDS},
    "assign": {"assignee": "handler@acme.example.com"},
    "refuse": {"ground": "unfounded", "reason": WORDS, "evidence": "Ten letters in a week."},
    "ask_proof": {"doubt": WORDS, "items_asked": WORDS, "alternatives": WORDS},
    "accept_proof": {"method": "document_view", "note": WORDS},
    "reject_proof": {"doubt": WORDS, "items_asked": WORDS, "alternatives": WORDS},
    "ask_clarification": {"unclear_part": WORDS, "options": WORDS, "answered_meanwhile": "Nothing."},
    "clarify": {"message": WORDS},
    "extend": {"reason": "complexity", "reasons": WORDS, "delivered_now": "Nothing."},
    "quote_fee": {
        "ground": "excessive", "evidence": WORDS, "amount": "12.50", "currency": "EUR", "cost_basis": WORDS,
    },
    "cannot_identify": {"reason": WORDS},
    "refer": {"responsible": "Somebody SIA, Riga", "passed_on": "Nothing."},
    "withdraw": {"note": "She called on Monday."},
    "close": {"reason": WORDS},
    "reopen": {"reason": WORDS},
}  # fmt: skip
DRIVEN = ("unverified", "proof_needed", "open", "waiting", "in_progress", "in_review", "ready", "closed")
# What is never for an access request under the GDPR, whose clock waits for no fee.
NOT_FOR_ACCESS = {"grant", "rectify", "erase", "restrict", "lift_restriction", "complain", "record_fee", "recognise",
                  "revoke_representation", "call_back", "record_contact"}  # fmt: skip
DESK = [move for move in TRANSITIONS if move.of_desk]
OF_PERSON = {move.name for move in TRANSITIONS if move.of_person}


# What the data protection officer may do with an open access request.
OPEN = (
    "assign", "collect", "answer_by_hand",
    "ask_proof", "ask_clarification", "extend", "quote_fee", "refuse", "cannot_identify", "refer",
    "withdraw",
)  # fmt: skip


def attempt(house: House, reference: str, move: str, actor: object, **options: object) -> str:
    """What became of a move: `done`, or the name of what was raised. Nothing of it is kept."""
    try:
        with house.work(actor) as work:  # type: ignore[arg-type]
            data = dict(GOOD.get(move, {}))
            if move == "accept_proof" and load(work, reference).status == "unverified":
                data["identities"] = "email"
            moves.perform(work, reference, move, data, **options)  # type: ignore[arg-type]
            work.session.rollback()
    except (Forbidden, NotFound, Refused, Stale, Invalid) as error:
        return type(error).__name__
    return "done"


def expected(role: str, status: str, name: str) -> str:
    row = move_named(name)
    permissions = ROLE_PERMISSIONS[role]
    if "case:view" not in permissions or row is None or not row.of_desk:
        return "NotFound"
    if row.permission not in permissions:
        return "Forbidden"
    if name == "extend" and status in ("proof_needed", "waiting"):
        return "Refused"  # the time stands still
    return "done" if status in row.sources and name not in NOT_FOR_ACCESS else "Refused"


def driven(house: House, status: str) -> str:
    """A request that has come that far."""
    if status not in ("proof_needed", "waiting"):
        return house.in_status(status)
    reference = house.in_status("open")
    asking = "ask_proof" if status == "proof_needed" else "ask_clarification"
    house.move(reference, asking, **GOOD[asking])
    return reference


@pytest.mark.parametrize("status", DRIVEN)
def test_every_role_by_every_move(acme_on_sqlite: House, status: str) -> None:
    house = acme_on_sqlite
    reference = driven(house, status)
    before = house.events(reference)
    for role, move in product(ROLE_PERMISSIONS, TRANSITIONS):
        assert attempt(house, reference, move.name, role) == expected(role, status, move.name), (role, move.name)
    for actor in (ANONYMOUS, SYSTEM, person(), person("2222-2222-2222")):
        for move in DESK:
            assert attempt(house, reference, move.name, actor) == "NotFound", (actor, move.name)
    for move in DESK:
        became = attempt(house, reference, move.name, person(reference))
        if move.name in OF_PERSON:
            assert became == expected("dpo", status, move.name), move.name
        else:
            assert became == "Forbidden", move.name
    for role in ROLE_PERMISSIONS:
        if "case:view" in ROLE_PERMISSIONS[role]:
            shown = {move.name for move in house.view(reference, role).moves}
            able = {move.name for move in DESK if expected(role, status, move.name) == "done"}
            assert {name for name in shown if name != "confirm"} == able
    assert house.events(reference) == before


def test_what_is_possible_instead_is_named(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    for role, able in (("dpo", OPEN), ("approver", ("answer_by_hand",))):
        with pytest.raises(Refused) as refused, house.work(role) as work:
            moves.perform(work, reference, "release", {})
        assert refused.value.allowed == able


def test_whoever_saw_an_older_version_looks_again(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    version = house.view(reference).version
    assert attempt(house, reference, "assign", "dpo", version=version) == "done"
    house.move(reference, "assign", assignee="handler@acme.example.com")
    assert attempt(house, reference, "collect", "dpo", version=version) == "Stale"
    assert attempt(house, reference, "collect", "dpo", version=house.view(reference).version) == "done"


def test_another_organisations_request_is_not_there(acme: House, borealis: House) -> None:
    foreign = borealis.in_status("open")
    for move in DESK:
        assert attempt(acme, foreign, move.name, "dpo") == "NotFound"
        assert attempt(borealis, foreign, move.name, acme.staff("dpo")) == "NotFound"


@pytest.mark.parametrize("reference", ["", "x", "2222-2222-2222", "' OR 1=1", "7K2M-9QXF-4TRB\x00", "𝟚" * 12])
def test_a_reference_that_leads_nowhere(acme_on_sqlite: House, reference: str) -> None:
    assert attempt(acme_on_sqlite, reference, "assign", "dpo") == "NotFound"


@pytest.mark.parametrize(
    ("move", "data", "field"),
    [
        ("assign", {}, "assignee"),
        ("assign", {"assignee": "  "}, "assignee"),
        ("assign", {"assignee": "nobody@example.com"}, "assignee"),
        ("assign", {"assignee": "auditor@acme.example.com"}, "assignee"),
        ("assign", {"assignee": "handler@borealis.example.com"}, "assignee"),
        ("assign", {"assignee": "x" * 201}, "assignee"),
        ("assign", {"assignee": 7}, "assignee"),
        ("assign", {**GOOD["assign"], "colour": "red"}, "colour"),
        ("collect", {"force": "yes"}, "force"),
        ("refuse", {"ground": "unfounded", "reason": "x"}, "evidence"),
        ("refuse", {"ground": "unfounded"}, "reason"),
        ("refuse", {"ground": "unfounded", "reason": "x" * 4001}, "reason"),
        ("ask_proof", {**GOOD["ask_proof"], "doubt": ""}, "doubt"),
        ("extend", {**GOOD["extend"], "reason": "no_time"}, "reason"),
        ("quote_fee", {**GOOD["quote_fee"], "ground": "rights_of_others"}, "ground"),
        ("quote_fee", {**GOOD["quote_fee"], "evidence": " "}, "evidence"),
        ("quote_fee", {**GOOD["quote_fee"], "amount": "-1"}, "amount"),
        ("quote_fee", {**GOOD["quote_fee"], "amount": "a lot"}, "amount"),
        ("quote_fee", {**GOOD["quote_fee"], "currency": "E1"}, "currency"),
        ("refer", {**GOOD["refer"], "passed_on_at": "2026-12-31"}, "passed_on_at"),
        ("refer", {**GOOD["refer"], "passed_on_at": "2020-01-01"}, "passed_on_at"),
        ("refer", {**GOOD["refer"], "passed_on_at": "1026-02-30"}, "passed_on_at"),
        ("refer", {**GOOD["refer"], "passed_on_at": "yesterday"}, "passed_on_at"),
        ("withdraw", {}, "note"),
        ("refuse", {"ground": "rights_of_others", "reason": "a\u202eb"}, "reason"),
        ("refuse", {"ground": "rights_of_others", "reason": "a\x07b"}, "reason"),
        ("refuse", {"ground": "because", "reason": "x"}, "ground"),
        ("refuse", {"reason": "x"}, "ground"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(
    acme_on_sqlite: House, move: str, data: dict[str, str], field: str
) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    before = house.row(reference).version, house.events(reference)
    with pytest.raises(Invalid) as invalid, house.work("dpo") as work:
        moves.perform(work, reference, move, data)
    assert set(invalid.value.fields) == {field}
    assert (house.row(reference).version, house.events(reference)) == before


def test_a_token_may_do_only_what_its_scopes_say(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    reader = replace(house.staff("dpo"), scopes=frozenset({"cases:read"}))
    assert attempt(house, reference, "collect", reader) == "Forbidden"
    assert attempt(house, reference, "collect", replace(reader, scopes=frozenset({"cases:write"}))) == "NotFound"
    both = frozenset({"cases:read", "cases:write"})
    assert attempt(house, reference, "collect", replace(reader, scopes=both)) == "done"
