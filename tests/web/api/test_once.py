"""A call sent twice with one Idempotency-Key takes effect once and is answered alike."""

from collections.abc import Callable
from datetime import timedelta

from app.gateways.clock import FixedClock
from app.portal import Portal
from tests.web.api.conftest import BODY, Caller
from tests.web.api.test_bad_input import cases_in

FILE = "controllers/acme/cases"


def test_a_repeated_filing_gives_the_first_ones_cases(public: Caller, portal: Portal, clock: FixedClock) -> None:
    first = public.post(FILE, BODY, 201, Idempotency_Key="one").json
    assert public.post(FILE, BODY, 201, Idempotency_Key="one").json == first
    assert cases_in(portal) == 1
    told = public.post(FILE, {**BODY, "name": "Eva"}, 422, Idempotency_Key="one").json
    assert told["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert public.post(FILE, BODY, 201, Idempotency_Key="two").json != first
    public.post("controllers/borealis/cases", BODY, 201, Idempotency_Key="one")
    assert cases_in(portal) == 3
    clock.advance(timedelta(days=1))
    assert public.post(FILE, BODY, 201, Idempotency_Key="one").json != first


def test_a_refused_call_may_be_tried_again(public: Caller, portal: Portal) -> None:
    public.post(FILE, {**BODY, "name": ""}, 422, Idempotency_Key="one")
    public.post(FILE, BODY, 201, Idempotency_Key="one")
    assert cases_in(portal) == 1


def test_keys_belong_to_their_caller(public: Caller, dpo: Caller, hire: Callable[..., Caller], portal: Portal) -> None:
    for caller in (public, dpo, hire("handler")):
        caller.post(FILE, BODY, 201, Idempotency_Key="one")
    assert cases_in(portal) == 3


def test_a_repeated_move_is_made_once(dpo: Caller, proven: str) -> None:
    tag = dpo.get(f"cases/{proven}").headers["ETag"]
    sent = {"Idempotency_Key": "k", "If_Match": tag}
    first = dpo.post(f"cases/{proven}/moves/collect", **sent).json
    again = dpo.post(f"cases/{proven}/moves/collect", **sent).json
    assert again["version"] == first["version"], "the second neither collects again nor fails on the older ETag"


def test_a_key_must_be_one(public: Caller) -> None:
    public.post(FILE, BODY, 400, Idempotency_Key="x" * 256)
    public.post(FILE, BODY, 400, Idempotency_Key="")
