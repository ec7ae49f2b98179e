"""A few fields of whoever carries one name: the way of an answer, cut down to what it needs."""

from collections.abc import Callable

import pytest

from app.connectors import narrow
from app.connectors.base import ConnectorFault, System
from app.connectors.graph import Node, Place
from tests.connectors.maps import Database, dataset

SHOP = dataset(
    "shop",
    customers="id* email@email code@customer_number town secret~",
    orders="id* customer_id<customers.id total note",
    lines="order_id*<orders.id line* title",
    visits="id* email@email at",
)
BILLS = dataset("bills", bills="id* customer<shop:customers.id amount", reminders="id* bill<bills.id")
TABLES = (
    "CREATE TABLE customers (id bigint PRIMARY KEY, email text, code text, town text, secret text)",
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, total numeric(10, 2), note text)",
    "CREATE TABLE visits (id bigint PRIMARY KEY, email text, at text)",
)
ROWS = {
    "customers": [(1, "ada@x.example", "C1", "Riga", "s1"), (2, "ben@x.example", "C2", "Liepāja", "s2"),
                  (3, None, "C3", None, None)],
    "orders": [(10, 1, 12.5, "a"), (11, 1, 99, None), (12, 2, 7, "b")],
    "visits": [(1, "ada@x.example", "monday")],
}  # fmt: skip
TOWN, TOTAL = Place(Node("db", "customers"), "town"), Place(Node("db", "orders"), "total")
VISIT, AMOUNT = Place(Node("db", "visits"), "at"), Place(Node("other", "bills"), "amount")


@pytest.fixture
def shop(database: Database) -> System:
    """There is no table `lines`: whoever asks for it fails."""
    return database.run(*TABLES, rows=ROWS).system(SHOP)


def test_the_wanted_fields_of_one_person(shop: System) -> None:
    found = narrow.values({"db": shop}, "email", ["ADA@x.example"], [TOWN, TOTAL])
    assert (found[TOWN], {float(str(one)) for one in found[TOTAL]}) == ({"Riga"}, {12.5, 99})
    assert narrow.values({"db": shop}, "customer_number", ["C2"], [TOWN]) == {TOWN: {"Liepāja"}}


def test_whoever_is_not_there_has_nothing(shop: System) -> None:
    found = narrow.values({"db": shop}, "customer_number", ["C9"], [TOWN, TOTAL])
    assert found == {TOWN: frozenset(), TOTAL: frozenset()}


def test_no_value_is_no_value(shop: System) -> None:
    assert narrow.values({"db": shop}, "customer_number", ["C3"], [TOWN, TOTAL])[TOWN] == frozenset()


def test_what_does_not_lead_there_is_not_read(shop: System, database: Database) -> None:
    database.run("DROP TABLE visits", "DROP TABLE orders")
    assert narrow.values({"db": shop}, "email", ["ada@x.example"], [TOWN]) == {TOWN: {"Riga"}}


def test_which_fields_an_identity_leads_to(shop: System) -> None:
    systems = {"db": shop}
    assert narrow.found_by(systems, "email", [TOWN, TOTAL, VISIT]) == {TOWN, TOTAL, VISIT}
    assert narrow.found_by(systems, "customer_number", [TOWN, TOTAL, VISIT]) == {TOWN, TOTAL}
    assert narrow.found_by(systems, "phone", [TOWN, TOTAL, VISIT]) == frozenset()


def test_the_way_crosses_systems(shop: System, new_database: Callable[[], Database]) -> None:
    other = new_database().run(
        "CREATE TABLE bills (id bigint PRIMARY KEY, customer bigint, amount int)",
        rows={"bills": [(1, 1, 50), (2, 2, 60)]},
    )
    systems = {"db": shop, "other": other.system(BILLS)}
    assert narrow.values(systems, "customer_number", ["C1"], [AMOUNT, TOWN]) == {AMOUNT: {50}, TOWN: {"Riga"}}


def test_a_system_that_is_away_is_a_fault(shop: System, new_database: Callable[[], Database]) -> None:
    empty = new_database().system(BILLS)
    with pytest.raises(ConnectorFault):
        narrow.values({"db": shop, "other": empty}, "customer_number", ["C1"], [AMOUNT])
    assert narrow.values({"db": shop, "other": empty}, "customer_number", ["C1"], [TOWN]) == {TOWN: {"Riga"}}


def test_two_systems_with_one_data_map(shop: System, new_database: Callable[[], Database]) -> None:
    twin = new_database().run(*TABLES).system(SHOP)
    there = Place(Node("twin", "customers"), "town")
    found = narrow.values({"db": shop, "twin": twin}, "email", ["ben@x.example"], [TOWN, there])
    assert found == {TOWN: {"Liepāja"}, there: frozenset()}


def test_nobody_has_that_many_rows(shop: System, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrow, "MOST_ROWS", 500)
    database.run(rows={"orders": [(100 + number, 1, number, None) for number in range(5000)]})
    assert len(narrow.values({"db": shop}, "email", ["ada@x.example"], [TOTAL])[TOTAL]) < 5000


def test_bytes_and_lists_are_no_answers() -> None:
    assert [one for one in (None, b"x", [1], {"a": 1}, 0, "", "x") if narrow._plain(one)] == [0, "", "x"]
