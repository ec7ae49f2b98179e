"""Evidence: taken in sealed, opened with a trace, destroyed with its key as soon as it has done its work."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.evidence import MOST_FILES, MOST_OF_A_CASE
from app.domain.permissions import Actor
from app.gateways.scanner import ClamdScanner
from app.models.evidence import Evidence
from app.portal import Portal
from app.queries.evidence import EvidenceRow, files_of, notes_of
from app.services import evidence, housekeeping
from app.services.evidence import Taken
from tests.clamd import clamd
from tests.factories import House, person
from tests.samples_of_files import EICAR, EML, SVG, pdf, picture

PROOF = {"doubt": "Another address.", "items_asked": "A card.", "alternatives": "A call."}
AWAY = ClamdScanner("tcp://127.0.0.1:1", seconds=1)


def sent(
    house: House, reference: str, *files: tuple[str, bytes], purpose: str = "identity", who: Actor | None = None,
    portal: Portal | None = None,
) -> tuple[Taken, ...]:  # fmt: skip
    """What the person (or somebody else) uploads."""
    portal = portal or house.portal
    uploads = []
    for name, data in files:
        upload = evidence.incoming(portal)
        for at in range(0, len(data), 70_000):
            upload.write(data[at : at + 70_000])
        upload.seek(0)
        uploads.append((upload, name))
    return evidence.take(
        portal, who or person(reference), house.controller_id, reference, files=uploads, purpose=purpose
    )


def files(house: House, reference: str, who: Actor | str = "dpo") -> tuple[EvidenceRow, ...]:
    with house.reading(who) as work:
        return files_of(work, reference)


def asked(house: House) -> str:
    """A request whose person was asked for proof."""
    reference = house.in_status("open")
    house.move(reference, "ask_proof", **PROOF)
    return reference


def row_of(house: House, public_id: str) -> Evidence:
    with house.reading() as work:
        row = work.session.scalars(select(Evidence).where(Evidence.public_id == public_id)).one()
        work.session.expunge_all()
        return row


def test_a_file_is_kept_sealed_under_its_own_key(acme: House) -> None:
    reference = asked(acme)
    before = set(acme.objects)
    data = picture()
    (taken,) = sent(acme, reference, ("../../my passport.PNG", data))
    assert (taken.state, taken.fault) == ("ready", None)
    (name,) = set(acme.objects) - before
    assert data not in acme.objects[name]
    (row,) = files(acme, reference)
    assert (row.name, row.kind, row.size, row.scan) == ("my passport.PNG", "png", len(data), "no_scanner")
    assert row.destroy_by == (acme.clock.now() + timedelta(days=30)).date()
    stored = row_of(acme, row.id)
    assert b"passport" not in (stored.name or b"")
    assert stored.data_key is not None
    assert acme.events(reference)[-1] == "evidence:received"


def test_opening_leaves_a_trace_and_gives_the_bytes_as_they_came(acme: House) -> None:
    reference = asked(acme)
    data = pdf()
    (taken,) = sent(acme, reference, ("me.pdf", data))
    with acme.work("handler") as work:
        opened = evidence.open_(work, reference, taken.id or "")
    assert b"".join(evidence.bytes_of(acme.portal, opened)) == data
    assert acme.events(reference)[-1] == "evidence:opened"
    with acme.work("handler") as work:
        opened = evidence.open_(work, reference, taken.id or "", look=True)
    assert len(evidence.pages_of(acme.portal, opened).pages) == 1
    assert acme.events(reference)[-1] == "evidence:looked_at"


def test_who_may_not_open_a_file_does_not(acme: House, borealis: House) -> None:
    reference = asked(acme)
    (taken,) = sent(acme, reference, ("me.pdf", pdf()))
    before = acme.events(reference)
    for house, who, error in (
        (acme, acme.staff("auditor"), Forbidden),
        (acme, acme.staff("approver"), Forbidden),
        (acme, acme.staff("admin"), NotFound),
        (acme, person(reference), Forbidden),
        (acme, person("AAAA-BBBB-CCCC"), NotFound),
        (borealis, borealis.staff("dpo"), NotFound),
    ):
        with pytest.raises(error), house.work(who) as work:
            evidence.open_(work, reference, taken.id or "")
        with pytest.raises(error), house.work(who) as work:
            evidence.note(work, reference, taken.id or "", "I saw it.")
        with pytest.raises(error), house.work(who) as work:
            evidence.destroy(work, reference, taken.id or "")
    assert acme.events(reference) == before


def test_a_file_of_one_case_is_none_of_another(acme: House) -> None:
    mine, other = asked(acme), asked(acme)
    (taken,) = sent(acme, mine, ("me.pdf", pdf()))
    with pytest.raises(NotFound), acme.work("dpo") as work:
        evidence.open_(work, other, taken.id or "")


def test_only_who_is_behind_a_case_adds_to_it(acme: House, borealis: House) -> None:
    reference = asked(acme)
    objects = dict(acme.objects)
    for house, who, error in (
        (acme, person("AAAA-BBBB-CCCC"), NotFound),
        (acme, Actor("anonymous"), NotFound),
        (acme, acme.staff("auditor"), Forbidden),
        (borealis, borealis.staff("dpo"), NotFound),
    ):
        with pytest.raises(error):
            sent(house, reference, ("me.pdf", pdf()), who=who)
    assert acme.objects == objects
    assert files(acme, reference) == ()


def test_the_lists_do_not_cross(acme: House, borealis: House) -> None:
    reference = asked(acme)
    sent(acme, reference, ("me.pdf", pdf()))
    with pytest.raises(NotFound), borealis.reading("dpo") as work:
        files_of(work, reference)
    with pytest.raises(NotFound), acme.reading(person("AAAA-BBBB-CCCC")) as work:
        files_of(work, reference)
    with borealis.reading("dpo") as work:
        assert work.session.scalars(select(Evidence)).all() == []


def test_staff_take_in_what_came_by_post(acme: House) -> None:
    reference = asked(acme)
    sent(acme, reference, ("letter.eml", EML), purpose="mandate", who=acme.staff("handler"))
    (row,) = files(acme, reference)
    assert (row.author, row.purpose) == ("Handler", "mandate")
    assert files(acme, reference, person(reference))[0].author == ""


def test_the_same_file_twice_is_one(acme: House) -> None:
    reference = asked(acme)
    first = sent(acme, reference, ("me.pdf", pdf()))
    objects = dict(acme.objects)
    again = sent(acme, reference, ("me again.pdf", pdf()))
    assert again[0].id == first[0].id
    assert acme.objects == objects
    assert len(files(acme, reference)) == 1
    both = sent(acme, reference, ("a.png", data := picture()), ("b.png", data))
    assert both[0].id == both[1].id
    with acme.work("dpo") as work:
        opened = evidence.open_(work, reference, both[0].id or "")
    assert b"".join(evidence.bytes_of(acme.portal, opened)) == data


def test_one_bad_file_does_not_cost_the_good_ones(acme: House) -> None:
    reference = asked(acme)
    before = len(acme.objects)
    good, bad, empty = sent(acme, reference, ("me.pdf", pdf()), ("x.png", SVG), ("nothing.pdf", b""))
    assert good.fault is None
    assert "“x.png” is none of the kinds" in str(bad.fault)
    assert "empty" in str(empty.fault)
    assert len(acme.objects) == before + 1
    assert [row.name for row in files(acme, reference)] == ["me.pdf"]


def test_ten_at_once_are_taken_and_eleven_are_not(acme: House) -> None:
    reference = asked(acme)
    ten = [(f"{number}.png", picture(size=(10 + number, 10))) for number in range(MOST_FILES)]
    assert all(one.state == "ready" for one in sent(acme, reference, *ten))
    assert len(files(acme, reference)) == MOST_FILES
    objects = dict(acme.objects)
    with pytest.raises(Invalid):
        sent(acme, reference, *ten, ("one more.png", picture()))
    with pytest.raises(Invalid):
        sent(acme, reference)
    with pytest.raises(Invalid):
        sent(acme, reference, ("a.png", picture()), purpose="curiosity")
    assert acme.objects == objects


def test_a_case_does_not_take_files_without_end(acme: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_OF_A_CASE", 2)
    assert MOST_OF_A_CASE > 2
    reference = asked(acme)
    sent(acme, reference, ("1.png", picture()), ("2.eml", EML))
    with pytest.raises(Invalid):
        sent(acme, reference, ("3.pdf", pdf()))


def test_a_closed_request_takes_no_file(acme: House) -> None:
    reference = acme.in_status("closed")
    objects = dict(acme.objects)
    with pytest.raises(Refused, match="closed"):
        sent(acme, reference, ("me.pdf", pdf()))
    assert acme.objects == objects


def test_what_is_larger_than_twenty_megabytes_is_not_taken(acme: House) -> None:
    reference = asked(acme)
    objects = dict(acme.objects)
    (taken,) = sent(acme, reference, ("huge.pdf", b"%PDF-" + bytes(21 * 1024 * 1024)))
    assert "larger than 20 MB" in str(taken.fault)
    assert acme.objects == objects


def gone(house: House, reference: str, how: str) -> None:
    """The object and the key are gone; what was proved, and how it ended, remain."""
    house.run()
    row = files(house, reference)[0]
    assert (row.state, row.how, row.name) == ("destroyed", how, "")
    assert row.destroyed_at is not None
    assert len(row.sha256) == 64
    stored = row_of(house, row.id)
    assert (stored.data_key, stored.object_name) == (None, None)
    assert "evidence:destroyed" in house.events(reference)
    with pytest.raises(Refused, match="destroyed"), house.work("dpo") as work:
        evidence.open_(work, reference, row.id)


def test_proof_goes_when_it_is_accepted_and_what_was_seen_remains(acme: House) -> None:
    reference = asked(acme)
    objects = set(acme.objects)
    (taken,) = sent(acme, reference, ("me.pdf", pdf()))
    sent(acme, reference, ("mandate.eml", EML), purpose="mandate")
    with acme.work("handler") as work:
        evidence.note(work, reference, taken.id or "", " Passport, name and\r\nbirthday fit. ")
    with acme.reading("handler") as work:
        assert notes_of(work, reference) == "Passport, name and\nbirthday fit."
    acme.move(reference, "accept_proof", method="document_view", note="Passport.")
    gone(acme, reference, "proof_accepted")
    identity, mandate = files(acme, reference)
    assert identity.note == "Passport, name and\nbirthday fit."
    assert mandate.state == "ready", "for whom somebody acts is needed until the answer"
    assert len(set(acme.objects) - objects) == 1
    acme.move(reference, "withdraw", note="By phone.")
    acme.run()
    assert files(acme, reference)[1].how == "case_decided"
    assert set(acme.objects) == objects


def test_proof_goes_when_it_does_not_suffice(acme: House) -> None:
    reference = asked(acme)
    sent(acme, reference, ("me.pdf", pdf()))
    acme.move(reference, "reject_proof", **PROOF)
    gone(acme, reference, "proof_rejected")
    assert sent(acme, reference, ("me.pdf", pdf()))[0].state == "ready", "the same file may come again"


def test_proof_goes_with_the_decision(acme: House) -> None:
    reference = asked(acme)
    sent(acme, reference, ("me.pdf", pdf()))
    acme.move(reference, "withdraw", note="By phone.")
    gone(acme, reference, "case_decided")


def test_proof_goes_at_its_latest_date_and_not_before(acme: House, borealis: House) -> None:
    reference, elsewhere = asked(acme), asked(borealis)
    sent(acme, reference, ("me.pdf", pdf()))
    sent(borealis, elsewhere, ("me.pdf", pdf()))
    acme.clock.advance(timedelta(days=29))
    assert housekeeping.destroy_evidence(acme.portal) == 0
    acme.clock.advance(timedelta(days=1))
    assert housekeeping.destroy_evidence(acme.portal) == 2
    assert housekeeping.destroy_evidence(acme.portal) == 0
    gone(acme, reference, "latest_date")
    gone(borealis, elsewhere, "latest_date")


def test_staff_destroy_what_nobody_asked_for(acme: House) -> None:
    reference = asked(acme)
    (taken,) = sent(acme, reference, ("too much.pdf", pdf()))
    for _ in range(2):
        with acme.work("handler") as work:
            evidence.destroy(work, reference, taken.id or "")
    gone(acme, reference, "by_staff")
    assert acme.events(reference).count("evidence:destroyed") == 1


def test_a_destroyed_key_opens_nothing(acme: House) -> None:
    """Even with the ciphertext kept by somebody: the key is gone."""
    reference = asked(acme)
    (taken,) = sent(acme, reference, ("me.pdf", data := pdf()))
    kept = dict(acme.objects)
    with acme.work("dpo") as work:
        evidence.destroy(work, reference, taken.id or "")
    acme.run()
    acme.objects.update(kept)
    assert all(data not in held for held in acme.objects.values())
    assert row_of(acme, taken.id or "").data_key is None


def test_what_the_scanner_knows_is_not_kept(acme: House) -> None:
    reference = asked(acme)
    objects = dict(acme.objects)
    with clamd() as daemon:
        portal = replace(acme.portal, scanner=ClamdScanner(daemon.urls[0], seconds=5))
        bad, good = sent(acme, reference, ("me.eml", EML + EICAR), ("me.png", picture()), portal=portal)
        assert len(daemon.seen) == 2
    assert "virus scanner found something" in str(bad.fault)
    assert good.state == "ready"
    acme.run()
    assert len(acme.objects) == len(objects) + 1
    infected, clean = files(acme, reference)
    assert (infected.state, infected.scan, infected.how) == ("rejected", "infected", "infected")
    assert (infected.finding, infected.name) == ("Eicar-Test-Signature", "")
    assert clean.scan == "clean"
    with pytest.raises(Refused, match="found something"), acme.work("dpo") as work:
        evidence.open_(work, reference, infected.id)


def test_a_file_waits_for_a_scanner_that_is_down(acme: House) -> None:
    """Never silently accepted: it is there, says so, and opens to nobody until it was scanned."""
    reference = asked(acme)
    away = replace(acme.portal, scanner=AWAY)
    good, bad = sent(acme, reference, ("me.png", picture()), ("me.eml", EML + EICAR), portal=away)
    assert (good.state, bad.state) == ("waiting_for_scanner", "waiting_for_scanner")
    with pytest.raises(Refused, match="has not seen"), acme.work("dpo") as work:
        evidence.open_(work, reference, good.id or "")
    assert housekeeping.scan_evidence(away) == 0
    assert {row.state for row in files(acme, reference)} == {"waiting_for_scanner"}
    with clamd() as daemon:
        back = replace(acme.portal, scanner=ClamdScanner(daemon.urls[1], seconds=5))
        assert housekeeping.scan_evidence(back) == 2
        assert housekeeping.scan_evidence(back) == 0
    assert [(row.state, row.scan) for row in files(acme, reference)] == [("ready", "clean"), ("rejected", "infected")]
    with acme.work("dpo") as work:
        evidence.open_(work, reference, good.id or "")


def test_what_waits_is_destroyed_on_its_day_too(acme: House) -> None:
    reference = asked(acme)
    sent(acme, reference, ("me.png", picture()), portal=replace(acme.portal, scanner=AWAY))
    acme.clock.advance(timedelta(days=31))
    assert housekeeping.destroy_evidence(acme.portal) == 1
    gone(acme, reference, "latest_date")
    assert housekeeping.scan_evidence(acme.portal) == 0


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001, "a\x00b"])
def test_a_note_says_something(acme: House, text: str) -> None:
    reference = asked(acme)
    (taken,) = sent(acme, reference, ("me.pdf", pdf()))
    with pytest.raises(Invalid), acme.work("dpo") as work:
        evidence.note(work, reference, taken.id or "", text)
