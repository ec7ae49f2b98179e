"""The jobs' rows when things go badly: workers that die of a job, databases that are away for a moment, processes
that start together."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError

from app.models.ledger import Job, Sweep
from app.portal import Portal
from app.services import housekeeping, jobs
from app.work import Attempt
from tests.factories import House
from workers import lease
from workers.lease import Heartbeat


def asked(house: House) -> int:
    with house.work() as work:
        job = work.enqueue("test")
        work.flush()
        return job.id


def test_a_job_that_kills_its_worker_each_time_is_laid_aside(acme: House) -> None:
    job_id = asked(acme)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.claim(acme.portal, job_id) is not None
        acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
        assert jobs.take_due(acme.portal, most=64) in ([(job_id, "test")], [])
    assert jobs.claim(acme.portal, job_id) is None
    (row,) = acme.jobs("test")
    assert (row.state, row.attempts) == ("dead", jobs.MOST_ATTEMPTS)
    assert row.error
    assert row.finished_at is not None
    acme.clock.advance(timedelta(days=1))
    assert jobs.take_due(acme.portal) == []


def test_a_heartbeat_outlives_a_moment_without_its_database(
    acme_on_sqlite: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.01)
    house = acme_on_sqlite
    job_id = asked(house)
    attempt = jobs.claim(house.portal, job_id)
    assert attempt is not None
    beats: list[bool] = []
    again = threading.Event()

    def unsteady(portal: Portal, held: Attempt) -> None:
        beats.append(True)
        if len(beats) == 1:
            raise OperationalError("UPDATE job", {}, Exception("database is locked"))
        again.set()

    monkeypatch.setattr(lease, "prolong", unsteady)
    with Heartbeat(house.portal, attempt):
        assert again.wait(5)


def test_processes_that_start_together_share_one_heartbeat_row(acme_on_postgres: House) -> None:
    house = acme_on_postgres
    start = threading.Barrier(6)

    def note(_: int) -> None:
        start.wait()
        housekeeping.note_run(house.portal, "relay")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(note, range(6)))
    with house.portal.unscoped("the test looks at the heartbeats", reads_only=True) as work:
        assert [row.name for row in work.session.scalars(select(Sweep))] == ["relay"]


def test_one_of_several_schedulers_gets_a_sweep(acme_on_postgres: House) -> None:
    start = threading.Barrier(4)

    def take(_: int) -> bool:
        start.wait()
        return jobs.take_sweep(acme_on_postgres.portal, "seal_trails", timedelta(minutes=5))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(4))) == 1


def test_relays_side_by_side_do_not_send_the_same_job(acme_on_postgres: House) -> None:
    house = acme_on_postgres
    wanted = {asked(house) for _ in range(12)}
    start = threading.Barrier(4)

    def take(_: int) -> list[int]:
        start.wait()
        return [job_id for job_id, _ in jobs.take_due(house.portal, most=5)]

    with ThreadPoolExecutor(4) as pool:
        taken = [job_id for found in pool.map(take, range(4)) for job_id in found]
    assert len(taken) == len(set(taken))
    assert set(taken) <= wanted


def waiting(house: House, number: int = 1) -> list[int]:
    """Jobs that can wait for an idle moment."""
    with house.work() as work:
        rows = [work.enqueue("letter_pdf") for _ in range(number)]
        work.flush()
        return [row.id for row in rows]


def sent(house: House, **how: bool) -> list[int]:
    due = jobs.any_due(house.portal)
    taken = [job_id for job_id, _ in jobs.take_due(house.portal, **how)]
    assert due == bool(taken) or how, "the relay looks before it takes"
    return taken


def test_what_can_wait_is_done_when_nothing_else_waits_or_is_being_done(acme: House) -> None:
    (later,) = waiting(acme)
    first = asked(acme)
    assert sent(acme) == [first]
    assert sent(acme) == [], "the first is on its way"
    assert jobs.claim(acme.portal, first) is not None
    assert sent(acme) == [], "the first is being done"
    with acme.work() as work:
        work.enqueue("test", after=timedelta(hours=1))
    acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
    assert sent(acme) == [first], "the first was left and waits again"
    attempt = jobs.claim(acme.portal, first)
    assert attempt is not None
    with acme.work() as work:
        work.finish(attempt)
    assert sent(acme) == [later], "what is due in an hour keeps nobody waiting"


def test_what_can_wait_does_not_wait_for_ever(acme: House) -> None:
    (later,) = waiting(acme)
    acme.clock.advance(jobs.PATIENCE)
    first = asked(acme)
    assert sent(acme) == [first, later]


def test_what_can_wait_comes_in_small_portions(acme: House) -> None:
    many = waiting(acme, jobs.IDLE_WINDOW + 1)
    assert sent(acme) == many[:-1]
    assert sent(acme) == [], "until these are done"
    acme.clock.advance(jobs.PICK_UP + timedelta(seconds=1))
    assert sent(acme) == many[:-1], "a worker that was lost with them holds nobody up"


def test_who_wants_everything_gets_what_can_wait_too(acme: House) -> None:
    (later,) = waiting(acme)
    first = asked(acme)
    assert sent(acme, everything=True) == [first, later]


def test_a_database_that_is_gone_is_said_so(acme_on_sqlite: House) -> None:
    portal = acme_on_sqlite.portal
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    house = replace(acme_on_sqlite, portal=replace(portal, ground=replace(portal.ground, engine=away)))
    with pytest.raises(OperationalError):
        jobs.any_due(house.portal)
    away.dispose()


def test_jobs_done_long_ago_are_forgotten_and_dead_ones_stay(acme: House) -> None:
    done, dead = asked(acme), asked(acme)
    with acme.portal.unscoped("the test ends two jobs") as work:
        for job_id, state in ((done, "done"), (dead, "dead")):
            row = work.session.get(Job, job_id)
            assert row is not None
            row.state, row.finished_at = state, work.real_now
    acme.clock.advance(housekeeping.JOB_HISTORY)
    assert housekeeping.forget_leftovers(acme.portal) == 1
    assert [row.id for row in acme.jobs("test")] == [dead]


def test_what_was_given_up_is_seen_on_the_case_and_taken_up_again(acme: House) -> None:
    acme.mails.broken = True
    reference = acme.filed()
    for _ in range(jobs.MOST_ATTEMPTS):
        acme.run()
        acme.clock.advance(jobs.LONGEST_PAUSE)
    assert [(row.kind, row.error) for row in acme.view(reference).given_up] == [
        ("mail", "The mail server did not take the message.")
    ]
    acme.mails.broken = False
    assert acme.run() == 0
    assert jobs.revive(acme.portal) == 1
    assert acme.run() == 1
    assert acme.view(reference).given_up == ()
    assert len(acme.mails.sent) == 1
