"""Questions about facts in a data map: read from the dataset's own `meta`, and every fault in them named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fideslang import models as fideslang

from app.policies.datasets import Fact
from app.policies.loader import from_stored, read_controller
from app.policies.yaml_file import parse_yaml

NAME = "    name: Shop\n"
TOWN = '{field: customers.town, ask: {en: "Which town?", lv: "Kura pilsēta?"}}'
TOTAL = '{field: orders.total, kind: number, ask: {en: "How much?", lv: "Cik?"}}'
FIELDS = {
    "fides_meta: {identity: email, data_type: string}\n": (
        "fides_meta: {identity: email, data_type: string}\n"
        "          - name: town\n"
        "          - {name: pin, fides_meta: {secret: true}}\n"
        "          - {name: active, fides_meta: {data_type: boolean}}\n"
        "          - {name: extra, fields: [{name: inner}]}\n"
    ),
    "direction: from}\n": "direction: from}\n          - name: total\n",
}


def asking(*entries: str) -> dict[str, str]:
    """The data map with these questions, one a line from line 6 on."""
    lines = "".join(f"        - {entry}\n" for entry in entries)
    return {NAME: f"{NAME}    meta:\n      two_facts:\n{lines}", **FIELDS}


def test_questions_are_read_with_their_kinds(write: Callable[..., Path]) -> None:
    loaded = read_controller(write(dataset=asking(TOWN, TOTAL)))
    assert loaded.datasets["shop"].facts == (
        Fact("customers", "town", "text", {"en": "Which town?", "lv": "Kura pilsēta?"}),
        Fact("orders", "total", "number", {"en": "How much?", "lv": "Cik?"}),
    )


def test_the_file_stays_a_dataset_as_fides_uses_it(write: Callable[..., Path]) -> None:
    text = (write(dataset=asking(TOWN, TOTAL)).parent / "datasets" / "shop.yml").read_bytes()
    raw = parse_yaml(text, "shop.yml").value["dataset"][0]
    assert fideslang.Dataset.model_validate(raw).meta == raw["meta"]


def test_a_data_map_need_not_ask_anything(write: Callable[..., Path]) -> None:
    assert read_controller(write()).datasets["shop"].facts == ()
    assert read_controller(write(dataset={NAME: f"{NAME}    meta: {{two_facts: []}}\n"})).datasets["shop"].facts == ()


FIELD = "dataset[0].meta.two_facts[0].field: "
ALLOWED = "; allowed: extra, id, town"
MISTAKES = [
    ("no such field", TOWN.replace("town", "twon"),
     f"{FIELD}“twon” is no field of customers (did you mean town?){ALLOWED}"),
    ("no such collection", TOWN.replace("customers", "customer"),
     f"{FIELD}“customer” is no collection here (did you mean customers?); allowed: customers, orders"),
    ("no field at all", TOWN.replace("customers.town", "town"), f"{FIELD}“town” names no field; collection.field"),
    ("a secret", TOWN.replace("town", "pin"),
     f"{FIELD}“pin” is a secret, which never leaves the system{ALLOWED}"),
    ("an identity", TOWN.replace("town", "email"),
     f"{FIELD}“email” is an identity (email) itself, which whoever asks has typed already{ALLOWED}"),
    ("inside a column", TOWN.replace("town", "extra.inner"),
     f"{FIELD}“extra.inner” lies inside a column; only a whole column can be asked for (did you mean extra?){ALLOWED}"),
    ("yes or no", TOWN.replace("town", "active"),
     f"{FIELD}“active” is yes or no, which anybody guesses{ALLOWED}"),
    ("a language is missing", TOWN.replace(', lv: "Kura pilsēta?"', ""),
     ("dataset[0].meta.two_facts[0].ask: is missing in lv; the question in each language of the controller: en, lv")),
    ("one text for two languages", "{field: customers.town, ask: Which town?}",
     ("dataset[0].meta.two_facts[0].ask: is missing in lv; the question in each language of the controller: en, lv")),
    ("no question", "{field: customers.town}", "dataset[0].meta.two_facts[0].ask: is missing; it must be given"),
    ("an empty question", TOWN.replace("Which town?", " "),
     ("dataset[0].meta.two_facts[0].ask: is no text; a sentence, or one for each language: {en: …, ro: …}")),
    ("an unknown kind", TOWN.replace("ask:", "kind: amount, ask:"),
     "dataset[0].meta.two_facts[0].kind: is “amount”; allowed: date, digits, number, phone, text"),
    ("an unknown key", TOWN.replace("ask:", "king: date, ask:"),
     "dataset[0].meta.two_facts[0].king: is no key here (did you mean kind?); allowed: ask, field, kind"),
    ("no entry", "just words", "dataset[0].meta.two_facts[0]: is text, not a map"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "expected"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_one_mistake_one_message(faults_of: Callable[..., list[str]], entry: str, expected: str) -> None:
    expected = f"datasets/shop.yml:6: {expected}"
    assert [text[: len(expected)] for text in faults_of(dataset=asking(entry, TOTAL))] == [expected]


def test_a_field_is_asked_for_once(faults_of: Callable[..., list[str]]) -> None:
    assert faults_of(dataset=asking(TOWN, TOTAL, TOWN)) == [
        "datasets/shop.yml:8: dataset[0].meta.two_facts[2].field: “customers.town” stands here twice; each field once"
    ]


def test_a_skipped_collection_is_never_read(faults_of: Callable[..., list[str]]) -> None:
    skipped = {"      - name: orders\n": "      - name: orders\n        fides_meta: {skip_processing: true}\n"}
    found = faults_of(dataset={**asking(TOWN, TOTAL), **skipped})
    assert found == [
        "datasets/shop.yml:7: dataset[0].meta.two_facts[1].field: “orders” is a collection that is not read;"
        " allowed: customers"
    ]


def test_no_list(faults_of: Callable[..., list[str]]) -> None:
    assert faults_of(dataset={NAME: f"{NAME}    meta: {{two_facts: {TOWN}}}\n", **FIELDS}) == [
        "datasets/shop.yml:4: dataset[0].meta.two_facts: is no list; one `- {field: …, ask: …}` a line"
    ]


PROOF = {"proof: [email_code]": "proof: [account_session, {all_of: [email_code, two_facts]}]"}


def test_a_right_that_asks_for_two_facts_has_two(write: Callable[..., Path]) -> None:
    loaded = read_controller(write(controller=PROOF, dataset=asking(TOWN, TOTAL)))
    assert loaded.file.rights["access"].proof[1].all_of == ("email_code", "two_facts")


@pytest.mark.parametrize(("entries", "have"), [((), "0 by email"), ((TOWN,), "1 by email")])
def test_too_few_for_a_right(faults_of: Callable[..., list[str]], entries: tuple[str, ...], have: str) -> None:
    changes = asking(*entries) if entries else FIELDS
    assert faults_of(controller=PROOF, dataset=changes) == [
        (
            "acme.yaml:13: rights.access.proof[1].all_of[1]: asks for two_facts, and too few are found by one identity:"
            f" {have}; at least 2 entries under meta.two_facts of the data maps that one identity leads to"
        )
    ]


def test_facts_that_no_identity_leads_to_do_not_count(faults_of: Callable[..., list[str]]) -> None:
    alone = {"            fides_meta:\n              references:\n"
             "                - {dataset: shop_data, field: customers.id, direction: from}\n": ""}  # fmt: skip
    fields = {**alone, "          - name: customer_id\n": "          - name: total\n          - name: customer_id\n"}
    changes = {**{key: new for key, new in asking(TOWN, TOTAL).items() if not key.startswith("direction")}, **fields}
    assert "1 by email" in faults_of(controller=PROOF, dataset=changes)[0]


def test_what_is_stored_stays_readable(write: Callable[..., Path]) -> None:
    loaded = read_controller(write())
    rights = {"access": {"proof": ["two_facts"]}}
    again = from_stored({**loaded.document, "rights": rights}, loaded.dataset_documents)
    assert again.file.rights["access"].proof[0].all_of == ("two_facts",)
