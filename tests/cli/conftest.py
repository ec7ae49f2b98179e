"""The command line of a portal that stands on a fresh SQLite file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.cli import register
from app.portal import Portal
from tests.web.conftest import make_portal


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    """Acme and Borealis, as the tests of the pages have them."""
    return make_portal(tmp_path)


@pytest.fixture
def app(portal: Portal) -> Flask:
    made = create_app(portal)
    register(made)
    return made


@pytest.fixture
def flask(app: Flask) -> Callable[..., Result]:
    """Runs a command and insists on its exit code."""

    def run(*words: str, code: int = 0, stdin: str = "") -> Result:
        result = app.test_cli_runner().invoke(args=list(words), input=stdin)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return run


@pytest.fixture
def told(flask: Callable[..., Result]) -> Callable[..., Any]:
    """The one JSON document that a command answers with --json."""

    def run(*words: str, code: int = 0, stdin: str = "") -> Any:
        result = flask(*words, "--json", code=code, stdin=stdin)
        assert result.stdout.count("\n") == 1, "one document, and nothing else, on standard output"
        assert bool(code) <= bool(result.stderr), "a refusal says why on standard error"
        return json.loads(result.stdout)

    return run
