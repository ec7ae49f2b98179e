"""No request ends up where nobody can help it on: what was closed is taken up again from where it was, and whoever is
unknown stays so until they show who they are (Art. 12(2), 12(4), 12(6))."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import NotFound
from app.domain.lifecycle import PACKAGED, TRANSITIONS
from app.policies.loader import load_regimes
from app.queries.queue import QueueFilter, queue
from app.services import conversation, housekeeping, verification
from app.services.moves import perform
from tests.factories import House, person
from tests.services.letters import OFFERED
from tests.services.test_decisions import DONE
from tests.services.test_moves import GOOD, WORDS, driven

WRITES = "I still want it."


def writes(house: House, reference: str, text: str = WRITES) -> None:
    """The person writes a message on their page."""
    with house.work(person(reference)) as work:
        conversation.write(work, reference, text)
    house.run()


def moves(house: House, reference: str, actor: str = "dpo") -> set[str]:
    return {move.name for move in house.view(reference, actor).moves}


@pytest.mark.parametrize(
    ("status", "again"), [("unverified", "unverified"), ("proof_needed", "proof_needed"), ("waiting", "open")]
)
def test_who_writes_again_after_it_lapsed_still_wants_it(acme: House, status: str, again: str) -> None:
    reference = driven(acme, status)
    acme.move(reference, "close", **GOOD["close"])
    assert [letter.kind for letter in acme.view(reference).letters][-1] == "lapsed"
    assert "we take your request up again" in acme.mails.sent[-1].text
    acme.clock.advance(timedelta(days=40))
    writes(acme, reference)
    case = acme.view(reference)
    state = "paused" if again == "proof_needed" else "running"  # it still waits for the proof
    assert (case.status, case.outcome, case.clock.state) == (again, None, state)
    due = case.clock.due or case.clock.earliest_due or date.min
    assert due > date(2027, 1, 2), "its time is counted from the message"
    writes(acme, reference, "Please.")
    assert acme.events(reference).count("case:reopen") == 1


@pytest.mark.parametrize("end", ["withdraw", "refer"])
@pytest.mark.parametrize("status", ["unverified", "proof_needed"])
def test_taking_it_up_again_proves_nobody(acme_on_sqlite: House, status: str, end: str) -> None:
    """Else closing and reopening would be a way around the proof."""
    house = acme_on_sqlite
    reference = driven(house, status)
    house.move(reference, end, **GOOD[end])
    house.move(reference, "reopen", **GOOD["reopen"])
    assert house.view(reference).status == status
    assert "collect" not in moves(house, reference)
    data = {**GOOD["accept_proof"], "identities": "email"} if status == "unverified" else GOOD["accept_proof"]
    house.move(reference, "accept_proof", **data)
    assert house.view(reference).status == "open"


@pytest.mark.parametrize("end", ["close", "refer"])
def test_taken_up_again_it_waits_for_the_proof_and_its_time_stands_still(acme: House, end: str) -> None:
    house = acme
    reference = driven(house, "proof_needed")
    house.clock.advance(timedelta(days=10))
    house.move(reference, end, **GOOD[end])
    house.clock.advance(timedelta(days=10))
    house.move(reference, "reopen", **GOOD["reopen"])
    clock = house.view(reference).clock
    assert (clock.state, clock.due, house.row(reference).due_on) == ("paused", None, None)
    house.clock.advance(timedelta(days=5))
    assert clock.earliest_due == date(2027, 1, 13)
    house.move(reference, "accept_proof", **GOOD["accept_proof"])
    clock = house.view(reference).clock
    assert (clock.state, clock.due) == ("running", date(2027, 1, 18)), "a month since 13 December, and the five days"
    assert len(clock.earlier) == 1


def test_a_request_that_nobody_confirmed_can_be_confirmed_after_it_was_taken_up_again(acme: House) -> None:
    reference = acme.filed()
    acme.run()
    acme.move(reference, "close", **GOOD["close"])
    writes(acme, reference)
    with acme.work(person(reference)) as work:
        verification.send_code(work, reference, "confirm")
    assert acme.confirm(reference).accepted
    case = acme.view(reference)
    assert (case.status, [letter.kind for letter in case.letters]) == ("open", ["lapsed", "acknowledgement"])


def test_a_withdrawal_that_is_regretted(acme_on_sqlite: House) -> None:
    """Words on the page alone do not undo a decision of the person's own: staff take it up again."""
    house = acme_on_sqlite
    reference = house.in_status("in_review")
    house.move(reference, "withdraw", **GOOD["withdraw"])
    writes(house, reference, "I did not mean that.")
    assert house.view(reference).status == "closed"
    assert moves(house, reference) == {"reopen"}
    house.move(reference, "reopen", **GOOD["reopen"])
    house.move(reference, "collect")
    house.move(reference, "approve")
    house.move(reference, "release")
    assert house.view(reference).outcome == "granted"


