"""Set-up that cannot go on names what is missing and the command that mends it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("bash", "dirname", "cat", "cut", "id", "mkdir", "mktemp", "rm", "sha256sum", "tail", "uname")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What set-up reads, in a directory of its own, beside a PATH with hardly anything in it."""
    place = tmp_path / "checkout"
    place.mkdir()
    shutil.copytree(ROOT / "tools", place / "tools")
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    return place


def set_up(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "tools" / "setup", "run"],
        env={"PATH": str(checkout.parent / "bin"), "HOME": str(checkout), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(checkout: Path, name: str, script: str) -> None:
    path = checkout.parent / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_without_python_it_says_which_one_and_how_to_get_it(checkout: Path) -> None:
    run = set_up(checkout)
    assert run.returncode == 1
    assert "Python 3.11 or newer is needed, and there is no python3 at all." in run.stderr
    assert "apt-get install -y --no-install-recommends python3.11 python3.11-venv" in run.stderr


def test_an_old_python_is_named(checkout: Path) -> None:
    program(checkout, "python3", 'case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    run = set_up(checkout)
    assert run.returncode == 1
    assert "and there is Python 3.9.2." in run.stderr


def test_without_the_venv_module_it_names_the_package(checkout: Path) -> None:
    answer = f'case "$2" in *ensurepip*) exit 1 ;; *) exec {sys.executable} "$@" ;; esac'
    program(checkout, "python3.11", answer)
    run = set_up(checkout)
    assert run.returncode == 1
    assert "Python's venv module is missing" in run.stderr
    assert f"python{sys.version_info.major}.{sys.version_info.minor}-venv" in run.stderr


def test_an_index_out_of_reach_is_said_in_words(checkout: Path) -> None:
    program(checkout, "python3.11", f'exec {sys.executable} "$@"')
    nowhere = "http://127.0.0.1:9/simple"
    run = set_up(checkout, PIP_INDEX_URL=nowhere, PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull)
    assert run.returncode == 1
    assert "uv could not be fetched" in run.stderr
    assert "PIP_INDEX_URL" in run.stderr


def test_requirement_files_out_of_step_are_named(checkout: Path) -> None:
    project = checkout / "pyproject.toml"
    project.write_text(project.read_text().replace('"flask==', '"flask==0.').replace('  "segno==1.6.6",\n', ""))
    check = subprocess.run(
        [sys.executable, checkout / "tools" / "check_requirements.py"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 1
    assert "requirements.txt: pins flask to" in check.stdout
    assert "requirements.txt: segno is pinned but nothing needs it" in check.stdout
    assert "make lock" in check.stderr
