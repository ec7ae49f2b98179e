"""Cases from the command line: filed on behalf, shown, listed and moved on, as the desk would (CONTRACT 3)."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from app.cli.case_view import facts_of, lines_of, row_facts, row_line
from app.cli.frame import PAIR, Told, acting, as_staff, command
from app.cli.users import moment
from app.domain.customers import CUSTOMER, Company
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.filing import CHANNELS, PROOF_METHODS, Filing, ProofNote
from app.domain.identity import read_reference
from app.domain.lifecycle import OUTCOMES, STATUSES
from app.domain.messages import Message
from app.domain.permissions import Actor, can
from app.domain.representation import KINDS, Representing
from app.portal import Portal
from app.queries import cases as case_queries
from app.queries import queue
from app.queries.queue import QueueFilter
from app.services import intake, moves, operating, policies
from app.services.policies import CasePlace, Policy

REFERENCE = click.argument("reference")
MAYBE_STAFF = click.option("--as", "as_email", metavar="EMAIL", help="As whom; without it everything, read-only.")


@click.group("cases", help="Requests.")
def cases() -> None:
    """Groups the commands."""


@command(cases, "file")
@click.option("--controller", "slug", required=True, help="The organisation's slug.")
@click.option("--right", "rights", multiple=True, required=True, help="Repeat for several.")
@click.option("--identity", "identities", type=PAIR, multiple=True, required=True, help="email=… and so on.")
@click.option("--name", help="The person's name; when absent, the first identity. A name is never searched for.")
@click.option("--channel", default="desk", type=click.Choice(CHANNELS), help="How it came in.")
@click.option("--received", help="ISO date or time of receipt; now when absent.")
@click.option("--proof", help="What staff saw that proves exactly these identities.")
@click.option("--proof-method", default="document_view", type=click.Choice(PROOF_METHODS), show_default=True)
@click.option("--company", help="The company that asks, for an instruction of a customer; needs customer_number=….")
@click.option("--company-role", help="What whoever writes is in the company.")
@click.option("--capacity", default="self", type=click.Choice(["self", *KINDS]), help="Who asks for somebody else.")
@click.option("--acting", type=PAIR, multiple=True, help="Of who asks: name=… stands_as=… email=… born_on=… until=…")
@click.option("--detail", "details", type=PAIR, multiple=True, help="An answer of the form: wish=… or erasure.wish=…")
@click.option(
    "--ground", "grounds", multiple=True, help="Why it is asked for: unlawful or erasure.unlawful. Repeatable."
)
@click.option("--language", help="The person's language; the organisation's first when absent.")
@as_staff
def file(portal: Portal, *, slug: str, as_email: str, **given: Any) -> Told:
    """File a request on somebody's behalf; prints the reference. Without --proof the person has to confirm it."""
    controller_id = policies.find(portal, slug)
    actor = acting(portal, as_email, slug)
    if not can(actor, "case:file"):
        raise Forbidden("Your role does not allow filing requests.")
    with portal.work(actor, controller_id) as work:
        policy = policies.current(work)
        filed = intake.file(work, policy, _filing(given, policy))
    document = {"submission": filed.submission, "cases": list(filed.references), "reference": filed.references[0]}
    return Told(document, filed.references)


def _filing(given: Mapping[str, Any], policy: Policy) -> Filing:
    rights, identities = given["rights"], given["identities"]
    if len(dict(identities)) != len(identities):
        raise Invalid({"identity": "Give each kind of identity once."})
    forms = {right: policy.forms[right] for right in rights if right in policy.forms}
    details: dict[str, dict[str, str]] = {}
    for name, text in given["details"]:
        for right, rest in _meant(name, {right: form.knows for right, form in forms.items()}):
            details.setdefault(right, {})[rest] = text
    grounds: dict[str, list[str]] = {}
    for name in given["grounds"]:
        for right, rest in _meant(name, {right: form.grounds.__contains__ for right, form in forms.items()}):
            grounds.setdefault(right, []).append(rest)
    return Filing(
        rights=rights,
        name=given["name"] or identities[0][1],
        identities=dict(identities),
        details=details,
        grounds=grounds,
        **_company(given),
        **_acting(given),
        language=given["language"] or policy.file.controller.language,
        channel=given["channel"],
        received_at=moment(given["received"], "received") if given["received"] else None,
        proof=ProofNote(given["proof_method"], given["proof"]) if given["proof"] is not None else None,
    )


def _company(given: Mapping[str, Any]) -> dict[str, Any]:
    """A company asks where one is named."""
    if given["company"] is None and given["company_role"] is None:
        return {}
    return {"capacity": CUSTOMER, "company": Company(given["company"] or "", given["company_role"] or "")}


