"""Applying a controller file: a numbered version that never changes afterwards (Art. 24: what was in force when)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.domain.errors import NotFound
from app.domain.permissions import ANONYMOUS, SYSTEM
from app.models.controllers import PolicyVersion
from app.models.ledger import TrailEntry
from app.queries import organisations
from app.queries.policies import current, find, find_case, pinned, policy_of
from app.services import policies
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
