"""The ladder at work: what the file asks beyond the code is asked for at once, each rung leads to the next, staff need
a reason for more, and no papers are asked for a consent (Art. 12(6), 7(3))."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.errors import Invalid, Refused
from app.domain.filing import ProofNote
from app.models.proof import ProofStep
from app.queries import policies
from app.queries.proof import foreseen, standing
from app.queries.reading import load
from app.services import intake, ladder
from tests.factories import ANA, House, a_filing
from tests.services.test_moves import GOOD

DOCUMENT = {"proof: [email_code]": "proof: [{all_of: [email_code, document_view]}]"}
EITHER = {"proof: [email_code]": "proof: [{all_of: [email_code, signed_form]}, {all_of: [email_code, document_view]}]"}
CONSENT = {"  access:": "  consent_withdrawal: {proof: [document_view]}\n  access:"}
ASKED = GOOD["ask_proof"]


def letters(house: House, reference: str) -> list[str]:
    return [letter.kind for letter in house.view(reference).letters]


def asked(house: House, reference: str) -> str | None:
    with house.reading() as work:
        return standing(work, load(work, reference, lock=False)).asked


def test_a_code_is_enough_where_the_file_says_so(acme: House) -> None:
    reference = acme.in_status("open")
    with acme.reading() as work:
        now = standing(work, load(work, reference, lock=False))
    assert (now.met, now.asked, now.rungs) == (True, None, ())
    assert letters(acme, reference) == ["acknowledgement"]


def test_what_the_file_asks_besides_is_asked_for_with_the_code(acme: House) -> None:
    acme.apply(changes=DOCUMENT)
    reference = acme.filed()
    assert acme.confirm(reference).accepted
    acme.run()
    case = acme.view(reference)
    assert (case.status, case.clock.state) == ("proof_needed", "paused")
    assert asked(acme, reference) == "document_view"
    assert letters(acme, reference) == ["acknowledgement", "identity_request"]
    receipt, said = acme.mails.sent[-2].text, acme.mails.sent[-1].text
    assert "We need to know that it is you." in receipt
    assert "Black out everything" in said
    assert "If you cannot do this" in said
    acme.clock.advance(3 * (case.received_at - case.received_at.replace(hour=8)))
    acme.move(reference, "accept_proof", method="document_view", note="Passport seen.", identities="")
    case = acme.view(reference)
    assert (case.status, case.clock.state) == ("open", "running")
    assert asked(acme, reference) is None


def test_it_stands_still_without_starting_the_search(acme: House) -> None:
    acme.apply(changes=DOCUMENT | {"approvers: 1": "approvers: 0"})
    reference = acme.filed()
    acme.confirm(reference)
    acme.run()
    assert acme.view(reference).status == "proof_needed"
    assert acme.view(reference).runs == ()
    acme.move(reference, "accept_proof", method="document_view", note="Passport seen.", identities="")
    assert acme.view(reference).status == "closed", "nothing else was waited for"


def test_a_rung_that_is_shown_to_the_portal_leads_on_by_itself(acme: House) -> None:
    acme.apply(changes=EITHER)
    reference = acme.filed(identities={"email": ANA, "account_name": "ana"})
    acme.confirm(reference)
    assert asked(acme, reference) == "signed_form"
    with acme.work() as work:
        ladder.show(work, load(work, reference), "signed_form", identities=("account_name",))
    case = acme.view(reference)
    assert (case.status, case.clock.state) == ("open", "running")
    assert {row.kind: row.proven_by for row in case.identities} == {
        "email": "email_code", "account_name": "signed_form",
    }  # fmt: skip
    assert acme.events(reference)[-2:] == ["proof:shown", "case:accept_proof"]


def test_a_closed_rung_opens_the_next_one_and_refuses_nobody(acme: House) -> None:
    acme.apply(changes=EITHER)
    reference = acme.filed()
    acme.confirm(reference)
    with acme.work() as work:
        ladder.close(work, load(work, reference), "signed_form", facts={"why": "tried too often"})
    assert asked(acme, reference) == "document_view"
    assert acme.view(reference).status == "proof_needed"
    acme.run()
    assert letters(acme, reference) == ["acknowledgement", "identity_request", "identity_request"]
    with acme.work() as work:  # once more is nothing new
        ladder.close(work, load(work, reference), "signed_form")
    acme.run()
    assert letters(acme, reference).count("identity_request") == 2


def test_staff_ask_for_the_least_and_need_a_reason_for_more(acme: House) -> None:
    reference = acme.in_status("open")
    with pytest.raises(Invalid) as wrong:
        acme.move(reference, "ask_proof", "handler", **ASKED, way="document_view")
    assert set(wrong.value.fields) == {"why_not_less"}
    acme.move(reference, "ask_proof", "handler", **ASKED, way="document_view", why_not_less="Two people of that name.")
    assert asked(acme, reference) == "document_view"
    with acme.reading("dpo") as work:
        (step,) = work.session.scalars(select(ProofStep)).all()
        case = load(work, reference, lock=False)
        assert work.unseal_for(case, step.reason or b"", place="proof/document_view").endswith(
            "Two people of that name."
        )
    assert "Two people" not in acme.mails.sent[-1].text


def test_before_the_code_was_typed_more_than_the_code_needs_a_reason(acme: House) -> None:
    reference = acme.filed()
    with pytest.raises(Invalid) as wrong:
        acme.move(reference, "ask_proof", "handler", **ASKED, way="signed_form")
    assert set(wrong.value.fields) == {"why_not_less"}
    acme.move(reference, "ask_proof", "handler", **ASKED, way="signed_form", why_not_less="The mailbox is shared.")
    assert acme.view(reference).status == "proof_needed"


def test_without_a_choice_the_least_is_asked_for(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "ask_proof", "handler", **ASKED)
    assert asked(acme, reference) == "signed_form"  # these systems hold nothing that two questions could be made of


def test_no_papers_for_a_consent(acme: House) -> None:
    acme.apply(changes=CONSENT)
    details = {"consent_withdrawal": {"wish": "The newsletter."}}
    reference = acme.filed(rights=("consent_withdrawal",), details=details)
    acme.confirm(reference)
    assert acme.view(reference).status == "open"
    with pytest.raises(Refused, match="No papers may be asked for"):
        acme.move(reference, "ask_proof", **ASKED)
    with pytest.raises(Invalid):
        acme.move(reference, "ask_proof", **ASKED, way="document_view", why_not_less="To be sure.")
    assert acme.view(reference).status == "open"


def test_the_day_on_which_it_came_counts(acme: House) -> None:
    acme.apply(changes=DOCUMENT)
    reference = acme.filed()
    acme.confirm(reference)
    assert acme.view(reference).clock.paused_since == date(2026, 11, 23)


def test_what_staff_saw_when_they_took_the_request_in_suffices(acme: House) -> None:
    with acme.work("handler") as work:
        seen = a_filing(channel="desk", proof=ProofNote("document_view", "Passport seen at the counter."))
        reference = intake.file(work, policies.current(work), seen).references[0]
    with acme.reading() as work:
        assert standing(work, load(work, reference, lock=False)).met
    acme.move(reference, "ask_proof", "handler", **ASKED)
    assert asked(acme, reference) == "signed_form"


def test_what_comes_after_the_code_is_known_before_anything_is_sent(acme: House) -> None:
    acme.apply(changes=EITHER)
    with acme.reading() as work:
        policy = policies.current(work)
    assert foreseen(policy, "access", capacity="self", grounds=()) == ("signed_form",)
    assert foreseen(policy, "access", capacity="agent", grounds=()) == ("representative",)
