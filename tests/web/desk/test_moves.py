"""Making moves: fields with their faults, nothing typed is lost, nobody decides on what has changed meanwhile."""

from itertools import product

import pytest

from tests.web.desk.conftest import case_url, shown

REASON = "You asked the same last week.\n\nNothing has changed <since>."
REFUSAL = {"ground": "cannot_identify", "reason": REASON}


@pytest.fixture
def reference(acme) -> str:
    return acme.in_status("open")


def url(reference: str, move: str) -> str:
    return case_url(reference, f"moves/{move}/")


def test_assign_to_a_colleague_and_to_oneself(handler, acme, reference):
    page = handler.get(url(reference, "assign"))
    assert "Auditor" not in page.main, "who only reads is not offered"
    page = handler.post(url(reference, "assign"), {**shown(page), "assignee": "dpo@acme.example.com"})
    assert "Handled by Dpo" in page.main
    assert "Assigned: to Dpo" in page.main
    assert page.value("assignee") == "handler@acme.example.com", "one button takes it over"
    page = handler.post(url(reference, "assign"), {**shown(page), "assignee": "handler@acme.example.com"})
    assert "Handled by Handler" in page.main
    assert "Take it over" not in page.main


def test_only_who_handles_requests_here_can_be_chosen(handler, acme, reference):
    page = handler.get(url(reference, "assign"))
    for assignee in ("", "auditor@acme.example.com", "dpo@borealis.example.com", "nobody", "\x00"):
        page = handler.post(url(reference, "assign"), {**shown(page), "assignee": assignee}, status=422)
        assert page.problems[0][0].startswith("#assignee"), assignee
    assert acme.view(reference).assignee is None


def test_a_refusal_is_read_before_it_is_sent(handler, acme, reference):
    page = handler.get(url(reference, "refuse"))
    page = handler.post(url(reference, "refuse"), {**shown(page), **REFUSAL})
    assert page.h1.endswith("Read the letter before it is sent")
    for words in ("Ana Liepa", "You asked the same last week.", "<since>", "supervisory authority", "court"):
        assert words in page.main, words
    assert acme.view(reference).status == "open", "nothing is sent yet"
    again = handler.post(url(reference, "refuse"), {**shown(page), **REFUSAL, "step": "change"})
    assert again.value("reason") == REASON
    kept = {name: page.value(name) for name in ("ground", "reason")}
    assert kept["reason"] == REASON
    page = handler.post(url(reference, "refuse"), {**shown(page), **kept, "step": "send"})
    assert "The request is refused" in page.main
    acme.run()
    case = acme.view(reference)
    letters = [letter.kind for letter in case.letters]
    assert (case.status, case.outcome, letters) == ("closed", "refused", ["acknowledgement", "refusal"])


WRONG = (
    ("#ground", {"ground": "", "reason": "Words."}),
    ("#ground", {"ground": "because", "reason": "Words."}),
    ("#reason", {"ground": "cannot_identify", "reason": ""}),
    ("#reason", {"ground": "cannot_identify", "reason": " \n "}),
    ("#reason", {"ground": "cannot_identify", "reason": "x" * 4001}),
    ("#reason", {"ground": "cannot_identify", "reason": "hidden \u202e order"}),
    ("#reason", {"ground": "cannot_identify", "reason": "bell \x07"}),
)


def test_a_wrong_refusal_names_its_field_and_keeps_what_was_typed(handler, acme, reference):
    page = handler.get(url(reference, "refuse"))
    for (where, typed), step in product(WRONG, ("", "send")):
        page = handler.post(url(reference, "refuse"), {**shown(page), **typed, "step": step}, status=422)
        assert page.problems[0][0].startswith(where), typed
        kept = (page.value("reason") or "").strip()
        assert kept == typed["reason"].translate(dict.fromkeys(map(ord, "\u202e\x07"))).strip()
    assert acme.view(reference).status == "open"


