"""`flask deadlines explain`: the worked examples of the law, row by row, and what cannot be meant (LAW 2, 3)."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from app.cli.clock_events import read
from app.cli.deadlines import counted, told
from app.policies.loader import load_regimes

VECTORS = Path(__file__).parents[1] / "vectors"
REGIMES = load_regimes()


def rows() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for name in ("deadlines.csv", "more_deadlines.csv"):
        with (VECTORS / name).open(encoding="utf-8", newline="") as stream:
            found += csv.DictReader(stream)
    return found


def explained(regime: str, country: str, received: str, *events: str) -> dict[str, Any]:
    asked = read(received, country=country, events=events, kind=None, timezone=None)
    return told(counted(REGIMES, regime, asked, country)[2])


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_worked_examples(row: dict[str, str]) -> None:
    found = explained(row["regime"], row["country"], row["received"], row["events"])
    assert found["due"] == row["expected_due"]
    assert found["state"] == "running"
    assert found["steps"][-1 if "T" not in row["received"] else 0]["why"].endswith(".")
    assert all("%(" not in step["why"] for step in found["steps"])


def test_the_examples_are_there() -> None:
    by_regime = [row["regime"] for row in rows()]
    assert len(by_regime) == len({row["id"] for row in rows()}) >= 125
    assert set(by_regime) == set(REGIMES)


@pytest.mark.parametrize(("event", "notice"), [
    ("extend 2m", "2024-02-15"), ("pause 2024-01-20..2024-01-27", "2024-02-22"), ("", "2024-02-15"),
])  # fmt: skip
def test_until_when_an_extension_can_be_told(event: str, notice: str) -> None:
    assert explained("gdpr", "LV", "2024-01-15", event)["base_due"] == notice


def test_a_time_that_stands_still() -> None:
    found = explained("gdpr", "LV", "2024-03-05", "pause 2024-03-07..")
    assert (found["state"], found["due"], found["earliest_due"]) == ("paused", None, "2024-04-05")
    assert found["steps"][-1]["rule"] == "waiting"


def test_both_clocks_of_a_signed_form() -> None:
    found = explained("ru_152fz", "RU", "2025-02-03", "kind=access_10wd", "duly_executed 2025-02-10")
    assert (found["due"], found["statutory_due"]) == ("2025-02-24", "2025-02-17")
    assert "17 February 2025" in found["steps"][-1]["why"]


@pytest.mark.parametrize(("regime", "country", "received", "events", "rule", "day"), [
    ("uk_gdpr", "GB-ENG", "2026-03-02", "pause 2026-03-05..2026-03-12", "other_reading", "2026-04-10"),
    ("ccpa", "US-CA", "2025-03-03", "kind=respond_45d", "target", "2025-04-16"),
    ("uk_gdpr", "GB-ENG", "2026-07-01", "kind=complaint_30d", "target", "2026-07-30"),
    ("gdpr", "LV", "2024-10-25T14:05:00+03:00", "kind=breach_72h", "target", "2024-10-28T13:05:00+02:00"),
    ("ru_152fz", "RU", "2027-12-27", "kind=access_10wd", "calendar", "2028-01-18"),
    ("gdpr", "LV", "2024-01-15", "extend 2m 2024-02-16", "late_extension", "2024-02-16"),
    ("gdpr", "LV", "2024-01-15", "extend 2m;extend 2m", "second_extension", "2024-01-15"),
    ("lgpd", "BR", "2025-03-10", "kind=access_15d;extend 2m", "no_extension", "2025-03-10"),
    ("gdpr", "LV", "2024-03-05", "pause 2024-04-10..2024-04-20", "late_pause", "2024-04-10"),
    ("ccpa", "US-CA", "2025-03-03", "pause 2025-03-05..2025-03-15", "no_pause", "2025-03-05"),
    ("uk_gdpr", "GB-ENG", "2026-03-20", "fee_paid 2026-04-01", "restart", "2026-04-01"),
    ("gdpr", "LV", "2024-03-05", "promise 5wd from duly_executed", "promise_waits", "2024-03-05"),
    ("gdpr", "LV", "2024-03-05", "answered 2024-03-20", "stopped", "2024-03-20"),
    ("gdpr", "LV", "2024-03-05", "pause 2024-03-07..2024-03-07", "pause", "2024-04-05"),
])  # fmt: skip
def test_what_moves_a_date_or_does_not_is_said(
    regime: str, country: str, received: str, events: str, rule: str, day: str
) -> None:
    steps = explained(regime, country, received, events)["steps"]
    assert day in [step["date"] for step in steps if step["rule"] == rule]


def test_a_document_for_scripts_and_lines_for_people(flask: Callable[..., Result], told: Callable[..., Any]) -> None:
    question = ("deadlines", "explain", "--regime", "gdpr", "--country", "LV", "--received", "2024-02-29")
    document = told(*question)
    assert (document["due"], document["version"], document["kind"]) == ("2024-04-02", 1, "answer")
    assert {"date", "rule", "why"} == set(document["steps"][0])
    shown = flask(*question, "--event", "pause 2024-03-05..").stdout
    assert shown.startswith("The time stands still; due on 2024-04-02 at the earliest.")
    hours = told(*question[:-1], "2024-10-25T14:05:00+03:00", "--kind", "breach_72h", "--tz", "Europe/Riga")
    assert hours["due"] == "2024-10-28T14:00:00+02:00"


@pytest.mark.parametrize(("changed", "words"), [
    ({"--regime": "hipaa"}, "no law that the portal knows"),
    ({"--country": "XX"}, "no calendar for 'XX'"),
    ({"--country": "lv"}, "no calendar"),
    ({"--received": "2024-02-30"}, "no day"),
    ({"--received": "yesterday"}, "no day or moment"),
    ({"--received": "2024-2-1"}, "no day or moment"),
    ({"--received": "1924-02-01"}, "another century"),
    ({"--received": "2126-02-01"}, "another century"),
    ({"--received": "2017-02-01"}, "holds only from 2018-05-25"),
    ({"--kind": "access_10wd"}, "no time that gdpr knows"),
    ({"--kind": "breach_72h"}, "give the moment"),
    ({"--tz": "Europe"}, "no time zone"),
    ({"--tz": "Mars/Olympus"}, "no time zone"),
    ({"--event": "tz=../../etc/passwd"}, "no time zone"),
    ({"--event": "promise 0d"}, "from 1 to 100000"),
    ({"--event": "promise -5d"}, "no length of time"),
    ({"--event": "promise 30d from birth"}, "from received or from duly_executed"),
    ({"--event": "promise 1000000d"}, "no length of time"),
    ({"--event": "extend"}, "no length of time"),
    ({"--event": "extend 5m"}, "2 months at most"),
    ({"--event": "extend 2m tomorrow"}, "no day"),
    ({"--event": "pause 2024-03-12..2024-03-05"}, "ends before it begins"),
    ({"--event": "pause 2024-02-01..2024-03-05"}, "before the request came in"),
    ({"--event": "pause 2024-03-05"}, "is not written as"),
    ({"--event": "pause 2024-03-05..2024-03-06 lunch"}, "no reason to wait"),
    ({"--event": "resume 2024-03-05"}, "is no event"),
    ({"--event": "fee_paid"}, "no day"),
    ({"--country": "US", "--received": "2024-03-05T10:00:00"}, "several time zones"),
])  # fmt: skip
def test_what_cannot_be_meant_is_wrong_usage(flask: Callable[..., Result], changed: dict[str, str], words: str) -> None:
    given = {"--regime": "gdpr", "--country": "LV", "--received": "2024-02-29"} | changed
    result = flask("deadlines", "explain", *(word for pair in given.items() for word in pair), code=2)
    assert words in " ".join(result.stderr.split())
    assert not result.stdout
