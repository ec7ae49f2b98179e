"""The database's schema: `flask db upgrade` brings it to the newest migration, `check` compares it with the code."""

import click

from app import schema
from app.cli.frame import REFUSED, Told, command
from app.portal import Portal


@click.group("db", help="The database's schema.")
def db() -> None:
    """Groups the commands."""


@command(db, "upgrade")
def upgrade(portal: Portal) -> Told:
    """Bring the database to the newest migration. Does nothing when it is there already."""
    engine = portal.ground.engine
    before, head = schema.revisions(engine)
    schema.upgrade(engine)
    done = "is up to date" if before == head else f"went from {before or 'nothing'} to {head}"
    return Told({"before": before, "revision": head}, [f"The database {done}."])


@command(db, "check")
def check(portal: Portal) -> Told:
    """Whether the migrations make exactly the tables that the code expects; exit 1 where they do not."""
    engine = portal.ground.engine
    here, head = schema.revisions(engine)
    if here != head:
        behind = f"The database is at {here or 'nothing'}, the newest migration is {head}: run `flask db upgrade`."
        return Told({"revision": here, "head": head, "differences": []}, code=REFUSED, reason=behind)
    found = [str(difference) for difference in schema.differences(engine)]
    reason = "The migrations and the tables in the code differ." if found else None
    lines = found or ["Migrations and tables are in step."]
    document = {"revision": here, "head": head, "differences": found}
    return Told(document, lines, code=REFUSED if found else 0, reason=reason)


COMMANDS = (db,)
