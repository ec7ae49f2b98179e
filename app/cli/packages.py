"""Packages from the command line: fetched by staff (the trail keeps it), checked offline by anybody (Art. 15(3))."""

from pathlib import Path

import click

from app.cli.cases import place_of
from app.cli.frame import REFUSED, Told, acting, as_staff, command
from app.domain.errors import NotFound, Refused
from app.domain.messages import Message
from app.domain.permissions import Actor
from app.portal import Portal
from app.queries import cases
from app.services import operating
from app.services import packages as released


@click.group("packages", help="The answers that were released.")
def packages() -> None:
    """Groups the commands."""


@command(packages, "fetch")
@click.argument("reference")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@as_staff
def fetch(portal: Portal, *, reference: str, out: Path, as_email: str) -> Told:
    """Write the released package of a case, decrypted, into a folder. The trail keeps who did it."""
    place = place_of(portal, reference)
    actor = acting(portal, as_email, place.slug)
    package_id = _released(portal, actor, place.controller_id, place.reference)
    with portal.work(actor, place.controller_id) as work:
        released.fetch(work, package_id)
        held = released.opened(work, place.reference, package_id)
        released.note_download(work, place.reference, package_id, start=0, end=held.size)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{place.reference}.zip"
    part = path.with_suffix(".zip.part")
    with part.open("wb") as file:
        file.writelines(released.stream(portal, held))
    part.replace(path)
    document = {"reference": place.reference, "package": package_id, "files": [str(path)], "sha256": held.sha256}
    return Told(document, [str(path)])


def _released(portal: Portal, actor: Actor, controller_id: int, reference: str) -> str:
    with portal.reading(actor, controller_id) as work:
        view = cases.view(work, reference)
    found = [row for row in view.packages if row.state == "released"]
    if not found:
        words = "There is no released package for %(reference)s. It may not be released yet, or have expired."
        raise Refused(Message(words, {"reference": reference}), allowed=[move.name for move in view.moves])
    return found[-1].id


@command(packages, "verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--jwks", type=click.Path(path_type=Path), help="Keys to check against; without it this portal's own.")
def verify(portal: Portal, *, file: Path, jwks: Path | None) -> Told:
    """Check manifest, hashes and signature of a package's file; exit 1 where a byte is not as it was released."""
    try:
        faults = [str(fault) for fault in operating.check_package(portal, file, jwks)]
    except NotFound as error:
        raise click.UsageError(str(error)) from error
    document = {"file": str(file), "holds": not faults, "faults": faults}
    if faults:
        return Told(document, code=REFUSED, reason="\n".join([f"{file}: not as it was released.", *faults]))
    return Told(document, [f"{file}: exactly as it was released."])


COMMANDS = (packages,)
