"""Counters: so many tries in a window, then a pause with its length in words; keys are digests."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import TooMany
from app.models.people import Rate
from app.services import limits
from tests.offices import clock_of


def test_one_too_many_is_refused_until_the_window_is_over(portal):
    for so_far in (1, 2, 3):
        assert limits.hit(portal, "try", "a", limit=3, seconds=600) == so_far
    clock_of(portal).advance(timedelta(seconds=30))
    with pytest.raises(TooMany) as refusal:
        limits.hit(portal, "try", "a", limit=3, seconds=600)
    assert refusal.value.retry_after == 570
    assert str(refusal.value) == "That was tried too often. Try again in 10 minutes."
    clock_of(portal).advance(timedelta(seconds=530))
    with pytest.raises(TooMany, match="in a minute"):
        limits.hit(portal, "try", "a", limit=3, seconds=600)
    clock_of(portal).advance(timedelta(seconds=40))
    assert limits.hit(portal, "try", "a", limit=3, seconds=600) == 1


def test_names_and_keys_have_counters_of_their_own(portal):
    limits.hit(portal, "try", "a", limit=1, seconds=600)
    limits.hit(portal, "try", "b", limit=1, seconds=600)
    limits.hit(portal, "other", "a", limit=1, seconds=600)
    assert limits.peek(portal, "try", "a") == 1
    assert limits.peek(portal, "try", "c") == 0


def test_clear_and_the_end_of_the_window_forget(portal):
    limits.hit(portal, "try", "a", limit=9, seconds=600)
    limits.clear(portal, "try", "a")
    assert limits.peek(portal, "try", "a") == 0
    limits.hit(portal, "try", "a", limit=9, seconds=600)
    clock_of(portal).advance(timedelta(seconds=600))
    assert limits.peek(portal, "try", "a") == 0


def test_the_table_tells_nobodys_address(portal):
    limits.hit(portal, "try", "ana@example.com|192.0.2.7", limit=9, seconds=600)
    with portal.unscoped("test", reads_only=True) as work:
        row = work.session.scalars(select(Rate)).one()
    assert len(row.key) == 32
    assert b"ana" not in row.key
