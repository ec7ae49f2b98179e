"""Two questions through the API: asked and tried by whoever speaks with the person, with the same caps and words."""

import re

import pytest

from app.domain.facts import FactsResult
from app.services import facts_drawing
from tests.web.api.conftest import Caller
from tests.web.vault.test_two_facts import EVE, QUESTIONS, RIGHT, put_questions
from workers.idle import run_until_idle

WRONG = {"first": "a", "second": "b"}


@pytest.fixture(autouse=True)
def questioned(portal, tmp_path):
    put_questions(portal, tmp_path)


def confirmed(public: Caller, portal, number: str = "1") -> str:
    """A request whose address was shown; its questions are being drawn."""
    said = {
        "rights": ["access"],
        "name": "Ana Ionescu",
        "identities": {"email": EVE, "customer_number": number},
        "details": {"access": {"wish": "All."}},
    }
    reference = public.post("controllers/acme/cases", said, status=201).json["cases"][0]
    run_until_idle(portal)
    texts = "\n".join(mail.text for mail in portal.mailer.sent if mail.to == EVE)
    public.post(f"cases/{reference}/moves/confirm", {"code": re.findall(r"^\s+(\d{6})\s*$", texts, re.MULTILINE)[-1]})
    return str(reference)


def waiting_for_answers(public: Caller, portal, number: str = "1") -> str:
    reference = confirmed(public, portal, number)
    run_until_idle(portal)
    portal.clock.advance(facts_drawing.BEAT)
    return reference


def right(dpo: Caller, reference: str) -> dict[str, str]:
    asked = dpo.get(f"cases/{reference}/two-facts?language=en").json["questions"]
    assert {row["text"] for row in asked} == set(QUESTIONS)
    return {row["name"]: RIGHT[row["text"]] for row in asked}


def test_right_answers_prove_it(public, dpo, portal):
    reference = waiting_for_answers(public, portal)
    assert dpo.get(f"cases/{reference}").json["proof"]["asked"] == "two_facts"
    told = dpo.post(f"cases/{reference}/two-facts", {**right(dpo, reference), "language": "en"}).json
    assert told == {"result": "right", "detail": str(FactsResult.RIGHT.message)}
    case = dpo.get(f"cases/{reference}").json
    assert (case["status"], case["proof"]["shown"]) == ("open", ["email_code", "two_facts"])
    dpo.get(f"cases/{reference}/two-facts", status=409)
    dpo.post(f"cases/{reference}/two-facts", WRONG, status=409)


def test_known_and_unknown_get_the_same_words_and_as_many_tries(public, dpo, portal):
    heard = []
    for number in ("1", "4711"):
        reference = waiting_for_answers(public, portal, number)
        kinds = [row["kind"] for row in dpo.get(f"cases/{reference}/two-facts").json["questions"]]
        tries = [dpo.post(f"cases/{reference}/two-facts", WRONG).json for _ in range(3)]
        over = dpo.post(f"cases/{reference}/two-facts", WRONG, status=409).json["detail"]
        closed = dpo.get(f"cases/{reference}").json["proof"]
        heard.append((sorted(kinds), tries, over, closed))
    assert heard[0] == heard[1]
    assert [one["result"] for one in heard[0][1]] == ["wrong", "wrong", "used_up"]


def test_tries_on_the_page_and_here_are_one_count(public, dpo, browser, portal):
    reference = waiting_for_answers(public, portal)
    for _ in range(2):
        dpo.post(f"cases/{reference}/two-facts", WRONG)
    browser.post(f"/case/{reference}/code")
    run_until_idle(portal)
    code = re.findall(r"^\s+(\d{6})\s*$", portal.mailer.sent[-1].text, re.MULTILINE)[-1]
    browser.post(f"/case/{reference}/enter", {"code": code})
    page = browser.post(f"/case/{reference}/proof/two-facts", WRONG, status=422)
    assert "show in another way who you are" in page.problems[0][1]


def test_while_they_are_being_prepared_and_where_none_are_asked(public, dpo, portal):
    reference = confirmed(public, portal)
    assert "still being prepared" in dpo.get(f"cases/{reference}/two-facts", status=409).json["detail"]
    dpo.post(f"cases/{reference}/two-facts", WRONG, status=409)
    staffs = {"rights": ["access"], "name": "Ana", "identities": {"email": EVE}, "channel": "post"}
    other = dpo.post("controllers/acme/cases", staffs, status=201).json["cases"][0]
    assert "not asked any more" in dpo.get(f"cases/{other}/two-facts", status=409).json["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"first": "a"}, "#/second"), ({"first": " ", "second": "b"}, "#/first"), ({**WRONG, "third": "c"}, "#/third"),
        ({**WRONG, "language": "xx"}, "#/language"), ({"first": 1, "second": "b"}, "#/first"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_at_and_not_counted(public, dpo, portal, body, pointer):
    reference = waiting_for_answers(public, portal)
    for _ in range(4):
        told = dpo.post(f"cases/{reference}/two-facts", body, status=422).json
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert dpo.post(f"cases/{reference}/two-facts", right(dpo, reference)).json["result"] == "right"


def test_only_who_may_record_a_proof_asks(public, hire, portal):
    reference = waiting_for_answers(public, portal)
    public.get(f"cases/{reference}/two-facts", status=401)
    public.post(f"cases/{reference}/two-facts", WRONG, status=401)
    for who in (hire("auditor"), hire("dpo", "cases:read")):
        who.get(f"cases/{reference}/two-facts", status=403)
        who.post(f"cases/{reference}/two-facts", WRONG, status=403)
    elsewhere = hire("dpo", slug="borealis")
    elsewhere.get(f"cases/{reference}/two-facts", status=404)
    elsewhere.post(f"cases/{reference}/two-facts", WRONG, status=404)
