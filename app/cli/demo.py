"""`flask demo load`: an organisation with invented systems, staff and requests in every state, by the real verbs."""

import base64
import hashlib
from dataclasses import replace

import click

from app.cli.demo_cases import make_cases
from app.cli.frame import Told, command
from app.cli.samples import softmanager
from app.domain.errors import Refused
from app.domain.permissions import SYSTEM
from app.portal import Portal
from app.services import operating, policies, staff

SLUG = "softmanager"
PASSWORD = "ride the quiet tram home"  # noqa: S105  # invented people of a demo; nothing real hangs on it
STAFF = {
    "dpo": ("dpo@softmanager.example", "Daria Protopopescu", ["operations", "customer_service"]),
    "handler": ("handler@softmanager.example", "Horia Manolescu", ["operations", "customer_service"]),
    "approver": ("approver@softmanager.example", "Aura Popa", ["operations"]),
    "admin": ("admin@softmanager.example", "Adrian Minea", []),
    "auditor": ("auditor@softmanager.example", "Iulia Auster", []),
}


@click.group("demo", help="The demo.")
def demo() -> None:
    """Groups the commands."""


@command(demo, "load")
def load_demo(portal: Portal) -> Told:
    """Load the demo. What is there already is left alone; a second run adds nothing."""
    made = load(portal)
    signs = [{"role": role, "email": email, "totp_secret": secret_of(email)} for role, (email, _, _) in STAFF.items()]
    document = {"controllers": [SLUG], "cases_made": made, "password": PASSWORD, "staff": signs}
    return Told(document, [f"{made} requests made.", greeting(portal)])


def load(portal: Portal) -> int:
    """Everything that the demo needs; gives how many requests were made (none the second time)."""
    if not portal.settings.demo:
        raise Refused("The demo is loaded with HABEAS_ENV=demo only: its passwords are printed in the handbook.")
    # Without a broker in between, each job is done right here, and none is left half way when the server starts.
    quiet = replace(portal, ground=replace(portal.ground, dispatch=None))
    _build_systems(quiet)
    controller_id, _, _ = policies.apply(quiet, SYSTEM, operating.read_file(operating.shipped_file(SLUG)))
    for role, (email, name, functions) in STAFF.items():
        _hire(quiet, controller_id, role=role, email=email, name=name, functions=functions)
    return make_cases(quiet, controller_id, slug=SLUG)


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
        f"  File a request    {base}/c/{SLUG}/access/",
        f"  Read its mail     {base}/demo/mail/",
        f"  Staff sign in     {base}/signin/",
        f"  Their codes       {base}/demo/codes/",
        "",
        f"  Password of all staff: {PASSWORD}",
        *(f"    {role:9} {email}" for role, (email, _, _) in STAFF.items()),
        "",
        "  To file as somebody whom the systems know:",
        *(f"    {person.email:32} {person.special}" for person in softmanager.DEMO_PEOPLE),
        "",
    ]
    return "\n".join(lines)


def _build_systems(portal: Portal) -> None:
    (portal.settings.data_dir / "samples").mkdir(parents=True, exist_ok=True)
    softmanager.build(portal.environment["SOFTMANAGER_CRM_URL"], portal.environment["SOFTMANAGER_BILLING_URL"])


def _hire(portal: Portal, controller_id: int, *, role: str, email: str, name: str, functions: list[str]) -> None:
    with portal.work(SYSTEM, controller_id) as work:
        if staff.member_by_email(work, email, SLUG) is not None:
            return
        invited = staff.invite(work, email=email, role=role, functions=functions, name=name)
    staff.set_password(portal, invited.login_id, PASSWORD)
    staff.enrol_known(portal, invited.login_id, secret_of(email))


COMMANDS = (demo,)
