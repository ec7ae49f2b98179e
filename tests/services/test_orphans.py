"""What a killed process left in the storage goes; what is named, or being written, stays (Art. 5(1)(e))."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app import schema
from app.gateways.storage import DirectoryStorage, new_name
from app.models.ledger import Job
from app.services import housekeeping, moves
from app.services.orphans import GRACE, destroy_orphans
from tests import factories
from tests.factories import House

ROOT = Path(__file__).parents[2]
# Assembles a package and is killed after the object is stored, before its row is written.
DIES = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from app.services.jobs import claim
from tests import factories
from workers.handlers import HANDLERS

folder, url, job = sys.argv[1:]
with factories.a_portal(Path(folder), url) as portal:
    from app.gateways.storage import DirectoryStorage

    class Deadly(DirectoryStorage):
        def put(self, name, chunks):
            super().put(name, chunks)
            os.kill(os.getpid(), signal.SIGKILL)

    portal = replace(portal, storage=Deadly(Path(folder) / "objects"))
    attempt = claim(portal, int(job))
    HANDLERS[attempt.kind](portal, attempt)
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Acme with its objects in a folder."""
    factories.fill_systems(tmp_path)
    url = f"sqlite:///{tmp_path / 'habeas.db'}"
    factories.prepare(tmp_path, url)
    with factories.a_portal(tmp_path, url) as portal:
        yield factories.houses(replace(portal, storage=DirectoryStorage(tmp_path / "objects")))[0]


def stored(house: House) -> set[str]:
    storage = house.portal.storage
    assert isinstance(storage, DirectoryStorage)
    return set(storage.names(before=float("inf")))


def age(house: House, tmp_path: Path, *, by: timedelta) -> None:
    """Let everything that is stored have been written so long before the house's own time."""
    then = (house.clock.real() - by).timestamp()
    for path in (tmp_path / "objects").rglob("*"):
        os.utime(path, (then, then))


def test_a_worker_killed_between_object_and_row_leaves_nothing_for_long(house: House, tmp_path: Path) -> None:
    reference = house.in_status("in_review")
    with house.work("dpo") as work:
        moves.perform(work, reference, "approve", {})
    spool = stored(house)
    (job,) = house.jobs("assemble")
    arguments = [str(tmp_path), str(house.portal.ground.engine.url), str(job.id)]
    died = subprocess.run([sys.executable, "-c", DIES, *arguments], cwd=ROOT, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    (orphan,) = stored(house) - spool
    house.clock.advance(timedelta(minutes=10))
    house.run()  # the lease has lapsed: another worker does it again
    assert house.view(reference).status == "ready"
    assert destroy_orphans(house.portal) == 0, "it might still be on its way"
    age(house, tmp_path, by=GRACE + timedelta(minutes=1))
    named = stored(house) - {orphan}
    assert housekeeping.tick(house.portal)["destroy_orphans"] == 1
    assert stored(house) == named
    house.move(reference, "release")
    assert house.view(reference).packages[0].state == "released", "what is named is whole"


def test_what_is_being_written_stays(house: House, tmp_path: Path) -> None:
    """A search that has gone on for more than a day has objects that no row names yet."""
    reference = house.in_status("in_progress")
    name = new_name()
    house.portal.storage.put(name, [b"found so far"])
    (tmp_path / "objects" / "incoming" / f"{new_name()}.half").write_bytes(b"x")
    house.clock.advance(timedelta(days=3))
    age(house, tmp_path, by=timedelta(days=2))
    with house.work() as work:
        work.session.execute(update(Job).values(state="running"))
    assert destroy_orphans(house.portal) == 0
    with house.work() as work:
        work.session.execute(update(Job).values(state="dead"))
    assert destroy_orphans(house.portal) == 2, "the object, and the half of one"
    assert house.view(reference).status == "in_progress"


def test_another_databases_objects_are_left_alone(house: House, tmp_path: Path) -> None:
    """An address of an empty database, typed by mistake, costs nothing."""
    house.portal.storage.put(new_name(), [b"x"])
    age(house, tmp_path, by=timedelta(days=9))
    with factories.a_portal(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}") as empty:
        schema.upgrade(empty.ground.engine)
        assert destroy_orphans(replace(empty, storage=house.portal.storage)) == 0
    assert destroy_orphans(house.portal) == 1
