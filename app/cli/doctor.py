"""`flask doctor`: what the portal stands on, one line each, with the cure where something is wrong (Art. 32(1)(b))."""

import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from app import schema
from app.cli.frame import REFUSED, Told, command
from app.domain.calendars import calendar_ends, is_working_day
from app.domain.errors import Invalid
from app.portal import Portal
from app.services import health, operating

SKEW = timedelta(seconds=5)
PATIENCE_SECONDS = 5
AHEAD = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Finding:
    """One look at one thing. `cure` says what to do where it is not well."""

    name: str
    well: bool
    words: str
    cure: str = ""

    @property
    def line(self) -> str:
        return f"{'ok  ' if self.well else 'BAD '} {self.name}: {self.words}{f' {self.cure}' if self.cure else ''}"


@command(None, "doctor")
def doctor(portal: Portal) -> Told:
    """Look at everything that the portal stands on; exit 1 where something needs a hand."""
    found = list(_findings(portal))
    bad = [finding.name for finding in found if not finding.well]
    document = {
        "well": not bad,
        "findings": [
            {"name": one.name, "well": one.well, "words": one.words, "cure": one.cure or None} for one in found
        ],
    }
    return Told(
        document,
        [finding.line for finding in found],
        code=REFUSED if bad else 0,
        reason=f"Needs a hand: {', '.join(bad)}." if bad else None,
    )


def _findings(portal: Portal) -> Iterator[Finding]:
    yield _settings(portal)
    database = _database(portal)
    yield database
    yield _broker(portal)
    yield _storage(portal)
    yield _mail(portal)
    yield _time(portal)
    if not database.well:
        return
    for look in _IN_THE_DATABASE:
        yield look(portal)


def _settings(portal: Portal) -> Finding:
    settings = portal.settings
    how = "SQLite" if settings.sqlite else "PostgreSQL"
    words = f"{settings.env}, {how}, jobs {'over Redis' if settings.broker_url else 'in the web process'}."
    if settings.env == "demo":
        return Finding("settings", True, words, "Set HABEAS_ENV=production before real requests come in.")
    return Finding("settings", True, words)


def _database(portal: Portal) -> Finding:
    try:
        here, head = schema.revisions(portal.ground.engine)
    except SQLAlchemyError as error:
        words = f"it does not answer ({type(error).__name__})."
        return Finding("database", False, words, "Check HABEAS_DATABASE_URL and that the server runs.")
    if here != head:
        words = f"it is at {here or 'nothing'}, the newest migration is {head}."
        return Finding("database", False, words, "Run `flask db upgrade`.")
    return Finding("database", True, f"answers, at migration {head}.")


def _storage(portal: Portal) -> Finding:
    path = portal.settings.storage_path
    if health.readiness(portal).storage:
        return Finding("storage", True, f"{path} can be written.")
    return Finding("storage", False, f"{path} cannot be written.", "Give the portal's user the right to, or free disk.")


