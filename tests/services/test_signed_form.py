"""The signed form (R-2, R-3): made with a code, led back by it whatever way it comes, judged by staff; the time that
was promised counts from the day on which the complete paper arrived."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Forbidden, HabeasError, Invalid, NotFound, Refused
from app.domain.permissions import ANONYMOUS, Actor
from app.domain.signed_form import DEFECTS, read_code
from app.models.evidence import Evidence
from app.models.proof import SignedForm
from app.queries.reading import load
from app.queries.signed_form import FormView, form_of
from app.services import evidence, signed_form
from app.services.signed_form import Led
from tests import scans
from tests.factories import ANA, House, person
from tests.samples_of_files import locked_pdf, picture
from tests.services.test_evidence import files, sent

RUSSIA = {
    "country: LV": "country: RU",
    "timezone: Europe/Riga": "timezone: Europe/Moscow",
    "regime: gdpr": "regime: ru_152fz",
    "access: {proof: [email_code],": "access: {proof: [signed_form],"
    " respond_within: {working_days: 10, from: duly_executed},",
}  # fmt: skip
ACCEPT = {"method": "signed_form", "note": "Signed and dated; the words are unchanged.", "identities": ""}


@pytest.fixture
def office(acme: House) -> House:
    """Acme under the law that asks for a signature."""
    acme.apply(changes=RUSSIA)
    return acme


@pytest.fixture
def other_office(borealis: House) -> House:
    borealis.apply(changes=RUSSIA)
    return borealis


def printed(house: House, reference: str, who: Actor | None = None, **typed: str) -> bytes:
    """The form as the person gets it."""
    return signed_form.print_form(
        house.portal, who or person(reference), house.controller_id, reference, typed=typed
    )  # fmt: skip


def code_of(house: House, reference: str) -> str:
    """The code as it stands on the printed form."""
    words = printed(house, reference).decode().split()
    return next(code for word in words if (code := read_code(word)) and word.count("-") == 3)


def scan_of(code: str) -> bytes:
    """A scan of a form with that code."""
    head = "<head><title>Form</title><style>svg { width: 44mm; height: 44mm }</style></head>"
    page = f'<!doctype html><html lang="en">{head}<body><p>I ask.</p>{signed_form.square(code)}</body></html>'
    return scans.saved(scans.turned(scans.signed(scans.printer().print(page), dpi=100), 3), quality=60)


def asked(house: House) -> str:
    reference = house.filed()
    assert house.confirm(reference).accepted
    house.run()
    assert house.row(reference).status == "proof_needed"
    return reference


def arrives(house: House, data: bytes, who: Actor | str = "handler", *, typed: str = "", on: date | None = None) -> Led:
    """A scan at the desk."""
    upload = evidence.incoming(house.portal)
    upload.write(data)
    upload.seek(0)
    actor = house.staff(who) if isinstance(who, str) else who
    return signed_form.arrive(
        house.portal, actor, house.controller_id, file=(upload, "scan.jpg"), typed=typed, received_on=on
    )


def view(house: House, reference: str) -> FormView:
    with house.reading("dpo") as work:
        return form_of(work, load(work, reference))


def test_the_form_holds_what_the_law_asks_for_and_says_whose_it_is(office: House) -> None:
    reference = asked(office)
    text = printed(office, reference, document_number="4509 123456").decode()
    for words in (
        "Acme SIA", reference, "Ana Liepa", ANA, "Get a copy of your data (Art. 14, Federal Law 152-FZ", "4509 123456",
        "Number of your main identity document", "Day on which it was issued", "Who issued it", "Signature, by hand",
    ):  # fmt: skip
        assert words in text
    with office.reading() as work:
        rows = work.session.scalars(select(SignedForm)).all()
        assert len(rows) == 1
        assert code_of(office, reference).encode() not in rows[0].code_hash + rows[0].code


def test_printed_again_it_has_the_same_code(office: House) -> None:
    reference = asked(office)
    assert code_of(office, reference) == code_of(office, reference)
    assert code_of(office, asked(office)) != code_of(office, reference)
    events = office.events(reference)
    assert events.count("form:made") == 1
    assert events.count("form:printed") == 2


def test_what_was_typed_for_the_form_is_kept_nowhere(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = asked(office)
    printed(office, reference, document_number="4509 123456")
    with office.reading("dpo") as work:
        made = signed_form.as_made(office.portal, work, reference)
    assert made is not None
    assert "4509" not in made
    with pytest.raises(Invalid):
        printed(office, reference, document_number="4" * 201)


def test_only_a_request_that_waits_for_it_has_a_form(office: House, acme: House) -> None:
    reference = office.filed()
    with pytest.raises(Refused):
        printed(office, reference)
    reference = asked(office)
    for who, error in (
        (person("AAAA-BBBB-CCCC"), NotFound), (ANONYMOUS, NotFound), (office.staff("auditor"), Forbidden),
        (office.staff("admin"), NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            printed(office, reference, who)
    office.move(reference, "withdraw", note="By phone.")
    with pytest.raises(Refused):
        printed(office, reference)


def test_the_time_counts_from_the_day_on_which_the_complete_form_came(office: House) -> None:
    #
    reference = asked(office)
    assert office.view(reference).clock.promised_due is None
    scan = scan_of(code_of(office, reference))
    office.clock.advance(timedelta(days=4))
    (taken,) = sent(office, reference, ("form.jpg", scan))
    assert taken.form == "this"
    office.clock.advance(timedelta(days=3))
    office.move(reference, "accept_proof", **ACCEPT)
    seen = office.view(reference)
    assert seen.status == "open"
    # Received on Monday 23 November, the form on Friday 27: ten working days each, counted from the next day.
    assert (seen.clock.due, seen.clock.promised_due) == (date(2026, 12, 11), date(2026, 12, 11))
    assert seen.clock.statutory_due == date(2026, 12, 7)
    assert any("Counted from the first paper" in str(step.why) for step in seen.clock.steps)
    assert office.row(reference).due_on == date(2026, 12, 11)
    assert (view(office, reference).verdict, view(office, reference).arrived) == ("duly_executed", ())
    assert {"form:executed", "proof:shown", "case:accept_proof"} <= set(office.events(reference))
    assert files(office, reference)[0].state == "destroyed"


def test_a_defective_form_starts_no_clock_and_says_how_to_mend_it(office: House) -> None:
    #
    reference = asked(office)
    scan = scan_of(code_of(office, reference))
    sent(office, reference, ("form.jpg", scan))
    office.move(reference, "reject_proof", defects="no_signature,no_date", doubt="Use a blue pen.")
    seen = office.view(reference)
    assert seen.status == "proof_needed"
    assert seen.clock.promised_due is None
    letter = office.mails.sent[-1].text
    for words in (str(DEFECTS["no_signature"].mend), str(DEFECTS["no_date"].mend), "Use a blue pen."):
        assert " ".join(words.split()) in " ".join(letter.split())
    form = view(office, reference)
    assert (form.verdict, form.defects) == ("defective", (DEFECTS["no_signature"], DEFECTS["no_date"]))
    office.clock.advance(timedelta(days=1))
    assert [one.form for one in sent(office, reference, ("form.jpg", scan))] == ["this"], (
        "sent again it is looked at again"
    )
    office.move(reference, "accept_proof", **ACCEPT)
    assert office.view(reference).clock.promised_due == date(2026, 12, 8)


@pytest.mark.parametrize("data", [{"defects": "ugly"}, {"defects": ""}, {"doubt": "No."}, {"method": "x"}])
def test_a_verdict_names_a_defect_of_the_list(office: House, data: dict[str, str]) -> None:
    reference = asked(office)
    printed(office, reference)
    with pytest.raises(Invalid):
        office.move(reference, "reject_proof", **data)


def test_without_a_form_there_is_nothing_to_accept_as_one(office: House) -> None:
    reference = asked(office)
    with pytest.raises(Invalid):
        office.move(reference, "accept_proof", **ACCEPT)


def test_the_form_of_another_request_proves_nothing(office: House) -> None:
    mine, other = asked(office), asked(office)
    printed(office, mine)
    (taken,) = sent(office, mine, ("form.jpg", scan_of(code_of(office, other))))
    assert taken.form == "other"
    assert "form:of_another" in office.events(mine)
    assert "form:of_another" not in office.events(other)
    for on in ("", "2026-11-23"):
        with pytest.raises(Invalid) as fault:
            office.move(mine, "accept_proof", **ACCEPT, received_on=on)
        assert "another request" in str(fault.value.fields["method"])
    assert office.view(mine).status == "proof_needed"
    assert view(office, other).arrived == ()
    # The right one beside it is judged by itself.
    sent(office, mine, ("mine.jpg", scan_of(code_of(office, mine))))
    sent(office, mine, ("again.jpg", scan_of("2222222222222222")))
    office.move(mine, "accept_proof", **ACCEPT)
    assert office.view(mine).status == "open"


def test_a_code_that_nobody_made_is_anothers_too(office: House) -> None:
    reference = asked(office)
    printed(office, reference)
    (taken,) = sent(office, reference, ("form.jpg", scan_of("2222222222222222")))
    assert taken.form == "other"
    (taken,) = sent(office, reference, ("me.png", picture(size=(300, 300))))
    assert taken.form == "none"


def test_the_same_form_sent_twice_is_one(office: House) -> None:
    reference = asked(office)
    scan = scan_of(code_of(office, reference))
    first, second = sent(office, reference, ("form.jpg", scan))[0], sent(office, reference, ("copy.jpg", scan))[0]
    assert (first.id, first.form) == (second.id, second.form)
    led = arrives(office, scan)
    assert (led.reference, led.taken.id) == (reference, first.id)
    assert len(view(office, reference).arrived) == 1


def test_by_another_way_its_code_leads_it_to_its_request(office: House) -> None:
    reference, another = asked(office), asked(office)
    scan = scan_of(code_of(office, reference))
    printed(office, another)
    office.clock.advance(timedelta(days=5))
    led = arrives(office, scan, on=date(2026, 11, 26))
    assert led.reference == reference
    (arrived,) = view(office, reference).arrived
    assert (arrived.day, arrived.form) == (date(2026, 11, 26), "this")
    assert office.events(reference)[-1] == "form:arrived"
    office.move(reference, "accept_proof", **ACCEPT)
    assert office.view(reference).clock.promised_due == date(2026, 12, 10)


def test_a_code_that_no_machine_reads_is_typed(office: House) -> None:
    reference = asked(office)
    code = code_of(office, reference)
    blurred = picture(size=(400, 300))
    for typed, where in (("", "files"), ("7K2M", "code"), ("2222-2222-2222-2222", "files")):
        with pytest.raises(Invalid) as fault:
            arrives(office, blurred, typed=typed)
        assert list(fault.value.fields) == [where]
    assert arrives(office, blurred, typed=code.lower()).reference == reference


def test_a_form_is_found_at_its_own_organisation_only(office: House, other_office: House) -> None:
    reference = asked(office)
    scan = scan_of(code_of(office, reference))
    objects = dict(office.objects)
    with pytest.raises(Invalid) as fault:
        arrives(other_office, scan)
    assert "No form of this organisation" in str(fault.value.fields["files"])
    for who in ("auditor", "approver"):
        with pytest.raises(HabeasError):
            arrives(office, scan, who)
    assert office.objects == objects
    assert view(office, reference).arrived == ()


def test_a_form_for_a_closed_request_is_not_kept(office: House) -> None:
    reference = asked(office)
    scan = scan_of(code_of(office, reference))
    office.move(reference, "withdraw", note="By phone.")
    with pytest.raises(Refused) as fault:
        arrives(office, scan)
    assert reference in str(fault.value)
    with pytest.raises(Refused):
        sent(office, reference, ("form.jpg", scan))


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2026, 11, 25)])
def test_the_day_of_arrival_lies_between_printing_and_today(office: House, on: date) -> None:
    reference = asked(office)
    scan = scan_of(code_of(office, reference))
    office.clock.advance(timedelta(days=1))
    with pytest.raises(Invalid) as fault:
        arrives(office, scan, on=on)
    assert list(fault.value.fields) == ["received_on"]


def test_several_forms_in_one_file_are_told_apart_by_nobody(office: House) -> None:
    one, two = asked(office), asked(office)
    pages = [scans.Image.open(scans.io.BytesIO(scan_of(code_of(office, each)))) for each in (one, two)]
    both = scans.saved(pages[0], "PDF", save_all=True, append_images=pages[1:])
    with pytest.raises(Invalid) as fault:
        arrives(office, both)
    assert "several requests" in str(fault.value.fields["files"])
    assert [taken.form for taken in sent(office, one, ("both.pdf", both))] == ["other"]


def test_what_is_not_taken_elsewhere_is_not_taken_here(office: House) -> None:
    reference = asked(office)
    code = code_of(office, reference)
    for data in (locked_pdf(), b"", b"text"):
        with pytest.raises(Invalid):
            arrives(office, data, typed=code)
    with office.reading() as work:
        assert work.session.scalars(select(Evidence)).all() == []


def test_the_words_of_the_form_stay_to_be_compared(office: House) -> None:
    """An edited paper has the right code: what was printed lies beside it."""
    reference = asked(office)
    code = code_of(office, reference)
    with office.reading("handler") as work:
        made = signed_form.as_made(office.portal, work, reference)
    assert made is not None
    assert "Ana Liepa" in made
    assert "Get a copy of your data" in made
    assert "-".join(code[at : at + 4] for at in range(0, 16, 4)) in made
    with office.reading("handler") as work:
        assert signed_form.as_made(office.portal, work, asked(office)) is None
    with pytest.raises(NotFound), office.reading(person(reference)) as work:
        signed_form.as_made(office.portal, work, reference)


def test_under_a_law_that_asks_for_no_signature_the_earlier_date_counts(acme: House) -> None:
    # C4: the law's month runs from the first receipt, whatever is promised from the complete request
    acme.apply(
        changes={"proof: [email_code],": "respond_within: {days: 60, from: duly_executed}, proof: [signed_form],"}
    )
    reference = asked(acme)
    assert "Number of your main identity document" not in printed(acme, reference).decode()
    sent(acme, reference, ("form.jpg", scan_of(code_of(acme, reference))))
    acme.move(reference, "accept_proof", **ACCEPT)
    clock = acme.view(reference).clock
    assert (clock.promised_due, clock.statutory_due) == (date(2027, 1, 22), date(2026, 12, 23))
    assert clock.due == date(2026, 12, 23)
