"""What all commands share (CONTRACT 3): `--json`, exit codes, plain words on stderr, and who acts.

Exit codes: 0 done, 1 refused with the reason, 2 wrong usage, 3 a fault of the portal or of what it stands on.
"""

import json
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from app.domain.errors import Forbidden, HabeasError, Invalid, Refused, Tampered
from app.domain.messages import Message
from app.domain.permissions import Actor
from app.portal import Portal
from app.services import staff
from workers import logs

DONE, REFUSED, FAULT = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Told:
    """What a command answers: a document for scripts, lines for people, and how it ended."""

    document: Mapping[str, Any]
    lines: Sequence[str] = ()
    code: int = DONE
    reason: str | None = None


Run = Callable[..., Told]


def command(group: click.Group | None, name: str) -> Callable[[Run], click.Command]:
    """A command whose function gets the portal first; None makes a command that stands alone."""

    def attach(run: Run) -> click.Command:
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
        @with_appcontext
        @wraps(run)
        def call(*, as_json: bool, **given: Any) -> None:
            click.get_current_context().exit(_carry_out(run, given, as_json=as_json))

        made = click.command(name)(call)
        if group is not None:
            group.add_command(made)
        return made

    return attach


def _carry_out(run: Run, given: Mapping[str, Any], *, as_json: bool) -> int:
    """Run it with everything but the answer on stderr, whoever prints."""
    try:
        with redirect_stdout(sys.stderr):
            portal = cast(Portal, current_app.extensions["habeas"])
            logs.configure(portal.settings)
            told = run(portal, **given)
    except HabeasError as error:
        told = _refusal(error)
    except click.ClickException:
        raise
    except Exception as error:  # noqa: BLE001  # the outermost frame of the process: told, and never exit code 0
        told = _fault(error)
    if as_json:
        click.echo(json.dumps(told.document, default=str, ensure_ascii=False))
    else:
        for line in told.lines:
            click.echo(line)
    if told.reason:
        click.echo(told.reason, err=True)
    return told.code


def _refusal(error: HabeasError) -> Told:
    said: dict[str, Any] = {"message": str(error.message)}
    lines = [str(error.message)]
    if isinstance(error, Invalid):
        said["fields"] = {name: str(text) for name, text in error.fields.items()}
        lines += [f"  {name}: {text}" for name, text in said["fields"].items()]
    if isinstance(error, Refused) and error.allowed:
        said["allowed"] = list(error.allowed)
        lines.append(f"Possible now: {', '.join(error.allowed)}")
    code = FAULT if isinstance(error, Tampered) else REFUSED
    return Told({"error": said}, code=code, reason="\n".join(lines))


def _fault(error: Exception) -> Told:
    """Kind and place only: the words of a database's error may quote somebody's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    words = f"Something went wrong: {type(error).__name__} at {place}. `flask doctor` may name the cause."
    return Told({"error": {"message": words}}, code=FAULT, reason=words)


def acting(portal: Portal, email: str, slug: str) -> Actor:
    """The member of staff who acts; Forbidden when nobody of that address works for the organisation."""
    with portal.unscoped("staff are named by their address", reads_only=True) as work:
        actor = staff.member_by_email(work, email, slug)
    if actor is None:
        who = {"email": email, "slug": slug}
        raise Forbidden(Message("Nobody with the address %(email)s works for %(slug)s.", who))
    return actor


class Pair(click.ParamType["tuple[str, str]"]):
    """`key=value`; the value may hold more equal signs."""

    name = "key=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return cast("tuple[str, str]", value)
        key, sign, rest = str(value).partition("=")
        if not sign or not key.strip():
            self.fail(f"{value!r} is not of the form key=value.", param, ctx)
        return key.strip(), rest


PAIR: Final = Pair()
as_staff = click.option("--as", "as_email", metavar="EMAIL", required=True, help="The member of staff who acts.")
