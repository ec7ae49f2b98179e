"""What time alone brings: each sweep catches up, does its work once, and touches nothing that is not due."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.errors import Tampered
from app.domain.permissions import ANONYMOUS
from app.models.ledger import Sweep
from app.models.people import BrowserSession, IdempotencyKey, Rate
from app.services import housekeeping, intake
from app.services.housekeeping import IDEMPOTENCY_LIFETIME, SWEEPS
from tests.factories import House
from workers import schedule


def test_a_tick_runs_every_sweep_and_a_second_one_changes_nothing(acme: House) -> None:
    acme.in_status("closed")
    with acme.work(ANONYMOUS) as work:
        intake.save_draft(work, token=None, kind="access", answers={})
    with acme.portal.unscoped("counters of the portal", reads_only=True) as work:
        counters = work.session.scalars(select(func.count()).select_from(Rate)).one()
    leftovers = len(acme.jobs()) + 1 + counters  # the draft, and what counted the mails
    acme.clock.advance(timedelta(days=31))
    assert housekeeping.tick(acme.portal) == {
        "close_unused_sign_ins": 0, "destroy_evidence": 0, "destroy_orphans": 0, "expire_packages": 1,
        "forget_leftovers": leftovers, "lift_restrictions": 0,
        "scan_evidence": 0, "seal_trails": 2, "send_held_back": 0,
    }  # fmt: skip
    again = housekeeping.tick(acme.portal)
    assert (again["expire_packages"], again["forget_leftovers"]) == (0, 0)
    with acme.portal.unscoped("the test looks at the heartbeats", reads_only=True) as work:
        assert {row.name for row in work.session.scalars(select(Sweep))} == set(SWEEPS) == set(schedule.EVERY)


def test_leftovers_go_when_their_time_has_come_and_not_before(acme: House) -> None:
    now = acme.clock.now()
    with acme.portal.unscoped("the test's leftovers") as work:
        work.session.add(
            BrowserSession(
                id_hash=b"s", login_id=None, stage="person", references=[], started_at=now, last_seen_at=now,
                expires_at=now + timedelta(hours=1),
            )
        )  # fmt: skip
        work.session.add(Rate(key=b"r", window_ends_at=now + timedelta(hours=1), count=1))
        work.session.add(
            IdempotencyKey(
                controller_id=acme.controller_id, key_hash=b"k", request_digest=b"", result={}, created_at=now
            )
        )
    acme.clock.advance(timedelta(minutes=59))
    assert housekeeping.forget_leftovers(acme.portal) == 0
    acme.clock.advance(timedelta(minutes=1))
    assert housekeeping.forget_leftovers(acme.portal) == 2
    acme.clock.advance(IDEMPOTENCY_LIFETIME)
    assert housekeeping.forget_leftovers(acme.portal) == 1


def test_packages_of_every_organisation_expire(acme: House, borealis: House) -> None:
    acme.in_status("closed")
    borealis.in_status("closed")
    acme.clock.advance(timedelta(days=400))  # nobody looked for more than a year
    assert housekeeping.expire_packages(acme.portal) == 2
    acme.run()
    assert acme.objects == {}


def test_a_sweep_that_fails_leaves_the_others_alone(acme_on_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsteady(_: object) -> int:
        raise Tampered("The signing key cannot be opened.")

    monkeypatch.setitem(schedule.SWEEPS, "expire_packages", unsteady)
    assert set(schedule.run_due(acme_on_sqlite.portal)) == set(SWEEPS) - {"expire_packages"}
    acme_on_sqlite.clock.advance(timedelta(minutes=1))
    monkeypatch.undo()
    assert schedule.run_due(acme_on_sqlite.portal) == ["expire_packages", "scan_evidence"], "what is due each minute"