def _mail(portal: Portal) -> Finding:
    url = portal.settings.mail_url
    if not url:
        return Finding("mail", True, f"written to {portal.settings.data_dir / 'mail'}; nothing is sent.")
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(host, port, timeout=PATIENCE_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        words = f"{host}:{port} does not answer ({type(error).__name__})."
        return Finding("mail", False, words, "Check HABEAS_MAIL_URL; mails wait and are tried again.")
    return Finding("mail", True, f"{host}:{port} answers.")


def _time(portal: Portal) -> Finding:
    shift = portal.clock.now() - portal.clock.real()
    if abs(shift) > SKEW:
        words = f"HABEAS_NOW shifts the portal's day by {shift.total_seconds() / 86400:+.1f} days."
        return Finding("clock", True, words, "Unset it to return to the present.")
    return Finding("clock", True, f"{portal.clock.now().isoformat(timespec='seconds')}, zone {time.tzname[0]}.")


def _calendars(portal: Portal) -> Finding:
    """A request of today may be due in four months; by then the days off have to be known."""
    countries = sorted({row.country for row in operating.controllers(portal)})
    horizon = portal.clock.now().date() + AHEAD
    ending = [country for country in countries if not known_on(country, horizon)]
    if ending:
        words = f"the days off of {', '.join(ending)} are not known until {horizon}."
        return Finding("calendars", False, words, "Upgrade the package `holidays`: due dates may be wrong.")
    known = ", ".join(f"{country} through {calendar_ends(country).year}" for country in countries)
    return Finding("calendars", True, f"{known or 'no country in use'}.")


def known_on(country: str, day: date) -> bool:
    """Whether the days off of that country are known until that day."""
    return knows_a_holiday(country, day.year) and calendar_ends(country) >= day


def _laws(portal: Portal) -> Finding:
    """A case keeps the law under which it was filed, so its version has to stay."""
    gone = operating.laws_gone(portal)
    if gone:
        cure = "Install a release that has them: the pages of those requests cannot be shown."
        return Finding("laws", False, f"requests stand under {', '.join(gone)}, not installed.", cure)
    return Finding("laws", True, "every request stands under a law that is installed.")


def knows_a_holiday(country: str, year: int) -> bool:
    """Every country keeps some day; a year without any is one that the calendar does not know."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=count) for count in range(365))
    try:
        return any(day.weekday() < 5 and not is_working_day(day, country) for day in days)
    except Invalid:
        return False


def _jobs(portal: Portal) -> Finding:
    found = operating.trouble(portal)
    if found.dead:
        words = f"{found.dead} were given up: {', '.join(found.kinds)}."
        return Finding(
            "jobs", False, words, "The case pages say why. Once that is mended, `flask work retry` takes them up again."
        )
    if found.stuck:
        cure = "Is the portal, or a worker, running? `flask work run --until-idle` does them now."
        return Finding("jobs", False, f"{found.stuck} wait for more than five minutes.", cure)
    return Finding("jobs", True, "none given up, none waiting too long.")


def _relay(portal: Portal) -> Finding:
    figures = health.figures(portal)
    silent, patience = figures.relay_silent_seconds, health.RELAY_SILENT_AFTER.total_seconds()
    if silent is not None and silent <= patience:
        return Finding("relay", True, f"seen {silent:.0f} seconds ago.")
    seen = "never seen" if silent is None else f"last seen {silent / 60:.0f} minutes ago"
    waits = figures.oldest_job_seconds > patience
    words = f"{seen}; {'jobs wait for it' if waits else 'no job waits for it'}."
    return Finding("relay", not waits, words, "It runs with the portal, or with its workers: start them.")


def _broker(portal: Portal) -> Finding:
    url = portal.settings.broker_url
    if not url:
        return Finding("broker", True, "none needed: jobs run in the web process.")
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=PATIENCE_SECONDS).ping()
    except redis.RedisError as error:
        words = f"Redis does not answer ({type(error).__name__})."
        return Finding("broker", False, words, "Check HABEAS_BROKER_URL; jobs wait in the database meanwhile.")
    return Finding("broker", True, "Redis answers.")


def _systems(portal: Portal) -> Finding:
    broken = [
        f"{row.slug}/{key}"
        for row in operating.controllers(portal)
        for key, report in operating.check_connections(portal, row.controller_id).items()
        if not report.sound
    ]
    if broken:
        cure = "`flask connections check --controller …` says what is missing."
        return Finding("systems", False, f"not ready: {', '.join(broken)}.", cure)
    return Finding("systems", True, "every connected system answers and looks as its data map says.")


def _skew(portal: Portal) -> Finding:
    """Deadlines, codes and the trail stand on this machine's clock."""
    real, last = operating.times(portal)
    apart = portal.clock.real() - real
    if abs(apart) > SKEW:
        words = f"this machine and the database's are {apart.total_seconds():+.0f} seconds apart."
        return Finding("clock skew", False, words, "Let both keep time by NTP.")
    if last is not None and portal.clock.now() < last:
        words = f"the last trail entry is of {last.isoformat(timespec='seconds')}, later than now."
        return Finding("clock skew", False, words, "Set HABEAS_NOW to a later moment, or unset it.")
    return Finding("clock skew", True, "in step with the database and the trail.")


_IN_THE_DATABASE: tuple[Callable[[Portal], Finding], ...] = (
    _skew, _calendars, _laws, _jobs, _relay, _systems,
)  # fmt: skip
COMMANDS = (doctor,)
