"""Authority is a row: it rotates, runs out, is limited in number and can be ended."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.models.people import BrowserSession, Login
from app.portal import Portal
from app.services import sessions
from app.services.sessions import SessionView
from tests.offices import clock_of, hired


def found(portal: Portal, token: str) -> SessionView | None:
    with portal.unscoped("test", reads_only=True) as work:
        return sessions.find(work, token)


def started(portal: Portal, **what) -> str:
    with portal.unscoped("test") as work:
        return sessions.start(work, **what)


def test_only_the_hash_of_the_id_is_stored(portal):
    token = started(portal, stage="person", references=["7K2M-9QXF-4TRB"])
    with portal.unscoped("test", reads_only=True) as work:
        row = work.session.scalars(select(BrowserSession)).one()
    assert token.encode() not in row.id_hash
    assert len(row.id_hash) == 32
    assert found(portal, token).references == ("7K2M-9QXF-4TRB",)
    assert found(portal, "another") is None


@pytest.mark.parametrize(
    ("role", "stage", "idle", "absolute"),
    [
        ("handler", "full", 30, 10 * 60),
        ("dpo", "full", 30, 10 * 60),
        ("admin", "full", 15, 8 * 60),
        ("handler", "password", 10, 10),
        (None, "person", 30, 12 * 60),
    ],
)
def test_idle_and_absolute_limits_by_stage_and_role(portal, role, stage, idle, absolute):
    login_id = hired(portal, "a@acme.example", role=role) if role else None
    clock = clock_of(portal)
    token = started(portal, login_id=login_id, stage=stage)
    born = clock.moment
    clock.advance(timedelta(minutes=idle, seconds=-1))
    assert found(portal, token) is not None
    clock.advance(timedelta(seconds=1))
    assert found(portal, token) is None, "idled too long"

    clock.moment = born
    while clock.moment < born + timedelta(minutes=absolute) - timedelta(minutes=5):
        clock.advance(timedelta(minutes=5))
        with portal.unscoped("test") as work:
            sessions.touch(work, token)
        assert found(portal, token) is not None
    clock.moment = born + timedelta(minutes=absolute)
    assert found(portal, token) is None, "absolute limit"


def test_a_touch_is_written_at_most_once_a_minute(portal):
    token = started(portal, stage="person")
    clock = clock_of(portal)

    def last_seen():
        with portal.unscoped("test", reads_only=True) as work:
            return work.session.scalars(select(BrowserSession.last_seen_at)).one()

    before = last_seen()
    clock.advance(timedelta(seconds=59))
    assert not found(portal, token).touch_due
    with portal.unscoped("test") as work:
        sessions.touch(work, token)
    assert last_seen() == before
    clock.advance(timedelta(seconds=1))
    assert found(portal, token).touch_due
    with portal.unscoped("test") as work:
        sessions.touch(work, token)
    assert last_seen() == clock.moment


def test_every_rise_of_authority_gives_a_new_id_and_kills_the_old_one(portal):
    login_id = hired(portal, "a@acme.example")
    first = started(portal, stage="person", references=["7K2M-9QXF-4TRB"])
    second = started(portal, login_id=login_id, stage="password", replaces=first)
    third = started(portal, login_id=login_id, stage="full", replaces=second)
    assert len({first, second, third}) == 3
    assert found(portal, first) is None
    assert found(portal, second) is None
    assert found(portal, third).stage == "full"
    assert found(portal, third).references == (), "what a person was let into is not carried over to staff"


def test_a_grant_rotates_adds_and_keeps_the_absolute_limit(portal):
    clock = clock_of(portal)
    with portal.unscoped("test") as work:
        first = sessions.grant(work, None, "AAAA-AAAA-AAAA")
    clock.advance(timedelta(minutes=20))
    with portal.unscoped("test") as work:
        second = sessions.grant(work, first, "BBBB-BBBB-BBBB")
    assert found(portal, first) is None
    assert found(portal, second).references == ("AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB")
    with portal.unscoped("test", reads_only=True) as work:
        row = work.session.scalars(select(BrowserSession)).one()
    assert row.expires_at == clock.moment - timedelta(minutes=20) + timedelta(hours=12)
    with portal.unscoped("test") as work:
        third = sessions.grant(work, "made up", "CCCC-CCCC-CCCC")
    assert found(portal, third).references == ("CCCC-CCCC-CCCC",)


def test_the_oldest_of_too_many_sessions_goes(portal):
    login_id = hired(portal, "a@acme.example")
    tokens = []
    for _ in range(sessions.SESSIONS_PER_LOGIN + 1):
        clock_of(portal).advance(timedelta(seconds=1))
        tokens.append(started(portal, login_id=login_id, stage="full"))
    assert found(portal, tokens[0]) is None
    assert all(found(portal, token) for token in tokens[1:])
    with portal.unscoped("test", reads_only=True) as work:
        assert work.session.scalar(select(func.count()).select_from(BrowserSession)) == sessions.SESSIONS_PER_LOGIN


def test_of_sessions_begun_at_one_moment_the_newest_stays(portal):
    login_id = hired(portal, "a@acme.example")
    for _ in range(3 * sessions.SESSIONS_PER_LOGIN):
        assert found(portal, started(portal, login_id=login_id, stage="full"))
    with portal.unscoped("test", reads_only=True) as work:
        assert work.session.scalar(select(func.count()).select_from(BrowserSession)) == sessions.SESSIONS_PER_LOGIN


def test_ending_one_and_ending_all_but_one(portal):
    login_id, other = hired(portal, "a@acme.example"), hired(portal, "b@acme.example")
    mine = [started(portal, login_id=login_id, stage="full") for _ in range(3)]
    theirs = started(portal, login_id=other, stage="full")
    with portal.unscoped("test") as work:
        sessions.end(work, mine[0])
    assert [found(portal, token) is not None for token in mine] == [False, True, True]
    with portal.unscoped("test") as work:
        sessions.end_all(work, login_id, but=mine[1])
    assert [found(portal, token) is not None for token in mine] == [False, True, False]
    with portal.unscoped("test") as work:
        sessions.end_all(work, login_id)
    assert found(portal, mine[1]) is None
    assert found(portal, theirs) is not None


def test_a_disabled_login_is_out_at_once(portal):
    login_id = hired(portal, "a@acme.example")
    token = started(portal, login_id=login_id, stage="full")
    with portal.unscoped("test") as work:
        work.session.get_one(Login, login_id).disabled_at = work.now
    assert found(portal, token) is None
