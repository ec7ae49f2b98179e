"""Letters through the API: named with the case, read as at the desk, and nobody else's."""

from collections.abc import Callable
from hashlib import sha256

from tests.web.api.conftest import Caller


def test_a_letter_is_listed_and_read_and_the_trail_knows(dpo: Caller, proven: str, finish: Callable[[], int]) -> None:
    finish()
    (letter,) = dpo.get(f"cases/{proven}").json["letters"]
    assert (letter["kind"], letter["title"]) == ("acknowledgement", "We have received your request")
    assert letter["sent_at"]
    assert letter["mail_sha256"]
    answer = dpo.get(f"cases/{proven}/letters/{letter['id']}")
    assert answer.mimetype == "application/pdf"
    assert sha256(answer.data).hexdigest() == letter["sha256"]
    asked = dpo.client.head(
        f"/api/v1/cases/{proven}/letters/{letter['id']}", headers={"Authorization": f"Bearer {dpo.token}"}
    )
    assert (asked.status_code, asked.content_length) == (200, len(answer.data))
    events = [entry["event"] for entry in dpo.get(f"cases/{proven}/trail").json["entries"]]
    assert events.count("letter:opened") == 1, "to ask for its size is not to read it"


def test_nobody_elses_letter(
    dpo: Caller, public: Caller, hire: Callable[..., Caller], proven: str, finish: Callable[[], int]
) -> None:
    finish()
    (letter,) = dpo.get(f"cases/{proven}").json["letters"]
    place = f"cases/{proven}/letters/{letter['id']}"
    public.get(place, 401)
    hire("dpo", "cases:read", slug="borealis", email="dpo@borealis.example").get(place, 404)
    hire("auditor", "packages:read", email="auditor@acme.example").get(place, 403)
    hire("admin", "cases:read", email="admin@acme.example").get(place, 403)
    dpo.get(f"cases/{proven}/letters/none", 404)


def test_a_missing_choice_names_what_it_offers(dpo: Caller, proven: str) -> None:
    """Whoever has no form before them cannot see it."""
    for data, field in (({}, "ground"), ({"ground": "no"}, "ground")):
        answer = dpo.post(f"cases/{proven}/moves/refuse", {"reason": "x", **data}, 422)
        said = {one["pointer"]: one["detail"] for one in answer.json["errors"]}[f"#/{field}"]
        assert "Choose from: " in said
        assert "unfounded" in said
