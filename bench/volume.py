"""The person with half a million orders: time, memory, and the ratio to the least that the same rows can cost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from isal import isal_zlib
from sqlalchemy import create_engine, text

from bench.figures import tell
from bench.world import HEAVY, World, code_in, confirm, file, peak_mb
from workers.idle import run_until_idle

FEWER = "fewer@shop.example"
CHUNK = 1 << 16
CUSTOMER = text(
    "INSERT INTO customers VALUES (100003, :email, 'Fewer', 'Subject', '+44700', '1980-01-01', true, now())"
)
ORDERS = text(
    "INSERT INTO orders SELECT 3000000 + n, 100003, timestamptz '2020-01-01' + n * interval '3 minutes', 'delivered', "
    "500, 'GBP', 'Recipient 100003', NULL FROM generate_series(1, 50000) AS n"
)


def heavy(world: World) -> None:
    """Each in a process of its own, so that each has its own peak."""
    _add_fewer(world)
    many, few = _measure(world, HEAVY), _measure(world, FEWER)
    floor = _floor(world)
    tell("access_500k_orders", many["seconds"], "s")
    tell("access_500k_orders_throughput", 500_000 / many["seconds"], "rows/s",
         ratio_to="copy_row_to_json_deflate_aes", ratio=floor / many["seconds"])  # fmt: skip
    tell("copy_row_to_json_deflate_aes", 500_000 / floor, "rows/s")
    tell("access_500k_orders_peak", many["peak"], "MB", ratio_to="access_50k_orders_peak",
         ratio=many["peak"] / few["peak"])  # fmt: skip
    tell("access_50k_orders_peak", few["peak"], "MB")


def _measure(world: World, email: str) -> dict[str, float]:
    """Runs `one` in a fresh process."""
    with world.server.database() as url:
        environment = {**os.environ, **world.environment(url)}
        command = [sys.executable, "-m", "bench.volume", url, email]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(world: World, url: str, email: str) -> dict[str, float]:
    """Confirmed → released in this process, and its peak of memory."""
    portal, controller_id = world.portal(url)
    reference = file(portal, controller_id, email)
    run_until_idle(portal)
    code = code_in(portal.mailer.sent[-1].text)  # type: ignore[attr-defined]  # kept in memory
    started = perf_counter()
    confirm(portal, controller_id, reference, code)
    run_until_idle(portal)
    return {"seconds": perf_counter() - started, "peak": peak_mb()}


def _add_fewer(world: World) -> None:
    """A person with 50 000 orders, to compare memory with."""
    engine = create_engine(world.shop_url)
    with engine.begin() as connection:
        connection.execute(CUSTOMER, {"email": FEWER})
        connection.execute(ORDERS)
        connection.execute(text("ANALYZE orders"))
    engine.dispose()


def _floor(world: World) -> float:
    """COPY of finished JSON → deflate level 1 → AES-GCM, the same rows, on one core: what nobody can do without."""
    cipher, packer = AESGCM(os.urandom(32)), isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
    written = 0
    started = perf_counter()
    with psycopg.connect(world.shop_url.replace("postgresql+psycopg", "postgresql")) as connection:
        for number, chunk in enumerate(_chunks(connection)):
            written += len(cipher.encrypt(number.to_bytes(12, "big"), packer.compress(chunk), None))
        cipher.encrypt(bytes(11) + b"\xff", packer.flush(), None)
    return perf_counter() - started


def _chunks(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[bytes]:
    waiting = bytearray()
    statement = "COPY (SELECT row_to_json(o) FROM orders o WHERE customer_id = 100001) TO STDOUT"
    with connection.cursor().copy(statement) as copy:
        for piece in copy:
            waiting += piece
            if len(waiting) >= CHUNK:
                yield bytes(waiting)
                waiting.clear()
    yield bytes(waiting)


if __name__ == "__main__":
    from pathlib import Path

    place = World(None, os.environ["SHOP_URL"], Path(os.environ["HABEAS_DATA_DIR"]).parent)  # type: ignore[arg-type]
    sys.stdout.write(json.dumps(one(place, sys.argv[1], sys.argv[2])) + "\n")
