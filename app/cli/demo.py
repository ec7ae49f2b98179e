"""`flask demo load`: organisations with invented systems, staff and requests in every state, by the real verbs."""

import base64
import hashlib
from dataclasses import replace

import click

from app.cli.demos import DEMOS
from app.cli.demos.cases import make_cases
from app.cli.demos.plans import Colleague, Demo
from app.cli.frame import Told, command
from app.cli.samples.making import build
from app.domain.errors import Refused
from app.domain.permissions import SYSTEM
from app.portal import Portal
from app.services import operating, policies, staff

PASSWORD = "ride the quiet tram home"  # noqa: S105  # invented people of a demo; nothing real hangs on it


@click.group("demo", help="The demo.")
def demo() -> None:
    """Groups the commands."""


@command(demo, "load")
def load_demo(portal: Portal) -> Told:
    """Load the demo. What is there already is left alone; a second run adds nothing."""
    made = load(portal)
    signs = [
        {"controller": demo.sample.slug, "role": one.role, "email": one.email, "totp_secret": secret_of(one.email)}
        for demo in DEMOS
        for one in demo.staff
    ]
    slugs = [demo.sample.slug for demo in DEMOS]
    document = {"controllers": slugs, "cases_made": made, "password": PASSWORD, "staff": signs}
    return Told(document, [f"{made} requests made.", greeting(portal)])


def load(portal: Portal) -> int:
    """Everything that the demo needs; gives how many requests were made (none the second time)."""
    if not portal.settings.demo:
        raise Refused("The demo is loaded with HABEAS_ENV=demo only: its passwords are printed in the handbook.")
    # Without a broker in between, each job is done right here, and none is left half way when the server starts.
    quiet = replace(portal, ground=replace(portal.ground, dispatch=None))
    return sum(_load(quiet, demo) for demo in DEMOS)


def _load(portal: Portal, demo: Demo) -> int:
    sample = demo.sample
    (portal.settings.data_dir / "samples").mkdir(parents=True, exist_ok=True)
    build(sample, {key: portal.environment[name] for key, name in sample.variables.items()})
    controller_id, _, _ = policies.apply(portal, SYSTEM, operating.read_file(operating.shipped_file(sample.slug)))
    for one in demo.staff:
        _hire(portal, controller_id, sample.slug, one)
    return make_cases(portal, controller_id, demo)


def secret_of(email: str) -> str:
    """The TOTP secret of an invented member of staff: the same on every machine, so that walk-throughs can name it."""
    return base64.b32encode(hashlib.sha256(f"habeas demo {email}".encode()).digest()[:20]).decode()


def greeting(portal: Portal) -> str:
    """Where the demo is and how to sign in; printed at every start."""
    base = portal.settings.base_url
    lines = [
        "",
        f"  Habeas is running at {base}",
        "",
        *(f"  File a request    {base}/c/{demo.sample.slug}/" for demo in DEMOS),
        f"  Read its mail     {base}/demo/mail/",
        f"  Staff sign in     {base}/signin/",
        f"  Their codes       {base}/demo/codes/",
        "",
        f"  Password of all staff: {PASSWORD}",
        *(f"    {one.role:9} {one.email}" for demo in DEMOS for one in demo.staff),
        "",
        "  To file as somebody whom the systems know:",
    ]
    for demo in DEMOS:
        lines += [f"    {demo.sample.slug}"]
        lines += [f"      {person.email:36} {person.special}" for person in demo.sample.people]
    return "\n".join([*lines, ""])


def _hire(portal: Portal, controller_id: int, slug: str, one: Colleague) -> None:
    with portal.work(SYSTEM, controller_id) as work:
        if staff.member_by_email(work, one.email, slug) is not None:
            return
        invited = staff.invite(work, email=one.email, role=one.role, functions=one.functions, name=one.name)
    staff.set_password(portal, invited.login_id, PASSWORD)
    staff.enrol_known(portal, invited.login_id, secret_of(one.email))


COMMANDS = (demo,)
