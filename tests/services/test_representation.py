"""Asking for somebody else (LAW 6; Art. 8, 12(2)): who acts is written to and never searched for, the person says so
through a channel of their own, and whatever has ended opens nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.domain.codes import CodeResult
from app.domain.errors import Invalid, NotFound, Refused, TooMany
from app.domain.filing import Filing, ProofNote
from app.domain.letters import LETTERS
from app.domain.permissions import ANONYMOUS, Actor
from app.domain.representation import A_DAY, Representing
from app.models.cases import Case, Identity
from app.models.proof import Representation
from app.queries import cases, items, let_in, representation
from app.queries.reading import address_for, load
from app.services import cosigning, intake, moves, packages, policies, review, verdicts, verification
from app.services import representation as service
from tests.factories import ANA, ANAS_ROWS, START, House, a_filing, person

BOB, GUARDIAN, ANYBODY = "bob@example.com", "lauma@example.org", "helper@example.org"
AGENT = Representing(name="Help SIA, Ilze Ozola", stands_as="organisation", email=ANYBODY, organisation="Help SIA",
                     statement="I have a mandate.")  # fmt: skip
PARENT = Representing(name="Lauma Liepa", stands_as="parent", email=GUARDIAN, born_on="2015-03-27",
                      statement="I am a parent.")  # fmt: skip


def by_agent(**changes: object) -> Filing:
    """Ilze asks for Ana."""
    return a_filing(**{"capacity": "agent", "representation": AGENT, **changes})


def by_parent(**changes: object) -> Filing:
    """Lauma asks for her child, whose account the systems know."""
    given = {
        "capacity": "guardian",
        "representation": PARENT,
        "name": "Ana Liepa",
        "identities": {"account_name": "ana"},
    }
    return a_filing(**{**given, **changes})


def acting(reference: str) -> Actor:
    """Whoever acts for somebody else, let into the case."""
    return Actor("person", references=frozenset({reference}), representing=frozenset({reference}))


def confirmed(house: House, filing: Filing) -> str:
    """Filed, and confirmed with the code from the mail to who acts."""
    reference = house.filed(filing)
    house.run()
    assert house.confirm(reference, house.code()).accepted
    house.run()
    return reference


def mailed_to(house: House, address: str) -> list[str]:
    return [mail.subject for mail in house.mails.sent if mail.to == address]


def last_code(house: House, address: str) -> str:

    text = [mail.text for mail in house.mails.sent if mail.to == address][-1]
    found = re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]


def cosign(house: House, reference: str, said: cosigning.Said = "yes", code: str | None = None) -> CodeResult:
    with house.work(ANONYMOUS) as work:
        result = cosigning.answer(work, reference, last_code(house, ANA) if code is None else code, said=said)
    house.run()
    return result


def accept(house: House, reference: str, **data: str) -> None:
    house.move(reference, "accept_proof", method="representative", note="Saw it.", identities="email,account_name"
               if "identities" not in data else data.pop("identities"), **data)  # fmt: skip


def test_the_agents_own_address_is_written_to_and_never_searched_for(acme: House) -> None:
    """Bob acts for Ana; the systems hold data of both of them."""
    filing = by_agent(representation=Representing(name="Bob", stands_as="person", email=BOB, statement="Yes."))
    reference = confirmed(acme, filing)
    view = acme.view(reference)
    assert view.status == "proof_needed"
    assert [(row.kind, row.value, row.proven_by) for row in view.identities] == [("email", ANA, None)]
    assert mailed_to(acme, BOB)
    assert cosign(acme, reference).accepted
    assert acme.view(reference).status == "open"
    acme.move(reference, "collect")
    assert {run.connection: run.found for run in acme.view(reference).runs} == ANAS_ROWS
    with acme.reading("dpo") as work:
        of = {row.of: row.proven_by for row in work.session.scalars(select(Identity))}
    assert of == {"subject": "representative", "representative": "email_code"}


def test_the_person_is_asked_at_the_contact_on_file_and_their_yes_is_the_mandate(acme: House) -> None:
    reference = confirmed(acme, by_agent())
    (asked,) = [mail for mail in acme.mails.sent if mail.to == ANA]
    assert "Ilze Ozola" in asked.text
    assert f"/case/{reference}/cosign/" in asked.text
    assert cosign(acme, reference).accepted
    told = acme.view(reference).represented
    assert told is not None
    assert (told.cosigned_at is not None, told.answer_to, told.stands, told.filed) == (True, "subject", True, 1)
    assert "representation:cosigned" in acme.events(reference)


def test_an_address_that_only_the_agent_typed_proves_nothing(acme: House) -> None:
    reference = confirmed(acme, by_agent(identities={"email": "accomplice@example.org", "account_name": "nobody"}))
    code = last_code(acme, "accomplice@example.org")
    assert cosign(acme, reference, code=code).accepted
    view = acme.view(reference)
    assert view.status == "proof_needed"
    assert view.represented is not None
    assert view.represented.cosigned_at is None
    assert [row.proven_by for row in view.identities] == [None, None]
    with acme.work(ANONYMOUS) as work:
        assert not cosigning.is_known(work, reference)


def test_a_code_for_a_typed_address_does_not_count_once_another_one_is_on_file(acme: House) -> None:
    """The look-up comes late: what went to the accomplice stays worth nothing."""
    reference = confirmed(acme, by_agent(identities={"email": "accomplice@example.org", "account_name": "nobody"}))
    code = last_code(acme, "accomplice@example.org")
    with acme.work("dpo") as work:
        case = load(work, reference)
        row = work.session.scalars(select(Identity).where(Identity.of == "subject", Identity.kind == "email")).one()
        row.proven_by, row.proven_at = "document_view", work.now
        assert representation.known_contact(work, case) is not None
    assert cosign(acme, reference, code=code).accepted
    assert "representation:cosigned" not in acme.events(reference)


def test_names_of_several_people_lead_to_nobody(acme: House) -> None:
    """Bob's account beside Ana's address: neither is taken for the person."""
    reference = confirmed(acme, by_agent(identities={"email": ANA, "account_name": "bob"}))
    with acme.reading() as work:
        contact = representation.subject_contact(work, load(work, reference))
        assert contact is not None
        assert not contact.known
        assert representation.answer_address(work, load(work, reference)) is None


def test_a_no_ends_the_mandate_and_leaves_the_case_to_staff(acme: House) -> None:
    reference = confirmed(acme, by_agent())
    assert cosign(acme, reference, "no").accepted
    view = acme.view(reference)
    assert view.status == "proof_needed"
    assert view.represented is not None
    assert (view.represented.stands, view.represented.revoked_by) == (False, "subject")
    assert "representation:denied" in acme.events(reference)
    with acme.work("dpo") as work, pytest.raises(Refused):
        moves.perform(work, reference, "accept_proof", {"method": "representative", "note": "x", "identities": "email"})
    assert let_in.let_in(acme.portal, (reference,)) == (frozenset(), frozenset())


@pytest.mark.parametrize("typed", ["000000", "", "abcdef"])
def test_a_guess_is_wrong_and_counted(acme_on_sqlite: House, typed: str) -> None:
    reference = confirmed(acme_on_sqlite, by_agent())
    before = last_code(acme_on_sqlite, ANA)
    typed = typed if typed != before else "111111"
    assert {cosign(acme_on_sqlite, reference, code=typed) for _ in range(7)} == {CodeResult.WRONG}
    assert acme_on_sqlite.events(reference).count("code:failed") == 5, "who goes on typing fills no trail"
    assert not cosign(acme_on_sqlite, reference, code=before).accepted


def test_another_requests_code_opens_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = confirmed(house, by_agent())
    first = last_code(house, ANA)
    other = confirmed(house, by_agent(representation=Representing("Eve", "person", "eve@example.org", statement="x")))
    assert last_code(house, ANA) != first
    assert cosign(house, other, code=first) is CodeResult.WRONG
    assert cosign(house, "2222-2222-2222", code=first) is CodeResult.WRONG
    assert reference != other


def test_two_agents_for_one_person_are_two_cases(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    one = confirmed(house, by_agent())
    other = confirmed(house, by_agent(representation=Representing("Eve", "person", "eve@example.org", statement="x")))
    assert cosign(house, other, "no", last_code(house, ANA)).accepted
    first, second = house.view(one).represented, house.view(other).represented
    assert first is not None
    assert second is not None
    assert (first.stands, second.stands) == (True, False)


def test_who_acts_is_asked_in_words_for_who_acts(acme_on_sqlite: House) -> None:
    reference = confirmed(acme_on_sqlite, by_agent())
    titles = {str(row.title) for row in acme_on_sqlite.view(reference).letters if row.kind == "identity_request"}
    assert titles == {"We need to know that you may act for this person"}
    mails = [mail for mail in acme_on_sqlite.mails.sent if mail.to == ANYBODY]
    assert any(mail.subject.startswith("We need to know that you may act") for mail in mails)
    assert not any("that it is you" in mail.text for mail in mails if "still need" in mail.text)


def test_the_person_is_not_flooded_with_codes(acme_on_sqlite: House) -> None:
    reference = confirmed(acme_on_sqlite, by_agent())
    for _ in range(10):
        with acme_on_sqlite.work(ANONYMOUS) as work:
            cosigning.ask_again(work, reference)
            cosigning.ask_again(work, "2222-2222-2222")
        acme_on_sqlite.run()
    assert len(mailed_to(acme_on_sqlite, ANA)) == 3


def test_a_guardian_needs_authority_that_staff_saw(acme: House) -> None:
    """The child's word alone is no authority over the child."""
    reference = confirmed(acme, by_parent())
    assert cosign(acme, reference).accepted
    assert acme.view(reference).status == "proof_needed"
    accept(acme, reference, identities="account_name", answer_to="representative")
    view = acme.view(reference)
    assert view.status == "open"
    assert view.represented is not None
    assert (view.represented.ends_on, view.represented.to_subject) == (START.date().replace(2033, 3, 26), False)


