"""The world that is measured: a real PostgreSQL with the shop of `shopdb.sql`, and a portal on a database beside it."""

import base64
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app import bootstrap, schema
from app.domain.filing import Filing
from app.domain.permissions import ANONYMOUS, SYSTEM
from app.gateways.mail import MemoryMailer
from app.policies.loader import read_controller
from app.portal import Portal
from app.services import intake, policies, verification
from app.settings import Settings, read_settings
from app.work import Dispatch
from tests import servers

HERE = Path(__file__).parent
PERSON = "user{}@shop.example"
HEAVY = "heavy@shop.example"
# As an operator would run it: durable, with a cache of a usual size.
DURABLE = {"shared_buffers": "512MB", "max_wal_size": "4GB", "max_connections": "200"}


@dataclass(frozen=True)
class World:
    """Where everything is, and what makes a portal there."""

    server: servers.Postgres
    shop_url: str
    folder: Path

    def settings(self, database_url: str, **more: str) -> Settings:
        return read_settings(self.environment(database_url, **more))

    def environment(self, database_url: str, **more: str) -> dict[str, str]:
        """For this process or another one."""
        key = base64.b64encode(bytes(range(32))).decode()
        return {
            "HABEAS_ENV": "test",
            "HABEAS_DATA_DIR": str(self.folder / "portal"),
            "HABEAS_DATABASE_URL": database_url,
            "HABEAS_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
            "HABEAS_MASTER_KEY": key,
            "SHOP_URL": self.shop_url,
            **more,
        }

    def portal(self, database_url: str, *, dispatch: Dispatch | None = None) -> tuple[Portal, int]:
        """A portal with the shop as its one controller; mails stay in memory."""
        os.environ["SHOP_URL"] = self.shop_url
        portal = bootstrap.build(self.settings(database_url), dispatch=dispatch)
        portal = replace(portal, mailer=MemoryMailer(), environment={**os.environ})
        schema.upgrade(portal.ground.engine)
        controller_id, _, _ = policies.apply(portal, SYSTEM, read_controller(HERE / "shop.yaml"))
        return portal, controller_id


@contextmanager
def made() -> Iterator[World]:
    """The shop loaded (with its two large customers); gone afterwards."""
    with servers.postgres(DURABLE) as server, server.database() as shop, tempfile.TemporaryDirectory() as folder:
        plain = shop.replace("postgresql+psycopg", "postgresql")
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-v", "heavy=1", plain, "-f", str(HERE / "shopdb.sql")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        yield World(server, shop, Path(folder))


def file(portal: Portal, controller_id: int, email: str) -> str:
    """One access request, filed as a person does."""
    with portal.work(ANONYMOUS, controller_id) as work:
        filing = Filing(rights=("access",), name="A Person", identities={"email": email})
        return intake.file(work, policies.current(work), filing).references[0]


def code_in(text: str) -> str:
    """The code in a mail."""
    found = re.search(r"^\s{4}(\d{6})$", text, re.MULTILINE)
    assert found, text
    return found[1]


def confirm(portal: Portal, controller_id: int, reference: str, code: str) -> None:
    """The person types the code: from here the clock of the measurement runs."""
    with portal.work(ANONYMOUS, controller_id) as work:
        assert verification.confirm(work, reference, code).accepted


def peak_mb() -> float:
    """The most memory that this process has held, in MB."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def wait_until(reached: Callable[[], bool], *, seconds: float, pause: float = 0.002) -> float:
    """How long it took until the condition held."""
    started = time.perf_counter()
    while not reached():
        if time.perf_counter() - started > seconds:
            raise TimeoutError(f"not reached within {seconds} s")
        time.sleep(pause)
    return time.perf_counter() - started
