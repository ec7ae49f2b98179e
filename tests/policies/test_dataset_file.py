"""fideslang dataset files: taken as they are, and every fault in one named with its line."""

from collections.abc import Callable

import pytest

from app.domain.policy import say
from app.policies.dataset_file import data_categories, read_dataset
from app.policies.datasets import Dataset, Reference
from app.policies.faults import closest
from app.policies.loader import read_controller
from app.policies.yaml_file import parse_yaml

# As Fides' own examples are written: the older `fidesops_meta`, nested fields, extras that only Fides knows.
FIDES = """\
dataset:
  - fides_key: old_shop
    organization_fides_key: default_organization
    name: Old Shop
    description: Example
    meta: {anything: {goes: here}}
    data_categories: [user]
    fides_meta: {after: [other_data]}
    collections:
      - name: visit_log
        data_categories: [user.behavior]
        fields:
          - {name: zone, data_categories: [system.operations]}
          - name: email
            data_categories: [user.contact.email]
            fidesops_meta: {identity: email, data_type: string, length: 40}
          - {name: at}
      - name: customer
        description: People
        fides_meta: {after: [old_shop.visit_log], erase_after: [old_shop.visit_log], skip_processing: true}
        fields:
          - name: id
            fides_meta: {primary_key: True}
          - name: token
            data_categories: [user.authorization.credentials]
          - name: vault
            fides_meta: {secret: true, data_type: object}
            fields: [{name: inner}]
          - name: profile
            fides_meta: {data_type: object}
            fields:
              - name: names
                fields: [{name: first, data_categories: [user.name.first]}]
          - name: loyalty
            fides_meta: {custom_request_field: loyalty_number}
          - name: visit
            fides_meta:
              references:
                - {dataset: old_shop, field: visit_log.email}
                - {dataset: other_data, field: t.a.b, direction: to}
"""


def dataset_in(text: str) -> Dataset:
    read, faults = read_dataset(parse_yaml(text.encode(), "shop.yml"))
    assert not faults
    assert read is not None
    return read.dataset


def test_a_file_as_fides_has_it() -> None:
    found = dataset_in(FIDES)
    assert (found.key, found.title, found.after) == ("old_shop", "Old Shop", ("other_data",))
    visits, customers = found.collections.values()
    assert (visits.title, visits.skip, customers.after) == ("Visit log", False, ("old_shop.visit_log",))
    assert customers.skip
    assert customers.description == "People"


def test_systems_and_collections_are_called_what_the_file_says() -> None:
    text = FIDES.replace("anything: {goes: here}", "title: {en: The shop, bg: Магазинът}").replace(
        "      - name: visit_log\n", "      - name: visit_log\n        fides_meta: {title: Who came}\n"
    )
    found = dataset_in(text)
    assert say(found.title, "bg") == "Магазинът"
    assert [one.title for one in found.collections.values()] == ["Who came", "Customer"]


def test_the_order_of_the_file_is_kept() -> None:
    assert list(dataset_in(FIDES).collections["visit_log"].fields) == ["zone", "email", "at"]


def test_a_field_has_its_own_categories_and_those_above_it() -> None:
    fields = dataset_in(FIDES).collections["visit_log"].fields
    assert fields["email"].categories == ("user.contact.email", "user.behavior", "user")
    assert fields["at"].categories == ("user.behavior", "user")
    assert fields["email"].identity == "email"
    assert dataset_in(FIDES).collections["visit_log"].identities() == {"email": ("email",)}


def test_nested_fields_are_dotted() -> None:
    fields = dataset_in(FIDES).collections["customer"].fields
    assert [name for name in fields if "." in name] == ["vault.inner", "profile.names", "profile.names.first"]
    assert fields["profile.names.first"].nested
    assert fields["loyalty"].custom_request_field == "loyalty_number"


def test_secrets_never_leave() -> None:
    customers = dataset_in(FIDES).collections["customer"]
    assert {name for name, one in customers.fields.items() if one.secret} == {"token", "vault", "vault.inner"}
    assert customers.columns == ("id", "profile", "loyalty", "visit")
    assert "user.authorization.credentials" not in customers.categories


def test_a_primary_key_may_be_left_out() -> None:
    collections = dataset_in(FIDES).collections
    assert collections["visit_log"].primary_key == ()
    assert collections["customer"].primary_key == ("id",)


def test_references() -> None:
    assert [reference for _, _, reference in dataset_in(FIDES).references()] == [
        Reference("old_shop", "visit_log", "email", None),
        Reference("other_data", "t", "a.b", "to"),
    ]


def test_an_ordinary_slip_is_told_and_an_unknown_extra_is_not() -> None:
    text = FIDES.replace("data_categories: [user.behavior]", "data_categorys: [user.behavior]\n        flavour: mild")
    _, faults = read_dataset(parse_yaml(text.encode(), "shop.yml"))
    assert [str(fault) for fault in faults] == [
        (
            "shop.yml:11: dataset[0].collections[0].data_categorys: is no key of a dataset (did you mean"
            " data_categories?);"
            " the keys of fideslang"
        )
    ]


