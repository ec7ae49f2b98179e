"""A small organisation, `acme`, with two systems, staff of every role and a clock that is moved by hand; beside it
`borealis`, which must never be seen from acme. The verbs' tests stand on this."""

import base64
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Dialect, select

from app import bootstrap, schema
from app.domain.codes import CodeResult
from app.domain.filing import Filing
from app.domain.permissions import ANONYMOUS, SYSTEM, Actor
from app.gateways.clock import FixedClock
from app.gateways.mail import MemoryMailer
from app.gateways.pdf import PlainPrinter
from app.gateways.rendering import Renderer
from app.gateways.storage import MemoryStorage
from app.models.cases import Case
from app.models.controllers import Controller
from app.models.ledger import Job
from app.models.people import ROLES, Login, Membership
from app.policies.loader import LoadedController, read_controller
from app.portal import Portal
from app.queries import cases, history
from app.services import intake, moves, policies, verification
from app.services.stationery import STATIONERY, Stationery
from app.settings import read_settings
from app.work import Work
from workers.idle import run_until_idle

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyz"
ANA = "ana@example.com"
NOBODY = "nobody@example.com"

CONTROLLER = """\
controller:
  slug: {slug}
  name: {title}
  legal_name: {title} SIA
  country: LV
  timezone: Europe/Riga
  languages: [en, lv]
  regime: gdpr
  contact: {{email: privacy@{slug}.example.com, phone: "+371 20000000", post: "1 Example Street, Riga"}}
  dpo: {{name: Data Protection Officer, email: dpo@{slug}.example.com}}
rights:
  access: {{proof: [email_code], approvers: {approvers}}}
purposes:
  service: {{title: Providing the service, legal_basis: contract}}
connections:
  - {{key: crm, kind: sql, url: "${{ACME_CRM_URL}}", dataset: crm.yml}}
  - {{key: billing, kind: sql, url: "${{ACME_BILLING_URL}}", dataset: billing.yml}}
categories:
  user: {{purposes: [service], keep: {{years: 2, from: last_use}}}}
recipients: [{{name: Example Mailer, role: processor, country: DE, categories: [user.contact.email]}}]
"""
CRM = """\
dataset:
  - fides_key: crm_data
    name: Customers
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: account, data_categories: [user.account.username], fides_meta: {identity: account_name}}
          - {name: name, data_categories: [user.name]}
      - name: notes
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: crm_data, field: customers.id, direction: from}]}
          - {name: text, data_categories: [user.content]}
"""
BILLING = """\
dataset:
  - fides_key: billing_data
    name: Invoices
    collections:
      - name: invoices
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: crm_data, field: customers.id, direction: from}]}
          - {name: total, data_categories: [user.financial]}
"""
CRM_ROWS = """\
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, account TEXT, name TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, text TEXT);
INSERT INTO customers VALUES (1, 'ana@example.com', 'ana', 'Ana Liepa'), (2, 'bob@example.com', 'bob', 'Bob Kalns');
INSERT INTO notes VALUES (1, 1, 'called twice'), (2, 1, '=1+1'), (3, 2, 'belongs to Bob');
"""
BILLING_ROWS = """\
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER, total INTEGER);
INSERT INTO invoices VALUES (10, 1, 1200), (11, 1, 99), (12, 2, 777);
"""
ANAS_ROWS = {"crm": 3, "billing": 2}


def loaded(slug: str = "acme", *, approvers: int = 1, changes: Mapping[str, str] | None = None) -> LoadedController:
    """The controller file as read from disk, with `old → new` exchanged in it."""
    return _loaded(slug, approvers, tuple((changes or {}).items()))


@cache
def _loaded(slug: str, approvers: int, changes: tuple[tuple[str, str], ...]) -> LoadedController:
    text = CONTROLLER.format(slug=slug, title=slug.title(), approvers=approvers)
    for old, new in changes:
        assert old in text, f"{old!r} is not in the controller file"
        text = text.replace(old, new, 1)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "crm.yml").write_text(CRM)
        (folder / "billing.yml").write_text(BILLING)
        (folder / "controller.yaml").write_text(text)
        return read_controller(folder / "controller.yaml")


