"""Letters from the command line (Art. 12(1), 12(4)): any of them as it would be printed, to be read before it is
sent."""

import json
from pathlib import Path
from typing import Any, cast

import click

from app.cli.frame import Told, command
from app.domain.errors import Invalid, Refused
from app.domain.letters import KINDS, WITHOUT_CASE
from app.domain.messages import Message
from app.domain.permissions import SYSTEM
from app.domain.regime import LetterKind
from app.portal import Portal
from app.services import letters as letter_services
from app.services import policies


@click.group("letters", help="The letters that the law demands.")
def letters() -> None:
    """Groups the commands."""


@command(letters, "preview")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--controller", "slug", required=True, help="The organisation's slug.")
@click.option("--case", "reference", help="The request that the letter is about; a breach or a recipient needs none.")
@click.option("--data-json", "data", required=True, type=click.Path(path_type=Path), help="What staff write, as JSON.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The PDF to write.")
@click.option("--language", help="The language of a letter without a case; the organisation's first when absent.")
def preview(
    portal: Portal, *, kind: str, slug: str, reference: str | None, data: Path, out: Path, language: str | None
) -> Told:
    """Write a letter as PDF without sending it. What it lacks is named, as it would be at the desk."""
    chosen, inputs = cast(LetterKind, kind), _read(data)
    with portal.reading(SYSTEM, policies.find(portal, slug)) as work:
        if chosen in WITHOUT_CASE:
            html = letter_services.compose(work, chosen, inputs, language=language)
        elif reference is None:
            raise Refused("This letter is about a request: name it with --case.")
        else:
            html = letter_services.preview(portal, work, reference, chosen, inputs)
    document = portal.pdf.print(html)
    out.write_bytes(document)
    return Told({"kind": kind, "file": str(out), "bytes": len(document)}, [f"{out}: {len(document)} bytes."])


def _read(source: Path) -> dict[str, Any]:
    try:
        found = json.loads(source.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid({"data-json": Message("%(source)s holds no JSON.", {"source": str(source)})}) from error
    if not isinstance(found, dict):
        raise Invalid({"data-json": Message("This must be one JSON object.")})
    return found


COMMANDS = (letters,)
