"""One access request after another, and two hundred at once: from confirmed to released, report and signature in it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import func, select

from app.gateways import spool
from app.models.cases import Case
from app.models.ledger import Job
from app.portal import Portal
from app.services import collection, packages
from bench.figures import median, tell
from bench.world import PERSON, World, code_in, confirm, file, wait_until
from tests import servers
from workers.broker import make_broker
from workers.idle import run_until_idle
from workers.main import Engine
from workers.relay import Sender

AT_ONCE = 200
ONE_BY_ONE = 15


def one_by_one(world: World) -> None:
    """The time of a single case, with the worker in this process; and where that time goes."""
    with world.server.database() as url:
        broker = make_broker("")
        portal, controller_id = world.portal(url, dispatch=Sender(broker))
        engine = Engine(portal, broker)
        engine.start()
        spent: dict[str, float] = {}
        with watched(portal, spent):
            times = [_one(portal, controller_id, PERSON.format(number)) for number in range(1, ONE_BY_ONE + 3)][2:]
        engine.stop()
        portal.ground.engine.dispose()
    tell("access_one", median(times), "s")
    for part, total in spent.items():
        tell(f"access_one_{part}", total / (ONE_BY_ONE + 2), "s", ratio_to="access_one", ratio=total / sum(times))


def _one(portal: Portal, controller_id: int, email: str) -> float:
    sent: list[Any] = portal.mailer.sent  # type: ignore[attr-defined]  # kept in memory
    reference = file(portal, controller_id, email)
    wait_until(lambda: any(reference in mail.subject for mail in sent), seconds=20)
    code = code_in(next(mail.text for mail in sent if reference in mail.subject))
    started = perf_counter()
    confirm(portal, controller_id, reference, code)
    wait_until(lambda: _is_closed(portal, reference), seconds=30)
    return perf_counter() - started


def closed(portal: Portal) -> int:
    """How many cases are answered."""
    with portal.unscoped("a measurement counts", reads_only=True) as work:
        return work.session.scalars(select(func.count(Case.id)).where(Case.status == "closed")).one()


def is_idle(portal: Portal) -> bool:
    """Whether nothing is left to be done, not even what can wait."""
    with portal.unscoped("a measurement looks", reads_only=True) as work:
        waiting = select(func.count(Job.id)).where(Job.state.in_(("queued", "sent", "running")))
        return work.session.scalars(waiting).one() == 0


def _is_closed(portal: Portal, reference: str) -> bool:
    with portal.unscoped("a measurement looks", reads_only=True) as work:
        return work.session.scalars(select(Case.status).where(Case.reference == reference)).one() == "closed"


@contextmanager
def watched(portal: Portal, spent: dict[str, float]) -> Iterator[None]:
    """Adds up what the parts of an answer take: find, print the report, write and store the package."""
    parts: list[tuple[object, str, str]] = [
        (collection, "collect", "find"),
        (spool.CollectionSpool, "finish", "find_of_which_store"),
        (type(portal.pdf), "print", "report"),
        (type(portal.storage), "put", "write_and_store"),
        (packages, "signing_key", "sign"),
    ]
    with ExitStack() as undo:
        for owner, name, part in parts:
            original = getattr(owner, name)
            setattr(owner, name, _timed(original, spent, part))
            undo.callback(setattr, owner, name, original)
        yield


def _timed(original: Callable[..., Any], spent: dict[str, float], part: str) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        started = perf_counter()
        try:
            return original(*args, **kwargs)
        finally:
            spent[part] = spent.get(part, 0.0) + perf_counter() - started

    return timed


def many_at_once(world: World) -> None:
    """Two hundred confirmed as fast as they come, two worker processes behind Redis; then, until what could wait is
    printed too."""
    with world.server.database() as url, servers.redis() as redis, ExitStack() as stack:
        portal, controller_id = world.portal(url)
        sent: list[Any] = portal.mailer.sent  # type: ignore[attr-defined]  # kept in memory
        references = [file(portal, controller_id, PERSON.format(100 + number)) for number in range(AT_ONCE + 4)]
        run_until_idle(portal)
        codes = {mail.subject.rpartition(" ")[2]: code_in(mail.text) for mail in sent}
        portal.ground.engine.dispose()
        environment = world.environment(url, HABEAS_BROKER_URL=redis.url)
        for _ in range(2):
            stack.enter_context(worker(environment))
        portal, _ = world.portal(url, dispatch=Sender(make_broker(redis.url)))
        for reference in references[:4]:  # both processes warm
            confirm(portal, controller_id, reference, codes[reference])
        wait_until(lambda: closed(portal) == 4, seconds=60)
        started = perf_counter()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: confirm(portal, controller_id, one, codes[one]), references[4:]))
        wait_until(lambda: closed(portal) == AT_ONCE + 4, seconds=300, pause=0.05)
        took = perf_counter() - started
        wait_until(lambda: is_idle(portal), seconds=300, pause=0.1)
        printed = perf_counter() - started
        portal.ground.engine.dispose()
    tell("access_many", AT_ONCE / took, "requests/s")
    tell("access_many_printed", AT_ONCE / printed, "requests/s")


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own."""
    command = [str(Path(sys.executable).parent / "dramatiq"), "workers.processes", "--processes", "1", "--threads", "2"]
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
