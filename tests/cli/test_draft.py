"""`connections draft`: a data map to begin with, and no password where it would stay in a shell's history."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask as FlaskApp

from app.portal import Portal

Flask = Callable[..., Result]
Told = Callable[..., Any]


def test_a_draft_is_printed_and_says_what_is_open(told: Told, flask: Flask, tmp_path: Path) -> None:
    draft = ("connections", "draft", "--url", "${SHOP_URL}", "--key", "shop")
    made = told(*draft)
    assert made["open"] == []
    assert "fides_meta: {identity: email}" in made["dataset"]
    assert flask(*draft).stdout == made["dataset"]
    (tmp_path / "shop.yml").write_text(made["dataset"])
    assert told("controllers", "apply", str(tmp_path / "acme.yaml"))["changed"]
    assert told("connections", "check", "--controller", "acme")["connections"]["shop"]["sound"]


@pytest.mark.parametrize(("url", "key", "said"), [
    ("postgresql://reader:quiet@db/shop", "shop", "url: holds a password; ${NAME} in its place"),
    ("${NOWHERE_URL}", "shop", "needs NOWHERE_URL to be set in the environment"),
    ("mysql://db/shop", "shop", "starts with postgresql:// or sqlite:///"),
    ("sqlite:////nowhere/at/all.db", "shop", "could not be reached"),
    ("${SHOP_URL}", "The Shop", "key: is “The Shop”"),
])  # fmt: skip
def test_what_it_cannot_draft(flask: Flask, url: str, key: str, said: str) -> None:
    refused = flask("connections", "draft", "--url", url, "--key", key, code=1)
    assert said in refused.stderr
    assert "quiet" not in refused.stderr
    assert "/nowhere" not in refused.stderr


def test_an_address_of_the_environment_is_not_shown(app: FlaskApp, flask: Flask, portal: Portal) -> None:
    app.extensions["habeas"] = replace(portal, environment={"SHOP_URL": "postgresql://reader:quiet@127.0.0.1:1/shop"})
    refused = flask("connections", "draft", "--url", "${SHOP_URL}", "--key", "shop", code=1)
    assert "quiet" not in refused.stderr
    assert "127.0.0.1" not in refused.stderr
