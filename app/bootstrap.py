"""The composition root: settings become a portal; nothing is started, migrated or written here."""

import os
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, create_engine, event

from app.connectors.registry import connect
from app.gateways.clock import Clock
from app.gateways.crypto import Keyring
from app.gateways.mail import FileMailer, Mailer, SmtpMailer
from app.gateways.pdf import WeasyPrinter
from app.gateways.rendering import Renderer
from app.gateways.storage import DirectoryStorage
from app.policies.loader import load_regimes
from app.portal import Portal
from app.queries.policies import REGIMES
from app.settings import Settings
from app.work import Dispatch, Ground

SQLITE_WAIT_SECONDS = 30


def build(settings: Settings, *, dispatch: Dispatch | None = None) -> Portal:
    """The portal for these settings. `dispatch` hands fresh jobs to a broker; without it the relay finds them."""
    regimes = load_regimes()
    ground = Ground(
        engine=make_engine(settings.database_url),
        clock=Clock.starting_at(settings.now) if settings.now else Clock(),
        keyring=Keyring(settings.master_keys),
        dispatch=dispatch,
        memo={REGIMES: regimes},
    )
    return Portal(
        settings=settings,
        ground=ground,
        storage=DirectoryStorage(settings.storage_path),
        mailer=_mailer(settings),
        renderer=Renderer(),
        pdf=WeasyPrinter(),
        regimes=regimes,
        connect=connect,
        environment=_environment(settings),
    )


def _mailer(settings: Settings) -> Mailer:
    return SmtpMailer(settings.mail_url) if settings.mail_url else FileMailer(settings.data_dir / "mail")


def _environment(settings: Settings) -> dict[str, str]:
    """Where addresses of systems are looked up. The demo's sample systems are SQLite files of its own."""
    if not settings.demo:
        return dict(os.environ)
    samples = settings.data_dir / "samples"
    made = {
        "SOFTMANAGER_CRM_URL": f"sqlite:///{samples / 'softmanager_crm.db'}",
        "SOFTMANAGER_BILLING_URL": f"sqlite:///{samples / 'softmanager_billing.db'}",
    }
    return {**made, **os.environ}


def make_engine(url: str) -> Engine:
    """An engine whose transactions are what `Work` expects: on SQLite WAL, foreign keys, one writer that waits its
    turn."""
    if urlsplit(url).scheme.startswith("postgresql"):
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url, connect_args={"timeout": SQLITE_WAIT_SECONDS, "isolation_level": None}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # Without it INSERT OR REPLACE would drop an entry of the trail past the trigger that keeps it.
    connection.execute("PRAGMA recursive_triggers = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at the start: a transaction that first reads and then writes could otherwise fail half
    # way.
    reads = connection.get_execution_options().get("habeas_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
