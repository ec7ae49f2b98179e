"""Role × move × function, whole: who makes which move, written down by hand, whatever function they have."""

from dataclasses import replace

import pytest

from app.domain.lifecycle import TRANSITIONS
from app.domain.permissions import ROLE_PERMISSIONS, Actor, CaseFacts, can
from app.services.tokens import SCOPES

CASE = CaseFacts("AAAA-BBBB-CCCC", 1, "open")
ROLES = ("dpo", "handler", "approver", "admin", "auditor")
FUNCTIONS = ("operations", "customer_service", "security", "marketing", "legal")
# d: dpo, h: handler, a: approver. Nobody else moves a case: an admin sees none, an auditor only reads.
MATRIX = {
    "confirm": "", "accept_proof": "dh", "reject_proof": "dh", "clarify": "dh", "record_fee": "dh", "assign": "dh",
    "recognise": "dh", "collect": "dh", "collected": "", "approve": "da", "assembled": "", "release": "da",
    "answer_by_hand": "da",
    "grant": "dh", "rectify": "dh", "erase": "da", "restrict": "dh", "ask_proof": "dh", "ask_clarification": "dh",
    "extend": "dh", "quote_fee": "dh", "refuse": "dh", "cannot_identify": "dh", "refer": "dh", "withdraw": "dh",
    "close": "dh", "lift_restriction": "da", "complain": "dh", "reopen": "dh",
    "revoke_representation": "dh", "call_back": "dh", "record_contact": "dh",
}  # fmt: skip
LETTERS = {"dpo": "d", "handler": "h", "approver": "a", "admin": "-", "auditor": "-"}
# What shows something of a case, or of what is held about a person.
CONTENT = ("case:", "item:", "package:", "letter:", "evidence:")
DANGEROUS = {
    "answer_by_hand",
    "release", "grant", "rectify", "erase", "restrict", "refuse", "cannot_identify", "refer", "withdraw", "close",
    "lift_restriction",
}  # fmt: skip


def staff(role: str, *functions: str) -> Actor:
    return Actor("staff", login_id=1, role=role, controller_id=1, functions=functions)


def test_the_matrix_knows_every_move_and_every_role() -> None:
    assert MATRIX.keys() == {move.name for move in TRANSITIONS}
    assert set(ROLES) == set(ROLE_PERMISSIONS) == set(LETTERS)


@pytest.mark.parametrize("functions", [(), *((one,) for one in FUNCTIONS), FUNCTIONS], ids="+".join)
@pytest.mark.parametrize("role", ROLES)
def test_who_makes_which_move(role: str, functions: tuple[str, ...]) -> None:
    """A function says whose matter something is; it neither gives nor takes a permission."""
    who = staff(role, *functions)
    for move in TRANSITIONS:
        may = LETTERS[role] in MATRIX[move.name]
        assert can(who, move.permission, CASE) is may, move.name
        assert can(who, move.permission) is may, move.name
        assert not can(who, move.permission, replace(CASE, controller_id=2)), move.name
        for scope in SCOPES:
            token = replace(who, scopes=frozenset({scope}))
            assert can(token, move.permission, CASE) is (may and scope == "cases:write"), (move.name, scope)


def test_an_admin_sees_nothing_of_any_case() -> None:
    assert not {one for one in ROLE_PERMISSIONS["admin"] if one.startswith(CONTENT)}
    every = frozenset().union(*ROLE_PERMISSIONS.values())
    for permission in (one for one in every if one.startswith(CONTENT)):
        for functions in ((), FUNCTIONS):
            assert not can(staff("admin", *functions), permission, CASE)


def test_no_token_looks_after_colleagues() -> None:
    for role in ROLES:
        assert not can(replace(staff(role), scopes=frozenset(SCOPES)), "staff:reset_factor")


def test_what_cannot_be_taken_back_is_marked_so() -> None:
    """These ask for the second factor again at the desk."""
    assert {move.name for move in TRANSITIONS if move.dangerous} == DANGEROUS
