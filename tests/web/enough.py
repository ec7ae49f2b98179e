"""A controller file that has every key, and the portal as it looks under it or under a changed one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from app.domain.permissions import SYSTEM
from app.domain.policy import ControllerFile, Span
from app.domain.policy_values import UNITS
from app.policies.loader import read_controller
from app.portal import Portal
from app.services import policies
from tests.web.conftest import DATASET

FILE = """\
controller:
  slug: acme
  name: ACME
  legal_name: ACME SIA
  country: LV
  timezone: Europe/Riga
  languages: [en, lv]
  regime: gdpr
  contact:
    {email: privacy@acme.example, phone: "+371 20000000", post: "1 Example Street, Riga", mail_server: mx.acme.example}
  dpo: {name: Dace Ozola, email: dpo@acme.example, phone: "+371 20000007"}
  look: {colour: "#1d4ed8"}
  about: We sell lamps.
  no_use_under: {EU: 16}
rights:
  access: {proof: [email_code], respond_within: {days: 20}, approvers: 1, note: Use the address that we know.}
  erasure: {proof: [{all_of: [email_code, signed_form]}], cooling_off: {days: 10, effect: suspend}}
purposes:
  service: {title: Providing the service, legal_basis: contract}
  billing: {title: Invoicing, legal_basis: legal_obligation, law: Accounting Act s. 10}
connections:
  - {key: shop, kind: sql, url: "${SHOP_URL}", dataset: shop.yml}
categories:
  user:
    {title: Other data, purposes: [service], keep: {years: 2, from: last_use}, source: You gave it., functions: [sales]}
  user.contact: {title: Contact details, purposes: [service], criteria: As long as you are a customer.}
  user.content: {title: Notes, purposes: [billing], keep: {years: 5}, on_erasure: keep}
erasure:
  default: nullify
  fields: {user.contact.email: hash}
  rows: {shop.visits: delete_row}
recipients:
  - {name: Example Mailer, role: processor, country: US, safeguards: Standard clauses, categories: [user.contact.email]}
backups:
  - {name: daily, every: {days: 1}, keep: {months: 1}}
automated_decisions: No machine decides alone.
accounts:
  demo: {delete_after_expiry: {months: 3}}
"""
VISITS = """\
      - name: visits
        fields:
          - name: id
            data_categories: [system.operations]
            fides_meta: {primary_key: true}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
          - name: page
            data_categories: [user.content]
"""


@dataclass(frozen=True)
class Changing:
    """Puts the file in force, as it is or with `old → new` exchanged in it."""

    portal: Portal
    folder: Path

    def __call__(self, changes: Mapping[str, str] | None = None, *, dataset: str = DATASET + VISITS) -> None:
        text = FILE
        for old, new in (changes or {}).items():
            assert text.count(old) == 1, f"{old!r} stands once in the file"
            text = text.replace(old, new)
        self.folder.mkdir(exist_ok=True)
        (self.folder / "shop.yml").write_text(dataset)
        (self.folder / "acme.yaml").write_text(text)
        policies.apply(self.portal, SYSTEM, read_controller(self.folder / "acme.yaml"))


def keys_of(model: type[BaseModel] = ControllerFile, before: str = "") -> Iterator[str]:
    """Every key of the controller file, `*` for the names that an operator chooses; a length's units are one key."""
    for name, one in model.model_fields.items():
        if issubclass(model, Span) and name in UNITS:
            continue
        here = f"{before}{one.alias or name}"
        yield here
        for inner in _models(one.annotation):
            yield from keys_of(inner, f"{here}{'.*' if _named(one.annotation) else ''}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _named(annotation: Any) -> bool:
    return get_origin(annotation) in {dict, tuple} or any(map(_named, get_args(annotation)))
