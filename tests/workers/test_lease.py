"""Jobs are done once however often they are sent, tried again when they fail, and laid aside for a person at last."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import Unavailable
from app.domain.permissions import SYSTEM
from app.models.ledger import Job, TrailEntry
from app.portal import Portal
from app.services import jobs
from app.services.housekeeping import SWEEPS
from app.work import Attempt, LeaseLost
from tests.factories import House
from workers import lease, schedule
from workers.handlers import HANDLERS
from workers.idle import run_until_idle
from workers.lease import perform


def asked(house: House, kind: str = "test", **arguments: Any) -> int:
    with house.work() as work:
        job = work.enqueue(kind, **arguments)
        work.flush()
        return job.id


def finish(portal: Portal, attempt: Attempt) -> None:
    with portal.work(SYSTEM, attempt.controller_id) as work:
        work.finish(attempt)


def job(house: House, job_id: int) -> Job:
    return next(row for row in house.jobs() if row.id == job_id)


def test_only_one_of_several_workers_gets_the_job(acme: House) -> None:
    job_id = asked(acme)
    assert jobs.claim(acme.portal, job_id) is not None
    assert jobs.claim(acme.portal, job_id) is None


def test_of_many_workers_at_the_same_moment_one_gets_the_job(acme_on_postgres: House) -> None:
    job_id = asked(acme_on_postgres)
    start, got = threading.Barrier(6), list[Attempt | None]()

    def claim() -> None:
        start.wait()
        got.append(jobs.claim(acme_on_postgres.portal, job_id))

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(attempt is not None for attempt in got) == 1


def test_a_worker_that_was_only_slow_cannot_finish_what_another_took_over(acme: House) -> None:
    job_id = asked(acme)
    slow = jobs.claim(acme.portal, job_id)
    assert slow is not None
    acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
    quick = jobs.claim(acme.portal, job_id)
    assert quick is not None
    assert quick.fence == slow.fence + 1
    with pytest.raises(LeaseLost):
        finish(acme.portal, slow)
    finish(acme.portal, quick)
    assert job(acme, job_id).state == "done"


def test_a_lost_lease_takes_everything_with_it_that_the_slow_worker_wrote(acme: House) -> None:
    job_id = asked(acme)

    def late(portal: Portal, attempt: Attempt) -> None:
        acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
        assert jobs.claim(portal, job_id) is not None
        with acme.work() as work:
            work.audit("controller:applied", facts={"late": True})
            work.finish(attempt)

    assert perform(acme.portal, job_id, {"test": late}) == 0
    with acme.reading() as work:
        assert not [row for row in work.session.scalars(select(TrailEntry)) if row.facts.get("late")]


def test_a_failing_job_is_tried_again_after_longer_and_longer_pauses_and_then_laid_aside(acme: House) -> None:
    job_id = asked(acme)

    def broken(portal: Portal, attempt: Attempt) -> None:
        raise Unavailable("The mail server did not take the message.")

    pauses = []
    for number in range(1, jobs.MOST_ATTEMPTS + 1):
        assert perform(acme.portal, job_id, {"test": broken}) == 0
        row = job(acme, job_id)
        assert (row.attempts, row.error) == (number, "The mail server did not take the message.")
        if row.state == "queued":
            assert perform(acme.portal, job_id, {"test": broken}) == 0, "not due yet"
            assert job(acme, job_id).attempts == number
            pauses.append(row.due_at - acme.clock.real())
            acme.clock.advance(pauses[-1])
    assert job(acme, job_id).state == "dead"
    assert pauses == sorted(pauses)
    assert pauses[0] == jobs.FIRST_PAUSE
    assert pauses[-1] <= jobs.LONGEST_PAUSE
    acme.clock.advance(timedelta(days=9))
    assert not jobs.take_due(acme.portal), "a dead job is not sent again"


def test_what_an_unexpected_error_says_is_not_kept_for_it_may_quote_somebody(acme: House) -> None:
    job_id = asked(acme)

    def broken(portal: Portal, attempt: Attempt) -> None:
        raise ValueError("Ana Liepa, ana@example.com")

    perform(acme.portal, job_id, {"test": broken})
    assert job(acme, job_id).error == "ValueError"


def test_what_went_silent_is_sent_again_and_what_is_held_is_left_alone(acme: House) -> None:
    begun, waiting = asked(acme), asked(acme)
    jobs.claim(acme.portal, begun)
    assert jobs.take_due(acme.portal) == [(waiting, "test")]
    assert jobs.take_due(acme.portal) == []
    acme.clock.advance(jobs.PICK_UP + timedelta(seconds=1))
    assert jobs.take_due(acme.portal) == [(waiting, "test")], "the broker forgot it"
    acme.clock.advance(jobs.LEASE)
    assert (begun, "test") in jobs.take_due(acme.portal), "its worker died"


def test_a_heartbeat_keeps_a_long_job_with_its_worker(acme: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.01)
    job_id = asked(acme)

    def long(portal: Portal, attempt: Attempt) -> None:
        acme.clock.advance(jobs.LEASE - timedelta(seconds=1))
        before = job(acme, job_id).lease_until
        for _ in range(200):
            if job(acme, job_id).lease_until != before:
                break
            threading.Event().wait(0.02)
        acme.clock.advance(timedelta(seconds=5))
        assert jobs.claim(portal, job_id) is None
        finish(portal, attempt)

    assert perform(acme.portal, job_id, {"test": long}) == 1


def test_a_job_is_handed_over_after_the_commit_and_only_then(acme: House) -> None:
    handed: list[Sequence[tuple[int, str]]] = []
    portal = replace(acme.portal, ground=replace(acme.portal.ground, dispatch=handed.append))
    house = House(portal, acme.slug, acme.controller_id)
    with suppress(RuntimeError), house.work() as work:
        work.enqueue("test")
        raise RuntimeError
    assert handed == []
    assert house.jobs("test") == []
    with house.work() as work:
        row = work.enqueue("test")
        later = work.enqueue("test", after=timedelta(minutes=1))
        assert handed == []
    assert handed == [[(row.id, "test")]]
    assert (row.state, later.state) == ("sent", "queued")


def test_every_kind_of_job_that_is_asked_for_has_somebody_who_does_it(acme: House) -> None:
    acme.in_status("closed")
    other = acme.in_status("open")
    acme.move(other, "refuse", ground=ground_of(acme), reason="Asked before.")
    kinds = {row.kind for row in acme.jobs()}
    assert kinds <= HANDLERS.keys()
    assert {row.state for row in acme.jobs()} == {"done"}


def ground_of(house: House) -> str:
    return next(iter(house.portal.regimes["gdpr"].rights["access"].refusal_grounds))


def test_a_mail_that_must_be_repeated_is_the_same_message(acme: House) -> None:
    acme.filed()
    mail_job = acme.jobs("mail")[0]
    taken = jobs.claim(acme.portal, mail_job.id)
    assert taken is not None
    acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
    run_until_idle(acme.portal)
    with pytest.raises(LeaseLost):  # the first worker sends as well, and only then learns that it was too slow
        HANDLERS["mail"](acme.portal, taken)
    first, second = acme.mails.sent
    assert first.key == second.key
    assert first.as_message()["Message-ID"] == second.as_message()["Message-ID"]
    assert first.text == second.text


def test_of_two_schedulers_one_runs_each_sweep(acme: House) -> None:
    assert set(schedule.run_due(acme.portal)) == set(SWEEPS)
    assert schedule.run_due(acme.portal) == []
    acme.clock.advance(timedelta(minutes=1))
    assert schedule.run_due(acme.portal) == ["expire_packages", "scan_evidence"]  # those of every minute


def followed(house: House, done: list[str], *, by: dict[str, Any]) -> dict[str, Any]:
    """Handlers: the first asks for two others in the transaction that finishes it."""

    def first(portal: Portal, attempt: Attempt) -> None:
        with portal.work(SYSTEM, attempt.controller_id) as work:
            work.enqueue("second")
            work.enqueue("third")
            work.enqueue("later", after=timedelta(minutes=1))
            work.finish(attempt)
        done.append("first")

    def plain(portal: Portal, attempt: Attempt) -> None:
        finish(portal, attempt)
        done.append(attempt.kind)

    return {"first": first, "second": plain, "third": plain, "later": plain, **by}


def test_a_worker_goes_on_with_what_its_job_asked_for(acme: House) -> None:
    handed: list[Sequence[tuple[int, str]]] = []
    portal = replace(acme.portal, ground=replace(acme.portal.ground, dispatch=handed.append))
    job_id, done = asked(acme, "first"), []
    assert perform(portal, job_id, followed(acme, done, by={})) == 3
    assert done == ["first", "second", "third"]
    assert handed == []
    rows = {row.kind: (row.state, row.fence, row.attempts) for row in acme.jobs()}
    assert rows == dict.fromkeys(("first", "second", "third"), ("done", 1, 1)) | {"later": ("queued", 0, 0)}


def test_what_a_dying_worker_had_taken_over_is_done_by_another(acme: House) -> None:
    done: list[str] = []

    def dies(_portal: Portal, _attempt: Attempt) -> None:
        raise KeyboardInterrupt

    job_id = asked(acme, "first")
    with suppress(KeyboardInterrupt):
        perform(acme.portal, job_id, followed(acme, done, by={"second": dies}))
    assert jobs.take_due(acme.portal) == []  # its leases still run
    acme.clock.advance(jobs.LEASE + timedelta(seconds=1))
    left = jobs.take_due(acme.portal)
    assert [kind for _, kind in left] == ["second", "third"]
    for number, _ in left:
        assert perform(acme.portal, number, followed(acme, done, by={})) == 1
    assert done == ["first", "second", "third"]


def test_one_that_fails_on_the_way_does_not_hold_up_the_next(acme: House) -> None:
    def broken(_portal: Portal, _attempt: Attempt) -> None:
        raise ValueError

    done: list[str] = []
    assert perform(acme.portal, asked(acme, "first"), followed(acme, done, by={"second": broken})) == 2
    states = {row.kind: (row.state, row.error) for row in acme.jobs()}
    assert (states["second"], states["third"]) == (("queued", "ValueError"), ("done", None))


def test_the_heartbeat_keeps_what_still_waits_for_its_turn(acme: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.02)
    done: list[str] = []

    def slow(portal: Portal, attempt: Attempt) -> None:
        for _ in range(3):
            acme.clock.advance(jobs.LEASE - timedelta(seconds=1))
            threading.Event().wait(0.3)
            assert jobs.take_due(acme.portal) == []
        finish(portal, attempt)

    assert perform(acme.portal, asked(acme, "first"), followed(acme, done, by={"second": slow})) == 3
