"""The moves of the law at the desk: each says what it does, shows the letter first, and decides thing by thing."""

from datetime import timedelta

import pytest

from tests.factories import House
from tests.services.letters import OFFERED
from tests.services.test_by_hand import UNCONNECTED
from tests.services.test_decisions import DONE, asked
from tests.services.test_moves import GOOD
from tests.web.desk.conftest import case_url, shown

WITH_LETTER = ("ask_proof", "ask_clarification", "extend", "quote_fee", "cannot_identify", "refer", "withdraw")


def url(reference: str, move: str) -> str:
    return case_url(reference, f"moves/{move}/")


@pytest.mark.parametrize("move", WITH_LETTER)
def test_a_letter_is_read_before_it_is_sent(dpo, acme: House, move: str) -> None:
    reference = acme.in_status("open")
    page = dpo.get(url(reference, move))
    page = dpo.post(url(reference, move), {**shown(page), **GOOD[move]})
    assert page.h1.endswith("Read the letter before it is sent")
    assert "Ana Liepa" in page.main
    assert acme.view(reference).status == "open", "nothing is sent yet"
    again = dpo.post(url(reference, move), {**shown(page), **GOOD[move], "step": "change"})
    assert all(again.value(name) == value for name, value in GOOD[move].items())
    dpo.post(url(reference, move), {**shown(page), **GOOD[move], "step": "send"})
    acme.run()
    assert [letter.sent_at is not None for letter in acme.view(reference).letters] == [True, True]


def test_each_page_says_what_the_clock_does(dpo, acme: House) -> None:
    reference = acme.in_status("open")
    assert "stands still from today" in dpo.get(url(reference, "ask_proof")).main
    assert "runs on while you wait" in dpo.get(url(reference, "quote_fee")).main
    assert "by 23 December 2026 at the latest" in dpo.get(url(reference, "extend")).main


def test_asking_late_is_warned_of(desks, acme: House) -> None:
    reference = acme.in_status("open")
    assert "undue delay" not in desks(acme, "dpo").get(url(reference, "ask_proof")).main
    acme.clock.advance(timedelta(days=10))
    assert "undue delay" in desks(acme, "dpo").get(url(reference, "ask_proof")).main


def test_an_erasure_is_decided_ground_by_ground(desks, acme: House) -> None:
    acme.apply(changes=OFFERED)
    reference = asked(acme, "erasure")
    approver = desks(acme, "approver")
    page = approver.get(url(reference, "erase"))
    for words in ("The data is no longer needed", "I took back my consent", "cannot be brought back"):
        assert words in page.main
    page = approver.post(url(reference, "erase"), {**shown(page), **DONE["erasure"][1]}, status=422)
    assert [(where.partition("-")[0], words) for where, words in page.problems] == [
        ("#items.0.decision", "Decide on this: The data is no longer needed."),
        ("#items.1.decision", "Decide on this: I took back my consent."),
    ]
    rows = {"items.0.decision": "granted", "items.1.decision": "withheld"}
    page = approver.post(url(reference, "erase"), {**shown(page), **DONE["erasure"][1], **rows}, status=422)
    assert {where.partition("-")[0] for where, _ in page.problems} == {"#items.1.ground", "#items.1.reason"}
    rows |= {"items.1.ground": "kept_by_law", "items.1.reason": "The Accounting Act."}
    page = approver.post(url(reference, "erase"), {**shown(page), **DONE["erasure"][1], **rows})
    for words in ("The Accounting Act.", "The data is no longer needed", "court"):
        assert words in page.main
    approver.post(url(reference, "erase"), {**shown(page), **DONE["erasure"][1], **rows, "step": "send"})
    assert acme.view(reference).outcome == "partly_granted"


