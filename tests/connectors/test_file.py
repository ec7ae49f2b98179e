"""A data map as Fides has it, unchanged, drives the walk: keys, identities, references, nested and skipped parts."""

from collections.abc import Callable

from app.policies.dataset_file import read_dataset
from app.policies.datasets import Dataset
from app.policies.yaml_file import parse_yaml
from tests.connectors.maps import Database, walk

CRM = """
dataset:
  - fides_key: crm
    name: CRM
    collections:
      - name: Contact
        fields:
          - name: Id
            fides_meta: {primary_key: true, data_type: integer}
          - name: E-Mail
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
          - name: settings
            fields:
              - {name: theme, data_categories: [user.behavior] }
              - name: token
                data_categories: [user.authorization.credentials]
          - name: password_hash
            data_categories: [user.authorization.credentials]
          - name: tenant
            fides_meta:
              references: [{dataset: crm, field: tenants.id, direction: to}]
      - name: tenants
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: title}
      - name: audit
        fides_meta: {skip_processing: true}
        fields:
          - name: contact
            fides_meta: {references: [{dataset: crm, field: Contact.Id, direction: from}]}
"""
SHOP = """
dataset:
  - fides_key: shop
    name: Shop
    fides_meta: {after: [crm]}
    collections:
      - name: order
        fields:
          - {name: tenant, fides_meta: {primary_key: true}}
          - {name: "no", fides_meta: {primary_key: true}}
          - name: contact
            fides_meta: {references: [{dataset: crm, field: Contact.Id, direction: from}]}
      - name: lines
        fides_meta: {after: [shop.order]}
        fields:
          - name: order_no
            fides_meta: {references: [{dataset: shop, field: order.no}]}
          - {name: what, data_categories: [user.behavior.purchase_history]}
"""


def read(text: str) -> Dataset:
    result, faults = read_dataset(parse_yaml(text.encode(), "map.yml"))
    assert result is not None
    assert faults == []
    return result.dataset


def test_a_fideslang_file_drives_the_walk(new_database: Callable[[], Database]) -> None:
    crm, shop = new_database(), new_database()
    crm.run(
        'CREATE TABLE "Contact" ("Id" int PRIMARY KEY, "E-Mail" text, settings text, password_hash text, tenant int)',
        "CREATE TABLE tenants (id int PRIMARY KEY, title text)",
        rows={
            '"Contact"': [
                (1, "ada@x.example", '{"theme": "dark", "token": "t0k3n", "more": 1}', "h", 7),
                (2, "ben@x.example", None, "h", 7),
            ],
            "tenants": [(7, "Seven"), (8, "Eight")],
        },
    )
    shop.run(
        'CREATE TABLE "order" (tenant int, no text, contact text, PRIMARY KEY (tenant, no))',
        "CREATE TABLE lines (order_no text, what text)",
        rows={
            '"order"': [(7, "A1", "1"), (8, "A2", "2"), (8, "A3", None)],
            "lines": [("A1", "tea"), ("A1", "tea"), ("A2", "cup"), (None, "pot")],
        },
    )
    kept, reports = walk({"crm": crm.system(read(CRM)), "shop": shop.system(read(SHOP))}, email="ada@x.example")
    assert all(one.state == "done" for one in reports.values())
    assert reports["crm"].skipped == ("audit",)
    assert kept["crm:Contact"] == [{"Id": 1, "E-Mail": "ada@x.example", "settings": {"theme": "dark"}, "tenant": 7}]
    assert kept.ids("crm:tenants") == [7]
    assert kept["shop:order"] == [{"tenant": 7, "no": "A1", "contact": "1"}]
    assert kept["shop:lines"] == [{"order_no": "A1", "what": "tea"}] * 2
