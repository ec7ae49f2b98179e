"""The command line (`flask …`): what operators and scripts do, by the same verbs and the same `can()` as the pages."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: "Flask") -> None:
    """Add the groups of commands. Nothing is started: no worker, no thread, no migration."""
    from app.cli import cases, clock, controllers, db, deadlines, demo, doctor, letters, packages, trail, users, work

    for module in (db, demo, controllers, users, cases, work, clock, deadlines, letters, trail, packages, doctor):
        for entry in module.COMMANDS:
            app.cli.add_command(entry)
