"""The official letter (M-2, M-8, G-3): a company's request is acted on only after somebody at a contact that was on
file before has confirmed it, whatever the mail or the letterhead says."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.customers import Company
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.filing import Filing, ProofNote
from app.domain.lifecycle import move_named
from app.domain.messages import Message
from app.domain.permissions import SYSTEM, Actor
from app.models.evidence import Evidence
from app.models.proof import CallBack, OnFile
from app.policies.loader import read_controller
from app.queries.conversation import thread
from app.queries.official_letter import OfficialLetter, look
from app.queries.proof import standing_of
from app.queries.reading import load
from app.services import options, policies
from tests.factories import BILLING, CONTROLLER, CRM, NOBODY, House, person
from tests.samples_of_files import pdf
from tests.services.test_evidence import sent

SERVER = "mx.acme.example.com"
OFFICE = "ana@example.com"  # the address that the system holds for the company
COMPANY = Company("Bigco SIA", "Managing director")
CALLED = {"result": "confirmed", "note": "The director, whom the switchboard put on, confirmed each point."}
ACCEPTED = {"method": "official_letter", "note": "The letter is theirs."}
PAPER = {"kind": "phone", "value": "+371 20000001", "source": "Contract 7, page 1", "reason": "No system has one."}


@pytest.fixture
def bigco(acme: House, tmp_path: Path) -> House:
    """Acme, whose customers are companies with a number of their own."""
    crm = CRM.replace("fides_meta: {identity: account_name}", "fides_meta: {identity: customer_number}")
    text = CONTROLLER.format(slug="acme", title="Acme", approvers=1)
    text = text.replace("purposes:", "  instruction: {}\npurposes:", 1)
    text = text.replace('phone: "+371', f'mail_server: {SERVER}, phone: "+371', 1)
    for name, content in (("crm.yml", crm), ("billing.yml", BILLING), ("acme.yaml", text)):
        (tmp_path / name).write_text(content)
    policies.apply(acme.portal, SYSTEM, read_controller(tmp_path / "acme.yaml"))
    return acme


def a_filing(**changes: Any) -> Filing:
    fields: dict[str, Any] = {
        "rights": ("instruction",),
        "name": "Bea Berzina",
        "identities": {"email": NOBODY, "customer_number": "ana"},
        "details": {"instruction": {"wish": "Delete what you keep for us."}},
        "capacity": "customer",
        "company": COMPANY,
    }
    return Filing(**{**fields, **changes})


def waiting(house: House, **changes: Any) -> str:
    """A company's request, confirmed by the code of who writes: now the letter is awaited."""
    reference = house.filed(a_filing(**changes))
    house.run()
    code = next(mail for mail in reversed(house.mails.sent) if mail.to == NOBODY)
    house.mails.sent.append(code)
    assert house.confirm(reference, house.code()).accepted
    house.run()
    return reference


