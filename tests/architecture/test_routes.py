"""Addresses are promises: the list of them is frozen, and reading any of them, by anybody, changes nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app import create_app
from app.domain.permissions import ANONYMOUS
from app.gateways.mail import MemoryMailer
from app.models.base import Base
from app.models.fulfilment import Collected
from app.portal import Portal
from app.services import intake, sessions, staff, tokens
from tests.factories import House, houses

ROUTES = Path(__file__).parent / "routes.txt"
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def test_the_list_of_addresses_is_the_one_that_was_agreed(sqlite_portal: Portal) -> None:
    """A new address, or one that is gone, must be meant: change `routes.txt` with it."""
    rules = create_app(sqlite_portal).url_map.iter_rules()
    have = sorted({f"{rule.rule} {method}" for rule in rules for method in (rule.methods or set()) & METHODS})
    assert have == ROUTES.read_text().splitlines()


class World:
    """Everything that an address can name, and somebody of every kind to look at it."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.house, self.other = houses(portal)
        self.app: Flask = create_app(portal)
        self.references = [self.house.in_status(status) for status in ("unverified", "in_review", "ready", "closed")]
        refused = self.house.in_status("open")
        self.house.move(refused, "refuse", ground="excessive", reason="Because.")
        self.references.append(refused)
        with self.house.work(ANONYMOUS) as work:
            self.draft = intake.save_draft(work, token=None, kind="access", answers={"name": "Ana"})
        with self.house.reading() as work:
            self.collected = list(work.session.scalars(select(Collected.id)))
        with self.house.work() as work:
            invited = staff.invite(work, email="new@acme.example.com", role="handler")
        self.invitation = invited.token or ""

    def values(self) -> dict[str, list[str]]:
        """What may stand in each gap of an address: things of ours, of somebody else's, and nonsense."""
        views = [self.house.view(reference) for reference in self.references]
        return {
            "slug": ["acme", "borealis", "nobody"],
            "right": ["access", "erasure"],
            "reference": [*self.references, "2222-2222-2222", "nonsense"],
            "package_id": [package.id for view in views for package in view.packages],
            "letter_id": [letter.id for view in views for letter in view.letters],
            "move": ["assign", "collect", "approve", "release", "refuse", "confirm", "vanish"],
            "collection": [str(number) for number in self.collected],
            "token": [self.invitation, "nonsense"],
            "ticket": ["nonsense"],
            "number": ["1"],
            "mark": ["0"],
            "name": ["nonsense"],
        }

    def visitors(self) -> Iterator[tuple[str, FlaskClient, dict[str, str]]]:
        yield "nobody", self.app.test_client(), {}
        with self.portal.unscoped("the test lets somebody in") as work:
            entered = sessions.start(work, stage="person", references=self.references)
        yield "the person", self.signed_in(entered), {}
        for name in ("dpo", "admin", "auditor"):
            login_id = self.house.staff(name).login_id
            with self.portal.unscoped("the test signs somebody in") as work:
                token = sessions.start(work, login_id=login_id, stage="full")
            yield name, self.signed_in(token), {}
        with self.house.work() as work:
            bearer = tokens.create(work, email="dpo@acme.example.com", scopes=tokens.SCOPES)
        yield "a token", self.app.test_client(), {"Authorization": f"Bearer {bearer}"}

    def signed_in(self, token: str) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        return client


def paths(rule: Rule, values: dict[str, list[str]]) -> list[str]:
    """Addresses of that form, each value tried in its gap while the others stand first in their lists."""
    gaps = re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", rule.rule)
    assert set(gaps) <= set(values), f"say in `values` what {rule.rule} may name"
    first = {name: values[name][0] for name in gaps}
    made = [first, *({**first, name: value} for name in gaps for value in values[name])]
    if {"slug", "reference"} <= set(gaps):
        made += [
            {**first, "reference": value, "move": move} for value in values["reference"] for move in values["move"]
        ]
    return sorted({re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda gap, one=one: one[gap[1]], rule.rule) for one in made})


def content(portal: Portal) -> dict[str, list[Any]]:
    """Every row of every table, without what a look may leave: signs of life of sessions, and counters."""
    with portal.ground.engine.connect() as connection:
        return {
            table.name: connection.execute(
                select(*(column for column in table.c if column.name != "last_seen_at")).order_by(*table.primary_key)
            ).fetchall()
            for table in Base.metadata.sorted_tables
            if table.name != "rate"
        }


def test_reading_changes_nothing_whoever_reads(sqlite_portal: Portal) -> None:
    world = World(sqlite_portal)
    rules = [rule for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    assert len(rules) > 25
    values = world.values()
    seen: set[int] = set()
    for who, client, headers in list(world.visitors()):
        before = content(sqlite_portal)
        mails = _sent(sqlite_portal)
        for rule in rules:
            for path in paths(rule, values):
                world.house.clock.advance(timedelta(seconds=1))  # a sign of life is due now and then
                response = client.get(path, headers=headers)
                assert response.status_code < 500 or path == "/readyz", (who, path, response.status_code)
                seen.add(response.status_code)
        after = content(sqlite_portal)
        assert [name for name in before if before[name] != after[name]] == [], who
        assert _sent(sqlite_portal) == mails
    assert {200, 404} <= seen


def _sent(portal: Portal) -> int:
    assert isinstance(portal.mailer, MemoryMailer)
    return len(portal.mailer.sent)


@pytest.mark.parametrize("who", ["nobody", "the person"])
def test_a_foreign_request_and_one_that_is_not_there_look_the_same(acme_on_sqlite: House, who: str) -> None:
    house = acme_on_sqlite
    foreign, own = house.in_status("open"), house.in_status("open")
    app = create_app(house.portal)
    client = app.test_client()
    if who == "the person":
        with house.portal.unscoped("the test lets somebody in") as work:
            entered = sessions.start(work, stage="person", references=[own])
        with client.session_transaction() as session:
            session["_user_id"] = entered
    for form in ("/case/{}/", "/case/{}/package/x/", "/desk/acme/cases/{}/", "/api/v1/cases/{}"):
        there, not_there = (client.get(form.format(name)) for name in (foreign, "2222-2222-2222"))
        assert there.status_code == not_there.status_code
        assert _without(there.get_data(as_text=True), foreign) == _without(
            not_there.get_data(as_text=True), "2222-2222-2222"
        ), form


def _without(text: str, reference: str) -> str:
    """The page without the reference itself and what is random on every page."""
    plain = text.replace(reference, "X")
    return re.sub(r'(nonce|value)="[^"]*"|"request": *"[^"]*"', "", plain)
