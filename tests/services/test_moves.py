"""One door for every move: role, status, version and fields decide, by the one table."""

from dataclasses import replace
from itertools import product

import pytest

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.lifecycle import TRANSITIONS, move_named
from app.domain.permissions import ANONYMOUS, ROLE_PERMISSIONS, SYSTEM
from app.services import moves
from tests.factories import House, person

GOOD = {
    "assign": {"assignee": "handler@acme.example.com"},
    "refuse": {"ground": "unfounded", "reason": "The facts are these."},
}
DRIVEN = ("unverified", "open", "in_progress", "in_review", "ready", "closed")
DESK = [move for move in TRANSITIONS if move.page == "desk"]


def attempt(house: House, reference: str, move: str, actor: object, **options: object) -> str:
    """What became of a move: `done`, or the name of what was raised. Nothing of it is kept."""
    try:
        with house.work(actor) as work:  # type: ignore[arg-type]
            moves.perform(work, reference, move, GOOD.get(move, {}), **options)  # type: ignore[arg-type]
            work.session.rollback()
    except (Forbidden, NotFound, Refused, Stale, Invalid) as error:
        return type(error).__name__
    return "done"


def expected(role: str, status: str, name: str) -> str:
    row = move_named(name)
    permissions = ROLE_PERMISSIONS[role]
    if "case:view" not in permissions or row is None or row.page != "desk":
        return "NotFound"
    if row.permission not in permissions:
        return "Forbidden"
    return "done" if status in row.sources else "Refused"


@pytest.mark.parametrize("status", DRIVEN)
def test_every_role_by_every_move(acme_on_sqlite: House, status: str) -> None:
    house = acme_on_sqlite
    reference = house.in_status(status)
    before = house.events(reference)
    for role, move in product(ROLE_PERMISSIONS, TRANSITIONS):
        assert attempt(house, reference, move.name, role) == expected(role, status, move.name), (role, move.name)
    for actor in (ANONYMOUS, SYSTEM, person(), person("2222-2222-2222")):
        for move in DESK:
            assert attempt(house, reference, move.name, actor) == "NotFound", (actor, move.name)
    for move in DESK:
        assert attempt(house, reference, move.name, person(reference)) in {"Forbidden", "NotFound"}
    for role in ROLE_PERMISSIONS:
        if "case:view" in ROLE_PERMISSIONS[role]:
            shown = {move.name for move in house.view(reference, role).moves}
            able = {move.name for move in DESK if expected(role, status, move.name) == "done"}
            assert {name for name in shown if name != "confirm"} == able
    assert house.events(reference) == before


def test_what_is_possible_instead_is_named(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    for role, able in (("dpo", ("assign", "collect", "refuse")), ("approver", ())):
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
        ("refuse", {"ground": "unfounded"}, "reason"),
        ("refuse", {"ground": "unfounded", "reason": "x" * 4001}, "reason"),
        ("refuse", {"ground": "unfounded", "reason": "a\u202eb"}, "reason"),
        ("refuse", {"ground": "unfounded", "reason": "a\x07b"}, "reason"),
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
