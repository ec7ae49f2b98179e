"""A picture in a database (Art. 15(3)): a file of the package, gone from the spool with everything else, never with a
record that was withheld."""

import io
import sqlite3
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from app.gateways.archive import verify
from app.gateways.spool import Spooled
from app.models.fulfilment import Collected
from app.queries import items
from app.queries.items import BinaryValue
from app.queries.reading import load
from app.services import keys, packages, review
from tests.factories import House, person

PICTURES = {1: b"\x89PNG\r\n\x1a\n" + b"a" * 50_000, 2: b"\xff\xd8\xff" + b"b" * 90_000}


@pytest.fixture
def house(acme_on_sqlite: House) -> House:
    """Acme, whose two notes about Ana are pictures."""
    path = acme_on_sqlite.portal.environment["ACME_CRM_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        for number, picture in PICTURES.items():
            connection.execute("UPDATE notes SET text = ? WHERE id = ?", (picture, number))
    connection.close()
    return acme_on_sqlite


def packaged(house: House, reference: str) -> bytes:
    package_id = house.view(reference).packages[-1].id
    with house.reading(person(reference)) as work:
        place = packages.opened(work, reference, package_id)
    return b"".join(packages.stream(house.portal, place))


def files_in(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}


def notes(house: House, reference: str) -> list[items.ItemRow]:
    with house.reading("dpo") as work:
        return [row for row in items.items(house.portal, work, reference).rows if row.collection == "notes"]


def test_pictures_reach_the_person_as_files_and_leave_the_spool(house: House, tmp_path: Path) -> None:
    reference = house.in_status("in_review")
    assert len(house.objects) == 4  # three collections, and the pictures of one
    assert [row.values["text"] for row in notes(house, reference)] == [BinaryValue(50_008), BinaryValue(90_003)]
    house.move(reference, "approve")
    house.move(reference, "release")
    assert len(house.objects) == 1  # the package
    data = packaged(house, reference)
    assert files_in(data) == {
        "files/crm/notes/1-text.png": PICTURES[1],
        "files/crm/notes/2-text.jpg": PICTURES[2],
    }
    (tmp_path / "package.zip").write_bytes(data)
    assert verify(tmp_path / "package.zip", keys.published(house.portal)) == []


def test_a_withheld_picture_stays(house: House) -> None:
    reference = house.in_status("in_review")
    with house.work("dpo") as work:
        chosen = [notes(house, reference)[0].id]
        review.withhold(work, load(work, reference), chosen, ground="rights_of_others", reason="Shows somebody else.")
    house.move(reference, "approve")
    house.move(reference, "release")
    assert files_in(packaged(house, reference)) == {"files/crm/notes/1-text.jpg": PICTURES[2]}


def test_collecting_anew_and_refusing_destroy_the_pictures_too(house: House) -> None:
    reference = house.in_status("in_review")
    old = set(house.objects)
    house.move(reference, "collect")
    assert not old & set(house.objects)
    with house.reading("dpo") as work:
        row = work.session.scalars(select(Collected).where(Collected.collection == "notes")).one()
        found = Spooled.from_facts(row.spooled or {})
    assert len(found.objects) == 2
    assert set(found.objects) < set(house.objects)
    house.move(reference, "refuse", ground="rights_of_others", reason="You ask every day.")
    assert house.objects == {}
