"""What an operator does: files checked and applied, systems tried, time let pass, the house looked over."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask as FlaskApp

from app import schema
from app.bootstrap import make_engine
from app.cli import demo
from app.cli.demos import DEMOS
from app.cli.doctor import known_on, knows_a_holiday
from app.domain.errors import Refused
from app.domain.lifecycle import OUTCOMES, STATUSES
from app.domain.permissions import SYSTEM
from app.gateways.clock import Clock, FixedClock
from app.gateways.pdf import PlainPrinter
from app.gateways.storage import new_name
from app.models.ledger import Job
from app.portal import Portal
from app.queries import policies
from tests import servers
from tests.web.conftest import make_portal

Flask = Callable[..., Result]
Told = Callable[..., Any]


def test_a_controller_file_is_checked_applied_and_listed(told: Told, flask: Flask, tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    assert told("controllers", "check", str(path))["slug"] == "acme"
    assert told("controllers", "apply", str(path))["changed"] is False
    path.write_text(path.read_text().replace("approvers: 1", "approvers: 2"))
    assert told("controllers", "apply", str(path)) | {"warnings": []} == {
        "slug": "acme", "version": 2, "new": False, "changed": True, "open_requests": {}, "warnings": [],
        "changes": [
            {"field": "rights.access.approvers", "change": "changed", "text": "rights.access.approvers: 1 → 2"},
        ],
    }  # fmt: skip
    listed = told("controllers", "list")["controllers"]
    assert [(row["slug"], row["version"]) for row in listed] == [("acme", 2), ("borealis", 1)]
    assert "version 2" in flask("controllers", "list").stdout


def test_every_mistake_in_a_file_is_named_at_once(told: Told, flask: Flask, tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(path.read_text().replace("country: LV", "country: ZZ").replace("access:", "acces:"))
    result = flask("controllers", "check", str(path), code=1)
    assert "acme.yaml:5" in result.stderr
    assert "did you mean access?" in result.stderr
    told("controllers", "apply", str(path), code=1)
    assert told("controllers", "list")["controllers"][0]["version"] == 1
    told("controllers", "check", str(tmp_path / "nothing.yaml"), code=1)


def test_connections_are_compared_with_their_data_map(told: Told, flask: Flask, tmp_path: Path) -> None:
    check = ("connections", "check", "--controller", "acme")
    assert told(*check)["connections"]["shop"]["sound"]
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("ALTER TABLE customers DROP COLUMN note")
        shop.execute("ALTER TABLE customers ADD COLUMN phone TEXT")
    found = told(*check, code=1)["connections"]["shop"]
    assert (found["reachable"], found["missing"]) == (True, ["customers.note"])
    assert "customers.phone" in found["extra"]
    assert "customers.note" in flask(*check, code=1).stdout


def test_an_unreachable_system_is_named_without_its_address(app: FlaskApp, flask: Flask, portal: Portal) -> None:
    app.extensions["habeas"] = replace(portal, environment={"SHOP_URL": "sqlite:////nowhere/at/all.db"})
    result = flask("connections", "check", "--controller", "acme", code=1)
    assert "shop:" in result.stdout
    assert "/nowhere" not in result.output


def test_the_database_is_brought_up_and_compared(tmp_path: Path, app: FlaskApp, told: Told, flask: Flask) -> None:
    portal: Portal = app.extensions["habeas"]
    empty = make_portal_without_tables(tmp_path / "new", portal)
    app.extensions["habeas"] = empty
    assert told("db", "check", code=1)["revision"] is None
    assert "Run `flask db upgrade`" in flask("doctor", code=1).stdout
    first = told("db", "upgrade")
    assert (first["before"], first["revision"]) == (None, schema.revisions(empty.ground.engine)[1])
    assert told("db", "upgrade")["before"] == first["revision"]
    assert told("db", "check")["differences"] == []


def make_portal_without_tables(folder: Path, like: Portal) -> Portal:
    folder.mkdir()
    return replace(like, ground=replace(like.ground, engine=make_engine(f"sqlite:///{folder / 'habeas.db'}")))


@pytest.fixture
def migrated(tmp_path: Path, app: FlaskApp) -> Portal:
    """A portal whose database was made by the migrations."""
    portal = make_portal_without_tables(tmp_path / "new", app.extensions["habeas"])
    schema.upgrade(portal.ground.engine)
    app.extensions["habeas"] = portal
    return portal


def test_the_doctor_names_each_thing_and_its_cure(migrated: Portal, told: Told, flask: Flask, app: FlaskApp) -> None:
    found = told("doctor")
    assert found["well"]
    assert {one["name"] for one in found["findings"]} >= {
        "settings", "database", "broker", "storage", "mail", "clock", "calendars", "laws", "jobs", "relay", "systems",
    }  # fmt: skip
    settings = replace(migrated.settings, mail_url="smtp://127.0.0.1:1", broker_url="redis://127.0.0.1:1")
    app.extensions["habeas"] = replace(migrated, settings=settings)
    lines = flask("doctor", code=1).stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("BAD")] == ["broker:", "mail:"]
    assert all("Check HABEAS_" in line for line in lines if line.startswith("BAD"))


def bad(flask: Flask) -> dict[str, str]:
    """What the doctor finds wrong, by name."""
    lines = [line[5:].partition(": ") for line in flask("doctor", code=1).stdout.splitlines() if line[:3] == "BAD"]
    return {name: words for name, _, words in lines}


def test_the_doctor_sees_jobs_that_nobody_does(migrated: Portal, told: Told, flask: Flask, tmp_path: Path) -> None:
    told("controllers", "apply", str(tmp_path / "acme.yaml"))
    now = migrated.clock.real()
    with migrated.work(SYSTEM, policies.find(migrated, "acme")) as work:
        for state in ("dead", "queued"):
            work.session.add(
                Job(kind="mail", arguments={}, state=state, due_at=now - timedelta(minutes=6), created_at=now)
            )
    found = bad(flask)
    assert found.keys() == {"jobs", "relay"}
    assert "given up: mail (1)" in found["jobs"]
    with migrated.ground.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM job WHERE state = 'dead'")
    assert "wait for more than five minutes" in bad(flask)["jobs"]


def test_the_doctor_sees_a_clock_before_the_trail(migrated: Portal, told: Told, flask: Flask, tmp_path: Path) -> None:
    told("controllers", "apply", str(tmp_path / "acme.yaml"))
    assert isinstance(migrated.clock, FixedClock)
    migrated.clock.advance(timedelta(days=-1))
    assert "later than now" in bad(flask)["clock skew"]


def test_the_doctor_sees_a_shifted_day(migrated: Portal, app: FlaskApp, flask: Flask) -> None:
    shifted = Clock(timedelta(days=30))
    app.extensions["habeas"] = replace(migrated, ground=replace(migrated.ground, clock=shifted))
    assert "shifts the portal's day by +30.0 days" in flask("doctor").stdout


def test_the_doctor_sees_systems_and_storage(migrated: Portal, told: Told, flask: Flask, tmp_path: Path) -> None:
    told("controllers", "apply", str(tmp_path / "acme.yaml"))
    (tmp_path / "shop.db").unlink()
    (tmp_path / "shop.db").mkdir()
    migrated.storage.put(new_name(), [b""])
    shutil.rmtree(migrated.settings.storage_path)
    migrated.settings.storage_path.write_text("a file where the folder should be")
    found = bad(flask)
    assert "acme/shop" in found["systems"]
    assert "cannot be written" in found["storage"]


def test_the_doctor_sees_a_database_that_is_away(portal: Portal, app: FlaskApp, flask: Flask, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'nowhere' / 'at' / 'all.db'}")
    app.extensions["habeas"] = replace(portal, ground=replace(portal.ground, engine=engine))
    assert "does not answer (OperationalError)" in bad(flask)["database"]


def test_the_doctor_reaches_broker_and_mail(migrated: Portal, app: FlaskApp, flask: Flask) -> None:
    with servers.or_skip(servers.redis()) as broker, servers.smtp() as sink:
        settings = replace(migrated.settings, mail_url=sink.url, broker_url=broker.url)
        app.extensions["habeas"] = replace(migrated, settings=settings)
        lines = flask("doctor").stdout
    assert "broker: Redis answers." in lines
    assert "mail: 127.0.0.1:" in lines


def test_a_calendar_that_ends_is_noticed() -> None:
    assert knows_a_holiday("RO", 2027)
    assert not knows_a_holiday("ZZ", 2027)
    # Russia decrees its days off year by year; the others follow from the law.
    assert known_on("RU", date(2027, 12, 31))
    assert not known_on("RU", date(2101, 1, 1))
    assert all(known_on(country, date(2060, 6, 1)) for country in ("LV", "RO", "BG", "GB-SCT", "US-CA", "BR"))


def test_time_is_let_pass(told: Told) -> None:
    first = told("clock", "tick")
    assert first["sweeps"].keys() >= {"expire_packages", "seal_trails"}
    assert told("clock", "tick")["sweeps"]["seal_trails"] == 0, "twice changes nothing more"


def test_a_changed_trail_is_found(told: Told, portal: Portal) -> None:
    told("users", "create", "--email", "dpo@acme.example", "--controller", "acme", "--role", "dpo")
    assert told("trail", "verify")["holds"]
    with portal.ground.engine.begin() as connection:
        change = "UPDATE trail_entry SET event = 'membership:removed' WHERE event = 'membership:added'"
        connection.exec_driver_sql(change)
    broken = told("trail", "verify", code=1)
    assert not broken["controllers"]["acme"]["holds"]
    assert broken["controllers"]["borealis"]["holds"]
    assert "entry 1 is not what was written" in broken["controllers"]["acme"]["broken"]


@pytest.fixture
def shown(tmp_path: Path) -> Portal:
    """A portal that runs as the demo does, with a clock that stands still and a printer that needs no fonts."""
    (tmp_path / "demo").mkdir()
    plain = make_portal(tmp_path / "demo", env="demo")
    folder = tmp_path / "demo" / "samples"
    variables = [name for one in DEMOS for name in one.sample.variables.values()]
    environment = {name: f"sqlite:///{folder / name.lower()}.db" for name in variables}
    return replace(plain, environment=environment, pdf=PlainPrinter())


def test_the_demo_has_requests_in_every_state_and_loads_once(app: FlaskApp, shown: Portal, told: Told) -> None:
    app.extensions["habeas"] = shown
    loaded = told("demo", "load")
    assert loaded["cases_made"] == sum(len(plan.rights) for one in DEMOS for plan in one.plans)
    assert told("demo", "load")["cases_made"] == 0
    rows = told("cases", "list", "--controller", "softmanager", "--limit", "200")["cases"]
    assert {row["status"] for row in rows} == {*STATUSES} - {"cooling_off"}
    assert {row["outcome"] for row in rows} == {None, *OUTCOMES}
    assert {row["lateness"] for row in rows} == {None, "on_time", "due_soon", "overdue"}
    assert told("trail", "verify")["holds"]
    failed = next(row["reference"] for row in rows if row["status"] == "in_progress")
    runs = {run["connection"]: run for run in told("cases", "show", failed)["runs"]}
    assert (runs["crm"]["state"], runs["billing"]["state"]) == ("done", "failed")
    told("cases", "move", failed, "collect", "--as", "dpo@softmanager.example")
    told("work", "run", "--until-idle")
    assert told("cases", "show", failed)["status"] == "in_review"
    assert {one["email"] for one in loaded["staff"]} <= set(demo.greeting(shown).split())


def test_the_demo_is_for_the_demo_only(portal: Portal, told: Told) -> None:
    with pytest.raises(Refused):
        demo.load(portal)
    assert "HABEAS_ENV=demo" in told("demo", "load", code=1)["error"]["message"]


def test_the_demo_is_not_loaded_again_on_another_day(app: FlaskApp, shown: Portal) -> None:
    assert demo.load(shown) == sum(len(plan.rights) for one in DEMOS for plan in one.plans)
    assert isinstance(shown.clock, FixedClock)
    shown.clock.advance(timedelta(days=3))
    assert demo.load(shown) == 0
