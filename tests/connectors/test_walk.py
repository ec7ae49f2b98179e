"""Who gets what: all rows of the proven person, each once, and none of anybody else's."""

import tracemalloc
from collections.abc import Callable

import pytest

from app.connectors import walk as walking
from app.connectors.base import Row
from app.connectors.walk import collect
from tests.connectors.maps import Database, Kept, dataset, sqlite_at, walk

SHOP = """
CREATE TABLE customers (id bigint PRIMARY KEY, email text, full_name text, login_name text, password text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text);
CREATE TABLE lines (order_id bigint, line int, title text, PRIMARY KEY (order_id, line));
CREATE TABLE parcels (order_id bigint, line int, code text PRIMARY KEY);
"""
MAP = dataset(
    "shop",
    customers="id* email@email full_name login_name@account_name password~",
    orders="id* customer_id<customers.id note",
    lines="order_id*<orders.id line* title",
)


@pytest.fixture
def shop(database: Database) -> Database:
    statements = [one for one in SHOP.split(";") if one.strip()]
    return database.run(
        *statements,
        rows={
            "customers": [
                (1, "ada@x.example", "Ada Abbott", "ada", "hash1"),
                (2, "ben@x.example", "Ben Bianchi", "ben", "hash2"),
                (3, "Ada@X.example", "Ada Abbott", "ada3", "hash3"),
                (4, None, "Ada Abbott", None, None),
            ],
            "orders": [(10, 1, "a"), (11, 1, None), (12, 2, "b"), (13, None, "c"), (14, 3, "d")],
            "lines": [(10, 1, "x"), (10, 2, "y"), (11, 1, "z"), (12, 1, "no"), (13, 1, "no"), (14, 1, "w")],
        },
    )


def test_all_rows_of_the_person_and_nothing_secret(shop: Database) -> None:
    kept, report = shop.collect(MAP, email="ADA@x.example")
    assert (report.state, report.fault, report.found) == ("done", None, 9)
    assert report.rows == {"customers": 2, "orders": 3, "lines": 4}
    assert kept.ids("customers") == [1, 3]  # whatever the capitals, in the question and in the table
    assert kept.ids("orders") == [10, 11, 14]
    assert [(row["order_id"], row["line"]) for row in kept["lines"]].sort() is None
    assert kept.columns_of["db", "customers"] == ("id", "email", "full_name", "login_name")
    assert "hash" not in repr(kept.rows_of)


def test_a_stranger_finds_nothing(shop: Database) -> None:
    kept, report = shop.collect(MAP, email="nobody@x.example")
    assert (report.state, report.found, kept.rows_of) == ("done", 0, {})


def test_only_its_own_kind_of_identity_seeds_a_field(shop: Database) -> None:
    _, report = shop.collect(MAP, phone="ada@x.example", customer_number="1")
    assert report.found == 0
    assert report.unreached == ("customers", "orders", "lines")
    kept, _ = shop.collect(MAP, email="nobody@x.example", account_name="ben@x.example")
    assert kept.rows_of == {}


def test_another_persons_account_name_yields_nothing_unless_it_is_proven(shop: Database) -> None:
    kept, _ = shop.collect(MAP, email="ada@x.example")  # beside it `ben` was typed: not proven, so never handed over
    assert 2 not in kept.ids("customers")
    kept, _ = shop.collect(MAP, email="ada@x.example", account_name="ben")
    assert kept.ids("customers") == [1, 2, 3]


@pytest.mark.parametrize("kind", ["name", "full_name", "surname"])
def test_a_name_never_seeds_even_if_the_map_says_so(shop: Database, kind: str) -> None:
    named = dataset("shop", customers=f"id* full_name@{kind}", orders="id* customer_id<customers.id")
    _, report = shop.collect(named, **{kind: "Ada Abbott"})
    assert (report.state, report.found, report.unreached) == ("done", 0, ("customers", "orders"))


def test_custom_request_fields_and_empty_identities_seed_nothing(shop: Database) -> None:
    _, report = shop.collect(MAP, email=[])
    assert report.found == 0
    assert report.unreached


