"""What `controllers apply` says: what changes, who goes on under the older version, and when it wants to be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Flask = Callable[..., Result]
Told = Callable[..., Any]


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., str]:
    """Acme's file with `old → new` exchanged in it; its path."""
    path = tmp_path / "acme.yaml"

    def changed(old: str, new: str) -> str:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return str(path)

    return changed


def test_what_changes_and_who_goes_on_is_said(told: Told, flask: Flask, change: Callable[..., str]) -> None:
    told("users", "create", "--email", "dpo@acme.example", "--controller", "acme", "--role", "dpo")
    for wish in ("one", "two"):
        told(
            "cases", "file", "--controller", "acme", "--right", "access", "--identity", f"email={wish}@example.com",
            "--proof", "Seen.", "--as", "dpo@acme.example", "--channel", "post",
        )  # fmt: skip
    path = change("access: {proof", "erasure: {}\n  access: {respond_within: {days: 14}, proof")
    looked = flask("controllers", "apply", path, "--dry-run").stdout
    assert looked.splitlines()[0] == "acme: would get version 2."
    assert told("controllers", "list")["controllers"][0]["version"] == 1
    assert flask("controllers", "apply", path).stdout.splitlines()[:4] == [
        "acme: version 2 is in force, with these changes to version 1:",
        "  rights.erasure: offered now",
        "  rights.access.respond_within: new, 14 days",
        "Open requests that go on under version 1: 2 access.",
    ]
    again = told("controllers", "apply", path)
    assert (again["changed"], again["changes"], again["open_requests"]) == (False, [], {"1": {"access": 2}})


def test_a_look_says_the_same_to_scripts(told: Told, change: Callable[..., str]) -> None:
    path = change("approvers: 1", "approvers: 2")
    looked, done = told("controllers", "apply", path, "--dry-run"), told("controllers", "apply", path)
    assert looked["changes"] == done["changes"] != []
    assert [(one["version"], one["changed"]) for one in (looked, done)] == [(1, False), (2, True)]


def test_another_company_under_the_same_address_must_be_meant(
    told: Told, flask: Flask, change: Callable[..., str]
) -> None:
    path = change("legal_name: ACME SIA", "legal_name: Somebody Else SIA")
    refused = flask("controllers", "apply", path, code=1)
    assert refused.stderr == (
        "Nothing was applied: acme is another organisation here, or it has changed (controller.legal_name: “ACME SIA” "
        "→ “Somebody Else SIA”). If the file is meant for it, add --yes; if not, give the file a slug of its own.\n"
    )
    assert told("controllers", "apply", path, code=1)["changed"] is False
    assert told("controllers", "list")["controllers"][0]["version"] == 1
    assert told("controllers", "apply", path, "--yes")["version"] == 2


def test_a_new_organisation_is_nothing_to_ask_about(flask: Flask, change: Callable[..., str]) -> None:
    path = change("slug: acme", "slug: cosmos")
    assert flask("controllers", "apply", path, "--dry-run").stdout.startswith("cosmos: would be a new organisation.")
    assert flask("controllers", "apply", path).stdout.startswith("cosmos: a new organisation; version 1 is")


def test_other_words_for_the_same_are_a_version_without_changes(flask: Flask, change: Callable[..., str]) -> None:
    path = change("purposes:\n", "erasure: {}\npurposes:\n")
    assert flask("controllers", "apply", path).stdout.startswith("acme: version 2 is in force.")
