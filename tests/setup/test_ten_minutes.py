"""docs/controller-file.md, “Your organisation in ten minutes”: somebody who follows it to the letter gets there.

Every block is taken in the order of the page: files are written as they stand, commands are typed into one shell, and
what the page says that they print is what they print (`…` stands for anything).
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import bootstrap, create_app
from app.cli import register
from app.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "controller-file.md").read_text(encoding="utf-8")
WALK = PAGE.partition("## Your organisation in ten minutes")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", WALK, re.DOTALL | re.MULTILINE)
END = "--- the end of this block ---"


@dataclass(frozen=True)
class Walked:
    """What became of it: the folder, and what each block of commands printed beside what the page says of that."""

    home: Path
    printed: tuple[str, ...]
    promised: tuple[str | None, ...]


class Shell:
    """Types commands: `flask` ones run here and now, through the same entrance, since each process would take seconds
    to start; everything else, and every expansion of words, is bash's."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
        self.env = kept | {"HOME": str(home)}
        self.app: Flask | None = None

    def write(self, name: str, text: str) -> None:
        """A file as the page has it; what it replaces is kept beside it."""
        path = self.home / name
        if path.exists():
            path.rename(f"{path}.before")
        path.write_text(text, encoding="utf-8")

    def type(self, line: str) -> str:
        """What is to be seen afterwards."""
        found = re.fullmatch(r"(?:(\w+)=\$\()?\.venv/bin/flask (.+?)\)?(?: > (\S+))?", line)
        if found is None:
            typed = line.replace(".venv/bin/python", sys.executable)
            seen, _, after = self._bash(f"{typed} && echo '{END}' && env -0").partition(f"{END}\n")
            self.env = dict(one.split("=", 1) for one in after.split("\0") if "=" in one)
            return seen
        variable, words, file = found.groups()
        result = self._flask(self._bash(f"printf '%s\\0' {words}").split("\0")[:-1])
        if variable:
            self.env[variable] = result.stdout.strip()
        elif file:
            Path(self._bash(f"printf %s {file}")).write_text(result.stdout, encoding="utf-8")
        return result.stderr if variable or file else result.output

    def _flask(self, words: list[str]) -> Result:
        if self.app is None:
            portal = bootstrap.build(read_settings(self.env))
            self.app = create_app(replace(portal, environment=self.env))
            register(self.app)
        result = self.app.test_cli_runner().invoke(args=words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    def _bash(self, line: str) -> str:
        done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=self.env, check=True, capture_output=True, text=True)
        return done.stdout


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    shell = Shell(tmp_path_factory.mktemp("newcomer"))
    printed: list[str] = []
    promised: list[str | None] = []
    for kind, name, text in BLOCKS:
        if kind == "sh":
            printed.append("".join(shell.type(line) for line in text.splitlines()))
            promised.append(None)
        elif kind == "text":
            promised[-1] = text
        else:
            shell.write(name, text)
    return Walked(shell.home, tuple(printed), tuple(promised))


def test_the_page_has_the_whole_way() -> None:
    typed = "".join(text for kind, _, text in BLOCKS if kind == "sh")
    for command in (
        "connections draft", "controllers check", "controllers apply", "connections check", "users create",
        "cases file", "collect", "approve", "release", "packages verify",
    ):  # fmt: skip
        assert command in typed, command
    assert len(re.findall("^```", WALK, re.MULTILINE)) == 2 * len(BLOCKS), "each block is followed"


def test_the_commands_print_what_the_page_says(walked: Walked) -> None:
    assert len(walked.printed) == len(walked.promised)
    for printed, promised in zip(walked.printed, walked.promised, strict=True):
        assert "Traceback" not in printed
        if promised is not None:
            assert re.fullmatch(expected(promised), printed), f"{promised}\n--- was ---\n{printed}"


def expected(promised: str) -> str:
    """A line that is only `…` stands for any lines, `…` in a line for anything there."""
    lines = [
        "(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in promised.splitlines()
    ]
    return "".join(lines)


def test_only_what_was_open_was_decided_by_hand(walked: Walked) -> None:
    """The page's data map is the draft with the open categories filled in: nobody has to type a map."""
    folder = walked.home / "kiosk" / "datasets"
    draft, final = ((folder / name).read_text(encoding="utf-8") for name in ("kiosk.yml.before", "kiosk.yml"))
    without_remarks = re.sub(r"^#.*\n|  #.*", "", draft, flags=re.MULTILINE)
    assert draft.count("[open]") == 2
    assert without_remarks.replace("[open]", "[user.behavior]") == final


def test_the_package_holds_ana_and_nobody_else(walked: Walked) -> None:
    (path,) = (walked.home / "kiosk").glob("*.zip")
    with zipfile.ZipFile(path) as package:
        rows = {
            name.rpartition("/")[2]: json.loads(package.read(name))
            for name in package.namelist()
            if name.startswith("data/") and name.endswith(".json")
        }
        everything = b"".join(package.read(name) for name in package.namelist())
    assert {name: [row["id"] for row in found] for name, found in rows.items()} == {
        "readers.json": [1], "loans.json": [1, 3],
    }  # fmt: skip
    for stranger in (b"Bob Kalns", b"On Rivers", b"hash-of"):
        assert stranger not in everything


def test_it_is_short_enough_for_ten_minutes() -> None:
    """What a newcomer types: half a minute for each command, and a line of a file in five seconds."""
    commands = sum(len(text.splitlines()) for kind, _, text in BLOCKS if kind == "sh")
    written = sum(len(text.splitlines()) for kind, name, text in BLOCKS if name.endswith("kiosk.yaml"))
    decided = 2  # lines of the draft that are changed
    assert commands * 20 + (written + decided) * 5 <= 600
