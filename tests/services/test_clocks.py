"""Asking, answering, extending: what each writes down, what the person gets, what is refused (Art. 12(3), 12(6))."""

from datetime import date, timedelta

import pytest

from app.domain.errors import Invalid, Refused, Unavailable
from app.queries.conversation import thread
from app.queries.reading import load
from app.services import moves
from app.services.casework import facts_so_far
from tests.factories import ANA, House, person
from tests.services.test_moves import GOOD

DAY = timedelta(days=1)


def facts(house: House, reference: str) -> list[str]:
    with house.reading() as work:
        return [fact.kind for fact in facts_so_far(work, load(work, reference, lock=False))]


def letters(house: House, reference: str) -> list[str]:
    return [letter.kind for letter in house.view(reference).letters]


def test_time_stands_still_from_the_question_to_the_answer(acme: House) -> None:
    reference = acme.in_status("open")
    before = acme.view(reference).clock.due
    acme.clock.advance(2 * DAY)
    acme.move(reference, "ask_clarification", **GOOD["ask_clarification"])
    asked = acme.view(reference)
    assert (asked.status, asked.clock.state, asked.clock.due) == ("waiting", "paused", None)
    assert letters(acme, reference)[-1] == "clarification"
    acme.clock.advance(7 * DAY)
    with acme.work(person(reference)) as work:
        moves.perform(work, reference, "clarify", {"message": "Only the invoices."})
    answered = acme.view(reference)
    assert (answered.status, answered.clock.state) == ("open", "running")
    assert before is not None
    assert answered.clock.due is not None
    assert answered.clock.due >= before + 7 * DAY
    assert facts(acme, reference) == ["received", "paused", "resumed"]
    with acme.reading("dpo") as work:
        said = thread(work, reference)
    assert [(one.direction, one.kind, one.body) for one in said] == [("from_person", "answer", "Only the invoices.")]


def test_the_desk_records_an_answer_that_came_by_letter_on_the_day_it_came(acme: House) -> None:
    reference = acme.in_status("open")
    due = acme.view(reference).clock.due
    assert due is not None
    acme.move(reference, "ask_clarification", **GOOD["ask_clarification"])
    acme.clock.advance(9 * DAY)
    for wrong in ("2026-11-22", "2026-12-03"):  # before it was asked, and still to come
        with pytest.raises(Invalid) as invalid, acme.work("handler") as work:
            moves.perform(work, reference, "clarify", {"message": "Both.", "received_on": wrong})
        assert set(invalid.value.fields) == {"received_on"}
    acme.move(reference, "clarify", "handler", message="Both.", received_on="2026-11-26")
    clock = acme.view(reference).clock
    assert clock.due is not None
    assert due < clock.due < due + 9 * DAY