REFERENCE = "dataset[0].collections[1].fields[1].fides_meta.references[0]"
MISTAKES = [
    ("no dataset", "dataset:", "datasets:", (":1: dataset: holds no single dataset; one dataset: `dataset:` with a list"
     " of one entry, as fideslang has it")),
    ("no key", "  - fides_key: shop_data\n    name: Shop", "  - name: Shop",
     ":2: dataset[0].fides_key: is missing; it must be given"),
    ("bad key", "fides_key: shop_data", "fides_key: shop data",
     (":2: dataset[0].fides_key: FidesKeys must only contain alphanumeric characters, '.', '_', '<', '>' or '-'."
     " Value provided: shop data")),
    ("unknown data category", "[user.contact.email]", "[user.contact.emial]",
     (":11: dataset[0].collections[0].fields[1].data_categories[0]: “user.contact.emial” is no data category"
     " (did you mean user.contact.email?); the data categories of fideslang")),
    ("collection twice", "name: orders", "name: customers",
     ":4: dataset[0].collections: Duplicate entries found: [customers]"),
    ("reference to a missing dataset", "dataset: shop_data, field", "dataset: shop_dta, field",
     (f":22: {REFERENCE}: refers to the dataset “shop_dta”, which no connection has (did you mean shop_data?);"
     " allowed: shop_data")),
    ("reference to a missing collection", "customers.id", "customer.id",
     (f":22: {REFERENCE}: refers to the collection “customer”, which is not in shop_data (did you mean customers?);"
     " allowed: customers, orders")),
    ("reference to a missing field", "customers.id", "customers.uid",
     (f":22: {REFERENCE}: refers to the field “uid”, which is no column of customers (did you mean id?);"
     " allowed: email, id")),
    ("reference to no field", "customers.id", "customers",
     f":22: {REFERENCE}.field: “customers” names no field; collection.field"),
    ("unknown direction", "direction: from", "direction: form",
     f":22: {REFERENCE}.direction: is “form” (did you mean from?); allowed: from, to"),
    ("identity on a nested field", "data_type: string}",
     "data_type: object}\n            fields: [{name: work, fides_meta: {identity: email}}]",
     (":13: dataset[0].collections[0].fields[1].fields[0].fides_meta.identity: stands on a nested field; only on a"
      " whole"
     " column")),
    ("unknown data type", "data_type: string", "data_type: text",
     ":12: dataset[0].collections[0].fields[1].fides_meta.data_type: The data type text is not supported."),
    ("secret that is no yes or no", "primary_key: true}", 'primary_key: true, secret: "yes"}',
     ":9: dataset[0].collections[0].fields[0].fides_meta.secret: is no yes or no; true, false"),
    ("system's title that is no text", "    name: Shop\n", "    name: Shop\n    meta: {title: [Shop]}\n",
     ":4: dataset[0].meta.title: is no text; a few words, or some for each language"),
    ("title that is no text", "primary_key: true}", "primary_key: true, title: {en: 3}}",
     ":9: dataset[0].collections[0].fields[0].fides_meta.title: is no text; a few words, or some for each language"),
    ("after a collection that is not there", "      - name: orders\n",
     "      - name: orders\n        fides_meta: {after: [shop_data.buyers]}\n",
     (":14: dataset[0].collections[1].fides_meta.after[0]: “shop_data.buyers” does not exist; dataset.collection of"
      " this"
     " controller")),
    ("fields that are no list", ("        fields:\n          - name: id\n"
     "            data_categories: [user.unique_id]\n"
     "            fides_meta: {primary_key: true}\n          - name: email\n"
     "            data_categories: [user.contact.email]\n"
     "            fides_meta: {identity: email, data_type: string}\n"), "        fields: none\n",
     ":6: dataset[0].collections[0].fields: is text, not a list; a list: [a, b], or one `- a` a line"),
    ("no YAML", "dataset:", "dataset: [", ":2: is no YAML: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_one_mistake_one_message(faults_of: Callable[..., list[str]], old: str, new: str, expected: str) -> None:
    expected = "datasets/shop.yml" + expected
    assert [text[: len(expected)] for text in faults_of(dataset={old: new})] == [expected]


def test_a_collection_needs_columns(faults_of: Callable[..., list[str]]) -> None:
    found = faults_of(dataset={"      - name: orders\n": "      - {name: empty, fields: []}\n      - name: orders\n"})
    assert found == [
        "datasets/shop.yml:13: dataset[0].collections[1].fields: is empty; the columns of the table"
    ]  # fmt: skip


def test_a_cycle_is_allowed(write: Callable[..., object]) -> None:
    ids = "[{dataset: shop_data, field: orders.id}, {dataset: shop_data, field: customers.id}]"
    back = f"fides_meta: {{primary_key: true, references: {ids}}}"
    loaded = read_controller(write(dataset={"fides_meta: {primary_key: true}": back}))  # type: ignore[arg-type]
    assert not [warning for warning in loaded.warnings if "no proven identity" in warning.wrong]


def test_two_datasets_with_one_key(faults_of: Callable[..., list[str]], write: Callable[..., object]) -> None:
    path = write()
    twin = path.parent / "datasets" / "twin.yml"  # type: ignore[attr-defined]
    twin.write_text((path.parent / "datasets" / "shop.yml").read_text())  # type: ignore[attr-defined]
    new = '  - {key: twin, kind: sql, url: "${TWIN}", dataset: datasets/twin.yml}\ncategories:'
    assert faults_of(controller={"categories:": new}) == [
        (
            "datasets/twin.yml:2: dataset[0].fides_key: “shop_data” is the key of another dataset of this controller"
            " too; a key of its own"
        )
    ]


def test_the_taxonomy_is_fideslangs() -> None:
    assert len(data_categories()) >= 85
    assert closest("user.contact.mail", data_categories()) == " (did you mean user.contact.email?)"
    assert closest("zzz", data_categories()) == ""