def test_an_answer_by_phone_lets_a_waiting_request_go_on(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = driven(house, "waiting")
    house.clock.advance(timedelta(days=3))
    house.move(reference, "clarify", message="She called: only the invoices.", received_on="2026-11-24")
    case = house.view(reference)
    assert (case.status, case.clock.state) == ("open", "running")
    assert {"collect", "refuse", "extend"} <= moves(house, reference)


def in_queue(house: House, **wanted: Any) -> dict[str, bool]:
    with house.reading("dpo") as work:
        return {row.reference: row.new_message for row in queue(work, QueueFilter(**wanted)).rows}


def test_what_the_person_wrote_is_new_until_staff_did_something(acme: House) -> None:
    quiet, loud = acme.in_status("open"), acme.in_status("open")
    assert in_queue(acme) == {quiet: False, loud: False}
    writes(acme, loud)
    assert in_queue(acme) == {quiet: False, loud: True}
    assert in_queue(acme, messages="new") == {loud: True}
    assert acme.view(loud).new_message
    assert not acme.view(loud, person(loud)).new_message, "their own words are no news to the person"
    with acme.work("handler") as work:
        conversation.note_read(work, loud)
    assert in_queue(acme, messages="new") == {}
    assert not acme.view(loud).new_message
    acme.move(loud, "ask_clarification", **GOOD["ask_clarification"])
    with acme.work(person(loud)) as work:
        perform(work, loud, "clarify", {"message": "All of it."})
    assert in_queue(acme, messages="new") == {loud: True}
    acme.move(loud, "assign", **GOOD["assign"])
    assert not acme.view(loud).new_message


@pytest.mark.parametrize("actor", ["auditor", "approver"])
def test_only_who_answers_messages_has_read_them(acme_on_sqlite: House, actor: str) -> None:
    reference = acme_on_sqlite.in_status("open")
    writes(acme_on_sqlite, reference)
    with pytest.raises(NotFound), acme_on_sqlite.work(actor) as work:
        conversation.note_read(work, reference)
    assert acme_on_sqlite.view(reference).new_message


def test_every_right_of_every_law_has_an_answer_that_is_no_refusal() -> None:
    answers = {"grant", "rectify", "erase", "restrict"}
    done = {right for move in TRANSITIONS if move.name in answers for right in move.rights}
    for pack in load_regimes().all():
        assert set(pack.rights) <= {*done, *PACKAGED}, (pack.key, pack.version)


def test_an_erasure_is_answered_without_a_search(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes=OFFERED)
    reference = house.in_status("open", rights=("erasure",), details={})
    house.move(reference, "erase", **DONE["erasure"][1])
    case = house.view(reference)
    assert (case.outcome, case.runs) == ("granted", ())


@pytest.mark.parametrize("granted", [True, False])
def test_what_was_set_aside_until_an_objection_is_decided_is_used_again(acme_on_sqlite: House, granted: bool) -> None:
    """Whichever way it is decided, and in whichever order (Art. 18(1)(d), 18(3))."""
    house = acme_on_sqlite
    house.apply(changes=OFFERED)
    objection = house.in_status(
        "open", rights=("objection",), grounds={"objection": ("own_situation",)},
        details={"objection": {"situation": WORDS, "restrict": "yes"}},
    )  # fmt: skip
    (restriction,) = [one.reference for one in house.view(objection).sisters]
    house.move(restriction, "restrict", **{**DONE["restriction"][1], "restriction_ground": "objection_pending"})
    if granted:
        house.move(objection, "grant", **DONE["objection"][1])
    else:
        house.move(objection, "refuse", ground="compelling_grounds", reason=WORDS)
    assert "lift_restriction" in moves(house, restriction)
    until = {"lifting_on": "2026-11-30", "lifting_reason": "The objection is decided.", "check_outcome": WORDS}
    house.move(restriction, "lift_restriction", **until)
    house.clock.advance(timedelta(days=8))
    housekeeping.lift_restrictions(house.portal)
    assert "lift_restriction" not in moves(house, restriction)


def test_a_restriction_that_came_too_late_can_be_ended(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes=OFFERED)
    objection = house.in_status(
        "open", rights=("objection",), grounds={"objection": ("own_situation",)},
        details={"objection": {"situation": WORDS, "restrict": "yes"}},
    )  # fmt: skip
    (restriction,) = [one.reference for one in house.view(objection).sisters]
    house.move(objection, "grant", **DONE["objection"][1])
    assert {"restrict", "refuse", "withdraw"} <= moves(house, restriction)


def test_a_mistake_that_is_seen_after_the_approval_can_be_mended(acme: House) -> None:
    reference = acme.in_status("ready")
    acme.move(reference, "collect")
    case = acme.view(reference)
    assert (case.status, [package.state for package in case.packages]) == ("in_review", [])
    acme.move(reference, "approve")
    acme.move(reference, "release")
    assert acme.view(reference).outcome == "granted"
