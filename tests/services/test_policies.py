"""Applying a controller file: a numbered version that never changes afterwards (Art. 24: what was in force when)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.domain.errors import Invalid, NotFound, Unavailable
from app.domain.filing import ProofNote
from app.domain.permissions import ANONYMOUS, SYSTEM
from app.models.controllers import PolicyVersion
from app.models.ledger import TrailEntry
from app.queries import organisations
from app.queries.policies import current, find, find_case, pinned, policy_of
from app.services import operating, policies
from tests.factories import House, loaded


def versions(house: House) -> list[int]:
    with house.reading() as work:
        return list(work.session.scalars(select(PolicyVersion.number).order_by(PolicyVersion.number)))


def test_the_same_file_twice_is_one_version(acme: House) -> None:
    controller_id, number, changed = policies.apply(acme.portal, SYSTEM, loaded("acme"))
    assert (controller_id, number, changed) == (acme.controller_id, 1, False)
    assert versions(acme) == [1]


def test_a_changed_file_is_the_next_version_and_stands_in_the_trail(acme: House) -> None:
    acme.apply(approvers=2)
    assert versions(acme) == [1, 2]
    with acme.reading() as work:
        entries = work.session.scalars(select(TrailEntry).where(TrailEntry.event == "controller:applied")).all()
        assert [entry.facts["version"] for entry in entries] == [1, 2]
        assert current(work).offer("access").approvers == 2
    acme.apply(approvers=1)
    assert versions(acme) == [1, 2, 3]


def test_a_case_keeps_its_version(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.apply(approvers=2)
    with house.reading() as work:
        assert policy_of(work, house.row(reference)).offer("access").approvers == 1
        assert policy_of(work, house.row(house.filed())).offer("access").approvers == 2


def test_applied_at_once_the_versions_are_numbered_one_by_one(acme_on_postgres: House) -> None:
    house = acme_on_postgres
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda approvers: house.apply(approvers=approvers), (0, 2, 3)))
    assert versions(house) == [1, 2, 3, 4]


def test_the_name_follows_the_file(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes={"name: Acme": "name: Acme & Daughters"})
    names = {one.slug: one.name for one in organisations.listed(house.portal)}
    assert names == {"acme": "Acme & Daughters", "borealis": "Borealis"}


def test_where_a_case_is_kept(acme: House, borealis: House) -> None:
    reference = borealis.filed()
    place = find_case(acme.portal, reference)
    assert place is not None
    assert (place.controller_id, place.slug) == (borealis.controller_id, "borealis")
    assert find_case(acme.portal, "2222-2222-2222") is None
    assert find(acme.portal, "acme") == acme.controller_id
    for slug in ("nobody", "", "acme' OR 1=1"):
        with pytest.raises(NotFound):
            find(acme.portal, slug)


def test_another_organisations_version_is_not_found(acme: House, borealis: House) -> None:
    with borealis.reading(ANONYMOUS) as work:
        theirs = work.session.scalars(select(PolicyVersion.id)).one()
    with acme.reading(ANONYMOUS) as work:
        acme.portal.ground.memo.clear()
        with pytest.raises(NoResultFound):
            pinned(work, theirs, "1")


BRITAIN = {"country: LV": "country: GB-ENG", "timezone: Europe/Riga": "timezone: Europe/London",
           "regime: gdpr": "regime: uk_gdpr"}  # fmt: skip


def test_a_case_keeps_the_law_that_held_when_it_was_received(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes=BRITAIN)
    proof = ProofNote("document_view", "seen at the desk")
    days = [datetime(2026, 2, 4, 23, 59, tzinfo=UTC), datetime(2026, 2, 5, tzinfo=UTC), None]
    cases = [house.filed(channel="post", received_at=day, proof=proof) for day in days]
    assert [house.row(case).regime_version for case in cases] == ["1", "2", "3"]
    with house.reading() as work:
        laws = [policy_of(work, house.row(case)).regime for case in cases]
    assert [law.holds_from for law in laws] == [date(2021, 1, 1), date(2026, 2, 5), date(2026, 6, 19)]
    assert ["fee_paid" in law.rule("access").restarts for law in laws] == [False, True, True]
    assert house.view(cases[0]).clock.statutory_due == date(2026, 3, 4)


def test_a_request_from_before_the_law_is_refused(acme_on_sqlite: House) -> None:
    proof = ProofNote("document_view", "seen at the desk")
    with pytest.raises(Invalid) as caught:
        acme_on_sqlite.filed(channel="post", received_at=datetime(1926, 11, 22, tzinfo=UTC), proof=proof)
    assert "holds only from 25 May 2018" in str(caught.value.fields["received_at"])


def test_a_case_under_a_law_that_was_taken_away(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    assert operating.laws_gone(house.portal) == []
    with house.portal.ground.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE \"case\" SET regime_version = '99'")
    assert operating.laws_gone(house.portal) == ["gdpr version 99"]
    with pytest.raises(Unavailable, match="Version 99 of the law “gdpr”"):
        house.view(reference)
