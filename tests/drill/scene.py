"""The stage of the drill: acme and borealis with people in their systems, requests in every state, and canaries in
everything that is nobody else's business. Each attack plays on a fresh copy."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.domain.permissions import SYSTEM
from app.gateways.storage import MemoryStorage
from app.models.cases import Case
from app.models.ledger import TrailEntry
from app.policies.loader import read_controller
from app.portal import Portal
from app.services import evidence, moves, policies, staff, tokens
from tests import factories, offices
from tests.drill.somebody import Somebody
from tests.factories import House, person
from tests.samples_of_files import EML

# Whoever stands in acme's systems: number, address, account, name, telephone. Mallory is a customer like any other.
PEOPLE = {
    "ana": ("K-1001", "ana@example.com", "ana", "Ana Liepa", "+371 26111111"),
    "mallory": ("K-2002", "mallory@evil.example", "mallory", "Mallory Kalns", "+371 26999999"),
    "obrien": ("K-1003", "o'brien@example.com", "o'brien", "Pat O'Brien", "+371 26333333"),
    "plus": ("K-1004", "eva+shop@example.com", "eva", "Eva Ozola", "+371 26444444"),
    "under": ("K-1005", "a_b@example.com", "a_b", "Abe Under", "+371 26555555"),
    "beside": ("K-1006", "axb@example.com", "axb", "Axel Beside", "+371 26666666"),
    "janis": ("K-1007", "jānis@bērzs.example", "janis", "Jānis Bērzs", "+371 26777777"),
    "sam": ("K-1008", "sam@strasse.example", "sam", "Sam Weiss", "+371 26888888"),
    "moved": ("K-1009", "vera.new@example.com", "vera", "Vera Kalna", "+371 26000009"),
}
RIGHTS = """\
  access: {proof: [email_code], approvers: 1}
  erasure: {}
  rectification: {}
  objection: {}
  consent_withdrawal: {}
"""
CRM = """\
dataset:
  - fides_key: crm_data
    name: Customers
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
          - {name: number, data_categories: [user.unique_id], fides_meta: {identity: customer_number}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: account, data_categories: [user.account.username], fides_meta: {identity: account_name}}
          - {name: name, data_categories: [user.name]}
          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone}}
      - name: notes
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: crm_data, field: customers.id, direction: from}]}
          - {name: text, data_categories: [user.content]}