@pytest.mark.parametrize("right", ["objection", "restriction", "rectification", "automated_decision_review"])
def test_each_right_has_its_page(dpo, acme: House, right: str) -> None:
    acme.apply(changes=OFFERED)
    reference = asked(acme, right)
    move, fields, letter = DONE[right]
    page = dpo.get(url(reference, move))
    several = right == "rectification"
    assert ("For each thing that was asked" in page.main) == several, "one thing alone is granted by doing it"
    decisions = {f"items.{number}.decision": "granted" for number in range(2)} if several else {}
    page = dpo.post(url(reference, move), {**shown(page), **fields, **decisions})
    page = dpo.post(url(reference, move), {**shown(page), **fields, **decisions, "step": "send"})
    assert "The request is answered." in page.main
    assert [row.kind for row in acme.view(reference).letters][-1] == letter


def test_proof_is_accepted_for_what_is_ticked(handler, acme: House) -> None:
    reference = acme.filed(identities={"account_name": "ana", "customer_number": "7"}, channel="post")
    page = handler.get(url(reference, "accept_proof"))
    assert "ana" in page.main
    typed = {"method": "document_view", "note": "Passport seen by the front desk."}
    page = handler.post(url(reference, "accept_proof"), {**shown(page), **typed}, status=422)
    assert page.problems[0][0].startswith("#identities")
    handler.post(url(reference, "accept_proof"), {**shown(page), **typed, "identities": "account_name"})
    assert {row.kind: row.proven_by for row in acme.view(reference).identities} == {
        "account_name": "document_view", "customer_number": None,
    }  # fmt: skip


def test_staff_write_to_the_person_and_read_the_answer(desks, acme: House) -> None:
    reference = acme.in_status("open")
    handler = desks(acme, "handler")
    page = handler.post(case_url(reference, "messages/"), {"body": "We have <begun>."})
    assert "Your message is there" in page.main
    assert "We have <begun>." in page.main
    page = handler.post(case_url(reference, "messages/"), {"body": " "}, status=422)
    assert page.problems[0][0] == "#body"
    page = handler.post(case_url(reference, "messages/"), {"body": "Typed."}, token=False, status=422)
    assert page.value("body") == "Typed."
    desks(acme, "auditor").post(case_url(reference, "messages/"), {"body": "x"}, status=403)
    desks(acme, "handler").post(case_url("2222-2222-2222", "messages/"), {"body": "x"}, status=404)


def test_a_closed_request_is_taken_up_again(handler, acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "withdraw", note="She called.")
    page = handler.get(url(reference, "reopen"))
    page = handler.post(url(reference, "reopen"), {**shown(page), "reason": "She called again."})
    assert "open again" in page.main
    assert "She called again." in page.main


def test_where_nothing_is_connected_an_access_request_leads_to_a_letter(dpo, acme: House) -> None:
    acme.apply(changes=UNCONNECTED)
    reference = acme.in_status("open")
    case = dpo.get(case_url(reference))
    assert "No system is connected here" in case.main
    assert url(reference, "answer_by_hand") in case.links()
    assert url(reference, "collect") not in case.links()
    page = dpo.get(url(reference, "answer_by_hand"))
    problems = dpo.post(url(reference, "answer_by_hand"), {**shown(page), "held": "yes"}, status=422).problems
    assert problems == [("#copy", "Give the copy of the data, or say how the person gets it.")]
    typed = {"held": "yes", "copy": "Your file, in the envelope.", "source": "You told us."}
    page = dpo.post(url(reference, "answer_by_hand"), {**shown(page), **typed})
    for words in ("Your file, in the envelope.", "You told us.", "Providing the service", "If you do not agree"):
        assert words in page.main, words
    assert acme.view(reference).status == "open", "nothing is sent yet"
    page = dpo.post(url(reference, "answer_by_hand"), {**shown(page), **typed, "step": "send"})
    assert "The request is answered" in page.main
    assert acme.view(reference).outcome == "granted"


def test_a_consent_taken_back_asks_for_no_decision_and_no_ground(dpo, acme: House) -> None:
    acme.apply(changes=OFFERED)
    reference = asked(acme, "consent_withdrawal")
    page = dpo.get(url(reference, "grant"))
    assert "The law gives no ground against this" in page.main
    assert "The whole request" in page.main
    assert "which ground" not in page.main
    page = dpo.post(url(reference, "grant"), {**shown(page), **DONE["consent_withdrawal"][1]})
    assert page.h1.endswith("Read the letter before it is sent")
