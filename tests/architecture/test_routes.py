"""Addresses are a contract (CONTRACT 1, 2): each is guarded, readable, and stays where it is.

`HABEAS_UPDATE=1 pytest tests/architecture/test_routes.py` writes routes.txt anew after an intended change.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from app.web.guard import guard_of, insist
from tests.architecture.world import World

FROZEN = Path(__file__).with_name("routes.txt")
# Words that a person may read in an address, and what they stand for; every other part is a number and says so.
PARTS = {
    "slug": "a controller",
    "right": "a right",
    "reference": "a request",
    "move": "a row of the table of moves",
    "package_id": "a package, at random",
    "letter_id": "a letter, at random",
    "evidence_id": "a file, at random",
    "ticket": "a signed permission to fetch one part",
    "token": "an invitation, at random",
    "name": "a mail of the demo",
    "mark": "a digest of a controller's colour",
}
_SEGMENT = re.compile(r"\.?[a-z0-9]+(?:[-.][a-z0-9]+)*")


def lines(world: World) -> list[str]:
    """Every address with its methods and who may use it."""
    found = []
    for rule, guard in world.rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        found.append(f"{methods:8} {rule.rule}  ({guard.name})")
    return found


def rules(world: World) -> list[Rule]:
    return [rule for rule, _ in world.rules()]


def test_the_addresses_are_those_that_were_agreed(world: World) -> None:
    now = lines(world)
    if os.environ.get("HABEAS_UPDATE") == "1":
        FROZEN.write_text("\n".join(now) + "\n")
    before = FROZEN.read_text().splitlines()
    gone, fresh = sorted(set(before) - set(now)), sorted(set(now) - set(before))
    report = [*(f"- {line}" for line in gone), *(f"+ {line}" for line in fresh)]
    assert not report, "\n" + "\n".join(report)
    assert before == now


def test_every_address_has_a_guard(world: World) -> None:
    for rule in rules(world):
        assert guard_of(world.app, rule.endpoint) is not None, rule.rule


def test_an_address_without_a_guard_does_not_start() -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", "open_to_all", lambda: "")
    with pytest.raises(TypeError, match="open_to_all"):
        insist(bare)


def test_every_address_is_written_in_kebab_case(world: World) -> None:
    for rule in rules(world):
        for segment in re.sub(r"<[^>]+>", "x", rule.rule).strip("/").split("/"):
            assert not segment or _SEGMENT.fullmatch(segment), rule.rule


def test_every_part_of_an_address_is_a_number_or_known(world: World) -> None:
    used = set()
    for rule in rules(world):
        for name in rule.arguments:
            typed = isinstance(rule._converters[name], IntegerConverter)
            assert typed or name in PARTS, f"{rule.rule}: {name}"
            used.add(name)
    assert PARTS.keys() <= used


def test_every_address_is_answered_by_one_view(world: World) -> None:
    served = Counter(
        (re.sub(r"<[^>]+>", "<>", rule.rule), method)
        for rule in rules(world)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )
    assert [address for address, count in served.items() if count > 1] == []


def test_pages_end_with_a_slash(world: World) -> None:
    """Of what browsers show by GET; files, the API, probes and deeds do not."""
    for rule, guard in world.rules():
        if guard.browser and not guard.quiet and "GET" in (rule.methods or ()):
            assert rule.rule.endswith("/") or "." in rule.rule.rpartition("/")[2], rule.rule


def test_nothing_but_get_and_post_is_used(world: World) -> None:
    """A form can send no other method, and what browsers cannot do no page may need."""
    for rule in rules(world):
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule
