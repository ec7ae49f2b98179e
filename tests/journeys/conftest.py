"""A portal as `make run` starts it, with the demo, and real Chromium windows to use it with."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import servers
from tests.journeys.walker import ROOT, Walker

PASSWORD = "ride the quiet tram home"
START_SECONDS = 240  # the whole demo is loaded first
FRESH_SECONDS = 600  # after a quarter of an hour what cannot be taken back asks for the second factor again
WIDE = {"width": 1280, "height": 900}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip


@dataclass(frozen=True)
class Running:
    """The started portal."""

    base: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
        return kept | {"HABEAS_DATA_DIR": str(self.data), "HABEAS_BASE_URL": self.base}

    def flask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`flask …` beside the running portal, as an operator types it."""
        command = [str(Path(sys.executable).with_name("flask")), *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )

    def told(self, *words: str) -> Any:
        """The same, with its JSON."""
        done = self.flask(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One portal for all journeys of this process; each of them brings its own person."""
    port = servers.free_port()
    running = Running(f"http://127.0.0.1:{port}", tmp_path_factory.mktemp("portal"))
    log = running.data / "portal.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"], cwd=ROOT, env=running.environment | {"PORT": str(port)},
            stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(running.base, process, log)
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()
    assert b"Traceback" not in log.read_bytes()


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        with suppress(URLError), urlopen(f"{base}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the portal does not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    with servers.or_skip(_chromium()) as browser:
        yield browser


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = servers.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


NewWalker = Callable[..., Walker]


@pytest.fixture
def window(chromium: Browser, portal: Running) -> Iterator[NewWalker]:
    """Opens windows that share nothing; at the end each must have seen nothing but sound pages."""
    opened: list[Walker] = []

    def new(*, width: int = WIDE["width"], scripts: bool = True, state: Any = None) -> Walker:
        context = chromium.new_context(
            viewport={"width": width, "height": WIDE["height"]}, java_script_enabled=scripts, storage_state=state,
            locale="en-GB", timezone_id="Europe/Bucharest", reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        opened.append(Walker(context, portal.base, scripts=scripts))
        return opened[-1]

    yield new
    for walker in opened:
        walker.settle()


@pytest.fixture
def person(window: NewWalker) -> Walker:
    """Somebody at home."""
    return window()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of each member of staff who has signed in already: a one-time code works once."""
    return {}


@pytest.fixture
def desk(window: NewWalker, signed_in: dict[str, Any]) -> Iterator[Callable[..., Walker]]:
    """A window in which that role is signed in. Whoever showed their second factor again has another id since."""
    used: dict[str, Walker] = {}

    def enter(role: str, **how: Any) -> Walker:
        state, since = signed_in.get(role, (None, 0.0))
        if state is not None and time.monotonic() - since < FRESH_SECONDS:
            used[role] = window(state=state, **how)
            return used[role]
        used[role] = window(**how)
        sign_in(used[role], role)
        signed_in[role] = used[role].context.storage_state(), time.monotonic()
        return used[role]

    yield enter
    signed_in.update({role: (walker.context.storage_state(), signed_in[role][1]) for role, walker in used.items()})


def sign_in(walker: Walker, role: str) -> None:
    """Password, then the code that the demo shows; a code that was used a moment ago is waited out."""
    email = f"{role}@softmanager.example"
    walker.open("/demo/codes/")
    one = walker.page.locator(".habeas-people__one", has_text=email)
    code = re.sub(r"\D", "", one.locator(".habeas-people__code").inner_text())
    walker.open("/signin/")
    walker.page.get_by_label("E-mail address").fill(email)
    walker.page.get_by_label("Password", exact=True).fill(PASSWORD)
    walker.press("Continue")
    walker.page.get_by_label("Code from your app").fill(code)
    walker.press("Sign in")
    assert walker.path.startswith("/desk/"), walker.words
