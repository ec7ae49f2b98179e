"""A company files through the API (M-8): what it says of itself, and no proof by a letter that was only seen."""

import pytest

from tests.web.api.conftest import Caller

FILE = "controllers/acme/cases"
BODY = {
    "rights": ["instruction"],
    "capacity": "customer",
    "company": {"name": "Bigco SIA", "role": "Managing director"},
    "name": "Bea Berzina",
    "identities": {"email": "bea@bigco.example", "customer_number": "C-1001"},
    "details": {"instruction": {"wish": "Delete our archive of 2019."}},
}
pytestmark = pytest.mark.usefixtures("every_right")


def test_a_company_files_an_instruction(public: Caller, dpo: Caller) -> None:
    (reference,) = public.post(FILE, BODY, 201).json["cases"]
    assert dpo.get(f"cases/{reference}").json["status"] == "unverified"


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"company": None}, {"#/company/name", "#/company/role"}),
        ({"company": {"name": "", "role": "x"}}, {"#/company/name"}),
        ({"capacity": "self"}, {"#/company"}),
        ({"identities": {"email": "bea@bigco.example"}}, {"#/identities/customer_number"}),
        ({"rights": ["access"], "details": {}}, {"#/capacity"}),
    ],
)
def test_what_is_missing_is_pointed_at(public: Caller, changes: dict, pointers: set[str]) -> None:
    errors = public.post(FILE, {**BODY, **changes}, 422).json["errors"]
    assert {one["pointer"] for one in errors} == pointers


def test_a_letter_is_no_proof_while_filing(dpo: Caller) -> None:
    proof = {"method": "official_letter", "note": "A letterhead."}
    body = {**BODY, "capacity": "self", "company": None, "channel": "post", "proof": proof}
    (error,) = dpo.post(FILE, body, 422).json["errors"]
    assert error["pointer"] == "#/proof/method"


def test_the_moves_of_a_letter_are_for_companies(public: Caller, dpo: Caller) -> None:
    (reference,) = public.post(FILE, {**BODY, "capacity": "self", "company": None}, 201).json["cases"]
    assert {"call_back", "record_contact"}.isdisjoint(dpo.get(f"cases/{reference}").json["moves"])
