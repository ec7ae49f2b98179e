"""Each organisation of the demo with its own file, systems, people and staff, served to real browsers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from app.catalogs import LANGUAGES
from app.cli.demos import DEMOS
from app.cli.demos.plans import Demo
from app.cli.samples.making import build
from app.domain.permissions import SYSTEM
from app.gateways.clock import FixedClock
from app.gateways.pdf import WeasyPrinter
from app.models.base import Base
from app.services import operating, policies, staff
from tests import servers
from tests.journeys.controllers.errand import Errand
from tests.journeys.office import Office, served
from tests.journeys.reader import Reader, options_of
from tests.journeys.tongues import latin_in
from tests.offices import PASSWORD, SECRET, clock_of, code_now
from tests.web.conftest import START, open_portal


class Calendar(FixedClock):
    """Only the business day moves: who is signed in stays so, and codes stay fresh, as in a rehearsal."""

    def real(self) -> datetime:
        return START


@pytest.fixture(scope="module")
def demo(request: pytest.FixtureRequest) -> Demo:
    """The organisation that the module names as SLUG."""
    return next(one for one in DEMOS if one.sample.slug == request.module.SLUG)


@pytest.fixture(scope="module")
def office(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Its systems filled, its file applied, its staff hired."""
    folder, sample = tmp_path_factory.mktemp(demo.sample.slug), demo.sample
    held, port = servers.listening()
    plain = open_portal(folder, HABEAS_BASE_URL=f"http://127.0.0.1:{port}", HABEAS_TRUSTED_PROXIES="1")
    urls = {key: f"sqlite:///{folder / key}.db" for key in sample.systems}
    environment = {sample.variables[key]: url for key, url in urls.items()}
    ground = replace(plain.ground, clock=Calendar(START))
    portal = replace(plain, ground=ground, pdf=WeasyPrinter(), environment=environment)
    Base.metadata.create_all(portal.ground.engine)
    build(sample, urls)
    controller_id, _, _ = policies.apply(portal, SYSTEM, operating.read_file(operating.shipped_file(sample.slug)))
    for one in demo.staff:
        with portal.work(SYSTEM, controller_id) as work:
            invited = staff.invite(work, email=one.email, role=one.role, functions=one.functions, name=one.name)
        staff.set_password(portal, invited.login_id, PASSWORD)
        staff.enrol_known(portal, invited.login_id, SECRET)
    with served(portal, held) as opened:
        yield opened


@pytest.fixture(scope="module")
def states() -> dict[str, Any]:
    """The cookies of each colleague who has signed in: a code works once."""
    return {}


@pytest.fixture(scope="module")
def checked() -> set[str]:
    """The kinds of pages that were held against WCAG already."""
    return set()


@pytest.fixture
def language(demo: Demo) -> str:
    """The organisation's first language; a test may be parametrised with another one."""
    return str(operating.read_file(operating.shipped_file(demo.sample.slug)).file.controller.languages[0])


@pytest.fixture
def names(demo: Demo, language: str) -> frozenset[str]:
    """What the organisation, its people and its systems call themselves, whatever language one reads."""
    loaded = operating.read_file(operating.shipped_file(demo.sample.slug))
    told = [*_said(loaded.document, language), *(one.name for one in (*demo.staff, *demo.sample.people))]
    for data in (one for document in loaded.dataset_documents.values() for one in document["dataset"]):
        tables = [table["name"].replace("_", " ") for table in data["collections"]]
        told += [str(data["name"]), *tables, *(table.capitalize() for table in tables)]
    return frozenset(word for text in told for word in latin_in(text))


def _said(value: object, language: str) -> Iterator[str]:
    """Every text of a controller file that is in no language, or in this one."""
    if isinstance(value, dict):
        inner = [value[language]] if language in value and value.keys() <= {*LANGUAGES} else value.values()
        yield from (text for one in inner for text in _said(one, language))
    elif isinstance(value, list):
        yield from (text for one in value for text in _said(one, language))
    elif isinstance(value, str):
        yield value


@pytest.fixture
def visitor(
    chromium: Browser, office: Office, language: str, checked: set[str], names: frozenset[str]
) -> Iterator[Callable[..., Reader]]:
    """Opens windows in the test's language; whatever was wrong on a page fails the test."""
    opened: list[Reader] = []

    def new(name: str, *, width: int, state: Any = None) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, storage_state=state, timezone_id="Europe/Riga",
            reduced_motion="reduce", **options_of(language, LANGUAGES.index(language)),
        )  # fmt: skip
        context.set_default_timeout(15_000)
        opened.append(Reader(context, office.base, language, name, checked))
        opened[-1].names = names
        return opened[-1]

    yield new
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.context.close()
    assert not faults, "\n".join(sorted(set(faults)))


@pytest.fixture
def colleague(
    visitor: Callable[..., Reader], office: Office, demo: Demo, states: dict[str, Any]
) -> Callable[..., Reader]:
    """The window of a colleague, by role or by address; signed in once for all tests."""
    windows: dict[str, Reader] = {}

    def enter(who: str) -> Reader:
        email = who if "@" in who else next(one.email for one in demo.staff if one.role == who)
        if email not in states:
            one = visitor("signin", width=1280)
            one.open("/signin/")
            one.answer(email=email, password=PASSWORD)
            one.answer(code=code_now(office.portal))
            states[email] = one.context.storage_state()
        if email not in windows:
            windows[email] = visitor("desk", width=1280, state=states[email])
        return windows[email]

    return enter


@pytest.fixture
def errand(visitor: Callable[..., Reader], colleague: Callable[..., Reader], office: Office, demo: Demo) -> Errand:
    """Somebody with a telephone wants something."""
    return Errand(office, demo.sample.slug, visitor("person", width=360), colleague)


@pytest.fixture
def later(office: Office) -> Iterator[Callable[[int], None]]:
    """Lets days pass; afterwards it is the day on which the office opened again."""
    clock = clock_of(office.portal)
    start = clock.now()

    def go(days: int) -> None:
        clock.advance(timedelta(days=days))
        office.work()

    yield go
    clock.advance(start - clock.now())
