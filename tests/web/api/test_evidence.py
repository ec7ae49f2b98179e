"""Evidence through the API: one file a call, with a token that may write; the same once more is the same."""

import io
from typing import Any

import pytest

from tests.samples_of_files import SVG, locked_pdf, pdf
from tests.web.api.conftest import BODY


def send(caller: Any, reference: str, data: bytes | None, *, status: int = 201, **fields: Any) -> Any:
    body: dict[str, Any] = {"purpose": "identity", **fields}
    if data is not None:
        body["file"] = (io.BytesIO(data), "me.pdf")
    answer = caller.client.open(
        f"/api/v1/cases/{reference}/evidence", method="POST", data=body, content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {caller.token}"} if caller.token else {},
    )  # fmt: skip
    assert answer.status_code == status, answer.get_data(as_text=True)
    caller._as_described("POST", f"/cases/{reference}/evidence", answer)
    return answer.json


@pytest.fixture
def reference(dpo: Any) -> str:
    found: str = dpo.post("controllers/acme/cases", {**BODY, "channel": "post"}, status=201).json["cases"][0]
    return found


def test_a_file_is_kept(dpo, reference):
    told = send(dpo, reference, data := pdf())
    assert (told["state"], told["kind"], told["bytes"]) == ("ready", "pdf", len(data))
    assert told["destroy_by"] == "2026-12-23"
    assert send(dpo, reference, data)["id"] == told["id"], "sent again it is the one that is there"
    trail = dpo.get(f"cases/{reference}/trail").json
    assert [entry["event"] for entry in trail["entries"]].count("evidence:received") == 1


@pytest.mark.parametrize(
    ("data", "fields", "pointer"),
    [
        (SVG, {}, "file"),
        (locked_pdf(), {}, "file"),
        (b"", {}, "file"),
        (None, {}, "file"),
        (pdf(), {"purpose": "curiosity"}, "purpose"),
        (pdf(), {"case": "other"}, "case"),
    ],
)
def test_what_is_wrong_is_pointed_at(dpo, reference, data, fields, pointer):
    told = send(dpo, reference, data, status=422, **fields)
    assert pointer in str(told["errors"])


def test_who_may_not_write_sends_nothing(public, dpo, reference, hire):
    send(public, reference, pdf(), status=401)
    send(hire("handler", "cases:read"), reference, pdf(), status=403)
    send(dpo, "AAAA-BBBB-CCCC", pdf(), status=404)
