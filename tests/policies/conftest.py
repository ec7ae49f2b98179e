"""A small controller with one data map, written to disk; each test changes what it is about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.policies.faults import PolicyFaults
from app.policies.loader import read_controller

CONTROLLER = """\
controller:
  slug: acme
  name: ACME
  legal_name: ACME SIA
  country: LV
  timezone: Europe/Riga
  languages: [en, lv]
  regime: gdpr
  contact: {email: privacy@acme.example, phone: "+371 20000000", post: "1 Example Street, Riga"}
  dpo: {name: Data Protection Officer, email: dpo@acme.example}
  look: {colour: "#1d4ed8"}
rights:
  access: {proof: [email_code], respond_within: {days: 30}, approvers: 1}
purposes:
  service: {title: {en: "Providing the service"}, legal_basis: contract}
  billing: {title: {en: "Invoicing"}, legal_basis: legal_obligation, law: "Accounting Act s. 10"}
connections:
  - {key: shop, kind: sql, url: "${ACME_SHOP_URL}", dataset: datasets/shop.yml}
categories:
  user.contact: {purposes: [service], keep: {years: 2, from: last_use}, functions: [operations, customer_service]}
  user.financial: {purposes: [billing], keep: {years: 10, from: created}, on_erasure: keep}
erasure:
  default: nullify
  fields: {user.contact.email: hash, user.name: redact}
  rows: {shop.orders: delete_row}
recipients: [{name: Example Mailer, role: processor, country: DE, safeguards: "EU", categories: [user.contact.email]}]
backups: [{name: daily, every: {days: 1}, keep: {months: 1}}, {name: monthly, every: {months: 1}, keep: {years: 1}}]
accounts: {commercial: {delete_after_expiry: {days: 120}}, demo: {delete_after_expiry: {months: 1}}}
"""
DATASET = """\
dataset:
  - fides_key: shop_data
    name: Shop
    collections:
      - name: customers
        fields:
          - name: id
            data_categories: [user.unique_id]
            fides_meta: {primary_key: true}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
      - name: orders
        fields:
          - name: id
            data_categories: [system.operations]
            fides_meta: {primary_key: true}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta:
              references:
                - {dataset: shop_data, field: customers.id, direction: from}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes both files with `old → new` exchanged in each; gives the controller file's path."""

    def _write(*, controller: dict[str, str] | None = None, dataset: dict[str, str] | None = None) -> Path:
        (tmp_path / "datasets").mkdir(exist_ok=True)
        for name, text, changes in (("acme.yaml", CONTROLLER, controller), ("datasets/shop.yml", DATASET, dataset)):
            content = text
            for old, new in (changes or {}).items():
                assert old in content, f"{old!r} is not in the file that the test changes"
                content = content.replace(old, new, 1)
            (tmp_path / name).write_text(content, encoding="utf-8")
        return tmp_path / "acme.yaml"

    return _write


@pytest.fixture
def faults_of(write: Write) -> Callable[..., list[str]]:
    """What is wrong with the files so changed, as an operator reads it, with paths cut to the file's name."""

    def _faults_of(*, controller: dict[str, str] | None = None, dataset: dict[str, str] | None = None) -> list[str]:
        path = write(controller=controller, dataset=dataset)
        with pytest.raises(PolicyFaults) as caught:
            read_controller(path)
        return [str(fault).rpartition(f"{path.parent}/")[2] for fault in caught.value.faults]

    return _faults_of
