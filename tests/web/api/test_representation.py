"""Filing for somebody else through the API (LAW 6): the other person's names, who acts, and how far that reaches."""

import pytest

from tests.web.api.conftest import Caller

FILE = "controllers/acme/cases"
ACTS = {"name": "Lauma Liepa", "email": "lauma@example.org", "stands_as": "parent", "born_on": "2015-03-27",
        "agrees": True}  # fmt: skip
BODY = {
    "rights": ["access"],
    "capacity": "guardian",
    "name": "Ana Liepa",
    "identities": {"account_name": "ana"},
    "representation": ACTS,
    "details": {"access": {"scope": "everything"}},
}


def test_a_guardian_files_for_a_child(public: Caller, dpo: Caller) -> None:
    (reference,) = public.post(FILE, BODY, 201).json["cases"]
    case = dpo.get(f"cases/{reference}").json
    assert (case["capacity"], case["identities"]) == ("guardian", [{"kind": "account_name", "proven_by": None}])
    assert case["representation"] == {
        "kind": "guardian", "stands": True, "ends_on": "2033-03-26", "cosigned": False, "accepted": False,
        "answer_to": "subject",
    }  # fmt: skip


def test_nobody_acts_for_who_asks_alone(public: Caller, dpo: Caller) -> None:
    body = {**BODY, "capacity": "self", "representation": None, "identities": {"email": "ana@example.com"}}
    (reference,) = public.post(FILE, body, 201).json["cases"]
    assert dpo.get(f"cases/{reference}").json["representation"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"representation": None}, "#/representation"),
        ({"representation": {**ACTS, "agrees": False}}, "#/representation/statement"),
        ({"representation": {**ACTS, "born_on": "1990-01-01"}}, "#/representation/born_on"),
        ({"representation": {**ACTS, "email": ""}}, "#/representation/email"),
        ({"capacity": "agent", "representation": {**ACTS, "stands_as": "person", "scope": ["erasure"]}},
         "#/representation/scope"),
        ({"capacity": "self"}, "#/representation"),
    ],
)  # fmt: skip
def test_what_is_missing_is_pointed_at(public: Caller, changes: dict, pointer: str) -> None:
    body = {**BODY, "identities": {"account_name": "ana", "email": "ana@example.com"}, **changes}
    assert {one["pointer"] for one in public.post(FILE, body, 422).json["errors"]} == {pointer}
