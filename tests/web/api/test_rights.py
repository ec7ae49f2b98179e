"""Every right through the API: details and grounds as the form takes them, several together, the same words for the
same mistake."""

from typing import Any

import pytest

from app.domain.rights_forms import ORDER
from tests.web.api.conftest import Caller
from tests.web.api.schema import document, faults_of, resolved

pytestmark = pytest.mark.usefixtures("every_right")
FILE = "controllers/acme/cases"
WHO = {"name": "Ana Ionescu", "identities": {"email": "ana@example.com"}}
CORRECTION = {"field": "Phone", "wrong": "1", "right": "2", "evidence": "My bill"}
GIVEN: dict[str, dict[str, Any]] = {
    "access": {"details": {"wish": "Everything"}},
    "confirmation": {},
    "portability": {"details": {"to": "Other SIA"}},
    "rectification": {"details": {"corrections": [CORRECTION, {"field": "Name", "right": "Ana"}]}},
    "erasure": {"grounds": ["unlawful", "not_necessary"]},
    "restriction": {"grounds": ["accuracy_contested"]},
    "objection": {"grounds": ["own_situation"], "details": {"situation": "I am ill."}},
    "consent_withdrawal": {"details": {"consents": ["news", "other"], "wish": "The fair"}},
    "automated_decision_review": {"details": {"wish": "My loan"}},
    "disclosure_information": {},
    "transfer_mechanism_copy": {},
    "instruction": {"details": {"wish": "Merge"}},
    "other": {"details": {"wish": "I am not sure"}},
}


def body(*rights: str) -> dict[str, Any]:
    return {
        "rights": list(rights), **WHO,
        "details": {right: GIVEN[right]["details"] for right in rights if "details" in GIVEN[right]},
        "grounds": {right: GIVEN[right]["grounds"] for right in rights if "grounds" in GIVEN[right]},
    }  # fmt: skip


def schema() -> dict[str, Any]:
    found: dict[str, Any] = resolved({"$ref": "#/components/schemas/FilingBody"})
    return found


@pytest.mark.parametrize("right", GIVEN)
def test_each_right_is_filed_and_foreseen(public: Caller, right: str) -> None:
    assert faults_of(body(right)["details"], schema()["properties"]["details"]) == []
    assert len(public.post(FILE, body(right), 201).json["cases"]) == 1


def test_all_at_once(public: Caller, dpo: Caller) -> None:
    filed = public.post(FILE, body(*GIVEN), 201).json
    seen = [dpo.get(f"cases/{reference}").json for reference in filed["cases"]]
    assert [case["right"] for case in seen] == list(GIVEN)
    assert {case["submission"] for case in seen} == {filed["submission"]}


def test_one_code_confirms_all(public: Caller, dpo: Caller, mailbox: Any) -> None:
    filed = public.post(FILE, body("access", "erasure"), 201).json
    public.post(f"cases/{filed['cases'][1]}/moves/confirm", {"code": mailbox()})
    assert {dpo.get(f"cases/{reference}").json["status"] for reference in filed["cases"]} == {"open"}


@pytest.mark.parametrize(("change", "pointer"), [
    ({"rights": ["erasure"], "grounds": {"erasure": ["accuracy_contested"]}}, "#/grounds/erasure"),
    ({"rights": ["erasure"], "grounds": {"objection": ["direct_marketing"]}}, "#/grounds/objection"),
    ({"rights": ["erasure"], "grounds": {"erasure": [7]}}, "#/grounds/erasure/0"),
    ({"rights": ["restriction"]}, "#/grounds/restriction"),
    ({"rights": ["rectification"]}, "#/details/rectification/corrections/0/field"),
    ({"rights": ["rectification"], "details": {"rectification": {"corrections": [{"field": "Name"}]}}},
     "#/details/rectification/corrections/0/right"),
    ({"rights": ["rectification"], "details": {"rectification": {"corrections": [CORRECTION] * 6}}},
     "#/details/rectification/corrections/5/field"),
    ({"rights": ["rectification"], "details": {"rectification": {"corrections": [{"field": 7}]}}},
     "#/details/rectification/corrections/0/field"),
    ({"rights": ["other"], "details": {"other": {"wish": "a\u202eb"}}}, "#/details/other/wish"),
    ({"rights": ["other"], "details": {"other": {"wish": ["a", 7]}}}, "#/details/other/wish"),
    ({"rights": ["consent_withdrawal"], "details": {"consent_withdrawal": {"consents": ["service"]}}},
     "#/details/consent_withdrawal/consents"),
])  # fmt: skip
def test_what_is_wrong_is_pointed_at(public: Caller, change: dict[str, Any], pointer: str) -> None:
    told = public.post(FILE, {**WHO, **change}, 422).json
    assert pointer in {fault["pointer"] for fault in told["errors"]}


def test_for_somebody_else_the_way_is_said(public: Caller) -> None:
    (fault,) = public.post(FILE, {**body("access"), "capacity": "guardian"}, 422).json["errors"]
    assert fault["pointer"] == "#/representation"
    assert "with what authority" in fault["detail"]


def test_what_staff_got_on_paper_may_leave_things_open(dpo: Caller) -> None:
    filed = {**WHO, "rights": ["rectification", "objection"], "channel": "post"}
    assert len(dpo.post(FILE, filed, 201).json["cases"]) == 2


def test_the_description_names_every_answer() -> None:
    details = schema()["properties"]["details"]["properties"]
    assert list(details) == list(ORDER)
    assert set(details["rectification"]["properties"]["corrections"]["items"]["properties"]) == set(CORRECTION)
    assert details["objection"]["properties"]["restrict"]["enum"] == ["yes"]
    assert all(answer["description"] for right in details.values() for answer in right["properties"].values())
    assert document()
