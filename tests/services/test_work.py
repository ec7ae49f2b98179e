"""One use case is one transaction: facts, trail and jobs together or none of them."""

import time
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.bootstrap import RESTED_SECONDS
from app.domain.errors import Tampered
from app.domain.permissions import SYSTEM
from app.gateways.crypto import Keyring
from app.models.cases import Case, Draft
from app.models.controllers import Controller
from app.models.ledger import Job, TrailEntry
from app.queries.reading import load
from app.work import ScopeError, Work
from tests.factories import House, a_filing, person


def counted(house: House) -> tuple[int, int, int]:
    with house.reading() as work:
        one, two, three = (
            work.session.scalars(select(func.count(model.id))).one() for model in (Case, TrailEntry, Job)
        )
        return one, two, three


def test_an_error_takes_everything_with_it(acme: House) -> None:
    before = counted(acme)
    reference = None
    with pytest.raises(RuntimeError, match="half way"):
        reference = file_and_fail(acme)
    assert reference is None
    assert counted(acme) == before


def file_and_fail(house: House) -> str:
    from app.queries.policies import current
    from app.services import intake

    with house.work() as work:
        intake.file(work, current(work), a_filing())
        work.flush()
        raise RuntimeError("half way")


def test_a_reading_work_writes_nothing(acme: House) -> None:
    reference = acme.filed()
    with acme.reading() as work:
        load(work, reference).language = "lv"
        with pytest.raises(ScopeError):
            work.flush()
        work.session.expunge_all()
        work.session.add(Draft(token_hash=b"t", kind="k", answers=b"", expires_at=work.now))
        with pytest.raises(ScopeError):
            work.flush()
        work.session.expunge_all()
        with pytest.raises(ScopeError):
            work.session.execute(update(Case).values(language="lv"))
    assert acme.row(reference).language == "en"


def test_postgresql_is_told_that_a_work_reads_and_whose_rows_it_is_about(acme_on_postgres: House) -> None:
    house = acme_on_postgres
    asked = select(func.current_setting("habeas.controller", True), func.current_setting("transaction_read_only"))

    def told(work: Work) -> tuple[str | None, str]:
        with work:
            whose, reads = Session.connection(work.session).execute(asked).one()
            return whose, reads

    one, other = house.controller_id, house.controller_id + 1
    for _ in range(2):  # all on one connection: what it was told is not left to the next
        assert told(house.portal.glancing(SYSTEM, one)) == (str(one), "off")
        assert told(house.portal.reading(SYSTEM, other)) == (str(other), "on")
        assert told(house.portal.work(SYSTEM, other)) == (str(other), "off")
        assert told(house.portal.glancing(SYSTEM, one)) == (str(one), "off")
        assert told(house.portal.unscoped("the test")) == ("", "off")
        assert told(house.portal.unscoped("the test", reads_only=True)) == ("", "on")
        assert told(house.portal.glancing(SYSTEM, other)) == (str(other), "off")


def test_a_glance_across_controllers_sees_what_is_nobodys(acme: House) -> None:
    with acme.portal.glance("the test") as work:
        assert work.session.scalars(select(Controller.slug)).all()
        with pytest.raises(ScopeError):
            work.session.scalars(select(Case.id))
        with pytest.raises(ScopeError):
            work.session.execute(update(Controller).values(name="another"))


def test_a_connection_that_died_while_it_rested_is_replaced(acme_on_postgres: House) -> None:
    house = acme_on_postgres
    reference = house.filed()
    url = house.portal.settings.database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    time.sleep(RESTED_SECONDS)
    assert house.row(reference).language == "en"


def test_readers_do_not_wait_for_a_writer(acme: House) -> None:
    reference = acme.filed()
    with acme.work() as work:
        load(work, reference).language = "lv"
        work.flush()
        assert acme.view(reference, person(reference)).language == "en"


def test_every_job_is_written_with_its_facts(acme_on_sqlite: House) -> None:
    handed: list[object] = []
    portal = replace(acme_on_sqlite.portal, ground=replace(acme_on_sqlite.portal.ground, dispatch=handed.append))
    house = replace(acme_on_sqlite, portal=portal)

    def broken(_: object) -> None:
        raise DBAPIError("", {}, Exception("the broker's fault, not ours"))

    house.filed()
    assert len(handed) == 1
    (job,) = house.jobs()
    assert job.state == "sent"
    # The broker takes nothing: the row waits for the relay, and nobody has to know.
    deaf = replace(house, portal=replace(portal, ground=replace(portal.ground, dispatch=broken)))
    with pytest.raises(DBAPIError):
        deaf.filed()
    assert len(house.jobs()) == 2
    house.clock.advance(timedelta(seconds=6))
    assert house.run() == 2
    assert len(house.mails.sent) == 2


def test_another_master_key_opens_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    stranger = replace(house.portal.ground, keyring=Keyring([bytes(range(32, 64))]))
    with Work(stranger, actor=SYSTEM, controller_id=house.controller_id) as work, pytest.raises(Tampered):
        work.key_of(load(work, reference))


def test_a_new_master_key_opens_what_the_old_one_sealed(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    old, new = bytes(range(32)), bytes(range(32, 64))
    reference = house.filed()
    rotated = replace(
        house, portal=replace(house.portal, ground=replace(house.portal.ground, keyring=Keyring([new, old])))
    )
    assert rotated.view(reference).name == "Ana Liepa"
    assert rotated.confirm(reference).accepted
    later = rotated.filed()
    assert rotated.view(later).name == "Ana Liepa"
    with pytest.raises(Tampered):
        house.view(later)


def test_a_sealed_value_cannot_be_moved_to_another_case(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    first, second = house.filed(), house.filed(name="Eve")
    with house.work() as work:
        one, two = load(work, first), load(work, second)
        one.personal, one.data_key = two.personal, two.data_key
    with pytest.raises(Tampered):
        house.view(first)


def test_times_are_shifted_only_where_they_may_be(acme_on_sqlite: House) -> None:
    from datetime import UTC, datetime

    from app.gateways.clock import Clock

    ahead = Clock.starting_at(datetime.now(UTC) + timedelta(days=100))
    shifted = replace(acme_on_sqlite.portal.ground, clock=ahead)
    with Work(shifted, actor=SYSTEM, controller_id=acme_on_sqlite.controller_id) as work:
        assert work.now - work.real_now > timedelta(days=99)
        job = work.enqueue("test")
        assert job.due_at == work.real_now
