"""PostgreSQL and Redis for development: `start` leaves them running on loopback, `stop` ends them."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from redis import Redis  # noqa: E402

from tests import servers  # noqa: E402  # the same programs, started for a moment there and to stay here

PLACE = ROOT / "var" / "services"
STATE = PLACE / "services.json"


@dataclass
class State:
    """Where the two listen, and the password of both."""

    postgres_port: int
    redis_port: int
    password: str

    @property
    def postgres(self) -> servers.Postgres:
        return servers.Postgres(port=self.postgres_port, password=self.password)

    @property
    def redis(self) -> servers.Redis:
        return servers.Redis(f"redis://:{self.password}@{servers.HOST}:{self.redis_port}/0")


def known() -> State | None:
    return State(**json.loads(STATE.read_text())) if STATE.exists() else None


def remember(state: State) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    PLACE.chmod(0o711)  # PostgreSQL may run as another user and must get through to its own directory
    STATE.touch(mode=0o600)
    STATE.write_text(json.dumps(asdict(state)))


def usable_port(port: int) -> int:
    """The port of last time, unless somebody else took it meanwhile."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((servers.HOST, port))
        except OSError:
            return servers.free_port()
    return port


def stay(name: str, command: list[str], answers: Callable[[], bool], *, user: str | None = None) -> None:
    """Start a program that outlives us; end with its own words should it not answer."""
    log = PLACE / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*servers.as_user(user), *command],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
    servers.wait_for(process, log, answers)


def start() -> None:
    state = known() or State(servers.free_port(), servers.free_port(), secrets.token_hex(16))
    data = PLACE / "postgres"
    if not state.postgres.answers():
        state.postgres_port = usable_port(state.postgres_port)
        remember(state)
        programs = servers.postgres_programs()
        if not data.exists():
            servers.create_cluster(programs, data, state.password)
        command = servers.postgres_command(programs, data, state.postgres_port, {})
        stay("postgres", command, state.postgres.answers, user=servers.postgres_user())
        with state.postgres.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'habeas'").fetchone():
                connection.execute("CREATE DATABASE habeas TEMPLATE template0")
    if not state.redis.answers():
        state.redis_port = usable_port(state.redis_port)
        remember(state)
        (PLACE / "redis").mkdir(exist_ok=True)
        config = servers.redis_config(PLACE / "redis" / "redis.conf", state.redis_port, state.password, save=True)
        stay("redis", [servers.redis_program(), str(config)], state.redis.answers)
    print(f"export HABEAS_DATABASE_URL={state.postgres.url('habeas')}")
    print(f"export HABEAS_BROKER_URL={state.redis.url}")


def stop() -> None:
    state = known()
    if state is None:
        return
    pid_file = PLACE / "postgres" / "postmaster.pid"
    if state.postgres.answers() and pid_file.exists():
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    if state.redis.answers():
        with Redis.from_url(state.redis.url) as client:
            client.shutdown()


if __name__ == "__main__":
    actions = {"start": start, "stop": stop}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit("usage: tools/services.py start|stop")
    try:
        actions[sys.argv[1]]()
    except servers.Missing as missing:
        sys.exit(str(missing))