def fill_systems(folder: Path) -> None:
    """The two systems of acme."""
    for name, script in (("crm", CRM_ROWS), ("billing", BILLING_ROWS)):
        with sqlite3.connect(folder / f"{name}.db") as connection:
            connection.executescript(script)
        connection.close()


def environment_of(folder: Path, url: str) -> dict[str, str]:
    """The variables of a portal for tests that works in that folder."""
    return {
        "HABEAS_ENV": "test",
        "HABEAS_DATA_DIR": str(folder),
        "HABEAS_DATABASE_URL": url,
        "HABEAS_SECRET_KEY": SECRET_KEY,
        "HABEAS_MASTER_KEY": MASTER_KEY,
        "ACME_CRM_URL": f"sqlite:///{folder / 'crm.db'}",
        "ACME_BILLING_URL": f"sqlite:///{folder / 'billing.db'}",
    }


@contextmanager
def a_portal(folder: Path, url: str) -> Iterator[Portal]:
    """A portal whose outside world is the twins; its engine is closed afterwards."""
    variables = environment_of(folder, url)
    portal = warmed(bootstrap.build(read_settings(variables)))
    ground = replace(portal.ground, clock=FixedClock(START), memo=dict(portal.ground.memo))
    yield replace(
        portal,
        ground=ground,
        storage=MemoryStorage(),
        mailer=MemoryMailer(),
        pdf=PlainPrinter(),
        environment=variables,
    )
    portal.ground.engine.dispose()


def warmed(portal: Portal) -> Portal:
    """The portal with what all of this process share: each template and statement is compiled once, not per test."""
    engine = portal.ground.engine
    engine.dialect = _DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_STATEMENTS)
    memo = {**portal.ground.memo, STATIONERY: Stationery(_words(), portal.settings.base_url)}
    return replace(portal, renderer=_words(), ground=replace(portal.ground, memo=memo))


_DIALECTS: dict[str, Dialect] = {}
_STATEMENTS: dict[Any, Any] = {}


@cache
def _words() -> Renderer:
    return Renderer()


def prepare(folder: Path, url: str) -> None:
    """Bring an empty database to the newest migration, with both organisations and their staff in it."""
    with a_portal(folder, url) as portal:
        schema.upgrade(portal.ground.engine)
        for slug in ("acme", "borealis"):
            controller_id = policies.apply(portal, SYSTEM, loaded(slug))[0]
            with portal.unscoped("the test's staff") as work:
                for role in ROLES:
                    _hire(work, f"{role}@{slug}.example.com", role, controller_id)
                _hire(work, f"approver2@{slug}.example.com", "approver", controller_id)


def _hire(work: Work, email: str, role: str, controller_id: int) -> None:
    login = Login(email=email, name=email.partition("@")[0].title(), created_at=work.now)
    work.session.add(login)
    work.flush()
    work.session.add(
        Membership(login_id=login.id, controller_id=controller_id, role=role, functions=[], created_at=work.now)
    )


