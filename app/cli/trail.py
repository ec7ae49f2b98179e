"""`flask trail verify`: the audit trail recomputed, and said honestly what that proves (Art. 5(2))."""

from typing import Any

import click

from app.cli.frame import REFUSED, Told, command
from app.domain.permissions import SYSTEM
from app.portal import Portal
from app.services import operating, policies
from app.services import trail as trails
from app.services.trail import Verdict


@click.group("trail", help="The audit trail.")
def trail() -> None:
    """Groups the commands."""


@command(trail, "verify")
@click.option("--controller", "slug", help="One organisation only.")
def verify(portal: Portal, *, slug: str | None) -> Told:
    """Recompute every chain and checkpoint; exit 1 and the first broken entry where one does not hold."""
    wanted = [(slug, policies.find(portal, slug))] if slug else _all(portal)
    found: dict[str, Verdict] = {}
    for name, controller_id in wanted:
        with portal.reading(SYSTEM, controller_id) as work:
            found[name] = trails.verify(portal, work)
    broken = [f"{name}: {verdict.broken}" for name, verdict in found.items() if verdict.broken]
    document = {
        "holds": not broken,
        "controllers": {name: _facts(verdict) for name, verdict in found.items()},
        "meaning": str(trails.HONESTLY),
    }
    lines = [_line(name, verdict) for name, verdict in found.items()]
    return Told(
        document,
        [*lines, str(trails.HONESTLY)],
        code=REFUSED if broken else 0,
        reason="\n".join(broken) or None,
    )


def _all(portal: Portal) -> list[tuple[str, int]]:
    return [(row.slug, row.controller_id) for row in operating.controllers(portal)]


def _facts(verdict: Verdict) -> dict[str, Any]:
    return {
        "holds": verdict.holds,
        "entries": verdict.entries,
        "chains": verdict.chains,
        "checkpoints": verdict.checkpoints,
        "unsealed": verdict.unsealed,
        "broken": str(verdict.broken) if verdict.broken else None,
        "last_checkpoint": verdict.last_checkpoint,
    }


def _line(name: str, verdict: Verdict) -> str:
    how = "holds" if verdict.holds else "does NOT hold"
    counts = f"{verdict.entries} entries in {verdict.chains} chains, {verdict.checkpoints} checkpoints"
    return f"{name}: the trail {how}: {counts}, {verdict.unsealed} entries not sealed yet."


COMMANDS = (trail,)
