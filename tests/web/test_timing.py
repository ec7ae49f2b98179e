"""How long an answer takes tells nothing (FIELD, attack 8): people whom the systems know, people whom they do not, and
requests that do not exist differ by less than the same thing measured twice."""

import gc
import random
import re
from collections.abc import Callable, Mapping
from itertools import count
from statistics import median
from time import perf_counter

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.identity import new_reference
from app.models.cases import Code
from app.portal import Portal
from app.services.verification import plain_code
from tests.web.conftest import EMAIL
from workers.idle import run_until_idle

ROUNDS = 60
FEW = 30  # where each round takes long
PATIENCE = 4  # on a busy machine as many times the rounds are measured before a difference counts
HALVINGS = 400
REFERENCE = re.compile(r"/case/([2-9A-Z]{4}(?:-[2-9A-Z]{4}){2})/")
Measure = Callable[[], float]


def spread(times: list[float], chance: random.Random) -> float:
    """How far apart the medians of two halves of the same measurements come to lie: nearly the most that halving them
    anyhow gives."""
    found = []
    for _ in range(HALVINGS):
        mixed = chance.sample(times, len(times))
        half = len(mixed) // 2
        found.append(abs(median(mixed[:half]) - median(mixed[half:])))
    return sorted(found)[HALVINGS * 99 // 100]


def apart(times: Mapping[str, list[float]]) -> tuple[float, float]:
    """The largest difference between two kinds, and the noise of measuring one kind twice."""
    chance = random.Random(1)
    medians = [median(one) for one in times.values()]
    return max(medians) - min(medians), max(spread(one, chance) for one in times.values())


def compare(kinds: Mapping[str, Measure], *, rounds: int = ROUNDS) -> None:
    """Measure all kinds in turns, in an order that changes; fail only when more rounds do not bring them together."""
    times: dict[str, list[float]] = {name: [] for name in kinds}
    chance = random.Random(2)
    for measure in kinds.values():
        for _ in range(3):
            measure()
    difference = noise = 0.0
    for _ in range(PATIENCE):
        gc.collect()
        gc.disable()
        try:
            for _ in range(rounds):
                for name in chance.sample(list(kinds), len(kinds)):
                    times[name].append(kinds[name]())
        finally:
            gc.enable()
        difference, noise = apart(times)
        if difference <= noise:
            return
    told = {name: f"{median(one) * 1000:.2f} ms" for name, one in times.items()}
    pytest.fail(f"{told}: {difference * 1000:.2f} ms apart, the noise is {noise * 1000:.2f} ms")


class Visitors:
    """Everybody comes from a network of their own, so that no limit of one network is met."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.numbers = count(1)
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/case/").get_data(as_text=True))
        assert found
        self.proof = {"csrf_token": found[1]}

    def post(self, url: str, data: Mapping[str, str] | None = None, *, status: int) -> float:
        """How long one POST takes."""
        number = next(self.numbers)
        place = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        sent = {**self.proof, **(data or {})}
        begun = perf_counter()
        answer = self.client.post(url, data=sent, environ_overrides=place)
        taken = perf_counter() - begun
        assert answer.status_code == status, answer.get_data(as_text=True)
        return taken

    def files(self, email: str, number: str) -> float:
        """Somebody sends a form; typing it does not count."""
        answers = {"name": "Ana Ionescu", "email": email, "scope": "everything", "customer_number": number}
        self.post("/c/acme/access/", answers, status=303)
        return self.post("/c/acme/access/check/", status=303)

    def filed(self, email: str, number: str) -> str:
        """The same; the reference."""
        self.files(email, number)
        found = REFERENCE.search(self.client.get("/c/acme/access/sent/").get_data(as_text=True))
        assert found
        return found[1]


@pytest.fixture
def visitors(client: FlaskClient) -> Visitors:
    return Visitors(client)


def each_a_few_times(make: Callable[[], str], times: int) -> Callable[[], str]:
    """References, each used only so often that no limit of one request is met."""
    state = {"left": 0, "reference": ""}

    def give() -> str:
        if not state["left"]:
            state.update(left=times, reference=make())
        state["left"] = int(state["left"]) - 1
        return str(state["reference"])

    return give


def test_the_measure_sees_a_difference_and_overlooks_noise() -> None:
    chance = random.Random(3)
    slow = [chance.gauss(0.010, 0.001) for _ in range(ROUNDS)]
    quick = [chance.gauss(0.007, 0.001) for _ in range(ROUNDS)]
    same = [chance.gauss(0.010, 0.001) for _ in range(ROUNDS)]
    difference, noise = apart({"slow": slow, "quick": quick})
    assert difference > noise
    difference, noise = apart({"slow": slow, "same": same})
    assert difference <= noise


def test_filing_for_a_known_and_an_unknown_person(visitors: Visitors) -> None:
    numbers = count()
    compare({
        "known": lambda: visitors.files(EMAIL, "1"),
        "unknown": lambda: visitors.files(f"nobody{next(numbers)}@example.org", "4711"),
    })  # fmt: skip


def test_asking_for_a_code(visitors: Visitors) -> None:
    numbers = count()
    known = each_a_few_times(lambda: visitors.filed(EMAIL, "1"), 4)
    unknown = each_a_few_times(lambda: visitors.filed(f"nobody{next(numbers)}@example.org", "4711"), 4)
    nowhere = each_a_few_times(new_reference, 4)

    def asking(reference: Callable[[], str]) -> Measure:
        def measure() -> float:
            wanted = reference()
            return visitors.post(f"/case/{wanted}/code", status=303)

        return measure

    compare({"known": asking(known), "unknown": asking(unknown), "no such request": asking(nowhere)})


def confirmed(visitors: Visitors, portal: Portal, email: str, number: str) -> str:
    """A request whose address was shown to work, with all that this brings about."""
    reference = visitors.filed(email, number)
    run_until_idle(portal)
    visitors.post(f"/case/{reference}/confirm", {"code": newest(portal)}, status=303)
    run_until_idle(portal)
    return reference


def newest(portal: Portal) -> str:
    """The newest code, as it stands in the mail."""
    with portal.unscoped("test", reads_only=True) as work:
        return plain_code(work, work.session.scalars(select(Code).order_by(Code.id.desc()).limit(1)).one())


@pytest.mark.usefixtures("numbered")
def test_confirming(visitors: Visitors, portal: Portal) -> None:
    numbers = count()

    def confirming(number: str) -> float:
        email = f"new{next(numbers)}@example.org"
        reference = visitors.filed(email, number)
        return visitors.post(f"/case/{reference}/confirm", {"code": newest(portal)}, status=303)

    compare({"known": lambda: confirming("1"), "unknown": lambda: confirming("4711")}, rounds=FEW)


@pytest.mark.usefixtures("numbered")
def test_typing_at_the_page_of_a_contact_on_file(visitors: Visitors, portal: Portal) -> None:
    numbers = count()

    def one(number: str) -> Callable[[], str]:
        return each_a_few_times(lambda: confirmed(visitors, portal, f"new{next(numbers)}@example.org", number), 4)

    def typing(reference: Callable[[], str]) -> Measure:
        def measure() -> float:
            wanted = reference()
            return visitors.post(f"/case/{wanted}/on-file/", {"code": "000000", "mine": "yes"}, status=422)

        return measure

    nowhere = each_a_few_times(new_reference, 4)
    kinds = {"known": typing(one("1")), "unknown": typing(one("4711")), "no such request": typing(nowhere)}
    compare(kinds, rounds=FEW)


def test_typing_at_the_door(visitors: Visitors) -> None:
    known = each_a_few_times(lambda: visitors.filed(EMAIL, "1"), 4)
    unknown = each_a_few_times(lambda: visitors.filed("nobody@example.org", "4711"), 4)
    nowhere = each_a_few_times(new_reference, 4)

    def typing(reference: Callable[[], str]) -> Measure:
        def measure() -> float:
            wanted = reference()
            return visitors.post(f"/case/{wanted}/enter", {"code": "000000"}, status=422)

        return measure

    compare({"known": typing(known), "unknown": typing(unknown), "no such request": typing(nowhere)}, rounds=FEW)
