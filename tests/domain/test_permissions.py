"""Who may do what, written down once more by hand: a change of either side must be meant."""

from dataclasses import replace

import pytest

from app.domain.lifecycle import TRANSITIONS
from app.domain.permissions import ANONYMOUS, ROLE_PERMISSIONS, SYSTEM, Actor, CaseFacts, can, sees
from app.models.people import ROLES

CASE = CaseFacts("AAAA-BBBB-CCCC", 1, "open")
FOREIGN = replace(CASE, controller_id=2)
SEE = {"case:view", "case:list", "case:trail"}
HANDLE = SEE | {
    "case:file", "case:assign", "case:collect", "case:refuse", "item:include", "item:withhold", "case:message",
    "case:ask_proof", "case:accept_proof", "case:reject_proof", "case:ask_clarification", "case:clarify", "case:extend",
    "case:quote_fee", "case:record_fee", "case:cannot_identify", "case:refer", "case:withdraw", "case:close",
    "case:reopen", "case:complain", "case:grant", "case:rectify", "case:restrict", "evidence:send", "evidence:open",
    "case:call_back", "case:record_contact", "case:recognise", "case:revoke_representation",
}  # fmt: skip
RELEASE = {
    "case:approve", "case:release", "case:answer_by_hand", "case:erase", "case:lift_restriction", "package:fetch",
}  # fmt: skip
STAFF = {"staff:reset_factor"}
MAY = {
    "dpo": HANDLE | RELEASE | STAFF,
    "handler": HANDLE,
    "approver": SEE | RELEASE,
    "admin": STAFF,
    "auditor": SEE,
}
MOVES = {move.permission for move in TRANSITIONS}
PERMISSIONS = sorted(HANDLE | RELEASE | STAFF | MOVES | {"case:vanish", ""})
FUNCTIONS = ("operations", "customer_service", "security", "marketing", "legal")


def staff(role: str | None, **changes: object) -> Actor:
    return replace(Actor("staff", login_id=1, role=role, controller_id=1), **changes)  # type: ignore[arg-type]


def test_the_roles_are_those_that_the_database_knows() -> None:
    assert set(ROLES) == set(ROLE_PERMISSIONS) == set(MAY)


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_exactly_its_own(role: str) -> None:
    for permission in PERMISSIONS:
        assert can(staff(role), permission, CASE) is (permission in MAY[role]), permission
        assert can(staff(role), permission) is (permission in MAY[role])
        assert not can(staff(role), permission, FOREIGN)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("role", MAY)
def test_a_function_gives_sight_of_its_own_data_and_no_move(role: str, function: str) -> None:
    actor = staff(role, functions=(function,))
    for permission in PERMISSIONS:
        assert can(actor, permission, CASE) is (permission in MAY[role]), permission
    assert [sees(actor, (one,)) for one in FUNCTIONS] == [role == "dpo" or one == function for one in FUNCTIONS]
    assert sees(actor, ())
    assert sees(actor, FUNCTIONS)


def test_nobody_without_a_role_may_do_anything() -> None:
    for permission in PERMISSIONS:
        for actor in (ANONYMOUS, staff(None), staff("king"), Actor("person")):
            assert not can(actor, permission, CASE)


def test_who_has_the_keys_need_not_have_the_data() -> None:
    assert not ROLE_PERMISSIONS["admin"] & (SEE | HANDLE | RELEASE)


def test_a_person_may_do_with_their_own_request_only_what_is_theirs() -> None:
    person = Actor("person", references=frozenset({CASE.reference}))
    own = {
        "case:view", "case:confirm", "case:clarify", "case:withdraw", "case:complain", "case:message", "package:open",
        "case:revoke_representation", "letter:open", "evidence:send",
    }  # fmt: skip
    for permission in {*PERMISSIONS, *own}:
        assert can(person, permission, CASE) is (permission in own)
        assert not can(person, permission, replace(CASE, reference="DDDD-EEEE-FFFF"))
        assert not can(person, permission)


def test_the_portal_itself_goes_only_the_ways_of_the_policy() -> None:
    assert {permission for permission in PERMISSIONS if can(SYSTEM, permission, CASE)} == {
        "case:collect", "case:collected", "case:approve", "case:assembled", "case:release",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("permission", "scope"),
    [
        ("case:view", "cases:read"), ("case:list", "cases:read"), ("case:trail", "cases:read"),
        ("package:fetch", "packages:read"), ("case:collect", "cases:write"), ("item:withhold", "cases:write"),
        ("case:release", "cases:write"),
    ],
)  # fmt: skip
def test_a_token_needs_the_scope_and_the_role(permission: str, scope: str) -> None:
    scopes = {"cases:read", "cases:write", "packages:read"}
    assert can(staff("dpo", scopes=frozenset({scope})), permission, CASE)
    assert not can(staff("dpo", scopes=frozenset(scopes - {scope})), permission, CASE)
    assert not can(staff("admin", scopes=frozenset(scopes)), permission, CASE)
    assert not can(staff("dpo", scopes=frozenset()), permission, CASE)