def test_the_person_cannot_say_on_which_day_their_answer_came(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("open")
    acme_on_sqlite.move(reference, "ask_clarification", **GOOD["ask_clarification"])
    with pytest.raises(Invalid), acme_on_sqlite.work(person(reference)) as work:
        moves.perform(work, reference, "clarify", {"message": "Both.", "received_on": "2026-11-23"})


def test_proof_is_asked_rejected_and_accepted(acme: House) -> None:
    reference = acme.in_status("open", identities={"email": ANA, "account_name": "bob"})
    acme.move(reference, "ask_proof", **GOOD["ask_proof"])
    assert acme.view(reference).status == "proof_needed"
    acme.move(reference, "reject_proof", **GOOD["reject_proof"])
    assert acme.view(reference).status == "proof_needed"
    assert letters(acme, reference)[-2:] == ["identity_request", "identity_request"]
    acme.clock.advance(3 * DAY)
    acme.move(reference, "accept_proof", method="document_view", note="Passport seen.", identities="account_name")
    case = acme.view(reference)
    assert case.status == "open"
    assert {row.kind: row.proven_by for row in case.identities} == {
        "email": "email_code", "account_name": "document_view",
    }  # fmt: skip
    assert facts(acme, reference) == ["received", "paused", "resumed", "id_received"]


def test_a_request_on_paper_is_proven_at_the_desk(acme: House) -> None:
    reference = acme.filed(identities={"account_name": "ana"}, channel="post")
    with pytest.raises(Invalid) as invalid, acme.work("handler") as work:
        moves.perform(work, reference, "accept_proof", {"method": "document_view", "note": "Seen."})
    assert set(invalid.value.fields) == {"identities"}
    acme.move(reference, "accept_proof", "handler", method="document_view", note="Seen.", identities="account_name")
    assert acme.view(reference).status == "open"


def test_asking_while_a_search_goes_on_voids_it(acme: House) -> None:
    reference = acme.in_status("in_progress")
    acme.move(reference, "ask_proof", **GOOD["ask_proof"])
    case = acme.view(reference)
    assert (case.status, case.runs, case.collections) == ("proof_needed", (), ())
    acme.move(reference, "accept_proof", **GOOD["accept_proof"])
    assert acme.view(reference).status == "open"
    acme.move(reference, "collect")
    assert acme.view(reference).status == "in_review"


def test_asking_during_review_voids_approvals_and_keeps_what_was_found(acme: House) -> None:
    acme.apply(approvers=2)
    reference = acme.in_status("in_review")
    acme.move(reference, "approve", "approver")
    acme.move(reference, "ask_clarification", **GOOD["ask_clarification"])
    acme.move(reference, "clarify", message="All of it.")
    case = acme.view(reference)
    assert case.status == "in_review"
    assert sum(row.rows for row in case.collections) == 5
    acme.move(reference, "approve", "approver")
    acme.move(reference, "approve", "approver2")
    assert acme.view(reference).status == "ready"


def test_an_extension_is_told_once_and_in_time(acme: House) -> None:
    reference = acme.in_status("open")
    before = acme.view(reference).clock
    assert "extend" in [move.name for move in acme.view(reference).moves]
    acme.move(reference, "extend", **GOOD["extend"])
    case = acme.view(reference)
    assert case.clock.due == date(2027, 2, 23)
    assert case.clock.base_due == before.due
    assert letters(acme, reference)[-1] == "extension"
    assert acme.row(reference).due_on == case.clock.due
    assert "extend" not in [move.name for move in case.moves]
    with pytest.raises(Refused, match="only once"), acme.work("dpo") as work:
        moves.perform(work, reference, "extend", GOOD["extend"])


def test_an_extension_comes_too_late_after_the_time_has_ended(acme: House) -> None:
    reference = acme.in_status("open")
    acme.clock.advance(31 * DAY)
    assert "extend" not in [move.name for move in acme.view(reference).moves]
    with pytest.raises(Refused, match="could be told only until"), acme.work("dpo") as work:
        moves.perform(work, reference, "extend", GOOD["extend"])
    assert facts(acme, reference) == ["received"]


def test_nothing_is_extended_while_time_stands_still(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("open")
    acme_on_sqlite.move(reference, "ask_clarification", **GOOD["ask_clarification"])
    with pytest.raises(Refused, match="stands still"), acme_on_sqlite.work("dpo") as work:
        moves.perform(work, reference, "extend", GOOD["extend"])


def test_an_answer_without_a_question_and_a_question_upon_a_question(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    for move in ("clarify", "record_fee", "reject_proof"):
        with pytest.raises(Refused), house.work("dpo") as work:
            moves.perform(work, reference, move, GOOD.get(move, {}))
    house.move(reference, "ask_clarification", **GOOD["ask_clarification"])
    for move in ("ask_clarification", "ask_proof"):
        with pytest.raises(Refused), house.work("dpo") as work:
            moves.perform(work, reference, move, GOOD[move])
    assert facts(house, reference) == ["received", "paused"]


def test_a_pause_that_never_ends_is_closed_with_words(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "ask_proof", **GOOD["ask_proof"])
    acme.clock.advance(200 * DAY)
    assert acme.view(reference).lateness is None
    acme.move(reference, "close", reason="The proof that we asked for did not come.")
    case = acme.view(reference)
    assert (case.status, case.outcome, case.clock.state) == ("closed", "lapsed", "stopped")
    assert letters(acme, reference)[-1] == "lapsed"
    told = acme.mails.sent[-1].text
    for part in (
        "The proof that we asked for did not come.",
        "then we take your request up again",
        "www.dvi.gov.lv",
        "court",
    ):
        assert part in told, part


def test_a_fee_is_quoted_with_its_evidence_and_paid(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "quote_fee", **GOOD["quote_fee"])
    case = acme.view(reference)
    assert (case.status, case.clock.state) == ("waiting", "running"), "the GDPR stops no time for a fee"
    assert letters(acme, reference)[-1] == "fee_notice"
    assert "12.50 EUR" in acme.mails.sent[-1].text
    assert "record_fee" in [move.name for move in case.moves]
    acme.move(reference, "record_fee")
    assert acme.view(reference).status == "open"


def test_the_person_answers_a_fee_by_asking_for_less(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "quote_fee", **GOOD["quote_fee"])
    with acme.work(person(reference)) as work:
        moves.perform(work, reference, "clarify", {"message": "Then only the last invoice."})
    assert acme.view(reference).status == "open"


def test_a_request_under_a_withdrawn_version_of_the_law_says_so(acme: House) -> None:
    reference = acme.in_status("open")
    before = acme.row(reference).version, acme.events(reference)
    with acme.work() as work:
        load(work, reference).regime_version = "99"
    for move in ("extend", "refuse", "collect"):
        with pytest.raises(Unavailable, match="is not installed any more"), acme.work("dpo") as work:
            moves.perform(work, reference, move, GOOD.get(move, {}))
    with acme.work() as work:
        load(work, reference).regime_version = "1"
    assert (acme.row(reference).version, acme.events(reference)) == before


def test_what_was_released_stays_with_the_person_when_the_request_is_taken_up_again(acme: House) -> None:
    reference = acme.in_status("closed")
    acme.move(reference, "reopen", reason="The invoices were left out.")
    assert [row.state for row in acme.view(reference, person(reference)).packages] == ["released"]
    assert acme.view(reference).runs == ()
