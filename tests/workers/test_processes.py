"""PostgreSQL, Redis, two worker processes and a mail server, all real: workers die, Redis forgets, nothing is lost."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update

from app import bootstrap, schema
from app.domain.permissions import SYSTEM
from app.models.ledger import Job
from app.services import jobs, policies, staff
from app.settings import read_settings
from tests import factories, servers
from tests.factories import House
from workers.broker import make_broker
from workers.relay import Sender

ON_AGAIN_SECONDS = 15
SLOW_SECONDS = 4

# The notes are read slowly, so that a worker can be killed in the middle.
CRM = f"""
CREATE TABLE customers (id integer PRIMARY KEY, email text, account text, name text);
CREATE TABLE kept (id integer PRIMARY KEY, customer_id integer, text text);
CREATE VIEW notes AS SELECT kept.* FROM kept, (SELECT pg_sleep({SLOW_SECONDS})) AS slow;
INSERT INTO customers VALUES (1, 'ana@example.com', 'ana', 'Ana Liepa'), (2, 'bob@example.com', 'bob', 'Bob Kalns');
INSERT INTO kept VALUES (1, 1, 'called twice'), (2, 1, '=1+1'), (3, 2, 'belongs to Bob');
"""


@dataclass
class Site:
    """A portal as operators run it, and its two workers."""

    house: House
    redis: servers.Redis
    sink: servers.Sink
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]]

    def start_worker(self) -> None:
        program = str(Path(sys.executable).parent / "dramatiq")
        command = [program, "workers.processes", "--processes", "1", "--threads", "4"]
        self.workers.append(subprocess.Popen(command, env={**os.environ, **self.environment}, start_new_session=True))

    def code(self, reference: str) -> str:
        """The code that the mail server was given for this request."""
        wait(lambda: bool(self.mails(reference)))
        found = re.search(r"^\s*(\d{6})\s*$", words(self.mails(reference)[-1]), re.MULTILINE)
        assert found
        return found[1]

    def mails(self, reference: str) -> list[EmailMessage]:
        return [mail for mail in self.sink.messages if reference in mail["Subject"]]

    def status(self, reference: str) -> str:
        return self.house.row(reference).status


def words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def wait(reached: Callable[[], bool], *, seconds: float = 40) -> float:
    started = time.monotonic()
    while not reached():
        assert time.monotonic() - started < seconds, "not reached in time"
        time.sleep(0.05)
    return time.monotonic() - started


@contextmanager
def killed_at_the_end(site: Site) -> Iterator[Site]:
    try:
        yield site
    finally:
        for worker in site.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in site.workers:
            worker.wait(40)


@pytest.fixture
def site(tmp_path: Path, postgres: servers.Postgres) -> Iterator[Site]:
    factories.fill_systems(tmp_path)
    with (
        postgres.database() as url,
        postgres.database() as crm,
        servers.or_skip(servers.redis()) as redis,
        servers.smtp() as sink,
    ):
        engine = create_engine(crm)
        with engine.begin() as connection:
            connection.execute(text(CRM))
        engine.dispose()
        environment = {
            **factories.environment_of(tmp_path, url),
            "HABEAS_BROKER_URL": redis.url,
            "HABEAS_MAIL_URL": sink.url,
            "ACME_CRM_URL": crm,
        }
        settings = read_settings(environment)
        portal = bootstrap.build(settings, dispatch=Sender(make_broker(settings.broker_url)))
        portal = replace(portal, environment=environment)
        schema.upgrade(portal.ground.engine)
        controller_id = policies.apply(portal, SYSTEM, factories.loaded("acme", approvers=0))[0]
        with portal.work(SYSTEM, controller_id) as work:
            staff.invite(work, email="dpo@acme.example.com", role="dpo")
        with killed_at_the_end(Site(House(portal, "acme", controller_id), redis, sink, environment, [])) as made:
            made.start_worker()
            made.start_worker()
            yield made
        portal.ground.engine.dispose()


def test_nothing_is_lost_when_a_worker_is_killed_and_redis_forgets(site: Site) -> None:
    house = site.house
    first = house.filed()
    house.confirm(first, site.code(first))
    wait(lambda: site.status(first) == "in_progress")

    # Killed in the middle of reading a system.
    job_id = wait_for_running(house, "collect")
    time.sleep(1)
    os.killpg(holder(site).pid, signal.SIGKILL)
    took = wait(lambda: row(house, job_id).fence == 2)
    assert took <= ON_AGAIN_SECONDS
    wait(lambda: site.status(first) == "closed")
    assert house.row(first).outcome == "granted"
    assert house.events(first).count("case:collected") == 1
    assert house.events(first).count("case:release") == 1

    # Redis forgets everything that it was told.
    site.start_worker()
    second = house.filed()
    code = site.code(second)
    house.confirm(second, code)
    site.redis.forget_everything()
    took = wait(lambda: site.status(second) != "open", seconds=ON_AGAIN_SECONDS)
    wait(lambda: site.status(second) == "closed")

    # A mail whose sending was not written down goes out again, as the same message.
    mail = house.jobs("mail")[0]
    before = len(site.mails(first))
    with house.portal.unscoped("a test makes a job look unfinished") as work:
        work.session.execute(
            update(Job)
            .where(Job.id == mail.id)
            .values(state="running", lease_until=work.real_now - jobs.LEASE, finished_at=None)
        )
    wait(lambda: len(site.mails(first)) > before)
    ids = [message["Message-ID"] for message in site.mails(first)]
    assert ids[0] == ids[-1]
    assert len(set(ids)) == len(ids) - 1


def wait_for_running(house: House, kind: str) -> int:
    wait(lambda: any(job.state == "running" for job in house.jobs(kind)))
    return next(job.id for job in house.jobs(kind) if job.state == "running")


def row(house: House, job_id: int) -> Job:
    return next(job for job in house.jobs() if job.id == job_id)


def holder(site: Site) -> subprocess.Popen[bytes]:
    """The worker process that reads the slow system: the one with an open connection to it."""
    engine = create_engine(site.environment["ACME_CRM_URL"])
    with engine.connect() as connection:
        port = connection.execute(
            text(
                "SELECT client_port FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        ).scalar_one()
    engine.dispose()
    groups = {os.getpgid(worker.pid): worker for worker in site.workers}
    return groups[os.getpgid(owner_of(port))]


def owner_of(port: int) -> int:
    """The process whose socket has this local port (Linux)."""
    wanted = f":{port:04X}"
    inode = next(
        fields[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if (fields := line.split())[1].endswith(wanted)
    )
    for place in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = place.readlink()
        except OSError:  # gone, or not ours to look at
            continue
        if str(target) == f"socket:[{inode}]":
            return int(place.parts[2])
    raise AssertionError("nobody holds that port")


def test_a_broker_that_is_away_costs_time_and_nothing_else(site: Site) -> None:
    for worker in site.workers:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
    house = site.house
    reference = house.filed()
    site.redis.forget_everything()
    site.start_worker()
    house.confirm(reference, site.code(reference))
    wait(lambda: site.status(reference) == "closed")
