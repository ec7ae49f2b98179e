"""Controllers and their systems: files checked and applied, connections tried (CONTRACT 3, 5)."""

from pathlib import Path
from typing import Any

import click

from app.cli.frame import REFUSED, Told, command
from app.domain.permissions import SYSTEM
from app.portal import Portal
from app.services import operating, policies

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group("controllers", help="The organisations that answer requests here.")
def controllers() -> None:
    """Groups the commands."""


@click.group("connections", help="The systems that hold an organisation's data.")
def connections() -> None:
    """Groups the commands."""


@command(controllers, "check")
@FILE
def check(_: Portal, file: Path) -> Told:
    """Check a controller file and its datasets; every mistake is named with its line. Changes nothing."""
    loaded = operating.read_file(file)
    remarks = [str(warning) for warning in loaded.warnings]
    slug = loaded.file.controller.slug
    document = {"slug": slug, "digest": loaded.digest, "rights": list(loaded.file.rights), "warnings": remarks}
    return Told(document, [f"{slug}: the file is sound.", *remarks])


@command(controllers, "apply")
@FILE
def apply(portal: Portal, file: Path) -> Told:
    """Create or update an organisation from its file. Cases filed before keep the version they were filed under."""
    loaded = operating.read_file(file)
    _, number, changed = policies.apply(portal, SYSTEM, loaded)
    slug = loaded.file.controller.slug
    remarks = [str(warning) for warning in loaded.warnings]
    words = f"{slug}: version {number} is in force." if changed else f"{slug}: version {number} was in force already."
    return Told({"slug": slug, "version": number, "changed": changed, "warnings": remarks}, [words, *remarks])


@command(controllers, "list")
def list_all(portal: Portal) -> Told:
    """Every organisation with the version of its file in force."""
    rows = operating.controllers(portal)
    document = {
        "controllers": [
            {
                "slug": row.slug, "name": row.name, "version": row.version, "country": row.country,
                "rights": list(row.rights), "staff": row.staff,
            }
            for row in rows
        ]
    }  # fmt: skip
    lines = [f"{row.slug:24} version {row.version:<4} {row.name} ({', '.join(row.rights)})" for row in rows]
    return Told(document, lines or ["There is no organisation yet: `flask controllers apply FILE`."])


@command(connections, "check")
@click.option("--controller", "slug", required=True, help="The organisation's slug.")
def check_connections(portal: Portal, slug: str) -> Told:
    """Can each system be reached, and does it look as its data map says? Exit 1 where something would fail."""
    reports = operating.check_connections(portal, policies.find(portal, slug))
    document: dict[str, Any] = {
        key: {
            "reachable": report.fault is None,
            "sound": report.sound,
            "error": str(report.fault) if report.fault else None,
            "missing": [*report.schema.missing_tables, *report.schema.missing_columns],
            "unreadable": list(report.schema.unreadable),
            "extra": [*report.schema.undeclared_tables, *report.schema.undeclared_columns],
            "undeclared_personal": list(report.schema.personal),
            "skipped": list(report.skipped),
        }
        for key, report in reports.items()
    }
    failed = [key for key, report in reports.items() if not report.sound]
    return Told(
        {"controller": slug, "connections": document},
        [line for key, facts in document.items() for line in _lines(key, facts)],
        code=REFUSED if failed else 0,
        reason=f"Not ready: {', '.join(failed)}." if failed else None,
    )


def _lines(key: str, facts: dict[str, Any]) -> list[str]:
    lines = [f"{key}: {'reachable' if facts['reachable'] else facts['error']}"]
    for name, words in _ABOUT.items():
        if facts[name]:
            lines.append(f"  {words}: {', '.join(facts[name])}")
    return lines


_ABOUT = {
    "missing": "named in the data map, not there",
    "unreadable": "there, but the portal's account may not read it",
    "extra": "there, not in the data map",
    "undeclared_personal": "looks personal and is not in the data map",
    "skipped": "left out by the data map",
}
COMMANDS = (controllers, connections)
