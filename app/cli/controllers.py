"""Controllers and their systems: files checked and applied, connections tried (CONTRACT 3, 5)."""

from collections.abc import Mapping
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
@click.option("--yes", is_flag=True, help="Also where the company's name, its country or its law is another one.")
@click.option("--dry-run", "only_look", is_flag=True, help="Say what would change, and change nothing.")
def apply(portal: Portal, file: Path, *, yes: bool, only_look: bool) -> Told:
    """Create or update an organisation from its file, and say what changes. Cases keep the version they were filed
    under."""
    loaded = operating.read_file(file)
    done = policies.look(portal, loaded) if only_look else policies.put_in_force(portal, SYSTEM, loaded, sure=yes)
    remarks = [str(warning) for warning in loaded.warnings]
    return _told(loaded.file.controller.slug, done, remarks, only_look=only_look)


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


@command(connections, "draft")
@click.option("--url", required=True, help="The database's address, as in a controller file: '${ACME_SHOP_URL}'.")
@click.option("--key", required=True, help="What the data map is called, such as shop.")
def draft_map(portal: Portal, url: str, key: str) -> Told:
    """Print a first data map of a database, from its schema alone. What it leaves `open`, you decide."""
    made = operating.draft_map(portal, url, key)
    return Told({"dataset": made.text, "open": list(made.open)}, [made.text.rstrip()])


def _told(slug: str, done: policies.Applied, remarks: list[str], *, only_look: bool) -> Told:
    changes = [{"field": one.field, "change": one.kind, "text": str(one)} for one in done.changes]
    remaining = {str(number): dict(rights) for number, rights in (done.open_requests or {}).items()}
    document = {"slug": slug, "version": done.before if done.held or only_look else done.number}
    document |= {
        "new": not done.before,
        "changed": done.changed and not done.held and not only_look,
        "changes": changes,
    }
    document |= {"open_requests": remaining, "warnings": remarks}
    lines = [_headline(slug, done, only_look=only_look), *(f"  {one['text']}" for one in changes)]
    lines += [] if done.held else [_remaining(number, rights) for number, rights in remaining.items()]
    return Told(document, [*lines, *remarks], code=REFUSED if done.held else 0, reason=_held(slug, done))


def _headline(slug: str, done: policies.Applied, *, only_look: bool) -> str:
    if not done.changed:
        return f"{slug}: version {done.number} was in force already."
    if done.held or only_look:
        return f"{slug}: would get version {done.number}." if done.before else f"{slug}: would be a new organisation."
    if not done.before:
        return f"{slug}: a new organisation; version {done.number} is in force."
    since = f", with these changes to version {done.before}:" if done.changes else "."
    return f"{slug}: version {done.number} is in force{since}"


def _remaining(number: str, rights: Mapping[str, int]) -> str:
    each = ", ".join(f"{count} {name}" for name, count in rights.items())
    return f"Open requests that go on under version {number}: {each}."


def _held(slug: str, done: policies.Applied) -> str | None:
    if not done.held:
        return None
    who = "; ".join(str(one) for one in done.who)
    return (
        f"Nothing was applied: {slug} is another organisation here, or it has changed ({who}). "
        "If the file is meant for it, add --yes; if not, give the file a slug of its own."
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
