"""What holds for the sample systems of every organisation of the demo, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, func, inspect, select, update

from app.cli.demos import DEMOS
from app.cli.demos.plans import Demo
from app.cli.samples.making import Sample, build
from app.connectors.base import SchemaReport
from app.connectors.registry import connect
from app.policies.loader import CONTROLLERS, LoadedController, read_controller
from tests import servers

ADDRESSES = ("@example.com", "@example.net", "@example.org")


@dataclass(frozen=True)
class Built:
    """A sample that is there."""

    sample: Sample
    urls: dict[str, str]

    @property
    def file(self) -> LoadedController:
        return read_controller(CONTROLLERS / f"{self.sample.slug}.yaml")


@pytest.fixture(scope="module", params=DEMOS, ids=lambda demo: demo.sample.slug)
def demo(request: pytest.FixtureRequest) -> Demo:
    found: Demo = request.param
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    sample = demo.sample
    with ExitStack() as opened:
        if request.param == "sqlite":
            folder = tmp_path_factory.mktemp(sample.slug)
            urls = {key: f"sqlite:///{folder / key}.db" for key in sample.systems}
        else:
            server = opened.enter_context(servers.or_skip(servers.postgres()))
            urls = {key: opened.enter_context(server.database()) for key in sample.systems}
        assert build(sample, urls)
        yield Built(sample, urls)


def test_every_row_arrives(built: Built) -> None:
    rows = built.sample.generate()
    assert 2_000 < sum(map(len, rows.values())) < 15_000
    for key, metadata in built.sample.systems.items():
        engine = create_engine(built.urls[key])
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                count = connection.scalar(select(func.count()).select_from(table))
                assert count == len(rows[table.name]) > 0, table.name
        engine.dispose()


def test_the_data_maps_declare_every_column_and_no_other(built: Built) -> None:
    datasets = built.file.datasets
    assert datasets.keys() == built.sample.systems.keys()
    for key, dataset in datasets.items():
        engine = create_engine(built.urls[key])
        inspector = inspect(engine)
        assert set(inspector.get_table_names()) == set(dataset.collections)
        for name, collection in dataset.collections.items():
            columns = [column["name"] for column in inspector.get_columns(name)]
            assert columns == [field for field, one in collection.fields.items() if not one.nested]
            assert tuple(inspector.get_pk_constraint(name)["constrained_columns"]) == collection.primary_key
        engine.dispose()
        assert connect("sql", built.urls[key]).schema(dataset) == SchemaReport()


def test_a_second_build_touches_nothing(built: Built) -> None:
    key, metadata = next(iter(built.sample.systems.items()))
    table = next(one for one in metadata.sorted_tables if "email" in one.c)
    engine = create_engine(built.urls[key])
    first = next(iter(table.primary_key.columns))
    one = built.sample.generate()[table.name][0]
    with engine.begin() as connection:
        connection.execute(update(table).where(first == one[first.name]).values(email="changed@example.com"))
    assert not build(built.sample, built.urls)
    with engine.begin() as connection:
        assert connection.scalar(select(table.c.email).where(first == one[first.name])) == "changed@example.com"
        connection.execute(update(table).where(first == one[first.name]).values(email=one["email"]))
    engine.dispose()


def test_generation_is_repeatable(demo: Demo) -> None:
    assert demo.sample.generate() == demo.sample.generate()


def test_no_address_can_be_anybodys(demo: Demo) -> None:
    for table, rows in demo.sample.generate().items():
        for row in rows:
            for value in row.values():
                if isinstance(value, str) and "@" in value and " " not in value:
                    host = value.rpartition("@")[2]
                    assert value.endswith(ADDRESSES) or host.endswith(".example.com"), (table, value)


def test_every_field_has_a_category_that_the_file_has_a_rule_for(demo: Demo) -> None:
    loaded = read_controller(CONTROLLERS / f"{demo.sample.slug}.yaml")
    for dataset in loaded.datasets.values():
        for collection in dataset.collections.values():
            for name, field in collection.fields.items():
                assert field.categories, f"{collection.name}.{name}"
                for category in field.categories:
                    assert loaded.file.rule_for(category), f"{collection.name}.{name}: {category}"


def test_known_people_are_enough_and_each_has_an_address_of_their_own(demo: Demo) -> None:
    addresses = [email for _, email in demo.known()]
    assert len(addresses) == len(set(addresses)) >= sum(plan.known for plan in demo.plans)
    assert len(demo.strangers) >= sum(not plan.known for plan in demo.plans)
    special = {person.email for person in demo.sample.people}
    assert len(special) == len(demo.sample.people)
