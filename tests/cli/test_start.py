"""The one process that `make run` starts says in words why it cannot."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.servers import HOST, free_port

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, port: int | str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
    return subprocess.run(
        [sys.executable, "wsgi.py"], cwd=ROOT, env=kept | {"HABEAS_DATA_DIR": str(folder), "PORT": str(port)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_port_that_is_taken_is_named_with_the_cure(tmp_path: Path) -> None:
    port = free_port()
    with socket.socket() as other:
        other.bind((HOST, port))
        other.listen()
        began = time.monotonic()
        done = start(tmp_path, port)
    assert done.returncode == 1
    assert f"Something else listens on port {port}." in done.stderr
    assert "PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 20
    assert not (tmp_path / "habeas.db").exists(), "nothing is begun that cannot be used"


def test_a_port_that_is_none_is_named(tmp_path: Path) -> None:
    for port in ("abc", "0", "70000", "-1"):
        done = start(tmp_path, port)
        assert done.returncode == 1
        assert f"PORT is '{port}'; it must be a number from 1 to 65535" in done.stderr
        assert "Traceback" not in done.stderr