def _acting(given: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody asks for another person: `--name` and `--identity` are that person's."""
    if given["capacity"] == "self":
        return {}
    told = dict(given["acting"])
    if unknown := told.keys() - _ACTING:
        allowed = ", ".join(sorted(_ACTING))
        raise Invalid({"acting": Message("Only these can be said here: %(allowed)s.", {"allowed": allowed})} | {
            f"acting.{name[:40]}": "This is none of them." for name in sorted(unknown)})  # fmt: skip
    return {"capacity": given["capacity"], "representation": Representing(
        **{"name": "", "stands_as": "", "statement": "As told to staff.", **told})}  # fmt: skip


_ACTING = frozenset({"name", "stands_as", "email", "organisation", "born_on", "until", "post"})


def _meant(name: str, known: Mapping[str, Callable[[str], bool]]) -> list[tuple[str, str]]:
    """For which rights something is said: for the one that it names, else for all that know it. What nobody knows is
    handed to the first, which says so."""
    right, dot, rest = name.partition(".")
    if dot and right in known:
        return [(right, rest)]
    return [(one, name) for one, knows in known.items() if knows(name)] or [(one, name) for one in [*known][:1]]


@command(cases, "show")
@REFERENCE
@MAYBE_STAFF
def show(portal: Portal, *, reference: str, as_email: str | None) -> Told:
    """One case: where it is, its clock, its runs, its packages and the moves that are possible for --as."""
    place = place_of(portal, reference)
    with portal.reading(_reader(portal, as_email, place.slug, place.controller_id), place.controller_id) as work:
        view = case_queries.view(work, place.reference)
    return Told(facts_of(view), lines_of(view))


@command(cases, "move")
@REFERENCE
@click.argument("move")
@click.option("--data", "data", type=PAIR, multiple=True, help="A field of the move, such as assignee=ana@example.com.")
@click.option("--data-json", help="A file with all fields as one JSON object; - for standard input.")
@click.option("--version", type=int, help="The version you saw; refused when somebody was quicker.")
@as_staff
def move_case(
    portal: Portal, *, reference: str, move: str, data: tuple[tuple[str, str], ...], data_json: str | None,
    version: int | None, as_email: str,
) -> Told:  # fmt: skip
    """Move a case on, with the same fields and the same permissions as at the desk."""
    place = place_of(portal, reference)
    actor = acting(portal, as_email, place.slug)
    fields = {**(_read_json(data_json) if data_json else {}), **dict(data)}
    with portal.work(actor, place.controller_id) as work:
        moves.perform(work, place.reference, move, fields, version=version)
    with portal.reading(actor, place.controller_id) as work:
        view = case_queries.view(work, place.reference)
    return Told(facts_of(view), lines_of(view))


def _read_json(source: str) -> dict[str, str]:
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text()
        found = json.loads(text)
    except (OSError, ValueError) as error:
        raise Invalid({"data-json": Message("%(source)s holds no JSON.", {"source": source})}) from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise Invalid({"data-json": "This must be one JSON object whose values are texts."})
    return found


@command(cases, "list")
@click.option("--controller", "slug", help="The organisation's slug; may be left out where there is only one.")
@click.option("--status", type=click.Choice(STATUSES))
@click.option("--right")
@click.option("--outcome", type=click.Choice(OUTCOMES))
@click.option("--lateness", type=click.Choice(["overdue", "due_soon", "on_time"]))
@click.option("--assignee", help="E-mail, `me`, or `nobody`.")
@click.option("--messages", type=click.Choice(["new"]), help="Only where the person wrote and staff did nothing since.")
@click.option("--q", help="A reference, or one exact e-mail address.")
@click.option("--sort", default="due", type=click.Choice(queue.SORTS), show_default=True)
@click.option("--limit", default=queue.PAGE, type=click.IntRange(1, queue.MOST), show_default=True)
@click.option("--cursor", help="`next` of the page before.")
@MAYBE_STAFF
def list_cases(portal: Portal, *, slug: str | None, as_email: str | None, **wanted: Any) -> Told:
    """The queue of one organisation."""
    slug = slug or _only_one(portal)
    controller_id = policies.find(portal, slug)
    with portal.reading(_reader(portal, as_email, slug, controller_id), controller_id) as work:
        page = queue.queue(work, QueueFilter(**wanted))
    document = {"cases": [row_facts(row) for row in page.rows], "next": page.next_cursor}
    return Told(document, [row_line(row) for row in page.rows])


def place_of(portal: Portal, reference: str) -> CasePlace:
    """Where the case of a typed reference is kept."""
    canonical = read_reference(reference)
    place = policies.find_case(portal, canonical) if canonical else None
    if place is None:
        raise NotFound(Message("There is no request %(reference)s.", {"reference": reference[:40]}))
    return place


def _reader(portal: Portal, email: str | None, slug: str, controller_id: int) -> Actor:
    """Whoever runs this command holds database and keys: reading is no more than they have; moving takes a name."""
    if email is not None:
        return acting(portal, email, slug)
    return Actor("staff", name="operator", role="auditor", controller_id=controller_id)


def _only_one(portal: Portal) -> str:
    found = [row.slug for row in operating.controllers(portal)]
    if len(found) != 1:
        raise click.UsageError(f"Say which organisation with --controller: {', '.join(found) or 'there is none yet'}.")
    return found[0]


COMMANDS = (cases,)
