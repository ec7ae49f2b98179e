"""A signed form through the API: its code leads it to its request, at its own organisation only."""

import io
from typing import Any

import pytest

from app.domain.permissions import Actor
from app.domain.signed_form import read_code
from app.portal import Portal
from app.queries import policies
from app.services import signed_form
from tests.samples_of_files import locked_pdf, picture
from tests.services.test_signed_form import scan_of
from tests.web.api.conftest import BODY


def send(caller: Any, data: bytes | None, *, slug: str = "acme", status: int = 201, **fields: Any) -> Any:
    body: dict[str, Any] = dict(fields)
    if data is not None:
        body["file"] = (io.BytesIO(data), "form.jpg")
    address = f"/api/v1/controllers/{slug}/signed-forms"
    answer = caller.client.open(
        address, method="POST", data=body, content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {caller.token}"} if caller.token else {},
    )  # fmt: skip
    assert answer.status_code == status, answer.get_data(as_text=True)
    caller._as_described("POST", f"/controllers/{slug}/signed-forms", answer)
    return answer.json


@pytest.fixture
def reference(dpo: Any) -> str:
    """A request that waits for a signed form."""
    found: str = dpo.post("controllers/acme/cases", {**BODY, "channel": "post"}, status=201).json["cases"][0]
    asks = {"doubt": "Another address.", "items_asked": "A signed form.", "alternatives": "A call."}
    asks |= {"way": "signed_form", "why_not_less": "No questions can be asked."}
    dpo.post(f"cases/{found}/moves/ask_proof", asks)
    return found


def printed(portal: Portal, reference: str) -> str:
    """The code on the person's form."""
    place = policies.find_case(portal, reference)
    assert place is not None
    who = Actor("person", references=frozenset({reference}))
    words = signed_form.print_form(portal, who, place.controller_id, reference, typed={}).decode().split()
    return next(code for word in words if (code := read_code(word)) and word.count("-") == 3)


def test_its_code_leads_it_to_its_request(dpo, portal, reference):
    scan = scan_of(printed(portal, reference))
    told = send(dpo, scan, received_on="2026-11-23")
    assert told["reference"] == reference
    assert send(dpo, scan) == told, "sent again it is the one that is there"
    events = [entry["event"] for entry in dpo.get(f"cases/{reference}/trail").json["entries"]]
    assert events.count("evidence:received") == 1
    verdict = {"method": "signed_form", "note": "Signed.", "identities": "email"}
    assert dpo.post(f"cases/{reference}/moves/accept_proof", verdict).json["status"] == "open"


@pytest.mark.parametrize(
    ("data", "fields", "pointer"),
    [
        (locked_pdf(), {}, "file"),
        (picture(size=(300, 200)), {}, "file"),
        (picture(size=(300, 200)), {"code": "7K2M-9QXF-4TRB-8HWN"}, "file"),
        (picture(size=(300, 200)), {"code": "7K2M"}, "code"),
        (picture(size=(300, 200)), {"received_on": "soon"}, "received_on"),
        (picture(size=(300, 200)), {"case": "x"}, "case"),
        (None, {}, "file"),
    ],
)
def test_what_is_wrong_is_pointed_at(dpo, data, fields, pointer):
    told = send(dpo, data, status=422, **fields)
    assert pointer in str(told["errors"])


def test_a_form_is_of_one_organisation(dpo, portal, reference, public, hire):
    scan = scan_of(printed(portal, reference))
    send(dpo, scan, slug="borealis", status=404)
    send(public, scan, status=401)
    send(hire("handler", "cases:read"), scan, status=403)
    dpo.post(f"cases/{reference}/moves/withdraw", {"note": "By phone."})
    send(dpo, scan, status=409)