"""
CRM_TABLES = """\
CREATE TABLE customers (id INTEGER PRIMARY KEY, number TEXT, email TEXT, account TEXT, name TEXT, phone TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, text TEXT);
"""
BILLING_TABLES = "CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER, total TEXT);\n"
PROOF = {"doubt": "Another address.", "items_asked": "Your customer number.", "alternatives": "Call us."}


def held(who: str) -> str:
    """What the systems hold about somebody, and nothing but their own package may say."""
    return f"CANARY-{who}-held"


def said(who: str) -> str:
    """What somebody told the organisation about themselves in a request, a message or a file."""
    return f"CANARY-{who}-said"


@dataclass
class Stage:
    """What all scenes are copied from, and the one application that serves them."""

    folder: Path
    objects: Mapping[str, bytes]
    cases: Mapping[str, str]
    evidence_id: str

    @cached_property
    def app(self) -> Flask:
        with factories.a_portal(self.folder, f"sqlite:///{self.folder / 'habeas.db'}") as portal:
            return create_app(portal)


@dataclass
class Scene:
    """One play: a portal of its own, who takes part, and what stood in the trail before."""

    stage: Stage
    portal: Portal
    cast: list[Somebody] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.acme, self.borealis = factories.houses(self.portal)
        self.cases = self.stage.cases
        self.stage.app.extensions["habeas"] = self.portal
        self.began = max((entry.id for entry in self.trail(since=0)), default=0)

    def somebody(self, *mailboxes: str, network: str = "203.0.113.7") -> Somebody:
        """A new browser of somebody who reads just these mailboxes."""
        one = Somebody(self, mailboxes, network)
        self.cast.append(one)
        return one

    def ana(self) -> Somebody:
        """The victim, at home."""
        return self.somebody("ana@example.com", network="198.51.100.4")

    def impostor(self, *mailboxes: str, network: str = "203.0.113.7", knows: tuple[str, ...] = ()) -> Somebody:
        """Somebody who is not who they say. What reaches them must hold no canary but those that they `know`."""
        one = self.somebody(*mailboxes, network=network)
        one.may_know = (held("mallory"), said("mallory"), *knows)
        return one

    def mallory(self) -> Somebody:
        """The impostor, with a mailbox of her own and a customer's own rights."""
        return self.impostor("mallory@evil.example")

    def rules(self, changes: Mapping[str, str], *, crm: str = CRM, billing: str = factories.BILLING) -> None:
        """Acme's next version: `old → new` exchanged in its file, other data maps."""
        folder = self.portal.settings.data_dir
        path = write_controller(folder, "acme", changes, crm=crm, billing=billing)
        policies.apply(self.portal, SYSTEM, read_controller(path))

    def let_in(self, one: Somebody, who: str = "mallory") -> Somebody:
        """The same, after they came into the request that is theirs."""
        one.enters(self.cases[who])
        assert self.cases[who] in one.received[-1]
        return one

    def later(self, **how: float) -> None:
        """Time passes."""
        self.acme.clock.advance(timedelta(**how))

    def unharmed(self, *names: str) -> tuple[object, ...]:
        """How requests stand: an attack must leave them so."""
        names = names or ("unverified", "open", "released", "proof", "refused")
        return tuple(
            (name, row.status, row.outcome, row.version) for name in names for row in [self.case(self.cases[name])]
        )

    def desk(self, reference: str, *names: str, who: str = "dpo", **data: str) -> None:
        """What staff do who help wherever the table lets them."""
        for name in names:
            with self.acme.work(who) as work:
                moves.perform(work, reference, name, data)
            self.acme.run()

    def answered(self, reference: str) -> None:
        """The search and the answer, as staff give them."""
        self.desk(reference, "collect", "approve", "release")

    def signed_in(self, name: str = "dpo", house: House | None = None, *, network: str = "192.0.2.9") -> Somebody:
        """A member of staff at their desk, with both factors shown through the real pages."""
        house = house or self.acme
        email = f"{name}@{house.slug}.example.com"
        self.can_sign_in(name, house)
        one = self.somebody(email, network=network)
        one.post("/signin/", {"email": email, "password": offices.PASSWORD})
        one.post("/signin/code/", {"code": offices.code_now(self.portal)})
        assert "/signin" not in one.url, "the honest sign-in must work"
        return one

    def can_sign_in(self, name: str, house: House | None = None) -> int:
        """Give a member of staff the known password and second factor; the number of the login."""
        login_id = (house or self.acme).staff(name).login_id
        assert login_id is not None
        staff.set_password(self.portal, login_id, offices.PASSWORD)
        staff.enrol_known(self.portal, login_id, offices.SECRET)
        return login_id

    def token(self, name: str = "dpo", house: House | None = None) -> str:
        """A program's token of that member of staff."""
        house = house or self.acme
        with house.work() as work:
            return tokens.create(work, email=f"{name}@{house.slug}.example.com", scopes=tokens.SCOPES)

    def case(self, reference: str) -> Case:
        """The case as it is stored."""
        with self.portal.unscoped("the drill looks", reads_only=True) as work:
            row = work.session.scalars(select(Case).where(Case.reference == reference)).one()
            work.session.expunge_all()
            return row

    def trail(self, *, since: int | None = None) -> list[TrailEntry]:
        """What was written down since the play began."""
        with self.portal.unscoped("the drill reads the trail", reads_only=True) as work:
            begun = self.began if since is None else since
            rows = list(work.session.scalars(select(TrailEntry).where(TrailEntry.id > begun).order_by(TrailEntry.id)))
            work.session.expunge_all()
            return rows

    def events(self) -> list[str]:
        """Their names."""
        return [entry.event for entry in self.trail()]

    @property
    def package_id(self) -> str:
        """Of Ana's released package."""
        return self.acme.view(self.cases["released"]).packages[0].id

    @property
    def letter_id(self) -> str:
        """Of a letter that was sent to Ana."""
        return next(row.id for row in self.acme.view(self.cases["refused"]).letters if row.kind == "refusal")


