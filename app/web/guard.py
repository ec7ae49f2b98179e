"""Deny by default: a route without a declaration of who may use it does not start, and every request passes one gate.

A view carries exactly one of `@public`, `@person`, `@staff("case:view")`, `@operator`, or a guard of its own made with
`declare` (the API's tokens). The gate runs before each view; what a guard refuses never reaches it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from app.domain.errors import Forbidden, HabeasError, NotFound
from app.domain.permissions import can
from app.services import staff as members
from app.web import uploads, visitor

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "habeas_guard"


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may use a view: `check` gets the address's values and raises when they may not.

    `browser` False says that the caller proves itself with each call and carries no cookie's authority: no forgery.
    `files` says that who is let in may send some: its body may be larger than that of any other call.
    `quiet` says that a visit is no sign of life (polled fragments, figures): it never prolongs a session.
    """

    name: str
    check: Callable[[Mapping[str, Any]], None]
    browser: bool = True
    quiet: bool = False
    files: bool = False


class SignInNeeded(HabeasError):
    """Nobody of staff is signed in; the page is shown after they have."""

    door = "/signin/"

    def __init__(self) -> None:
        super().__init__("Sign in to see this page.")


class OwnSignInNeeded(SignInNeeded):
    """Nobody is signed in with a sign-in of their own; the page is shown after they have."""

    door = "/you/signin/"


def declare(guard: Guard) -> Callable[[View], View]:
    """Attach the guard to the view."""

    def attach(view: View) -> View:
        if hasattr(view, ATTRIBUTE):
            raise TypeError(f"{view.__name__} has two guards")
        setattr(view, ATTRIBUTE, guard)
        return view

    return attach


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """What the view declared."""
    return getattr(app.view_functions.get(endpoint), ATTRIBUTE, None)


def enforce() -> None:
    """The gate. Flask answers unknown addresses itself; a known one without a guard is a fault of ours."""
    if request.endpoint is None:
        return
    if any("\x00" in str(value) for value in (request.view_args or {}).values()):
        raise NotFound  # no address of ours holds that character, and PostgreSQL cannot even be asked
    g.guard = guard = guard_of(current_app, request.endpoint)
    if guard is None:
        raise NotFound
    guard.check(request.view_args or {})
    if guard.files:
        uploads.accept(request)
    if not guard.quiet:
        visitor.touch()


def insist(app: Flask) -> None:
    """Refuse to start with an undeclared view."""
    bare = [rule.endpoint for rule in app.url_map.iter_rules() if guard_of(app, rule.endpoint) is None]
    if bare:
        raise TypeError(f"views without a guard: {', '.join(sorted(bare))}")


def _anybody(_: Mapping[str, Any]) -> None:
    return None


def _let_in(values: Mapping[str, Any]) -> None:
    """Only who proved to be behind the case; for all others there is no such page (never a hint that there is)."""
    who = visitor.person()
    if values["reference"] not in who.references:
        raise NotFound
    g.actor = who


def _of_staff(values: Mapping[str, Any], *, permission: str | None) -> None:
    seen = visitor.visitor()
    if seen is None or seen.login_id is None or seen.stage != "full":
        raise SignInNeeded
    if "slug" not in values:
        return
    with visitor.portal().glance("a membership is read before its controller") as work:
        member = members.member(work, seen.login_id, values["slug"])
    if member is None:
        raise NotFound
    if permission is not None and not can(member, permission):
        raise Forbidden("Your role here does not include this page.")
    g.actor = member


def _with_own_sign_in(_: Mapping[str, Any]) -> None:
    """A person signed in with a sign-in of their own; at the desk that is nothing, and the desk's is nothing here."""
    seen = visitor.visitor()
    if seen is None or seen.login_id is None or seen.stage != "own":
        raise OwnSignInNeeded
    g.actor = visitor.person()


def _from_operators(_: Mapping[str, Any]) -> None:
    """Loopback only. What a proxy passed on is not, whether or not the settings know of that proxy."""
    passed_on = "X-Forwarded-For" in request.headers and visitor.portal().settings.trusted_proxies == 0
    address = request.remote_addr
    if passed_on or address is None or not ip_address(address).is_loopback:
        raise NotFound


PUBLIC = Guard("public", _anybody)
public = declare(PUBLIC)
person = declare(Guard("person", _let_in))
person_with_files = declare(Guard("person", _let_in, files=True))
own = declare(Guard("own", _with_own_sign_in))
operator = declare(Guard("operator", _from_operators, quiet=True))


def staff(permission: str | None = None, *, files: bool = False) -> Callable[[View], View]:
    """Signed in with both factors and, where the address names a controller, with this permission there."""
    return declare(Guard(f"staff {permission or 'signed in'}", partial(_of_staff, permission=permission), files=files))
