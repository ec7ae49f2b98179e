"""`flask clock tick`: every sweep once, for the present moment (or HABEAS_NOW); doing it twice changes nothing more."""

import click

from app.cli.frame import Told, command
from app.portal import Portal
from app.services import housekeeping, keys


@click.group("clock", help="What time alone brings.")
def clock() -> None:
    """Groups the commands."""


@command(clock, "tick")
def tick(portal: Portal) -> Told:
    """Expire, delete, purge and seal whatever is due; catches up after any pause."""
    keys.signing_key(portal)  # before the sweep that signs: on SQLite its own transaction would wait for that one
    touched = housekeeping.tick(portal)
    now = portal.clock.now().isoformat(timespec="seconds")
    return Told({"now": now, "sweeps": touched}, [f"{name}: {count}" for name, count in touched.items()])


COMMANDS = (clock,)
