"""A portal with two organisations and a shop to search, and a browser that checks every page it is shown."""

import base64
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import bootstrap, create_app
from app.domain.permissions import SYSTEM, Actor
from app.domain.policy_values import RightName
from app.gateways.clock import FixedClock
from app.gateways.mail import MemoryMailer
from app.gateways.pdf import PlainPrinter
from app.models.base import Base
from app.policies.loader import read_controller
from app.portal import Portal
from app.queries import policies as known
from app.services import moves, policies, staff
from app.settings import read_settings
from tests.factories import warmed
from tests.web.checker import Page, check
from workers.idle import run_until_idle

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EMAIL = "ana@example.com"
ANSWERS = {"name": "Ana Ionescu", "email": EMAIL, "scope": "everything"}
CONTROLLER = """\
controller:
  slug: {slug}
  name: {name}
  legal_name: {name} SIA
  country: LV
  timezone: Europe/Riga
  languages: [en, lv]
  regime: gdpr
  contact: {{email: privacy@{slug}.example, phone: "+371 20000000", post: "1 Example Street, Riga"}}
  dpo: {{name: Data Protection Officer, email: dpo@{slug}.example}}
  look: {{colour: "#1d4ed8"}}
  about: We sell things.
rights:
  access: {{proof: [email_code], approvers: 1}}
purposes:
  service: {{title: {{en: "Providing the service"}}, legal_basis: contract}}
connections:
  - {{key: shop, kind: sql, url: "${{SHOP_URL}}", dataset: shop.yml}}
categories:
  user: {{title: Other data, purposes: [service], keep: {{years: 2}}}}
  user.contact: {{title: Contact details, purposes: [service], keep: {{years: 2, from: last_use}}}}
"""
DATASET = """\
dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: customers
        fields:
          - name: id
            data_categories: [user.unique_id]
            fides_meta: {primary_key: true, data_type: integer}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
          - name: note
            data_categories: [user.content]
            fides_meta: {data_type: string}
"""
CONSENTS = """\
  news: {title: {en: "News about the product", lv: "Jaunumi par produktu"}, legal_basis: consent}
  offers: {title: "Offers of partners", legal_basis: consent}
"""


@pytest.fixture
def every_right(portal: Portal, tmp_path: Path) -> None:
    """Acme offers all rights of its law and has two purposes that rest on consent."""
    offer_every_right(portal, tmp_path)


def offer_every_right(portal: Portal, folder: Path) -> None:
    """The same by hand."""
    rights = "".join(f"  {name}: {{}}\n" for name in get_args(RightName))
    text = CONTROLLER.format(slug="acme", name="ACME").replace("connections:", f"{CONSENTS}connections:")
    path = folder / "acme.yaml"
    path.write_text(text.replace("  access: {proof: [email_code], approvers: 1}\n", rights))
    policies.apply(portal, SYSTEM, read_controller(path))


@pytest.fixture
def numbered(portal: Portal, tmp_path: Path) -> None:
    """Acme's customers are known by a number too."""
    named = "{primary_key: true, data_type: integer, identity: customer_number}"
    (tmp_path / "shop.yml").write_text(DATASET.replace("{primary_key: true, data_type: integer}", named))
    path = tmp_path / "acme.yaml"
    path.write_text(CONTROLLER.format(slug="acme", name="ACME"))
    policies.apply(portal, SYSTEM, read_controller(path))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as each test finds it, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    make_portal(folder).ground.engine.dispose()
    return folder


