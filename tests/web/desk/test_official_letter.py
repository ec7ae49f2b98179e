"""A company's letter at the desk (M-8, G-3): what the mail shows in plain words, and the call back that decides."""

import pytest

from tests.factories import House, person
from tests.samples_of_files import pdf
from tests.services.test_evidence import sent
from tests.services.test_official_letter import OFFICE, PAPER, SERVER, bigco, contact, mail, waiting
from tests.web.desk.conftest import case_url, shown

__all__ = ["bigco"]


@pytest.fixture
def reference(bigco: House) -> str:
    return waiting(bigco)


def test_the_next_step_is_the_call_back_until_it_is_confirmed(handler, bigco, reference):
    sent(bigco, reference, ("mail.eml", mail(reference)), purpose="mandate", who=bigco.staff("handler"))
    page = handler.get(case_url(reference))
    for text in (
        "Bigco SIA", "Managing director", f"E-mail address: {OFFICE}", "Yes: it is the address on file.",
        "The domain vouches for the sender’s address (DMARC)", "passed", SERVER,
        "A letter or a mail alone proves nothing",
    ):  # fmt: skip
        assert text in page.main, text
    move = case_url(reference, "moves/call_back/")
    assert f'href="{move}"' in page.html
    asked = handler.get(move)
    assert OFFICE in asked.main
    typed = {
        **shown(asked),
        "contact": contact(bigco, reference),
        "result": "confirmed",
        "note": "She agreed.",
    }
    assert handler.post(move, {**typed, "contact": "+371 29999999"}, status=422).problems
    assert handler.post(move, {**typed, "note": ""}, status=422).problems
    done = handler.post(move, typed)
    for text in ("What they said is recorded.", "They confirmed that the letter is theirs", "She agreed."):
        assert text in done.main, text
    accept = case_url(reference, "moves/accept_proof/")
    asked = handler.get(accept)
    accepted = handler.post(accept, {**shown(asked), "method": "official_letter", "note": "The letter is theirs."})
    assert "The proof is accepted." in accepted.main
    assert bigco.view(reference).status == "open"


def test_accepting_too_early_says_what_is_missing(handler, bigco, reference):
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    accept = case_url(reference, "moves/accept_proof/")
    asked = handler.get(accept)
    page = handler.post(accept, {**shown(asked), "method": "official_letter", "note": "It looks good."}, status=409)
    assert "Nobody at a contact on file has confirmed this letter yet." in page.main
    assert "official letter" in page.main, "what was typed is kept, and a choice reads as it was offered"
    assert "official_letter" not in page.main
    assert "It looks good." in page.main, "nothing typed is lost"
    assert bigco.view(reference).status == "proof_needed"


def test_a_denial_warns_of_an_impostor(handler, bigco, reference):
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    move = case_url(reference, "moves/call_back/")
    asked = handler.get(move)
    typed = {**shown(asked), "contact": contact(bigco, reference), "result": "denied", "note": "Never heard of it."}
    page = handler.post(move, typed)
    assert "Somebody may be pretending to be this company" in page.main


def test_a_mail_from_a_look_alike_is_called_what_it_is(handler, bigco, reference):
    sent(bigco, reference, ("mail.eml", mail(reference, sender="ana@examp1e.com")), who=bigco.staff("handler"))
    sent(bigco, reference, ("own.eml", mail(reference)), who=person(reference))
    page = handler.get(case_url(reference))
    assert "this is how impostors write" in page.main
    assert "The person uploaded this mail themselves." in page.main


def test_a_contact_from_the_contract_is_recorded_with_its_source(handler, bigco):
    reference = waiting(bigco, identities={"email": "nobody@example.com", "customer_number": "unknown"})
    page = handler.get(case_url(reference))
    assert "None: no system holds a contact under this number." in page.main
    move = case_url(reference, "moves/record_contact/")
    assert f'href="{move}"' in page.html
    asked = handler.get(move)
    assert handler.post(move, {**shown(asked), **PAPER, "reason": ""}, status=422).problems
    page = handler.post(move, {**shown(asked), **PAPER})
    assert f"Telephone number: {PAPER['value']} (from the company’s papers)" in page.main
    assert "Contact recorded from the company" in page.main


def test_who_only_reads_sees_no_contact(desks, bigco, reference):
    page = desks(bigco, "auditor").get(case_url(reference))
    assert "E-mail address" in page.main
    assert OFFICE not in page.main
    assert "moves/call_back" not in page.html


def test_a_request_of_a_person_says_nothing_of_letters(handler, acme):
    reference = acme.in_status("open")
    assert "Letter of the company" not in handler.get(case_url(reference)).main