def test_who_decides_on_an_old_page_sees_what_changed_and_loses_nothing(handler, dpo, acme, reference):
    old = shown(handler.get(url(reference, "refuse")))
    acme.move(reference, "assign", assignee="dpo@acme.example.com")
    page = handler.post(url(reference, "refuse"), {**old, **REFUSAL, "step": "send"}, status=409)
    assert "What happened since you opened this page" in page.main
    assert "Assigned (Dpo" in page.main
    assert page.value("reason") == REASON
    assert acme.view(reference).status == "open"
    page = handler.post(url(reference, "refuse"), {**shown(page), **REFUSAL, "step": "send"})
    assert acme.view(reference).outcome == "refused"


def test_when_it_is_too_late_the_typed_words_can_still_be_copied(handler, acme, reference):
    old = shown(handler.get(url(reference, "refuse")))
    acme.move(reference, "refuse", ground="cannot_identify", reason="Somebody was quicker.")
    page = handler.post(url(reference, "refuse"), {**old, **REFUSAL, "step": "send"}, status=409)
    assert "This is not possible now" in page.h1
    assert "You asked the same last week." in page.main
    assert "Request refused (Dpo" in page.main


def test_a_page_without_its_version_decides_nothing(handler, acme, reference):
    for version in ("", "0", "-1", "x", "9" * 30, "²", "\x00"):
        handler.post(url(reference, "collect"), {"version": version, "events_seen": version}, status=409)
    assert acme.view(reference).status == "open"


def test_without_our_token_nothing_happens_and_nothing_is_lost(handler, acme, reference):
    page = handler.get(url(reference, "refuse"))
    page = handler.post(url(reference, "refuse"), {**shown(page), **REFUSAL, "step": "send"}, token=False, status=422)
    assert "open for too long" in page.main
    assert page.value("reason") == REASON
    assert acme.view(reference).status == "open"


def test_a_double_press_makes_one_move(handler, acme, reference):
    sent = shown(handler.get(case_url(reference)))
    handler.post(url(reference, "collect"), sent)
    handler.post(url(reference, "collect"), sent, status=409)
    assert acme.events(reference).count("case:collect") == 1


def test_from_review_to_release(desks, acme):
    reference = acme.in_status("in_review")
    dpo = desks(acme, "dpo")
    page = dpo.get(url(reference, "approve"))
    assert "The answer holds 5 records. 2 systems were searched." in page.main
    dpo.post(url(reference, "approve"), shown(page))
    acme.run()
    page = dpo.get(url(reference, "release"))
    assert "cannot be taken back" in page.main
    page = dpo.post(url(reference, "release"), shown(page))
    assert "The answer is released" in page.main
    assert acme.view(reference).outcome == "granted"
    assert "Ready" not in page.main


def test_the_same_person_does_not_approve_twice(desks, acme):
    acme.apply(approvers=2)
    reference = acme.in_status("in_review")
    dpo = desks(acme, "dpo")
    dpo.post(url(reference, "approve"), shown(dpo.get(url(reference, "approve"))))
    page = dpo.post(url(reference, "approve"), shown(dpo.get(url(reference, "approve"))), status=409)
    assert "Another member of staff has to approve" in page.main
    assert "1 of 2 approvals" in dpo.get(case_url(reference)).main


def test_who_may_not_release_cannot_by_force(desks, acme):
    reference = acme.in_status("ready")
    for role in ("handler", "auditor", "admin"):
        desks(acme, role).post(url(reference, "release"), {"version": str(acme.row(reference).version)}, status=403)
    assert acme.view(reference).status == "ready"


def test_moves_that_are_not_the_desks_do_not_exist(dpo, reference):
    for move in ("confirm", "collected", "assembled", "nonsense", "release%00"):
        dpo.get(url(reference, move), status=404)
        dpo.post(url(reference, move), {"version": "1"}, status=404)


def test_a_missing_answer_is_named_by_what_is_missing(handler, reference):
    page = handler.get(url(reference, "refuse"))
    page = handler.post(url(reference, "refuse"), shown(page), status=422)
    assert [words for _, words in page.problems] == [
        "Choose the ground on which the request is refused.",
        "Write the reasons, as the person will read them.",
    ]
    page = handler.post(url(reference, "assign"), shown(page), status=422)
    assert [words for _, words in page.problems] == ["Choose who handles this request."]
