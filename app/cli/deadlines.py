"""`flask deadlines explain`: when an answer is due under a law, and how that is counted (Art. 12(3); CONTRACT 3)."""

from datetime import date, datetime
from typing import Any

import click

from app.cli.clock_events import FORMS, Asked, Unreadable, read
from app.cli.frame import Told, command
from app.domain.counting import add_both, length
from app.domain.deadlines import Clock, Step, reckon
from app.domain.policy_values import Period
from app.domain.regime import Regime, Regimes, Rule
from app.portal import Portal

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)  # what the calendars know


@click.group("deadlines", help="How the laws count time.")
def deadlines() -> None:
    """Groups the commands."""


@command(deadlines, "explain")
@click.option("--regime", "key", required=True, help="The law: gdpr, uk_gdpr, ru_152fz, ccpa, lgpd.")
@click.option("--country", required=True, help="Where the organisation is: LV, GB-ENG, US-CA.")
@click.option("--received", required=True, metavar="DAY", help="2024-02-29, or a moment with its offset.")
@click.option("--kind", help="Which time of the law; the answer to a request without it.")
@click.option("--tz", "timezone", metavar="ZONE", help="The organisation's time zone, such as Europe/Riga.")
@click.option("--event", "events", multiple=True, metavar="EVENT", help=f"What happened: {FORMS}.")
def explain(portal: Portal, *, key: str, country: str, received: str, **rest: Any) -> Told:
    """Say when an answer is due, step by step."""
    try:
        asked = read(received, country=country, **rest)
        pack, kind, clock = counted(portal.regimes, key, asked, country)
    except Unreadable as error:
        raise click.UsageError(str(error)) from None
    document = {"regime": key, "version": pack.version, "kind": kind, "country": country, "timezone": asked.timezone}
    return Told({**document, **told(clock)}, lines(clock))


def counted(regimes: Regimes, key: str, asked: Asked, country: str) -> tuple[Regime, str, Clock]:
    """The law that held, which of its times was meant, and its clock."""
    pack, kind, rule = _rule(regimes, key, asked)
    return pack, kind, _reckoned(asked, rule, country)


def _reckoned(asked: Asked, rule: Rule, country: str) -> Clock:
    """The clock of what was asked. A complete request without a promise begins the law's own length."""
    hours = rule.length.unit == "hours"
    if hours and not asked.exact:
        raise Unreadable("This time is counted in hours: give the moment, such as 2024-12-24T23:10:00+02:00.")
    if asked.extension and rule.extension and not hours:
        most = add_both(asked.day, rule.length, rule.extension.by, country)
        if add_both(asked.day, rule.length, asked.extension, country) > most:
            raise Unreadable(f"The law lets the time be lengthened by {length(rule.extension.by)} at most.")
    signed_form = asked.promise is None and not hours and any(fact.kind == "duly_executed" for fact in asked.facts)
    promise = asked.promise
    if signed_form:
        promise = Period.model_validate({rule.length.unit: rule.length.count, "from": "duly_executed"})
    return reckon(
        asked.facts, rule=rule, promise=promise, country=country, timezone=asked.timezone, signed_form=signed_form
    )


def _rule(regimes: Regimes, key: str, asked: Asked) -> tuple[Regime, str, Rule]:
    """The law as it held on the day of receipt, and which of its times is meant."""
    if key not in regimes:
        raise Unreadable(f"{key!r} is no law that the portal knows. It knows: {', '.join(sorted(regimes))}.")
    if not FIRST <= asked.day <= LAST:
        raise Unreadable(f"{asked.day} is in another century. Check the year of receipt.")
    pack = regimes.at(key, asked.day)
    if asked.day < pack.holds_from:
        raise Unreadable(f"This law holds only from {pack.holds_from}. Check the year of receipt.")
    kind = asked.kind or "answer"
    rule = next((rule for name, rule in pack.periods.items() if name == kind), None)
    if rule is None:
        raise Unreadable(f"{kind!r} is no time that {key} knows. It knows: {', '.join(pack.periods)}.")
    return pack, kind, rule


def told(clock: Clock) -> dict[str, Any]:
    """The clock for scripts; a time in hours ends at a moment with its offset."""
    return {
        "state": clock.state,
        "due": _end(clock.due, clock.due_at),
        "earliest_due": _end(clock.earliest_due),
        "statutory_due": _end(clock.statutory_due, clock.due_at),
        "promised_due": _end(clock.promised_due),
        "base_due": _end(clock.base_due),
        "steps": [{"date": _end(step.date, step.at), "rule": step.rule, "why": str(step.why)} for step in clock.steps],
    }


def lines(clock: Clock) -> list[str]:
    """The clock for people."""
    if clock.state == "paused":
        head = f"The time stands still; due on {clock.earliest_due} at the earliest."
    else:
        head = f"Due {_end(clock.due, clock.due_at)}."
    return [head, *(_line(step) for step in clock.steps)]


def _line(step: Step) -> str:
    return f"  {_end(step.date, step.at)}  {step.why}"


def _end(day: date | None, at: datetime | None = None) -> str | None:
    found = at or day
    return found.isoformat() if found else None


COMMANDS = (deadlines,)
