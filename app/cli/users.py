"""Staff and their API tokens, as an operator sets them up (CONTRACT 3)."""

import sys
from datetime import UTC, datetime

import click

from app.cli.frame import Told, command
from app.domain.errors import Invalid
from app.domain.permissions import ROLE_PERMISSIONS, SYSTEM
from app.portal import Portal
from app.services import lost_factors, policies, staff, tokens

EMAIL = click.option("--email", required=True, help="Whose.")
CONTROLLER = click.option("--controller", "slug", required=True, help="The organisation's slug.")


@click.group("users", help="Members of staff.")
def users() -> None:
    """Groups the commands."""


@click.group("tokens", help="API tokens.")
def api_tokens() -> None:
    """Groups the commands."""


@command(users, "create")
@EMAIL
@CONTROLLER
@click.option("--role", required=True, type=click.Choice(list(ROLE_PERMISSIONS)), help="What they may do there.")
@click.option("--functions", default="", help="Whose data categories they see, separated by commas.")
@click.option("--name", default="", help="What colleagues read; the address' first part when absent.")
@click.option("--password-stdin", is_flag=True, help="Set the password from standard input instead of inviting.")
def create_user(
    portal: Portal, *, email: str, slug: str, role: str, functions: str, name: str, password_stdin: bool
) -> Told:
    """Make somebody a member of staff, or change what they do. One login may work for several organisations."""
    controller_id = policies.find(portal, slug)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    wanted = [word.strip() for word in functions.split(",") if word.strip()]
    with portal.work(SYSTEM, controller_id) as work:
        invited = staff.invite(work, email=email, role=role, functions=wanted, name=name)
    document = {"email": email, "controller": slug, "role": role, "functions": wanted, "invitation": None}
    if password is not None:
        staff.set_password(portal, invited.login_id, password)
        return Told(document, [f"{email} is {role} at {slug}. The second factor is set up at the first sign-in."])
    if invited.token is None:
        return Told(document, [f"{email} is {role} at {slug} and signs in as before."])
    link = f"{portal.settings.base_url}/signin/invitation/{invited.token}/"
    lines = [f"{email} is {role} at {slug}. Give them this link; it works once, for 72 hours:", link]
    return Told({**document, "invitation": link}, lines)


@command(users, "reset-factor")
@click.argument("email")
def reset_factor(portal: Portal, *, email: str) -> Told:
    """Take a lost second factor away. Be sure who asks: from then on the password alone sets up a new one."""
    lost_factors.reset_by_operator(portal, email)
    lines = [f"{email} sets up a new second factor at the next sign-in, is signed out everywhere and is told by mail."]
    return Told({"email": email, "reset": True}, lines)


@command(api_tokens, "create")
@EMAIL
@CONTROLLER
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(tokens.SCOPES), help="Repeat.")
@click.option("--expires", help="An ISO time; without it the token works until it is revoked.")
def create_token(portal: Portal, *, email: str, slug: str, scopes: tuple[str, ...], expires: str | None) -> Told:
    """Make an API token of a member of staff. It is printed once and stored only as a hash."""
    controller_id = policies.find(portal, slug)
    until = moment(expires, "expires") if expires else None
    with portal.work(SYSTEM, controller_id) as work:
        token = tokens.create(work, email=email, scopes=scopes, expires=until)
    document = {"token": token, "email": email, "controller": slug, "scopes": sorted(set(scopes)), "expires": until}
    return Told(document, [token])


def moment(text: str, name: str) -> datetime:
    """An ISO time or date; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid({name: "This must be an ISO time such as 2026-03-01 or 2026-03-01T09:00:00+02:00."}) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


COMMANDS = (users, api_tokens)
