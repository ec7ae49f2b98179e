"""The package (Art. 15(3)): what was approved is what is released, it opens with a fresh code only, and dies on its
day."""

import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.codes import CodeResult
from app.domain.errors import Forbidden, NotFound, Refused, Tampered
from app.domain.permissions import Actor
from app.gateways.archive import verify
from app.models.fulfilment import ItemDecision, Package
from app.queries import items
from app.queries.reading import load
from app.services import housekeeping, jobs, keys, moves, packages, review, verification
from tests.factories import ANAS_ROWS, House, person
from workers.handlers import HANDLERS
from workers.lease import perform


def package_id(house: House, reference: str) -> str:
    return house.view(reference).packages[-1].id


def fresh_code(house: House, reference: str) -> str:
    with house.work(person(reference)) as work:
        verification.send_code(work, reference, "download")
    house.run()
    return house.code()


def opened(house: House, reference: str, code: str) -> CodeResult:
    with house.work(person(reference)) as work:
        return packages.open_(work, reference, package_id(house, reference), code)


def content(house: House, reference: str, start: int = 0, end: int | None = None) -> bytes:
    with house.reading(person(reference)) as work:
        place = packages.opened(work, reference, package_id(house, reference))
    return b"".join(packages.stream(house.portal, place, start, end))


def test_what_was_collected_is_released_and_checks_out(acme: House, tmp_path: Path) -> None:
    reference = acme.in_status("closed")
    (row,) = acme.view(reference).packages
    assert (row.state, row.rows) == ("released", sum(ANAS_ROWS.values()))
    data = content(acme, reference)
    assert len(data) == row.bytes
    assert content(acme, reference, 100, 200) == data[100:200]
    (tmp_path / "package.zip").write_bytes(data)
    assert verify(tmp_path / "package.zip", keys.published(acme.portal)) == []
    (tmp_path / "package.zip").write_bytes(data[:300] + bytes([data[300] ^ 1]) + data[301:])
    assert verify(tmp_path / "package.zip", keys.published(acme.portal))


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("automated_decisions: {en: A machine sets your <limit>., lv: Robežu nosaka mašīna.}\n", True),
        ("", False),
    ],
)
def test_the_report_says_what_the_file_says_of_decisions_by_a_machine(
    acme_on_sqlite: House, told: str, *, stands: bool
) -> None:
    """Art. 15(1)(h): in the person's language; where the file says nothing, that there are none."""
    house = acme_on_sqlite
    house.apply(changes={"purposes:\n": f"{told}purposes:\n"})
    reference = house.in_status("closed")
    with zipfile.ZipFile(BytesIO(content(house, reference))) as package:
        report = package.read("report.pdf").decode()
    assert ("A machine sets your <limit>." in report) is stands
    assert ("automated processing alone" in report) is not stands
    assert "Robežu" not in report