def test_a_guardian_gets_the_answer_where_the_authority_covers_it(acme: House) -> None:
    reference = confirmed(acme, by_parent())
    accept(acme, reference, identities="account_name", answer_to="representative")
    for move in ("collect", "approve", "release"):
        acme.move(reference, move)
    view = acme.view(reference, acting(reference))
    assert len(view.packages) == 1
    assert "ready" in mailed_to(acme, GUARDIAN)[-1]


def test_the_answer_goes_to_the_person_when_in_doubt(acme: House) -> None:
    reference = confirmed(acme, by_agent())
    cosign(acme, reference)
    for move in ("collect", "approve", "release"):
        acme.move(reference, move)
    assert "ready" in mailed_to(acme, ANA)[-1]
    assert not any("ready" in subject for subject in mailed_to(acme, ANYBODY))
    assert acme.view(reference, acting(reference)).packages == ()
    (package,) = acme.view(reference, person(reference)).packages
    with acme.work(acting(reference)) as work, pytest.raises(NotFound):
        packages.open_(work, reference, package.id, "000000")
    with acme.work(ANONYMOUS) as work:
        verification.send_code(work, reference, "download")
    acme.run()
    with acme.work(person(reference)) as work:
        assert packages.open_(work, reference, package.id, last_code(acme, ANA)).accepted