@dataclass(frozen=True)
class House:
    """One organisation of a portal, and everything that may be done in it."""

    portal: Portal
    slug: str
    controller_id: int

    @property
    def clock(self) -> FixedClock:
        assert isinstance(self.portal.clock, FixedClock)
        return self.portal.clock

    @property
    def mails(self) -> MemoryMailer:
        assert isinstance(self.portal.mailer, MemoryMailer)
        return self.portal.mailer

    @property
    def objects(self) -> dict[str, bytes]:
        """What the storage holds."""
        assert isinstance(self.portal.storage, MemoryStorage)
        return self.portal.storage.objects

    def staff(self, name: str) -> Actor:
        """The member of staff of that name: one per role, and `approver2`."""
        with self.portal.unscoped("the test's staff", reads_only=True) as work:
            login, role = work.session.execute(
                select(Login, Membership.role)
                .join(Membership, Membership.login_id == Login.id)
                .where(Login.email == f"{name}@{self.slug}.example.com")
            ).one()
        return Actor("staff", login_id=login.id, name=login.name, role=role, controller_id=self.controller_id)

    def work(self, actor: Actor | str = SYSTEM) -> Work:
        return self.portal.work(self._actor(actor), self.controller_id)

    def reading(self, actor: Actor | str = SYSTEM) -> Work:
        return self.portal.reading(self._actor(actor), self.controller_id)

    def _actor(self, actor: Actor | str) -> Actor:
        return self.staff(actor) if isinstance(actor, str) else actor

    def apply(self, **changes: Any) -> None:
        """A new version of the controller file."""
        policies.apply(self.portal, SYSTEM, loaded(self.slug, **changes))

    def run(self) -> int:
        """Do every job that is due."""
        return run_until_idle(self.portal)

    def filed(self, filing: Filing | None = None, **changes: Any) -> str:
        """An access request of Ana's, not yet confirmed; its reference."""
        with self.work(ANONYMOUS) as work:
            return intake.file(work, policies.current(work), filing or a_filing(**changes)).references[0]

    def code(self) -> str:
        """The code in the last mail."""
        found = re.search(r"^\s*(\d{6})\s*$", self.mails.sent[-1].text, re.MULTILINE)
        assert found, self.mails.sent[-1].text
        return found[1]

    def confirm(self, reference: str, code: str | None = None) -> CodeResult:
        """What the person does with the code from the mail."""
        if code is None:
            self.run()
            code = self.code()
        with self.work(ANONYMOUS) as work:
            return verification.confirm(work, reference, code)

    def move(self, reference: str, name: str, actor: Actor | str = "dpo", **data: str) -> None:
        """One move by staff, and what follows from it."""
        with self.work(actor) as work:
            moves.perform(work, reference, name, data)
        self.run()

    def in_status(self, status: str, **changes: Any) -> str:
        """A request that has come that far."""
        reference = self.filed(**changes)
        if status == "unverified":
            return reference
        assert self.confirm(reference).accepted
        self.run()
        if status == "open":
            return reference
        if status == "in_progress":
            with self.work("dpo") as work:
                moves.perform(work, reference, "collect", {})
            return reference
        self.move(reference, "collect")
        if status == "in_review":
            return reference
        self.move(reference, "approve")
        if status == "ready":
            return reference
        self.move(reference, "release")
        assert status == "closed"
        return reference

    def view(self, reference: str, actor: Actor | str = "dpo") -> cases.CaseView:
        with self.reading(actor) as work:
            return cases.view(work, reference)

    def events(self, reference: str) -> list[str]:
        """The events in the case's trail, in order."""
        with self.reading("dpo") as work:
            return [row.event for row in history.trail(work, reference)]

    def jobs(self, kind: str | None = None) -> list[Job]:
        """The jobs of this organisation, in the order in which they were asked for."""
        with self.reading() as work:
            statement = select(Job).order_by(Job.id)
            rows = list(work.session.scalars(statement if kind is None else statement.where(Job.kind == kind)))
            work.session.expunge_all()
            return rows

    def row(self, reference: str) -> Case:
        """The case as it is stored."""
        with self.reading() as work:
            row = work.session.scalars(select(Case).where(Case.reference == reference)).one()
            work.session.expunge_all()
            return row


def a_filing(**changes: Any) -> Filing:
    """What Ana types, with changes."""
    fields: dict[str, Any] = {
        "rights": ("access",),
        "name": "Ana Liepa",
        "identities": {"email": ANA},
        "details": {"access": {"wish": "Everything about me."}},
    }
    return Filing(**{**fields, **changes})


def person(*references: str) -> Actor:
    """Somebody who was let into these requests."""
    return Actor("person", references=frozenset(references))


def houses(portal: Portal) -> tuple[House, House]:
    """Acme and Borealis."""
    with portal.unscoped("the test's organisations", reads_only=True) as work:
        found = {row.slug: row.id for row in work.session.scalars(select(Controller))}
    return House(portal, "acme", found["acme"]), House(portal, "borealis", found["borealis"])
