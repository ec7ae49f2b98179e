"""A portal in which every address leads somewhere: a request in each state, files, mails, visitors of each kind."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app import create_app
from app.domain.lifecycle import TRANSITIONS
from app.domain.representation import Representing
from app.gateways.mail import FileMailer
from app.models.people import Login
from app.queries import policies
from app.services import address_codes, evidence, keys, sessions, staff, tokens
from app.services.housekeeping import note_run
from app.services.sessions import Stage
from app.web import visitor
from app.web.guard import Guard, guard_of
from app.web.owner import owner_of
from tests import factories, questions
from tests.factories import ANA, House
from tests.samples_of_files import EML

STATES = ("unverified", "open", "in_review", "ready", "closed")
ANSWERS = {"name": "Ana Liepa", "email": ANA, "scope": "everything"}
VISITORS = (
    "anonymous", "drafting", "for a child", "sent", "several", "person", "half", "staff", "token", "own",
)  # fmt: skip
REASON = "The records name others."


@dataclass
class World:
    """Acme with a request in every state; `in_` holds their references, `more` what else addresses are made of."""

    house: House
    app: Flask
    in_: dict[str, str]
    more: dict[str, list[str]] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    bearer: str = ""
    person_token: str = ""

    def rules(self) -> Iterator[tuple[Rule, Guard]]:
        """Every address with its guard."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
            guard = guard_of(self.app, rule.endpoint)
            assert guard is not None
            yield rule, guard

    def addresses(self, rule: Rule) -> list[str]:
        """All that a rule stands for here, from what really is there."""
        names = sorted(rule.arguments)
        found = []
        for values in product(*(self.values(name, rule.endpoint) for name in names)):
            address = rule.rule
            for name, value in zip(names, values, strict=True):
                address = re.sub(rf"<(?:[^<>:]+:)?{name}>", value, address)
            found.append(address)
        return found

    def values(self, name: str, endpoint: str) -> list[str]:
        return self.more.get(f"{endpoint}:{name}") or self.more[name]

    def client(self, who: str) -> FlaskClient:
        """A fresh browser (or program) of that visitor."""
        client = self.app.test_client()
        self.house.clock.advance(timedelta(seconds=1))  # of too many sessions of one login the oldest end
        if who == "person":
            carry(client, self.person_token)
        if who == "leaving":
            carry(client, self.let_in())
        if who in {"own", "own half"}:
            carry(client, self.signed_in_as_ana("own" if who == "own" else "own_first"))
        if who in {"staff", "half"}:
            login_id = self.house.staff("dpo").login_id
            stage = "full" if who == "staff" else "password"
            with self.house.portal.unscoped("the test signs somebody in") as work:
                if who == "half":
                    staff.prepare_second_factor(work, login_id or 0)
                carry(client, sessions.start(work, login_id=login_id, stage=stage))
        if who in self.drafts:
            client.set_cookie("habeas-draft", self.drafts[who], path=_draft_path(who))
        if who == "token":
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.bearer}"
        return client

    def let_in(self) -> str:
        """A session of the person behind all requests."""
        with self.house.portal.unscoped("the test lets somebody in") as work:
            return sessions.start(work, stage="person", references=list(self.in_.values()))

    def signed_in_as_ana(self, stage: Stage) -> str:
        """A session of Ana's own sign-in, which she has made if there is none yet."""
        portal = self.house.portal
        with portal.unscoped("the test signs somebody in") as work:
            login = work.session.scalars(select(Login).where(Login.email == ANA)).one_or_none()
            if login is None:
                since = work.now - timedelta(days=1)
                login = Login(email=ANA, name="", created_at=since, own_since=since, address_proven_at=work.now)
                work.session.add(login)
                work.flush()
            return sessions.start(work, login_id=login.id, stage=stage)

    def csrf(self, client: FlaskClient) -> str:
        """The proof that stands in every form of this browser's pages."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/case/").get_data(as_text=True))
        assert found
        return found[1]


def carry(client: FlaskClient, token: str) -> None:
    """Give the browser that session."""
    with client.session_transaction() as session:
        session[visitor.SID] = token


@contextmanager
def a_world(folder: Path, prepared: Path) -> Iterator[World]:
    """The world on a SQLite file of its own."""
    for name in ("habeas.db", "crm.db", "billing.db"):
        shutil.copy(prepared / name, folder / name)
    with factories.a_portal(folder, f"sqlite:///{folder / 'habeas.db'}") as portal:
        # The demo has the most addresses.
        shown = replace(portal, settings=replace(portal.settings, env="demo"))
        house = factories.houses(shown)[0]
        facts = _asked_facts(house)
        house.apply(changes={"regime: gdpr": 'regime: gdpr\n  look: {colour: "#1d4ed8"}'})
        world = World(house, create_app(shown), {state: house.in_status(state) for state in STATES})
        world.in_["refused"] = _refused(house)
        world.in_["asked facts"] = facts
        world.in_["acted for"] = _acted_for(house)
        _fill(world, folder)
        yield world


def _asked_facts(house: House) -> str:
    """Somebody is asked two questions, under data maps that hold some."""
    with pytest.MonkeyPatch.context() as changed, contextmanager(questions.put_in)(changed):
        return questions.asked(house).reference


def _refused(house: House) -> str:
    reference = house.in_status("open")
    house.move(reference, "refuse", ground=_ground(house), reason=REASON)
    return reference


def _acted_for(house: House) -> str:
    """Somebody asks for Ana, and staff saw that they may."""
    told = Representing("Ilze Ozola", "person", "ilze@example.org", statement="Yes.")
    reference = house.in_status("open", capacity="agent", representation=told)
    house.move(reference, "accept_proof", method="representative", note="Saw the mandate.", identities="email")
    return reference


def _ground(house: House) -> str:
    with house.reading("dpo") as work:
        return next(iter(policies.current(work).right("access").refusal_grounds))


def _fill(world: World, folder: Path) -> None:
    house = world.house
    case, refused = house.view(world.in_["closed"]), house.view(world.in_["refused"])
    mail = house.mails.sent[0]
    FileMailer(folder / "mail").send(mail)
    with house.work() as work:
        theme = owner_of(policies.current(work)).theme or ""
        invited = staff.invite(work, email="newcomer@acme.example.com", role="handler")
        world.bearer = tokens.create(work, email="dpo@acme.example.com", scopes=tokens.SCOPES)
    world.person_token = world.let_in()
    keys.signing_key(house.portal)
    reviewed = house.view(world.in_["in_review"])
    world.more = {
        "slug": ["acme"],
        "right": ["access"],
        "reference": list(world.in_.values()),
        "move": [move.name for move in TRANSITIONS],
        "collection": [str(row.id) for row in (*reviewed.collections, *case.collections)],
        "letter_id": [row.id for row in refused.letters],
        "package_id": [row.id for row in case.packages],
        "number": ["1"],
        "evidence_id": [_file(house, world.in_["open"], purpose) for purpose in ("identity", "mandate")],
        "ticket": ["made-up"],
        "token": [invited.token or "", "made-up"],
        "you.code:token": [_code_page(house)],
        "name": [mail.key],
        "mark": [theme.partition(".")[2].removesuffix(".css") or "0"],
    }
    world.drafts = {"drafting": _draft(world, sent=False), "sent": _draft(world, sent=True)}
    world.drafts["several"] = _drafted_together(world)
    world.drafts["for a child"] = _draft(world, sent=False, capacity="guardian")
    world.more["vault.part:ticket"] = [_ticket_of_person(world, case.packages[0].id)]
    world.more["api.read_part:ticket"] = [_ticket_of_program(world, case.packages[0].id)]


def _code_page(house: House) -> str:
    """A page on which a mailed code is typed."""
    return address_codes.send(house.portal, "192.0.2.1", ANA, language="en")


def _file(house: House, reference: str, purpose: str) -> str:
    """A file that the person sent."""
    upload = evidence.incoming(house.portal)
    upload.write(EML)
    upload.seek(0)
    files = [(upload, f"{purpose}.eml")]
    (taken,) = evidence.take(
        house.portal, factories.person(reference), house.controller_id, reference, files=files, purpose=purpose
    )
    assert taken.id is not None
    return taken.id


def _draft(world: World, *, sent: bool, **more: str) -> str:
    """The cookie of a browser that has begun a request, and perhaps sent it."""
    client = world.client("anonymous")
    proof = {"csrf_token": world.csrf(client)}
    client.post("/c/acme/access/", data={**ANSWERS, **more, **proof})
    if sent:
        client.post("/c/acme/access/check/", data=proof)
    cookie = client.get_cookie("habeas-draft", path="/c/acme/access/")
    assert cookie is not None
    return cookie.value


def _drafted_together(world: World) -> str:
    """The same for somebody who has chosen several rights."""
    client = world.client("anonymous")
    client.post("/c/acme/several/", data={"rights": ["access", "other"], "csrf_token": world.csrf(client)})
    cookie = client.get_cookie("habeas-draft", path=_draft_path("several"))
    assert cookie is not None
    return cookie.value


def _draft_path(who: str) -> str:
    return "/c/acme/several/" if who == "several" else "/c/acme/access/"


def _ticket_of_person(world: World, package_id: str) -> str:
    client, address = world.client("person"), f"/case/{world.in_['closed']}/package/{package_id}/"
    proof = {"csrf_token": world.csrf(client)}
    client.post(f"{address}code", data=proof)
    world.house.run()
    answer = client.post(f"{address}open", data={**proof, "code": world.house.code()})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def _ticket_of_program(world: World, package_id: str) -> str:
    answer = world.client("token").post(f"/api/v1/packages/{package_id}/open")
    assert answer.json is not None
    return str(answer.json["parts"][0]["url"]).rpartition("/")[2]


# --- What changed


class Watch:
    """Tells whether anything in the database, the storage or the data folder became another, and what."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.connection = sqlite3.connect(folder / "habeas.db", isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.tables = {
            name: [row["name"] for row in self.connection.execute(f'PRAGMA table_info("{name}")') if row["pk"]]
            for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        self.seen, self.rows, self.others = self._number(), self._rows(), self._others()

    def close(self) -> None:
        self.connection.close()

    def changes(self) -> set[str]:
        """What became different since the last look: `session.last_seen_at`, `trail_entry+case:filed`, `job+` …"""
        found: set[str] = set()
        if self._others() != self.others:
            found.add("files")
            self.others = self._others()
        if (number := self._number()) != self.seen:
            rows = self._rows()
            for table in self.tables:
                found |= set(_differences(table, self.rows[table], rows[table]))
            self.seen, self.rows = number, rows
        return found

    def _number(self) -> int:
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def _rows(self) -> dict[str, dict[tuple[object, ...], Mapping[str, object]]]:
        return {
            table: {
                tuple(row[name] for name in keys): dict(row)
                for row in self.connection.execute(f'SELECT * FROM "{table}"')
            }
            for table, keys in self.tables.items()
        }

    def _others(self) -> tuple[object, ...]:
        files = {path.name for path in self.folder.rglob("*") if not path.name.startswith("habeas.db")}
        return frozenset(files), frozenset(self.world.house.objects)


def _differences(
    table: str,
    before: Mapping[tuple[object, ...], Mapping[str, object]],
    after: Mapping[tuple[object, ...], Mapping[str, object]],
) -> Iterator[str]:
    if before.keys() - after.keys():
        yield f"{table}-"
    for key in after.keys() - before.keys():
        yield f"{table}+{after[key].get('event', '')}"
    for key in after.keys() & before.keys():
        yield from (f"{table}.{name}" for name in after[key] if after[key][name] != before[key][name])


@contextmanager
def watching(world: World, folder: Path) -> Iterator[Callable[[], set[str]]]:
    """Gives a function that tells what became different since it was last called."""
    with closing(Watch(world, folder)) as watch:
        yield watch.changes


def let_a_while_pass(world: World) -> None:
    """So long that a sign of life is written down again; the relay has just shown itself too."""
    world.house.clock.advance(timedelta(seconds=90))
    note_run(world.house.portal, "relay")
