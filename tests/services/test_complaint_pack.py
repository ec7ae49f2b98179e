"""The complaint pack (G-9): all that the person may show an authority, on one paper; what is typed is kept nowhere."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from sqlalchemy import select

from app.domain.errors import Invalid, NotFound
from app.domain.permissions import Actor
from app.models.ledger import TrailEntry
from app.policies.authorities import load_authorities
from app.services import complaint_pack
from tests.factories import ANA, NOBODY, House, a_filing, person
from tests.scans import printer
from tests.services.test_moves import GOOD
from tests.services.test_representation import acting, by_agent, confirmed

AUTHORITIES = {one.code: one for one in load_authorities()}
WORDS = "They never answered.\n\nI asked twice & waited <long>."


def pack(house: House, reference: str, *, who: Actor | None = None, code: str = "LV", typed: str = WORDS) -> str:
    """The pack's words, as the person gets it."""
    document = complaint_pack.print_pack(
        house.portal, who or person(reference), house.controller_id, reference, authority=AUTHORITIES[code], typed=typed
    )
    return " ".join(document.decode().split())


def test_it_says_who_complains_about_whom_and_what_was_asked(acme: House) -> None:
    reference = acme.in_status("open")
    said = pack(acme, reference, code="RO")
    for words in (
        "National Supervisory Authority for Personal Data Processing (ANSPDCP", "https://www.dataprotection.ro",
        ANA, "Acme SIA", "1 Example Street, Riga", "privacy@acme.example.com", "dpo@acme.example.com",
        "Get a copy of your data (Art. 15", reference, "23 November 2026", "They never answered.", "waited <long>",
        "23 December 2026", "Regulation 1182/71", "We received your request", "You confirmed your request",
    ):  # fmt: skip
        assert words in said, words
    assert "Late by" not in said
    assert "Time made longer on" not in said


def test_an_answer_that_is_late_is_counted_in_days(acme: House) -> None:
    reference = acme.in_status("open")
    acme.clock.advance(timedelta(days=31))
    assert "Late by 1 day " in pack(acme, reference)
    acme.clock.advance(timedelta(days=4))
    assert "Late by 5 days" in pack(acme, reference)
    acme.move(reference, "refuse", ground="cannot_identify", reason="We do not find you.")
    acme.clock.advance(timedelta(days=30))
    said = pack(acme, reference)
    assert "Late by 5 days" in said, "late is what the answer was, not what passed since"
    assert "Answered on 28 December 2026" in said
    assert "State Refused" in said


def test_an_extension_is_told_with_its_day_and_reason(acme: House) -> None:
    reference = acme.in_status("open")
    acme.clock.advance(timedelta(days=2))
    acme.move(reference, "extend", **GOOD["extend"])
    said = pack(acme, reference)
    assert "Time made longer on 25 November 2026: The request is complex" in said
    assert "Answer due by 23 February 2027" in said


def test_letters_stand_with_the_hashes_under_which_they_are_kept(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "refuse", ground="cannot_identify", reason="We do not find you.")
    said = pack(acme, reference)
    letters = [one for one in acme.view(reference).letters if one.sent_at is not None]
    assert letters
    for letter in letters:
        assert str(letter.title) in said
        assert f"PDF SHA-256 {letter.sha256}" in said
        assert f"SHA-256 {letter.mail_sha256}" in said


def test_nothing_of_the_desk_s_own_stands_in_it(acme: House) -> None:
    reference = acme.in_status("in_review")
    said = pack(acme, reference)
    staff = acme.staff("dpo")
    assert staff.name
    assert staff.name not in said
    assert "@acme.example.com" not in said.replace("privacy@", "").replace("dpo@", ""), "no address of staff"
    assert "Assigned" not in said


def test_what_is_typed_is_kept_nowhere_and_the_making_leaves_a_trace(acme: House) -> None:
    reference = acme.in_status("open")
    pack(acme, reference)
    assert acme.events(reference)[-1] == "complaint:packed"
    with acme.reading("dpo") as work:
        entry = work.session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
        assert (entry.event, entry.facts, entry.personal) == ("complaint:packed", {}, None)


def test_without_words_there_is_room_to_write(acme: House) -> None:
    reference = acme.in_status("open")
    assert "What I complain about (write here)" in pack(acme, reference, typed=" \r\n ")


@pytest.mark.parametrize("typed", ["x" * (complaint_pack.LONGEST + 1), "a\u202eb", "a\x00b"])
def test_what_cannot_stand_on_paper_is_refused_before_anything(acme: House, typed: str) -> None:
    reference = acme.in_status("open")
    before = acme.events(reference)
    with pytest.raises(Invalid) as caught:
        pack(acme, reference, typed=typed)
    assert set(caught.value.fields) == {"typed"}
    assert acme.events(reference) == before


def test_it_is_the_person_s_alone(acme: House, borealis: House) -> None:
    reference = acme.in_status("open")
    other = acme.filed(a_filing(identities={"email": NOBODY}))
    for who in (person(other), acme.staff("dpo"), acme.staff("handler"), Actor("anonymous")):
        with pytest.raises(NotFound):
            pack(acme, reference, who=who)
    with pytest.raises(NotFound):
        pack(borealis, reference, who=person(reference))


def test_who_acts_for_somebody_stands_beside_their_name(acme: House) -> None:
    reference = confirmed(acme, by_agent(name="Ana Liepa"))
    assert "Name Ana Liepa Represented by Help SIA, Ilze Ozola" in pack(acme, reference, who=acting(reference))


def test_it_speaks_the_language_of_the_request(acme: House) -> None:
    reference = acme.in_status("open", language="lv")
    said = pack(acme, reference)
    assert "Datu valsts inspekcija" in said
    assert "23.11.2026." in said


def test_the_paper_is_a_tagged_pdf_of_few_pages(acme: House) -> None:
    reference = acme.in_status("open")
    real = replace(acme.portal, pdf=printer())
    document = complaint_pack.print_pack(
        real, person(reference), acme.controller_id, reference, authority=AUTHORITIES["LV"], typed=WORDS
    )
    pdf = pypdf.PdfReader(io.BytesIO(document))
    assert "/StructTreeRoot" in pdf.root_object
    assert str(pdf.root_object["/Lang"]) == "en"
    assert len(pdf.pages) <= 3
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for said in ("Complaint to a supervisory authority", reference, "They never answered.", "Signature, by hand"):
        assert said in words
