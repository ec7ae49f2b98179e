"""What a new file changes is said in words: each kind of change, in files and data maps, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.policies.changes import WHO, Change, compare
from app.policies.loader import read_controller

Write = Callable[..., Path]


@pytest.fixture
def changes(write: Write) -> Callable[..., list[str]]:
    """What is said when the two files are so changed."""

    def said(**changed: dict[str, str]) -> list[str]:
        before, after = read_controller(write()), read_controller(write(**changed))
        found = compare(before.document, before.dataset_documents, after.document, after.dataset_documents)
        back = compare(after.document, after.dataset_documents, before.document, before.dataset_documents)
        assert len(back) == len(found), "there and back are as many steps"
        return [str(one) for one in found]

    return said


@pytest.mark.parametrize(("old", "new", "said"), [
    ("name: ACME\n", "name: ACME & Co\n", ["controller.name: “ACME” → “ACME & Co”"]),
    ("days: 30", "days: 14", ["rights.access.respond_within: 30 days → 14 days (shorter)"]),
    ("days: 30", "working_days: 30", ["rights.access.respond_within: 30 days → 30 working days (longer)"]),
    ("respond_within: {days: 30}, ", "", ["rights.access.respond_within: gone (was 30 days)"]),
    ("approvers: 1", "approvers: 2", ["rights.access.approvers: 1 → 2"]),
    ("approvers: 1}", "approvers: 1}\n  erasure: {}", ["rights.erasure: offered now"]),
    ("approvers: 1}", "approvers: 1}\n  erasure:", ["rights.erasure: offered now"]),
    ("[email_code]", "[{all_of: [email_code, signed_form]}, document_view]",
     ["rights.access.proof: email_code → email_code and signed_form, document_view"]),
    ("[en, lv]", "[en, lv, ru]", ["controller.languages: en, lv → en, lv, ru"]),
    ("{years: 2, from: last_use}", "{years: 1, from: last_use}",
     ["categories.user.contact.keep: 2 years from last_use → 1 year from last_use (shorter)"]),
    ("{years: 2, from: last_use}", "{years: 2, from: created}",
     ["categories.user.contact.keep: 2 years from last_use → 2 years from created"]),
    ("legal_basis: contract", "legal_basis: consent", ["purposes.service.legal_basis: “contract” → “consent”"]),
    ("Invoicing", "Bills", ["purposes.billing.title.en: “Invoicing” → “Bills”"]),
    ("key: shop, ", "key: store, ", ["connections.store: searched now", "connections.shop: not searched any more"]),
    ('url: "${ACME_SHOP_URL}"', 'url: "${SHOP}"', ["connections.shop.url: “${ACME_SHOP_URL}” → “${SHOP}”"]),
    ("{name: daily, every", "{name: {en: daily, lv: ik dienu}, every", [
        "backups.daily.name: new, {en: “daily”, lv: “ik dienu”}",
    ]),
    ("country: DE", "country: FR", ["recipients.Example Mailer.country: “DE” → “FR”"]),
    ("keep: {months: 1}}, {name: monthly", "keep: {months: 3}}, {name: monthly",
     ["backups.daily.keep: 1 month → 3 months (longer)"]),
    ("  rows: {shop.orders: delete_row}\n", "", ["erasure.rows: gone (was {shop.orders: “delete_row”})"]),
    (", demo: {delete_after_expiry: {months: 1}}", "",
     ["accounts.demo: gone"]),
    ("  user.financial: {purposes: [billing], keep: {years: 10, from: created}, on_erasure: keep}\n", "",
     ["categories.user.financial: no rule of its own any more"]),
    ("purposes:\n", "automated_decisions: None are made.\npurposes:\n", ["automated_decisions: new, “None are made.”"]),
])  # fmt: skip
def test_in_the_controller_file(changes: Callable[..., list[str]], old: str, new: str, said: list[str]) -> None:
    controller = {old: new} | ({"rows: {shop.orders": "rows: {store.orders"} if "store" in new else {})
    found = changes(controller=controller)
    assert [one for one in found if "erasure.rows" not in one or "store" not in new] == said


ORDERS = """\
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


@pytest.mark.parametrize(("old", "new", "said"), [
    (ORDERS, "", ["datasets/shop.yml: orders: not in the data map any more"]),
    ("name: customer_id", "name: client_id", [
        "datasets/shop.yml: orders.client_id: in the data map now",
        "datasets/shop.yml: orders.customer_id: not in the data map any more",
    ]),
    ("[user.contact.email]", "[user.contact]",
     ["datasets/shop.yml: customers.email.data_categories: user.contact.email → user.contact"]),
    ("{identity: email, data_type: string}", "{data_type: string}",
     ["datasets/shop.yml: customers.email.fides_meta.identity: gone (was “email”)"]),
    ("    name: Shop\n", "    name: Store\n", ["datasets/shop.yml: (name): “Shop” → “Store”"]),
])  # fmt: skip
def test_in_a_data_map(changes: Callable[..., list[str]], old: str, new: str, said: list[str]) -> None:
    controller = {"  rows: {shop.orders: delete_row}\n": ""}
    found = changes(controller=controller, dataset={old: new})
    assert [one for one in found if one.startswith("datasets/")] == said


def test_nothing_changed(changes: Callable[..., list[str]]) -> None:
    assert changes() == []
    assert changes(controller={"\nrights:": "\n# remarked\nrights:"}) == []


def test_a_whole_section_is_told_entry_by_entry(changes: Callable[..., list[str]], write: Write) -> None:
    accounts = "accounts: {commercial: {delete_after_expiry: {days: 120}}, demo: {delete_after_expiry: {months: 1}}}\n"
    assert changes(controller={accounts: ""}) == ["accounts.commercial: gone", "accounts.demo: gone"]


def test_who_answers_is_three_keys() -> None:
    assert [".".join(place) for place in WHO] == ["controller.legal_name", "controller.country", "controller.regime"]
    assert Change(WHO[0], "A", "B").kind == "changed"