def build(folder: Path, url: str) -> Stage:
    """Fill an empty database: both organisations, Ana's requests in every state, one of Mallory's own."""
    factories.prepare(folder, url)
    fill_systems(folder)
    with factories.a_portal(folder, url) as portal:
        for slug in ("acme", "borealis"):
            policies.apply(portal, SYSTEM, read_controller(write_controller(folder, slug)))
        acme, borealis = factories.houses(portal)
        cases = {
            "unverified": _of_ana(acme, "unverified"),
            "open": _of_ana(acme, "open"),
            "released": _of_ana(acme, "closed"),
            "proof": _of_ana(acme, "open"),
            "refused": _refused(acme),
            "mallory": acme.in_status("closed", **_filed_by("mallory")),
            "elsewhere": borealis.in_status("open", **_filed_by("ana")),
        }
        acme.move(cases["proof"], "ask_proof", **PROOF)
        evidence_id = _passport(acme, cases["proof"])
        assert isinstance(portal.storage, MemoryStorage)
        return Stage(folder, dict(portal.storage.objects), cases, evidence_id)


def write_controller(
    folder: Path, slug: str, changes: Mapping[str, str] | None = None, *, crm: str = CRM,
    billing: str = factories.BILLING,
) -> Path:  # fmt: skip
    """An organisation's file beside its data maps, with `old → new` exchanged in it."""
    text = factories.CONTROLLER.format(slug=slug, title=slug.title(), approvers=1)
    for old, new in {"  access: {proof: [email_code], approvers: 1}\n": RIGHTS, **(changes or {})}.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "crm.yml").write_text(crm)
    (folder / "billing.yml").write_text(billing)
    path = folder / f"{slug}.yaml"
    path.write_text(text)
    return path


def fill_systems(folder: Path) -> None:
    """What acme's systems hold: a canary in every record."""
    with closing(sqlite3.connect(folder / "crm.db")) as crm, crm:
        crm.executescript(CRM_TABLES)
        for at, (who, row) in enumerate(PEOPLE.items(), start=1):
            crm.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?)", (at, *row))
            crm.execute("INSERT INTO notes VALUES (?, ?, ?)", (at, at, f"{held(who)}-note"))
    with closing(sqlite3.connect(folder / "billing.db")) as billing, billing:
        billing.executescript(BILLING_TABLES)
        for at, who in enumerate(PEOPLE, start=1):
            billing.execute("INSERT INTO invoices VALUES (?, ?, ?)", (at, at, f"{held(who)}-invoice"))


def _filed_by(who: str) -> dict[str, object]:
    email, name = PEOPLE[who][1], PEOPLE[who][3]
    wish = f"Everything. {said(who)}-wish"
    return {"name": name, "identities": {"email": email}, "details": {"access": {"wish": wish}}}


def _of_ana(acme: House, status: str) -> str:
    return acme.in_status(status, **_filed_by("ana"))


def _refused(acme: House) -> str:
    reference = _of_ana(acme, "open")
    with acme.reading("dpo") as work:
        ground = next(iter(policies.current(work).right("access").refusal_grounds))
    acme.move(reference, "refuse", ground=ground, reason=f"{said('ana')}-refusal")
    return reference


def _passport(acme: House, reference: str) -> str:
    upload = evidence.incoming(acme.portal)
    upload.write(EML.replace(b"It is me.", f"{said('ana')}-passport".encode()))
    upload.seek(0)
    (taken,) = evidence.take(
        acme.portal, person(reference), acme.controller_id, reference,
        files=[(upload, f"{said('ana')}-file.eml")], purpose="identity",
    )  # fmt: skip
    assert taken.id is not None, taken.fault
    return taken.id


@contextmanager
def a_scene(stage: Stage, *, url: str | None = None) -> Iterator[Scene]:
    """A fresh copy of the stage, on SQLite or on the database that was copied to `url`."""
    with TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        for file in ("habeas.db", "crm.db", "billing.db"):
            if (stage.folder / file).exists():
                shutil.copy(stage.folder / file, folder / file)
        with factories.a_portal(folder, url or f"sqlite:///{folder / 'habeas.db'}") as made:
            storage = MemoryStorage()
            storage.objects.update(stage.objects)
            yield Scene(stage, replace(made, storage=storage))
