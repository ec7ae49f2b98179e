"""An organisation that speaks five languages and offers every right, served to real browsers from inside the test."""

import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

import waitress

from app import create_app
from app.catalogs import LANGUAGES
from app.domain.permissions import SYSTEM, Actor
from app.domain.policy_values import RightName
from app.gateways.mail import Mail, MemoryMailer
from app.gateways.pdf import WeasyPrinter
from app.models.base import Base
from app.policies.loader import read_controller
from app.portal import Portal
from app.queries import cases
from app.queries.cases import CaseView
from app.services import policies as applied
from tests import servers
from tests.journeys.tongues import TYPED
from tests.offices import hired
from tests.web.conftest import DATASET, _shop, open_portal
from workers.idle import run_until_idle

SLUG, BRITISH = "acme", "acme-uk"  # under Union law, and under that of the United Kingdom
STAFF = "dpo@acme.example"
FILE = """\
controller:
  slug: SLUG
  name: ACME
  legal_name: ACME SIA
  country: COUNTRY
  timezone: Europe/Riga
  languages: [en, lv, ru, ro, bg]
  regime: REGIME
  contact: {email: privacy@acme.example, phone: "+371 20000000", post: "1 Example Street, Riga"}
  dpo: {name: ACME Dora, email: dpo@acme.example}
  look: {colour: "#1d4ed8"}
  about: {en: We sell tea., lv: Mēs tirgojam tēju., ru: Мы торгуем чаем., ro: Vindem ceai., bg: Продаваме чай.}
rights:
RIGHTSpurposes:
  service:
    title: {en: The shop, lv: Veikala darbība, ru: Работа магазина, ro: Magazinul, bg: Магазинът}
    legal_basis: contract
  news:
    title: {en: News of our tea, lv: Tējas jaunumi, ru: Новости о чае, ro: Noutăți despre ceai, bg: Новини за чая}
    legal_basis: consent
  offers:
    title: {en: Partner offers, lv: Partneru piedāvājumi, ru: Предложения партнёров, ro: Ofertele partenerilor,
            bg: Оферти на партньори}
    legal_basis: consent
connections:
  - {key: shop, kind: sql, url: "${SHOP_URL}", dataset: shop.yml}
categories:
  user.contact:
    title: {en: Contact details, lv: Kontaktinformācija, ru: Контактные данные, ro: Date de contact, bg: Контакти}
    purposes: [service]
    keep: {years: 2, from: last_use}
"""


class Office:
    """The running portal, seen from behind: its work, its mails, its cases."""

    def __init__(self, portal: Portal, base: str) -> None:
        self.portal, self.base = portal, base

    def work(self) -> None:
        """Do what waits."""
        run_until_idle(self.portal)

    def view(self, reference: str) -> CaseView:
        """The case as the data protection officer has it."""
        place = applied.find_case(self.portal, reference)
        assert place is not None
        who = Actor("staff", name="dpo", role="dpo", controller_id=place.controller_id)
        with self.portal.reading(who, place.controller_id) as work:
            return cases.view(work, reference)

    def mails(self, email: str) -> list[Mail]:
        """What was mailed to an address, the newest last."""
        self.work()
        assert isinstance(self.portal.mailer, MemoryMailer)
        return [mail for mail in self.portal.mailer.sent if mail.to == email]

    def code(self, email: str) -> str:
        """The newest code that was mailed there."""
        codes = re.findall(r"^\s+(\d{6})\s*$", "\n".join(mail.text for mail in self.mails(email)), re.MULTILINE)
        assert codes, email
        return str(codes[-1])


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    """The office at an address of its own."""
    held, port = servers.listening()
    settings = {"HABEAS_BASE_URL": f"http://127.0.0.1:{port}", "HABEAS_TRUSTED_PROXIES": "1"}
    portal = replace(open_portal(folder, **settings), pdf=WeasyPrinter())
    Base.metadata.create_all(portal.ground.engine)
    _shop(folder)
    with closing(sqlite3.connect(folder / "shop.db")) as shop, shop:
        people = [(f"ana.{language}@example.com", TYPED[language][0]) for language in LANGUAGES]
        shop.executemany("INSERT INTO customers (email, note) VALUES (?, ?)", people)
    (folder / "shop.yml").write_text(DATASET)
    for slug, country, regime in ((SLUG, "LV", "gdpr"), (BRITISH, "GB", "uk_gdpr")):
        rights = "".join(f"  {name}: {{}}\n" for name in get_args(RightName))
        named = {"SLUG": slug, "COUNTRY": country, "REGIME": regime, "RIGHTS": rights}
        path = folder / f"{slug}.yaml"
        path.write_text(re.sub("|".join(named), lambda found, named=named: named[found[0]], FILE))
        applied.apply(portal, SYSTEM, read_controller(path))
        hired(portal, STAFF, role="dpo", slug=slug)
    with served(portal, held) as office:
        yield office


@contextmanager
def served(portal: Portal, held: socket.socket) -> Iterator[Office]:
    """A portal at an address, until it is no longer needed."""
    server = waitress.create_server(
        create_app(portal), sockets=[held], threads=4, ident=None, clear_untrusted_proxy_headers=False
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Office(portal, f"http://127.0.0.1:{held.getsockname()[1]}")
    finally:
        server.close()
        thread.join(10)
        portal.ground.engine.dispose()
