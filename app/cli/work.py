"""`flask work run`: jobs done in this process, so that a script can wait until everything is finished."""

import click

from app.cli.frame import Told, command
from app.portal import Portal
from app.services import jobs, operating
from workers.idle import run_until_idle


@click.group("work", help="The jobs.")
def work() -> None:
    """Groups the commands."""


@command(work, "run")
@click.option("--until-idle", is_flag=True, required=True, help="Stop when no job is due.")
def run(portal: Portal, *, until_idle: bool) -> Told:
    """Do every job that is due and those that they bring about. Jobs that wait for a later time are left."""
    assert until_idle
    done = run_until_idle(portal)
    left = operating.trouble(portal)
    lines = [f"{done} jobs done."]
    if left.dead:
        lines.append(f"{left.dead} were given up: {', '.join(left.kinds)}. `flask doctor` tells more.")
    return Told({"done": done, "dead": left.dead}, lines)


@command(work, "retry")
def retry(portal: Portal) -> Told:
    """Take up again the jobs that were given up, once what stopped them is mended."""
    taken_up = jobs.revive(portal)
    return Told({"taken_up": taken_up}, [f"{taken_up} jobs are taken up again."])


COMMANDS = (work,)