def mail(reference: str, *, sender: str = OFFICE, result: str | None = None) -> bytes:
    """What came into the organisation's own mailbox."""
    domain = sender.rpartition("@")[2]
    found = result or (
        f"{SERVER}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    )
    return (
        f"Authentication-Results: {found}\r\nFrom: Bigco <{sender}>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0200\r\n"
        f"Subject: Request {reference}\r\n\r\nPlease delete it all.\r\n"
    ).encode()


def seen(house: House, reference: str, who: str = "dpo") -> OfficialLetter:
    with house.reading(who) as work:
        found = look(work, reference)
    assert found is not None
    return found


def contact(house: House, reference: str) -> str:
    return str(seen(house, reference).registered[0].id)


def called(house: House, reference: str, **changes: str) -> None:
    house.move(reference, "call_back", **{**CALLED, "contact": contact(house, reference), **changes})


def test_the_letter_of_a_company_opens_its_request_after_a_call_back(bigco: House) -> None:
    """The whole way (M-8)."""
    reference = waiting(bigco)
    assert bigco.view(reference).status == "proof_needed"
    with bigco.reading("dpo") as work:
        assert standing_of(work, reference).asked == "official_letter"
    letter = seen(bigco, reference)
    assert letter.company == COMPANY
    assert [(one.kind, one.value, one.system) for one in letter.registered] == [("email", OFFICE, "Customers")]
    sent(bigco, reference, ("mail.eml", mail(reference)), purpose="mandate", who=bigco.staff("handler"))
    (kept,) = seen(bigco, reference).mails
    assert (kept.sameness, kept.checks.vouched, kept.checks.findings) == ("same", True, ())
    with pytest.raises(Refused, match="on file has confirmed"):
        bigco.move(reference, "accept_proof", **ACCEPTED)
    called(bigco, reference)
    bigco.move(reference, "accept_proof", **ACCEPTED)
    case = bigco.view(reference)
    assert case.status == "open"
    assert {row.kind: row.proven_by for row in case.identities} == {
        "email": "email_code", "customer_number": "official_letter",
    }  # fmt: skip
    assert bigco.events(reference)[-4:].count("case:call_back") == 1


def test_without_a_letter_nothing_is_accepted(bigco: House) -> None:
    reference = waiting(bigco)
    called(bigco, reference)
    with pytest.raises(Refused, match="Keep the company"):
        bigco.move(reference, "accept_proof", **ACCEPTED)


def test_staff_record_only_what_they_can_see(bigco: House) -> None:
    reference = waiting(bigco)
    assert bigco.view(reference).letters[-1].title == Message("We need to know that it is the company that asks")
    with bigco.work() as work:
        (methods,) = (one for one in move_named("accept_proof").fields if one.name == "method")
        methods_offered = [one.value for one in options.of(work, load(work, reference), methods)]
    assert methods_offered == ["official_letter", "document_view"]
    for method in ("email_code", "account_session", "two_facts", "phone_code"):
        with pytest.raises(Invalid):
            bigco.move(reference, "accept_proof", **{**ACCEPTED, "method": method})


@pytest.mark.parametrize("method", ["document_view"])
def test_no_other_proof_stands_for_the_call_back(bigco: House, method: str) -> None:
    reference = waiting(bigco)
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    with pytest.raises(Refused):
        bigco.move(reference, "accept_proof", **{**ACCEPTED, "method": method})
    called(bigco, reference, result="not_reached")
    with pytest.raises(Refused):
        bigco.move(reference, "accept_proof", **{**ACCEPTED, "method": method})


def test_a_denied_letter_closes_the_way_and_tells_who_sent_it_nothing(bigco: House) -> None:
    reference = waiting(bigco)
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    bigco.run()
    before = len(bigco.mails.sent)
    called(bigco, reference, result="denied", note="They never wrote this: an impostor.")
    with bigco.reading("dpo") as work:
        now = standing_of(work, reference)
    assert "official_letter" in now.closed
    assert now.asked is None, "no private papers of whoever writes in the name of a company"
    assert seen(bigco, reference).last == "denied"
    told = " ".join(mail.text for mail in bigco.mails.sent[before:])
    for word in ("impostor", "denied", "call", OFFICE):
        assert word not in told
    with bigco.reading(person(reference)) as work:
        (message,) = [one for one in thread(work, reference) if one.direction == "to_person"]
    assert message.body.startswith("What you sent does not suffice")
    with pytest.raises(Refused, match="not theirs"):
        bigco.move(reference, "accept_proof", **ACCEPTED)


def test_who_denied_it_may_think_better_of_it(bigco: House) -> None:
    """The last word of the company counts: a wrong denial by a clerk refuses nobody for good."""
    reference = waiting(bigco)
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    called(bigco, reference, result="denied")
    called(bigco, reference, result="not_reached")
    with pytest.raises(Refused):
        bigco.move(reference, "accept_proof", **ACCEPTED)
    called(bigco, reference)
    bigco.move(reference, "accept_proof", **ACCEPTED)
    assert bigco.view(reference).status == "open"


def test_a_call_goes_to_a_contact_on_file_and_nowhere_else(bigco: House) -> None:
    reference, other = waiting(bigco), waiting(bigco)
    for wrong in ("", "+371 29999999", contact(bigco, other), "0"):
        with pytest.raises(Invalid) as invalid:
            called(bigco, reference, contact=wrong)
        assert set(invalid.value.fields) == {"contact"}
    for missing in ("result", "note"):
        with pytest.raises(Invalid) as invalid:
            called(bigco, reference, **{missing: ""})
        assert set(invalid.value.fields) == {missing}


def test_a_contact_found_by_what_the_writer_typed_is_no_contact_of_the_company(bigco: House) -> None:
    """Who writes has an account of their own: their own telephone number must not confirm their own letter."""
    reference = waiting(bigco, identities={"email": NOBODY, "customer_number": "nobody"})
    with bigco.work() as work:
        case_id = bigco.row(reference).id
        work.session.add(
            OnFile(case_id=case_id, kind="phone", claimed="email", connection="crm", value=b"x", digest=b"x" * 32,
                   found_at=work.now)
        )  # fmt: skip
    assert seen(bigco, reference).registered == ()


def test_where_nothing_is_on_file_a_contact_comes_from_the_contract(bigco: House) -> None:
    reference = waiting(bigco, identities={"email": NOBODY, "customer_number": "unknown"})
    assert seen(bigco, reference).may_record
    bigco.move(reference, "record_contact", **PAPER)
    (found,) = seen(bigco, reference).registered
    assert (found.kind, found.value, found.from_paper) == ("phone", PAPER["value"], True)
    with pytest.raises(Invalid) as invalid:
        bigco.move(reference, "record_contact", **{**PAPER, "value": "+37120000001"})
    assert set(invalid.value.fields) == {"value"}
    sent(bigco, reference, ("letter.pdf", pdf()), purpose="mandate")
    called(bigco, reference)
    bigco.move(reference, "accept_proof", **ACCEPTED)
    assert bigco.view(reference).status == "open"


@pytest.mark.parametrize("missing", PAPER)
def test_a_contact_from_paper_says_where_it_stands_and_why(bigco: House, missing: str) -> None:
    reference = waiting(bigco, identities={"email": NOBODY, "customer_number": "unknown"})
    with pytest.raises(Invalid) as invalid:
        bigco.move(reference, "record_contact", **{**PAPER, missing: ""})
    assert set(invalid.value.fields) == {missing}


def test_paper_does_not_stand_beside_a_contact_that_nobody_tried(bigco: House) -> None:
    reference = waiting(bigco)
    assert "record_contact" not in offered(bigco, reference)
    with pytest.raises(Refused, match="on file"):
        bigco.move(reference, "record_contact", **PAPER)
    called(bigco, reference, result="not_reached")
    assert "record_contact" in offered(bigco, reference)
    bigco.move(reference, "record_contact", **PAPER)
    denied = waiting(bigco)
    called(bigco, denied, result="denied")
    with pytest.raises(Refused):
        bigco.move(denied, "record_contact", **PAPER)


def offered(house: House, reference: str) -> set[str]:
    """The moves that the desk names."""
    return {move.name for move in house.view(reference).moves}


def test_what_was_said_is_sealed(bigco: House) -> None:
    reference = waiting(bigco)
    sent(bigco, reference, ("mail.eml", mail(reference)), purpose="mandate", who=bigco.staff("handler"))
    called(bigco, reference)
    with bigco.reading() as work:
        call = work.session.scalars(select(CallBack)).one()
        row = work.session.scalars(select(Evidence)).one()
        assert b"director" not in call.note
        assert row.mail_checks is not None
        assert OFFICE not in json.dumps(row.mail_checks)
        assert row.mail_checks["dmarc"] == "pass"
    (shown,) = seen(bigco, reference).calls
    assert (shown.result, shown.note, shown.value) == ("confirmed", CALLED["note"], OFFICE)


SENDERS: Mapping[str, tuple[dict[str, str], str, str | None, str]] = {
    "another company": ({"sender": "boss@evil.example"}, "other", None, "pass"),
    "a look-alike": ({"sender": "ana@examp1e.com"}, "look_alike", None, "pass"),
    "a homoglyph": ({"sender": "ana@exаmple.com"}, "look_alike", None, "none"),
    "another server's word": (
        {"result": "mx.evil.example; dmarc=pass header.from=example.com"},
        "same",
        "no_result",
        "none",
    ),
    "our server's no": ({"result": f"{SERVER}; dmarc=fail header.from=example.com"}, "same", None, "fail"),
}


@pytest.mark.parametrize("what", SENDERS)
def test_a_mail_shows_what_it_is(bigco: House, what: str) -> None:
    changes, sameness, not_checked, dmarc = SENDERS[what]
    reference = waiting(bigco)
    (taken,) = sent(bigco, reference, ("mail.eml", mail(reference, **changes)), who=bigco.staff("dpo"))
    assert taken.fault is None
    (kept,) = seen(bigco, reference).mails
    assert kept.sameness == sameness
    if "а" not in changes.get("sender", ""):
        assert (kept.checks.not_checked, kept.checks.dmarc) == (not_checked, dmarc)


def test_a_mail_that_the_person_uploads_is_checked_by_nobody(bigco: House) -> None:
    reference = waiting(bigco)
    sent(bigco, reference, ("mail.eml", mail(reference)), who=person(reference))
    (kept,) = seen(bigco, reference).mails
    assert (kept.checks.not_checked, kept.checks.dmarc, kept.sameness) == ("sent_by_person", "none", "same")


def test_who_may_not_call_back_sees_no_contacts(bigco: House, borealis: House) -> None:
    reference = waiting(bigco)
    shown = seen(bigco, reference, "auditor").registered
    assert [(one.kind, one.value) for one in shown] == [("email", "")]
    for who, error in ((bigco.staff("auditor"), Forbidden), (bigco.staff("approver"), Forbidden),
                       (person(reference), Forbidden), (Actor("anonymous"), NotFound)):  # fmt: skip
        with pytest.raises(error):
            bigco.move(reference, "call_back", who, **CALLED, contact="1")
    with pytest.raises(NotFound):
        borealis.move(reference, "call_back", **CALLED, contact="1")


FAULTS: Mapping[str, tuple[dict[str, Any], set[str]]] = {
    "no number": ({"identities": {"email": NOBODY}}, {"identities.customer_number"}),
    "no name": ({"company": Company(" ", "Director")}, {"company.name"}),
    "no role": ({"company": Company("Bigco", "")}, {"company.role"}),
    "nothing": ({"company": None}, {"company.name", "company.role"}),
    "control characters": ({"company": Company("Big\x00co", "D")}, {"company.name"}),
    "a right of people": ({"rights": ("access",), "details": {}}, {"capacity"}),
    "a person": ({"capacity": "self"}, {"company"}),
    "proof at once": ({"channel": "post", "proof": ProofNote("document_view", "A letterhead.")}, {"proof"}),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_a_company_must_say(bigco: House, what: str) -> None:
    changes, fields = FAULTS[what]
    with pytest.raises(Invalid) as invalid:
        bigco.filed(a_filing(**changes))
    assert set(invalid.value.fields) == fields


def test_a_letter_seen_while_filing_proves_nothing(acme: House) -> None:
    with pytest.raises(Invalid) as invalid:
        acme.filed(channel="post", proof=ProofNote("official_letter", "A letterhead."))
    assert set(invalid.value.fields) == {"proof.method"}


def test_a_person_s_request_has_no_letter(acme: House) -> None:
    reference = acme.in_status("open")
    with acme.reading("dpo") as work:
        assert look(work, reference) is None
    assert {"call_back", "record_contact"}.isdisjoint(move.name for move in acme.view(reference).moves)