def test_opening_needs_a_code_that_was_sent_just_now(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("closed")
    assert opened(house, reference, "000000") is CodeResult.WRONG
    code = fresh_code(house, reference)
    assert opened(house, reference, code) is CodeResult.ACCEPTED
    assert opened(house, reference, code) is CodeResult.USED
    assert house.events(reference).count("package:opened") == 1
    old = fresh_code(house, reference)
    house.clock.advance(timedelta(minutes=10))
    assert opened(house, reference, old) is CodeResult.EXPIRED


def test_another_purposes_code_opens_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("closed")
    with house.work(person(reference)) as work:
        verification.send_code(work, reference, "enter")
    house.run()
    assert not opened(house, reference, house.code()).accepted


def test_somebody_else_finds_no_package(acme: House, borealis: House) -> None:
    reference, foreign = acme.in_status("closed"), borealis.in_status("closed")
    own, theirs = package_id(acme, reference), package_id(borealis, foreign)
    for asked, wanted in ((reference, theirs), (foreign, theirs), (foreign, own)):
        with pytest.raises(NotFound), acme.work(person(reference)) as work:
            packages.open_(work, asked, wanted, "000000")
    with pytest.raises(NotFound), acme.work(person("2222-2222-2222")) as work:
        packages.open_(work, reference, own, "000000")
    with pytest.raises(NotFound), acme.work("dpo") as work:
        packages.fetch(work, theirs)


def test_staff_fetch_a_released_package_only_with_the_permission_and_leave_a_trace(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("ready")
    with pytest.raises(NotFound), house.work("dpo") as work:
        packages.fetch(work, package_id(house, reference))
    house.move(reference, "release")
    wanted = package_id(house, reference)
    with house.work("approver") as work:
        assert packages.fetch(work, wanted) == reference
    for role in ("handler", "auditor"):
        with pytest.raises(Forbidden), house.work(role) as work:
            packages.fetch(work, wanted)
    with pytest.raises(NotFound), house.work("admin") as work:
        packages.fetch(work, wanted)
    assert house.events(reference).count("package:fetched") == 1


def test_before_release_the_person_sees_no_package(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("ready")
    assert house.view(reference).packages[0].state == "ready"
    assert house.view(reference, person(reference)).packages == ()
    with pytest.raises(NotFound), house.work(person(reference)) as work:
        packages.open_(work, reference, package_id(house, reference), "000000")


def test_on_its_day_key_and_object_are_destroyed(acme: House) -> None:
    reference = acme.in_status("closed")
    with acme.reading() as work:
        place = packages.opened(work, reference, package_id(acme, reference))
    acme.clock.advance(packages.KEPT_FOR - timedelta(seconds=1))
    assert housekeeping.expire_packages(acme.portal) == 0
    acme.clock.advance(timedelta(seconds=1))
    with pytest.raises(NotFound), acme.reading() as work:  # before any sweep ran
        packages.opened(work, reference, place.package_id)
    assert acme.view(reference).packages[0].state == "expired"
    assert housekeeping.expire_packages(acme.portal) == 1
    acme.run()
    assert acme.objects == {}
    with acme.reading() as work:
        row = work.session.scalars(select(Package)).one()
        assert (row.data_key, row.object_name) == (None, None)
    assert acme.events(reference)[-1] == "package:destroyed"
    assert housekeeping.expire_packages(acme.portal) == 0


def test_a_changed_object_is_found_when_it_is_read(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("closed")
    ((name, data),) = house.objects.items()
    for broken in (data[:-1], data[:50] + bytes([data[50] ^ 1]) + data[51:], data + b"x"):
        house.objects[name] = broken
        with pytest.raises(Tampered):
            content(house, reference)


def approve_then(house: House, then: str) -> str:
    """An answer that is approved, and changed before the package was made."""
    reference = house.in_status("in_review")
    with house.work("dpo") as work:
        moves.perform(work, reference, "approve", {})
    with house.reading("dpo") as work:
        item = items.items(house.portal, work, reference).rows[0].id
    if then == "withhold":
        with house.work("dpo") as work:
            review.withhold(work, load(work, reference), [item], ground="rights_of_others", reason="Another person.")
    if then == "assign":
        with house.work("dpo") as work:
            moves.perform(work, reference, "assign", {"assignee": "handler@acme.example.com"})
    house.run()
    return reference


def test_a_decision_after_the_approval_voids_the_package(acme: House) -> None:
    reference = approve_then(acme, "withhold")
    assert acme.view(reference).status == "in_review"
    assert acme.view(reference).packages == ()
    acme.move(reference, "approve")
    acme.move(reference, "release")
    view = acme.view(reference)
    assert (view.outcome, view.packages[0].rows) == ("partly_granted", sum(ANAS_ROWS.values()) - 1)


def test_assigning_after_the_approval_changes_nothing_about_the_package(acme: House) -> None:
    assert acme.view(approve_then(acme, "assign")).status == "ready"


def test_a_decision_while_the_package_is_being_made_voids_it(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("in_review")
    spooled = set(house.objects)
    with house.work("dpo") as work:
        moves.perform(work, reference, "approve", {})

    class Printer:
        def print(self, html: str, enclosed: str) -> bytes:
            with house.reading("dpo") as work:
                item = items.items(house.portal, work, reference).rows[0].id
            with house.work("dpo") as work:
                review.withhold(work, load(work, reference), [item], ground="rights_of_others", reason="Theirs.")
            return b"%PDF"

    replace(house, portal=replace(house.portal, pdf=Printer())).run()
    assert house.view(reference).status == "in_review"
    assert set(house.objects) == spooled


def test_refusing_a_ready_answer_destroys_its_package(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("ready")
    house.move(reference, "refuse", ground="rights_of_others", reason="Because.")
    assert house.objects == {}
    assert house.view(reference).packages == ()


def test_with_no_approvers_the_answer_goes_out_by_itself(acme: House) -> None:
    acme.apply(approvers=0)
    reference = acme.filed()
    acme.confirm(reference)
    acme.run()
    view = acme.view(reference)
    assert (view.status, view.outcome) == ("closed", "granted")
    assert acme.mails.sent[-1].subject.count(reference) == 1


def test_with_no_approvers_nothing_found_waits_for_a_person(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(approvers=0)
    reference = house.filed(identities={"email": "nobody@example.com"})
    house.confirm(reference)
    house.run()
    assert house.view(reference).status == "in_review"
    house.move(reference, "approve")
    assert house.view(reference).outcome == "no_data"


def test_nothing_found_is_said_as_an_outcome_of_its_own(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("closed", identities={"email": "nobody@example.com"})
    assert acme_on_sqlite.view(reference).outcome == "no_data"


def test_two_approvers_are_two_people(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(approvers=2)
    reference = house.in_status("in_review")
    house.move(reference, "approve", "approver")
    assert house.view(reference).status == "in_review"
    with pytest.raises(Refused, match="Another member of staff"):
        house.move(reference, "approve", "approver")
    house.move(reference, "approve", "approver2")
    assert house.view(reference).status == "ready"


def test_an_approval_needs_somebody(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("in_review")
    nobody = Actor("staff", role="dpo", controller_id=acme_on_sqlite.controller_id)
    with pytest.raises(Refused, match="member of staff"), acme_on_sqlite.work(nobody) as work:
        moves.perform(work, reference, "approve", {})


def test_a_case_keeps_the_version_it_was_filed_under(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("in_review")
    house.apply(approvers=2)
    house.move(reference, "approve")
    assert house.view(reference).status == "ready"


def test_released_twice_is_refused(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("closed")
    with pytest.raises(Refused) as refused:
        acme_on_sqlite.move(reference, "release")
    assert refused.value.allowed == ("reopen",)


def test_downloads_are_noted(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("closed")
    with house.work(person(reference)) as work:
        packages.note_download(work, reference, package_id(house, reference), start=0, end=10)
    assert house.events(reference)[-1] == "package:downloaded"
    with house.reading() as work:
        assert work.session.scalars(select(ItemDecision)).all() == []


class Killed(BaseException):
    """What a process that is ended does not survive; nothing of ours catches it."""


def test_a_worker_that_dies_while_it_makes_the_package_is_replaced(acme: House) -> None:
    reference = acme.in_status("in_review")
    with acme.work("dpo") as work:
        moves.perform(work, reference, "approve", {})
    (job,) = acme.jobs("assemble")
    printer, storage = acme.portal.pdf, acme.portal.storage

    class Dying:
        """Ends the process in the middle of the report, and another one right after the ZIP was stored."""

        def print(self, html: str, enclosed: str) -> bytes:
            raise Killed

        def put(self, name: str, chunks: Iterable[bytes]) -> int:
            storage.put(name, chunks)
            raise Killed

        def __getattr__(self, name: str) -> object:
            return getattr(storage, name)

    for portal in (replace(acme.portal, pdf=Dying()), replace(acme.portal, pdf=printer, storage=Dying())):  # type: ignore[arg-type]
        with pytest.raises(Killed):
            perform(portal, job.id, HANDLERS)
        assert not perform(acme.portal, job.id, HANDLERS)  # its lease still runs
        acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
    acme.run()
    view = acme.view(reference)
    assert (view.status, len(view.packages)) == ("ready", 1)
    assert acme.events(reference).count("case:assembled") == 1
