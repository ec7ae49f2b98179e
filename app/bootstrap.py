"""The composition root: settings become a portal; nothing is started, migrated or written here."""

import os
import sqlite3
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from app.connectors.registry import connect
from app.gateways.clock import Clock
from app.gateways.crypto import Keyring
from app.gateways.mail import FileMailer, Mailer, SmtpMailer
from app.gateways.oidc import NoSignOn, OidcSignOn, SignOn
from app.gateways.pdf import WeasyPrinter
from app.gateways.previewing import LimitedOpener
from app.gateways.rendering import Renderer
from app.gateways.scanner import ClamdScanner, NullScanner
from app.gateways.storage import DirectoryStorage
from app.policies.loader import load_regimes
from app.portal import Portal
from app.queries.policies import REGIMES
from app.services.stationery import STATIONERY, Stationery
from app.settings import Settings
from app.work import CONTROLLER, GLANCE, READS, Dispatch, Ground

SQLITE_WAIT_SECONDS = 30
RESTED_SECONDS = 1.0
# The demo's systems: the organisation's slug and the connection's key.
SAMPLES = (
    "softmanager_crm", "softmanager_billing", "manajet_platform", "manajet_support", "ispmanager_clients",
    "ispmanager_helpdesk", "ispmanager_logs", "softfirm_registry", "softfirm_site", "mgt_exchange", "mgt_service",
    "mgt_logs",
)  # fmt: skip
_WHOSE = "habeas.controller"


def build(settings: Settings, *, dispatch: Dispatch | None = None) -> Portal:
    """The portal for these settings. `dispatch` hands fresh jobs to a broker; without it the relay finds them."""
    regimes, renderer = load_regimes(), Renderer()
    ground = Ground(
        engine=make_engine(settings.database_url),
        clock=Clock.starting_at(settings.now) if settings.now else Clock(),
        keyring=Keyring(settings.master_keys),
        dispatch=dispatch,
        memo={REGIMES: regimes, STATIONERY: Stationery(renderer, settings.base_url)},
    )
    return Portal(
        settings=settings,
        ground=ground,
        storage=DirectoryStorage(settings.storage_path),
        mailer=_mailer(settings),
        renderer=renderer,
        pdf=WeasyPrinter(),
        scanner=ClamdScanner(settings.clamd_url) if settings.clamd_url else NullScanner(),
        opener=LimitedOpener(),
        regimes=regimes,
        connect=connect,
        environment=_environment(settings),
        sso=_sign_on(settings),
    )


def _sign_on(settings: Settings) -> SignOn:
    if not settings.oidc_issuer:
        return NoSignOn()
    return OidcSignOn(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)


def _mailer(settings: Settings) -> Mailer:
    return SmtpMailer(settings.mail_url) if settings.mail_url else FileMailer(settings.data_dir / "mail")


def _environment(settings: Settings) -> dict[str, str]:
    """Where addresses of systems are looked up. The demo's sample systems are SQLite files of its own."""
    if not settings.demo:
        return dict(os.environ)
    samples = settings.data_dir / "samples"
    made = {f"{name}_url".upper(): f"sqlite:///{samples / name}.db" for name in SAMPLES}
    return {**made, **os.environ}


def make_engine(url: str) -> Engine:
    """An engine whose transactions are what `Work` expects: on SQLite WAL, foreign keys, one writer that waits its
    turn."""
    if urlsplit(url).scheme.startswith("postgresql"):
        engine = create_engine(
            url, pool_size=10, max_overflow=20, hide_parameters=True, connect_args={"autocommit": True}
        )
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", _note_the_time)
        event.listen(engine, "checkout", partial(_ask_whether_it_lives, engine))
        return engine
    engine = create_engine(
        url, connect_args={"timeout": SQLITE_WAIT_SECONDS, "isolation_level": None}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    # What is to be said at the start goes in one message: a transaction that reads cannot write, and whose rows it is
    # about is known to the database, so that row-level security is one migration away.
    options = connection.get_execution_options()
    if options.get(GLANCE, False):
        _say_whose(connection)
        return
    begin = "BEGIN READ ONLY" if options.get(READS, False) else "BEGIN"
    _send(connection, f"{begin}; SET LOCAL {_WHOSE} = '{options.get(CONTROLLER) or ''}'")


def _say_whose(connection: Connection) -> None:
    """A glance has no transaction to say it to, so the connection is told, and told again when it is about another.

    One across controllers sees only what is nobody's, whoever the connection spoke for last.
    """
    whose = connection.get_execution_options().get(CONTROLLER)
    if whose is not None and connection.info.get(_WHOSE) != whose:
        _send(connection, f"SET {_WHOSE} = '{whose}'")
        connection.info[_WHOSE] = whose


def _send(connection: Connection, text: str) -> None:
    psycopg: Any = connection.connection.driver_connection
    psycopg.execute(text)


def _note_the_time(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = monotonic()


def _ask_whether_it_lives(engine: Engine, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that rested may have died (a restart, a firewall): ask before it is relied on, not at every turn."""
    used_at = record.info.get("used_at")
    if used_at is None or monotonic() - used_at < RESTED_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


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
    options = connection.get_execution_options()
    if not options.get(GLANCE, False):
        connection.exec_driver_sql("BEGIN" if options.get(READS, False) else "BEGIN IMMEDIATE")
