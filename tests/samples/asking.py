"""Asks sample systems for what they hold about somebody, as a case does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli.samples.making import Sample, build
from app.connectors.base import System
from app.connectors.registry import connect
from app.connectors.walk import collect
from app.policies.loader import CONTROLLERS, read_controller

Found = dict[str, list[dict[str, Any]]]


@dataclass
class Gathered:
    """Keeps all rows in memory, as dictionaries, by collection."""

    rows_of: Found = field(default_factory=dict)

    def open(self, connection: str, collection: str, columns: tuple[str, ...]) -> "Into":
        return Into(columns, self.rows_of.setdefault(f"{connection}.{collection}", []))


@dataclass
class Into:
    columns: tuple[str, ...]
    found: list[dict[str, Any]]

    def rows(self, batch: list[Any]) -> None:
        self.found += [dict(zip(self.columns, row, strict=True)) for row in batch]

    def close(self) -> None: ...


def opened(sample: Sample, folder: Path) -> dict[str, System]:
    """The sample's systems, filled, on SQLite."""
    urls = {key: f"sqlite:///{folder / key}.db" for key in sample.systems}
    build(sample, urls)
    datasets = read_controller(Path(CONTROLLERS) / f"{sample.slug}.yaml").datasets
    return {key: System(connect("sql", url), datasets[key]) for key, url in urls.items()}


def ask(systems: Mapping[str, System], identities: Mapping[str, Sequence[str]]) -> Found:
    """What is found by these, once proven; nothing may fail on the way."""
    gathered = Gathered()
    reports = collect(systems, identities, gathered)
    assert {report.state for report in reports.values()} == {"done"}
    assert sum(report.found for report in reports.values()) == sum(map(len, gathered.rows_of.values()))
    return gathered.rows_of