def test_who_is_not_to_get_the_answer_does_not_read_it_on_the_page(acme_on_sqlite: House) -> None:
    """Whether anything was found, what, and what was left out is the answer, wherever it stands."""
    house = acme_on_sqlite
    reference = confirmed(house, by_agent())
    cosign(house, reference)
    house.move(reference, "collect")
    with house.work("dpo") as work:
        item = items.items(house.portal, work, reference).rows[0].id
        review.withhold(work, load(work, reference), [item], ground="rights_of_others", reason="Names others.")
    for move in ("approve", "release"):
        house.move(reference, move)
    seen = {}
    for who in (acting(reference), person(reference)):
        with house.reading(who) as work:
            seen[who] = (
                verdicts.against(work, load(work, reference), language="en"),
                cases.view(work, reference).outcome,
            )
    assert seen[acting(reference)] == (None, None)
    told, outcome = seen[person(reference)]
    assert told is not None
    assert (told.kind, outcome) == ("partial", "partly_granted")


def test_who_acts_reads_that_a_request_was_refused(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = confirmed(house, by_agent())
    cosign(house, reference)
    house.move(reference, "refuse", ground="excessive", reason="Again.", evidence="The list.")
    with house.reading(acting(reference)) as work:
        told = verdicts.against(work, load(work, reference), language="en")
        assert told is not None
        assert (told.kind, cases.view(work, reference).outcome) == ("refusal", "refused")


def test_every_letter_with_an_answer_goes_to_the_person_and_the_others_to_who_acts(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = confirmed(house, by_agent())
    cosign(house, reference)
    with house.reading() as work:
        case = load(work, reference)
        went = {kind: address_for(work, case, mail=kind) for kind in (*LETTERS, "case-released", "case-message")}
    asking = {"acknowledgement", "identity_request", "clarification", "extension", "fee_notice", "case-message"}
    assert {kind for kind, to in went.items() if to == ANYBODY} >= asking
    giving = {"access", "rectified", "erased", "restricted", "portability", "partial", "no_data", "answer", "objection"}
    assert {kind for kind, to in went.items() if to == ANA} >= giving | {"case-released"}


def test_without_anybody_to_send_it_to_nothing_is_released_by_itself(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(approvers=0)
    reference = confirmed(house, by_parent(identities={"customer_number": "1"}))
    with house.work("dpo") as work:
        assert not representation.can_be_answered(work, load(work, reference))
    with house.work("dpo") as work:
        service.accepted(work, load(work, reference), answer_to="representative")
    with house.work("dpo") as work:
        assert representation.can_be_answered(work, load(work, reference))
        assert address_for(work, load(work, reference), mail="case-released") == GUARDIAN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"representation": None}, "representation"),
        ({"representation": Representing("", "person", ANYBODY, statement="x")}, "representation.name"),
        ({"representation": Representing("I", "", ANYBODY, statement="x")}, "representation.stands_as"),
        ({"representation": Representing("I", "parent", ANYBODY, statement="x")}, "representation.stands_as"),
        ({"representation": Representing("I", "organisation", ANYBODY, statement="x")}, "representation.organisation"),
        ({"representation": Representing("I", "person", "", statement="x")}, "representation.email"),
        ({"representation": Representing("I", "person", "i\r\nBcc: x", statement="x")}, "representation.email"),
        ({"representation": Representing("I", "person", ANA, statement="x")}, "identities.email"),
        ({"representation": Representing("I", "person", ANA.upper(), statement="x")}, "identities.email"),
        ({"representation": Representing("I", "person", ANYBODY)}, "representation.statement"),
        ({"representation": Representing("I", "person", ANYBODY, until="2026-11-22", statement="x")},
         "representation.until"),
        ({"representation": Representing("I", "person", ANYBODY, until="soon", statement="x")}, "representation.until"),
        ({"representation": Representing("I", "person", ANYBODY, scope=("erasure",), statement="x")},
         "representation.scope"),
        ({"name": " "}, "name"),
        ({"name": "Win now: https://evil.example"}, "name"),
        ({"representation": Representing("www.evil.example", "person", ANYBODY, statement="x")}, "representation.name"),
        ({"representation": replace(AGENT, organisation="evil.example/win")}, "representation.organisation"),
        ({"identities": {}}, "identities"),
        ({"capacity": "self", "representation": AGENT}, "representation"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_field(acme_on_sqlite: House, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as invalid:
        acme_on_sqlite.filed(by_agent(**changes))
    assert set(invalid.value.fields) == {field}


@pytest.mark.parametrize("born_on", ["", "tomorrow", "2026-11-24", "1815-03-27", "2008-11-23", "1990-01-01"])
def test_a_guardian_acts_for_children_only(acme_on_sqlite: House, born_on: str) -> None:
    told = Representing("Lauma", "parent", GUARDIAN, born_on=born_on, statement="x")
    with pytest.raises(Invalid) as invalid:
        acme_on_sqlite.filed(by_parent(representation=told))
    assert set(invalid.value.fields) == {"representation.born_on"}


def test_a_day_that_was_pasted_with_spaces_is_that_day(acme_on_sqlite: House) -> None:
    child = Representing("Lauma", "parent", GUARDIAN, born_on=" 2015-03-27 ", statement="x")
    mandate = Representing("I", "person", ANYBODY, until="2026-12-31\t", statement="x")
    ends = {"2033-03-26": by_parent(representation=child), "2026-12-31": by_agent(representation=mandate)}
    for day, filing in ends.items():
        told = acme_on_sqlite.view(acme_on_sqlite.filed(filing)).represented
        assert told is not None
        assert str(told.ends_on) == day


def test_who_gave_no_address_is_not_counted_with_all_who_gave_none(acme_on_sqlite: House) -> None:
    """On paper many act without an address; that tells nothing of any of them."""
    proof = ProofNote("document_view", "Saw the mandates.")
    agents = [replace(AGENT, email="", name=name) for name in ("Ilze", "Juris")]
    with acme_on_sqlite.work("handler") as work:
        policy = policies.current(work)
        filings = [by_agent(representation=one, channel="post", proof=proof) for one in agents]
        (reference,), _ = [intake.file(work, policy, one).references for one in filings]
    told = acme_on_sqlite.view(reference).represented
    assert told is not None
    assert told.filed == 0


def test_a_child_who_comes_of_age_goes_on_alone(acme: House) -> None:
    told = Representing("Lauma", "parent", GUARDIAN, born_on="2008-11-25", statement="x")
    reference = confirmed(acme, by_parent(representation=told))
    assert let_in.let_in(acme.portal, (reference,)) == (frozenset({reference}), frozenset({reference}))
    with acme.work(ANONYMOUS) as work:
        verification.send_code(work, reference, "enter")
    acme.run()
    code = last_code(acme, GUARDIAN)
    acme.clock.advance(timedelta(days=2))
    assert let_in.let_in(acme.portal, (reference,)) == (frozenset(), frozenset())
    with acme.work(ANONYMOUS) as work:
        assert verification.try_code(work, reference, "enter", code) is CodeResult.WRONG
    before = len(mailed_to(acme, GUARDIAN))
    with acme.work(ANONYMOUS) as work:
        verification.send_code(work, reference, "enter")
    acme.run()
    assert len(mailed_to(acme, GUARDIAN)) == before
    with acme.work(ANONYMOUS) as work:
        assert verification.try_code(work, reference, "enter", last_code(acme, ANA)).accepted


def test_a_mandate_ends_on_its_last_day(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    told = Representing("Ilze", "person", ANYBODY, until="2026-11-23", statement="x")
    reference = confirmed(house, by_agent(representation=told))
    assert let_in.let_in(house.portal, (reference,))[1] == {reference}
    house.clock.advance(timedelta(hours=13, minutes=1))  # midnight in Riga is at 22:00 in Greenwich
    assert let_in.let_in(house.portal, (reference,))[1] == frozenset()
    view = house.view(reference).represented
    assert view is not None
    assert (view.ended, view.to_subject) == (True, True)
    with house.work("dpo") as work, pytest.raises(Refused):
        service.accepted(work, load(work, reference), answer_to="")


@pytest.mark.parametrize("by", ["subject", "representative", "staff"])
def test_whoever_ends_it_ends_it_at_once(acme: House, by: str) -> None:
    reference = confirmed(acme, by_agent())
    cosign(acme, reference)
    acme.move(reference, "collect")
    acme.move(reference, "approve")
    who = {"subject": person(reference), "representative": acting(reference), "staff": acme.staff("dpo")}[by]
    acme.move(reference, "revoke_representation", who)
    told = acme.view(reference).represented
    assert told is not None
    assert (told.revoked_by, told.stands, told.to_subject) == (by, False, True)
    assert let_in.let_in(acme.portal, (reference,)) == (frozenset(), frozenset())
    assert let_in.let_in(acme.portal, (reference + let_in.AS_SUBJECT,)) == (frozenset({reference}), frozenset())
    assert ("Nobody acts" in "".join(mailed_to(acme, ANA))) == (by != "subject")
    acme.move(reference, "release")
    assert "ready" in mailed_to(acme, ANA)[-1]
    with acme.work("dpo") as work, pytest.raises(Refused):
        moves.perform(work, reference, "revoke_representation", {})


def test_staff_may_record_that_the_authority_covers_the_answer(acme: House) -> None:
    reference = confirmed(acme, by_agent())
    with acme.work("dpo") as work, pytest.raises(Refused):
        service.cover_answer(work, reference, note="It says so.")
    cosign(acme, reference)
    with acme.work("dpo") as work:
        service.cover_answer(work, reference, note="It says so.")
    told = acme.view(reference).represented
    assert told is not None
    assert not told.to_subject


def test_a_mandate_is_not_stretched_to_another_right(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = confirmed(house, by_agent(rights=("other",), details={"other": {"wish": "Everything."}}))
    cosign(house, reference)
    with house.work("dpo") as work, pytest.raises(Refused):
        moves.perform(work, reference, "recognise", {"right": "access"})


def test_an_agent_files_so_many_a_day_and_no_more(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    for _ in range(A_DAY):
        house.filed(by_agent())
    with house.work("dpo") as work:  # nobody fills the count of somebody else: only confirmed ones are counted
        assert work.session.scalars(select(Representation.id)).all()
        work.session.execute(update(Case).values(status="open").execution_options(synchronize_session=False))
    with pytest.raises(TooMany):
        house.filed(by_agent())
    house.filed(by_agent(representation=Representing("Eve", "person", "eve@example.org", statement="x")))
    house.filed(by_agent(channel="post", proof=ProofNote("document_view", "Came by post.")))
    house.clock.advance(timedelta(days=2))
    house.filed(by_agent())
