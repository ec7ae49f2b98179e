"""What time alone brings: packages expire, unsent answers and old sessions go, the trail is sealed. Every sweep
catches up."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.domain.permissions import SYSTEM
from app.models.cases import Draft
from app.models.controllers import Controller
from app.models.fulfilment import Package
from app.models.ledger import Job, Sweep
from app.models.people import AddressCode, BrowserSession, IdempotencyKey, Rate
from app.portal import Portal
from app.services import evidence, held_back, orphans, own_signin, packages, restriction, trail
from app.services.keys import signing_key
from app.work import changed_rows

JOB_HISTORY = timedelta(days=30)
IDEMPOTENCY_LIFETIME = timedelta(hours=24)


def expire_packages(portal: Portal) -> int:
    """Destroy key and ciphertext of every package whose time has come."""
    expired = 0
    for controller_id in controllers(portal):
        with portal.work(SYSTEM, controller_id) as work:
            due = work.session.scalars(
                select(Package)
                .where(Package.expires_at <= work.now, Package.destroyed_at.is_(None))
                .order_by(Package.id)
                .limit(500)
                .with_for_update()
            ).all()
            for package in due:
                packages.destroy(work, package)
            expired += len(due)
    return expired


def forget_leftovers(portal: Portal) -> int:
    """Unsent answers after 24 hours, ended sessions, finished counters, answered keys, jobs done long ago."""
    with portal.unscoped("leftovers of every controller lapse by the clock") as work:
        statements = [
            delete(Draft).where(Draft.expires_at <= work.real_now),
            delete(BrowserSession).where(BrowserSession.expires_at <= work.real_now),
            delete(AddressCode).where(AddressCode.expires_at <= work.real_now),
            delete(Rate).where(Rate.window_ends_at <= work.real_now),
            delete(IdempotencyKey).where(IdempotencyKey.created_at <= work.real_now - IDEMPOTENCY_LIFETIME),
            delete(Job).where(Job.state == "done", Job.finished_at <= work.real_now - JOB_HISTORY),
        ]
        return sum(
            changed_rows(work.session.execute(statement.execution_options(synchronize_session=False)))
            for statement in statements
        )


def seal_trails(portal: Portal) -> int:
    """One signed checkpoint per controller whose trail grew."""
    sealed = 0
    signing_key(portal)  # made before a transaction is open: it needs one of its own
    for controller_id in controllers(portal):
        with portal.work(SYSTEM, controller_id) as work:
            sealed += trail.seal(portal, work)
    return sealed


def lift_restrictions(portal: Portal) -> int:
    """End every restriction whose end was announced for today or before (Art. 18(3))."""
    return sum(restriction.lift_due(portal, controller_id) for controller_id in controllers(portal))


def destroy_evidence(portal: Portal) -> int:
    """Destroy every proof that nobody decided on by its latest date (Art. 5(1)(e))."""
    return sum(evidence.destroy_due(portal, controller_id) for controller_id in controllers(portal))


def scan_evidence(portal: Portal) -> int:
    """Show the virus scanner the files that wait for it."""
    return sum(evidence.scan_waiting(portal, controller_id) for controller_id in controllers(portal))


def send_held_back(portal: Portal) -> int:
    """Send every acknowledgement that was held back and is complete now."""
    return sum(held_back.send_due(portal, controller_id) for controller_id in controllers(portal))


def close_unused_sign_ins(portal: Portal) -> int:
    """Close people's own sign-ins that nobody has used for two years (Art. 5(1)(e))."""
    return own_signin.close_unused(portal)


def destroy_orphans(portal: Portal) -> int:
    """Delete stored objects that no row leads to, once they are a day old."""
    return orphans.destroy_orphans(portal)


def controllers(portal: Portal) -> list[int]:
    """Every controller's number."""
    with portal.unscoped("a sweep goes through every controller", reads_only=True) as work:
        return list(work.session.scalars(select(Controller.id).order_by(Controller.id)))


SWEEPS = {
    "close_unused_sign_ins": close_unused_sign_ins,
    "destroy_evidence": destroy_evidence,
    "destroy_orphans": destroy_orphans,
    "expire_packages": expire_packages,
    "forget_leftovers": forget_leftovers,
    "lift_restrictions": lift_restrictions,
    "scan_evidence": scan_evidence,
    "seal_trails": seal_trails,
    "send_held_back": send_held_back,
}


def tick(portal: Portal) -> dict[str, int]:
    """Every sweep once, for the present moment; how many things each one touched. Doing it twice changes nothing
    more."""
    done = {}
    for name, sweep in SWEEPS.items():
        done[name] = sweep(portal)
        note_run(portal, name)
    return done


def note_run(portal: Portal, name: str) -> None:
    """Remember that a recurring task ran: the health page's heartbeat."""
    with portal.unscoped("heartbeats are the portal's own") as work:
        work.lock(f"sweep:{name}")  # two processes that start together must not both make the row
        row = work.session.get(Sweep, name)
        if row is None:
            work.session.add(Sweep(name=name, last_run_at=work.real_now))
        else:
            row.last_run_at = work.real_now