@pytest.fixture
def portal(tmp_path: Path, prepared: Path) -> Portal:
    """Acme and Borealis on a fresh SQLite file; mails are kept in memory and time stands still."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return open_portal(tmp_path)


def make_portal(folder: Path, *, env: str = "test", **more: str) -> Portal:
    """Tables, shop and both organisations in an empty folder."""
    portal = open_portal(folder, env=env, **more)
    _shop(folder)
    Base.metadata.create_all(portal.ground.engine)
    (folder / "shop.yml").write_text(DATASET)
    for slug, name in (("acme", "ACME"), ("borealis", "Borealis")):
        path = folder / f"{slug}.yaml"
        path.write_text(CONTROLLER.format(slug=slug, name=name))
        policies.apply(portal, SYSTEM, read_controller(path))
    return portal


def open_portal(folder: Path, *, env: str = "test", **more: str) -> Portal:
    """The portal on what is in that folder."""
    settings = read_settings(
        {
            "HABEAS_ENV": env,
            "HABEAS_DATA_DIR": str(folder),
            "HABEAS_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
            "HABEAS_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
            **more,
        }
    )
    built = warmed(bootstrap.build(settings))
    return replace(
        built,
        ground=replace(built.ground, clock=FixedClock(START)),
        mailer=MemoryMailer(),
        pdf=PlainPrinter(),
        environment={"SHOP_URL": f"sqlite:///{folder / 'shop.db'}"},
    )


def _shop(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        shop.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, note TEXT)")
        rows = [(EMAIL, "likes tea"), (EMAIL, "=1+1"), ("other@example.com", "somebody else")]
        shop.executemany("INSERT INTO customers (email, note) VALUES (?, ?)", rows)


@pytest.fixture(scope="session")
def shared_app(prepared: Path) -> Flask:
    """Made once, so that each template is compiled once."""
    return create_app(open_portal(prepared))


@pytest.fixture
def app(shared_app: Flask, portal: Portal) -> Flask:
    shared_app.extensions["habeas"] = portal
    return shared_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Browser:
    """Somebody at a browser: follows our redirects, sends our tokens, and checks each page against all rules."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.url = "/"

    def get(self, url: str, *, status: int = 200) -> Page:
        return self._shown(self.client.get(url), url, status)

    def post(self, url: str, data: dict[str, str] | None = None, *, status: int = 200, token: bool = True) -> Page:
        sent = {**({"csrf_token": self.token()} if token else {}), **(data or {})}
        return self._shown(self.client.post(url, data=sent), url, status)

    def token(self) -> str:
        """The proof that stands in every form of this browser's pages."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/case/").get_data(as_text=True))
        assert found
        return found[1]

    def _shown(self, response: TestResponse, url: str, status: int) -> Page:
        self.url = url
        while response.status_code in {301, 303}:
            self.url = response.headers["Location"]
            assert self.url.startswith("/"), "redirects stay here"
            response = self.client.get(self.url)
        page = check(response)
        assert page.status == status, page.main
        return page


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


@pytest.fixture
def another(app: Flask) -> Browser:
    """A second person at another browser."""
    return Browser(app.test_client())


@pytest.fixture
def mailbox(portal: Portal) -> Callable[..., str]:
    """Does the waiting work and gives the newest mailed code."""

    def newest_code() -> str:
        run_until_idle(portal)
        assert isinstance(portal.mailer, MemoryMailer)
        codes = re.findall(r"^\s+(\d{6})\s*$", portal.mailer.sent[-1].text, re.MULTILINE)
        assert codes, portal.mailer.sent[-1].text
        return str(codes[-1])

    return newest_code


@pytest.fixture
def clock(portal: Portal) -> FixedClock:
    assert isinstance(portal.clock, FixedClock)
    return portal.clock


@pytest.fixture
def filed(browser: Browser) -> str:
    """A request that was just sent; its reference."""
    browser.post("/c/acme/access/", ANSWERS)
    page = browser.post("/c/acme/access/check/")
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", page.main)
    assert found
    return found[0]


@pytest.fixture
def entered(browser: Browser, filed: str, mailbox: Callable[[], str]) -> str:
    """The same, confirmed and open in this browser."""
    browser.post(f"/case/{filed}/confirm", {"code": mailbox()})
    return filed


@pytest.fixture
def desk(portal: Portal) -> Callable[..., None]:
    """The organisation's side: makes moves as its data protection officer and waits for what they bring about."""
    number = known.find(portal, "acme")
    with portal.work(SYSTEM, number) as work:
        login = staff.invite(work, email="dpo@acme.example", role="dpo").login_id
    officer = Actor("staff", login_id=login, name="Dora", role="dpo", controller_id=number)

    def make(reference: str, *names: str, **data: str) -> None:
        for name in names:
            with portal.work(officer, number) as work:
                moves.perform(work, reference, name, data)
            run_until_idle(portal)

    return make