@pytest.mark.parametrize(
    "typed",
    [
        "' OR '1'='1",
        "ada@x.example' --",
        '"; DROP TABLE customers; --',
        "%",
        "_da@x.example",
        "\\",
        "{ada@x.example}",
        "%(values)s",
        ":values",
        "?",
        "ada@x.example\x00",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_nothing_typed_is_ever_part_of_a_statement(shop: Database, typed: str) -> None:
    kept, report = shop.collect(MAP, email=typed, account_name=typed)
    assert (report.state, report.found, kept.rows_of) == ("done", 0, {})
    _, report = shop.collect(MAP, email="ada@x.example")
    assert report.found == 9


def test_a_value_that_does_not_fit_the_column_finds_nothing(shop: Database) -> None:
    by_number = dataset("shop", customers="id*@customer_number full_name")
    for typed in ("abc", "1e3", "1.5", "9" * 25, "", "0x1", "--1", "١"):
        _, report = shop.collect(by_number, customer_number=typed)
        assert (report.state, report.found) == ("done", 0), typed
    kept, _ = shop.collect(by_number, customer_number=[" 1 ", "0002", "+3"])
    assert kept.ids("customers") == [1, 2, 3]


def test_no_capital_beyond_ascii_hides_anybody(database: Database) -> None:
    """SQLite, and PostgreSQL without an index, lower the letters of ASCII only."""
    stored = ["Jānis.Bērziņš@x.example", "JĀNIS.BĒRZIŅŠ@X.EXAMPLE", "jānis.bērziņš@x.example"]
    rows = [(one,) for one in (*stored, "janis.berzins@x.example", "jānis.bērziņs@x.example")]
    database.run("CREATE TABLE others (email varchar(40))", rows={"others": rows})
    for typed in stored:
        kept, _ = database.collect(dataset("d", others="email@email"), email=typed)
        assert sorted(row["email"] for row in kept["others"]) == sorted(stored), typed


def test_several_identities_give_each_row_once(shop: Database) -> None:
    kept, report = shop.collect(
        MAP, email=["ada@x.example", "ADA@X.EXAMPLE", "ben@x.example"], account_name=["ada", "ben", "ada"]
    )
    assert report.found == len(kept["customers"]) + len(kept["orders"]) + len(kept["lines"])
    assert kept.ids("customers") == [1, 2, 3]
    assert kept.ids("orders") == [10, 11, 12, 14]


def test_composite_keys_join_by_each_part_and_never_by_name(shop: Database) -> None:
    shop.run(rows={"parcels": [(10, 1, "p1"), (10, 2, "p2"), (12, 1, "other")]})
    parcels = dataset(
        "shop",
        customers="id* email@email",
        orders="id* customer_id<customers.id",
        parcels="code* order_id<orders.id line",
    )
    kept, _ = shop.collect(parcels, email="ada@x.example")
    assert kept.ids("parcels", "code") == ["p1", "p2"]


def test_a_collection_that_is_all_secret_is_counted_and_not_copied(shop: Database) -> None:
    hidden = dataset("shop", customers="id*~ email~@email", orders="id* customer_id<customers.id")
    kept, report = shop.collect(hidden, email="ada@x.example")
    assert report.rows == {"customers": 2, "orders": 3}
    assert list(kept.columns_of) == [("db", "orders")]


def test_skipped_collections_are_said(shop: Database) -> None:
    skipping = dataset(
        "shop",
        skip=["orders"],
        customers="id* email@email",
        orders="id* customer_id<customers.id",
        lines="order_id*<orders.id line*",
    )
    _, report = shop.collect(skipping, email="ada@x.example")
    assert (report.skipped, report.unreached, report.rows) == (("orders",), ("lines",), {"customers": 2})


# Directions


PEOPLE = """
CREATE TABLE companies (id bigint PRIMARY KEY, title text);
CREATE TABLE people (id bigint PRIMARY KEY, email text, company_id bigint, boss_id bigint);
"""


@pytest.fixture
def firm(database: Database) -> Database:
    return database.run(
        *[one for one in PEOPLE.split(";") if one.strip()],
        rows={
            "companies": [(1, "One"), (2, "Two")],
            "people": [
                (1, "ada@x.example", 1, 2),
                (2, "ben@x.example", 1, 3),
                (3, "cy@x.example", 2, None),
                (4, "di@x.example", 1, 1),
                (5, "ed@x.example", 2, 4),
            ],
        },
    )


@pytest.mark.parametrize(
    ("sign", "people", "companies"),
    [
        (">", [1], [1]),  # my company, and nobody else who works there
        ("<", [1], []),  # companies are not looked up at all
        ("=", [1], [1]),  # away from me: never up and down again
    ],
)
def test_a_shared_parent_gives_away_nobody_else(
    firm: Database, sign: str, people: list[int], companies: list[int]
) -> None:
    staff = dataset("firm", people=f"id* email@email company_id{sign}companies.id", companies="id* title")
    kept, report = firm.collect(staff, email="ada@x.example")
    assert (kept.ids("people"), kept.ids("companies")) == (people, companies)
    assert report.state == "done"


def test_both_ways_only_when_both_are_declared(firm: Database) -> None:
    staff = dataset("firm", people="id* email@email company_id>companies.id<companies.id", companies="id* title")
    kept, _ = firm.collect(staff, email="ada@x.example")
    assert kept.ids("people") == [1, 2, 4]


@pytest.mark.parametrize(("sign", "people"), [(">", [1, 2, 3]), ("<", [1, 4, 5]), ("=", [1, 4, 5])])
def test_references_within_one_table(firm: Database, sign: str, people: list[int]) -> None:
    staff = dataset("firm", people=f"id* email@email boss_id{sign}people.id")
    kept, _ = firm.collect(staff, email="ada@x.example")
    assert kept.ids("people") == people


def test_a_circle_ends(firm: Database) -> None:
    firm.run("UPDATE people SET boss_id = 1 WHERE id = 3")
    staff = dataset("firm", people="id* email@email boss_id>people.id")
    kept, report = firm.collect(staff, email="ada@x.example")
    assert kept.ids("people") == [1, 2, 3]
    assert report.found == 3


def test_a_very_long_chain_needs_no_deep_stack(database: Database) -> None:
    database.run("CREATE TABLE chain (id bigint PRIMARY KEY, email text, after_id bigint)")
    links = [(n, "ada@x.example" if n == 0 else None, n + 1) for n in range(1500)]
    database.run(rows={"chain": links})
    kept, _ = database.collect(dataset("c", chain="id* email@email after_id>chain.id"), email="ada@x.example")
    assert kept.ids("chain") == list(range(1500))


def test_rows_without_any_key_are_each_given_once_even_when_they_are_equal(database: Database) -> None:
    database.run("CREATE TABLE log (email text, phone text, what text)")
    row = ("ada@x.example", "+371", "visit")
    database.run(rows={"log": [row, row, row, ("other@x.example", "+371", "b"), ("other@x.example", "+1", "c")]})
    kept, report = database.collect(
        dataset("l", log="email@email phone@phone what"), email="ada@x.example", phone="+371"
    )
    assert sorted(one["what"] for one in kept["log"]) == ["b", "visit", "visit", "visit"]
    assert report.found == 4


def test_views_have_no_row_number_and_are_read_all_the_same(database: Database) -> None:
    database.run(
        "CREATE TABLE log (id bigint PRIMARY KEY, email text, phone text)",
        "CREATE VIEW seen_log AS SELECT * FROM log",
        rows={"log": [(1, "a@x.example", "+1"), (2, "a@x.example", "+2"), (3, "b@x.example", "+1")]},
    )
    kept, _ = database.collect(dataset("l", seen_log="id* email@email phone@phone"), email="a@x.example", phone="+1")
    assert kept.ids("seen_log") == [1, 2, 3]


# Several systems


def test_references_cross_databases_and_types(new_database: Callable[[], Database]) -> None:
    crm, billing = new_database(), new_database()
    crm.run(
        "CREATE TABLE contacts (id bigint PRIMARY KEY, email text, number text)",
        rows={"contacts": [(1, "ada@x.example", "17"), (2, "ben@x.example", "18")]},
    )
    billing.run(
        "CREATE TABLE payers (id bigint PRIMARY KEY, contact text)",
        "CREATE TABLE bills (no text PRIMARY KEY, payer_id bigint)",
        rows={"payers": [(17, "1"), (18, "2")], "bills": [("b1", 17), ("b2", 18), ("b3", None)]},
    )
    systems = {
        "billing": billing.system(
            dataset("billing", payers="id*<crm:contacts.number contact", bills="no* payer_id=payers.id")
        ),
        "crm": crm.system(dataset("crm", contacts="id* email@email number")),
    }
    kept, reports = walk(systems, email="ada@x.example")
    assert [(key, one.state, one.found) for key, one in reports.items()] == [("billing", "done", 2), ("crm", "done", 1)]
    assert kept.ids("billing:bills", "no") == ["b1"]


def test_two_connections_may_share_a_data_map(new_database: Callable[[], Database]) -> None:
    systems = {}
    for key, person in (("north", 1), ("south", 2)):
        one = new_database().run(
            "CREATE TABLE people (id bigint PRIMARY KEY, email text)",
            "CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint)",
            rows={"people": [(person, "ada@x.example")], "visits": [(10, 1), (20, 2)]},
        )
        systems[key] = one.system(dataset("site", people="id* email@email", visits="id* person_id<people.id"))
    kept, _ = walk(systems, email="ada@x.example")
    assert (kept.ids("north:visits"), kept.ids("south:visits")) == ([10], [20])


def test_a_fault_fails_its_system_and_those_that_wait_for_it_and_no_other(new_database: Callable[[], Database]) -> None:
    gone, fed, apart = new_database(), new_database(), new_database()
    fed.run("CREATE TABLE bills (id bigint PRIMARY KEY, contact_id bigint, email text)")
    fed.run(rows={"bills": [(1, 1, "ada@x.example"), (2, 1, None)]})
    apart.run("CREATE TABLE letters (id bigint PRIMARY KEY, email text)", rows={"letters": [(1, "ada@x.example")]})
    last = new_database().run("CREATE TABLE notes (id bigint PRIMARY KEY, bill_id bigint)")
    systems = {
        "crm": gone.system(dataset("crm", contacts="id* email@email")),
        "billing": fed.system(dataset("billing", bills="id* contact_id<crm:contacts.id email@email")),
        "notes": last.system(dataset("notes", notes="id* bill_id<billing:bills.id")),
        "post": apart.system(dataset("post", letters="id* email@email")),
    }
    kept, reports = walk(systems, email="ada@x.example")
    assert {key: one.state for key, one in reports.items()} == {
        "crm": "failed",
        "billing": "failed",
        "notes": "failed",
        "post": "done",
    }
    assert str(reports["crm"].fault) == "The data map names what this system does not have: contacts."
    assert "“crm”" in str(reports["billing"].fault)
    assert "“crm”" in str(reports["notes"].fault)
    assert kept.ids("post:letters") == [1]


def test_a_reference_to_nowhere_fails_the_run(shop: Database) -> None:
    for target in ("orders.nothing", "nothing.id", "elsewhere:orders.id"):
        astray = dataset(
            "shop",
            customers=f"id* email@email login_name>{target}",
            orders="id* customer_id<customers.id",
        )
        _, report = shop.collect(astray, email="ada@x.example")
        assert (report.state, report.retry) == ("failed", False)
        assert "customers.login_name" in str(report.fault)


# Size


def test_progress_is_told(shop: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "PROGRESS_SECONDS", 0)
    told: list[dict[str, int]] = []
    collect({"db": shop.system(MAP)}, {"email": ["ada@x.example"]}, Kept(), progress=lambda one: told.append(dict(one)))
    assert told[-1] == {"db": 9}
    assert [one["db"] for one in told] == sorted(one["db"] for one in told)


def test_progress_is_told_twice_a_second_at_most(shop: Database) -> None:
    told: list[object] = []
    collect({"db": shop.system(MAP)}, {"email": ["ada@x.example"]}, Kept(), progress=told.append)
    assert len(told) <= 2


@pytest.mark.parametrize("open_lookups", [1, 12])
def test_many_rows_come_in_batches_and_look_ups_follow_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, open_lookups: int
) -> None:
    monkeypatch.setattr(walking, "OPEN_LOOKUPS", open_lookups)
    monkeypatch.setattr(walking, "ROWS", 60)
    monkeypatch.setattr(walking, "VALUES", 100)
    many = 2000
    database.run(
        "CREATE TABLE people (id bigint PRIMARY KEY, email text)",
        "CREATE TABLE visits (id bigint PRIMARY KEY, person_id bigint)",
        "CREATE TABLE pages (id bigint PRIMARY KEY, visit_id bigint, next_id bigint)",
        rows={
            "people": [(1, "ada@x.example")],
            "visits": [(n, 1) for n in range(many)],
            "pages": [(n, n // 2, n + 7) for n in range(2 * many)],
        },
    )
    pages = dataset(
        "web",
        people="id* email@email",
        visits="id* person_id<people.id",
        pages="id* visit_id<visits.id next_id>pages.id",
    )
    kept, report = database.collect(pages, email="ada@x.example")
    assert report.rows == {"people": 1, "visits": many, "pages": 2 * many}
    assert len({row["id"] for row in kept["pages"]}) == 2 * many
    assert kept.largest <= 60


class Counting:
    """A sink that keeps nothing."""

    def open(self, connection: str, collection: str, columns: tuple[str, ...]) -> "Counting":
        return self

    def rows(self, batch: list[Row]) -> None:
        pass

    def close(self) -> None:
        pass


def test_memory_does_not_grow_with_the_person(tmp_path: object) -> None:
    def peak(many: int) -> int:
        database = sqlite_at(tmp_path / f"{many}.db").run(
            "CREATE TABLE people (id integer PRIMARY KEY, email text)",
            "CREATE TABLE visits (id integer PRIMARY KEY, person_id integer, page text)",
            "CREATE TABLE clicks (id integer PRIMARY KEY, visit_id integer)",
            "CREATE INDEX visit_of ON clicks (visit_id)",
            rows={
                "people": [(1, "ada@x.example")],
                "visits": [(n, 1, f"page {n}") for n in range(many)],
                "clicks": [(n, n) for n in range(many)],
            },
        )
        clicks = dataset(
            "web",
            people="id* email@email",
            visits="id* person_id<people.id page",
            clicks="id* visit_id<visits.id",
        )
        tracemalloc.start()
        try:
            report = collect({"db": database.system(clicks)}, {"email": ["ada@x.example"]}, Counting())["db"]
            assert report.found == 2 * many + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(100_000) < peak(25_000) * 1.2
