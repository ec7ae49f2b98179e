"""Passkeys sign in, and nothing else that looks like one: wrong place, old, heard before, copied, half, or made up."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from app.domain.errors import Invalid, NotFound
from app.models.people import Login, Passkey
from app.portal import Portal
from app.services import lost_factors, passkeys, sessions, signing_in
from app.services.signing_in import Caller, StartAgain
from tests.authenticator import PRESENT, Authenticator
from tests.offices import clock_of, hired
from tests.services.test_recovery import subjects
from tests.services.test_staff import EMAIL, HOME, events, sign_in, stage_of

BASE = "https://desk.acme.example"


@pytest.fixture
def named(portal: Portal) -> Portal:
    """A portal that is reached under a name; browsers make passkeys for no other."""
    return replace(portal, settings=replace(portal.settings, base_url=BASE))


@pytest.fixture
def vera(named: Portal) -> int:
    return hired(named, EMAIL)


def added(portal: Portal, login_id: int, **how) -> Authenticator:
    """A device with a passkey of that login."""
    device = Authenticator(BASE, **how)
    passkeys.register(portal, login_id, device.create(passkeys.to_register(portal, login_id)), name="Key")
    return device


def enter(portal: Portal, answer: str) -> str:
    return signing_in.enter_by_passkey(portal, HOME, answer).token


def test_a_passkey_signs_in_without_password_and_code(named, vera):
    device = added(named, vera, count=1)
    device.count = 2
    token = enter(named, device.get(passkeys.to_show(named, "sign-in")))
    assert stage_of(named, token) == "full"
    assert events(named)[-2:] == ["login:passkey_added", "login:signed_in"]
    assert subjects(named)[0] == "A passkey was added to your sign-in"
    with named.unscoped("test", reads_only=True) as work:
        row = work.session.scalars(select(Passkey)).one()
        assert (row.sign_count, row.last_used_at) == (2, work.real_now)
        assert [one.name for one in passkeys.of_login(work, vera)] == ["Key"]


def test_a_synced_passkey_counts_nothing_and_works_again_and_again(named, vera):
    device = added(named, vera)
    for _ in range(2):
        assert enter(named, device.get(passkeys.to_show(named, "sign-in")))


def test_what_was_heard_once_does_not_work_again(named, vera):
    device = added(named, vera)
    answer = device.get(passkeys.to_show(named, "sign-in"))
    assert enter(named, answer)
    with pytest.raises(Invalid):
        enter(named, answer)
    device = Authenticator(BASE)
    made = device.create(passkeys.to_register(named, vera))
    passkeys.register(named, vera, made, name="Second")
    with pytest.raises(Invalid):
        passkeys.register(named, vera, made, name="Third")


def test_a_counter_that_goes_back_is_a_copy(named, vera):
    device = added(named, vera, count=5)
    for count in (5, 4, 0):
        device.count = count
        with pytest.raises(Invalid):
            enter(named, device.get(passkeys.to_show(named, "sign-in")))
    device.count = 6
    assert enter(named, device.get(passkeys.to_show(named, "sign-in")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://desk.acme.example.evil.example"}, {"origin": "http://desk.acme.example"},
        {"origin": "https://desk.acme.example:8443"}, {"origin": "https://desk.аcme.example"},
        {"rp": "evil.example"}, {"flags": PRESENT}, {"flags": 0},
    ],
)  # fmt: skip
def test_what_was_signed_elsewhere_or_without_its_owner_is_refused(named, vera, wrong):
    device = added(named, vera)
    copy = replace(device, **wrong)
    with pytest.raises(Invalid):
        enter(named, copy.get(passkeys.to_show(named, "sign-in")))
    with pytest.raises(Invalid):
        added(named, vera, **{name: value for name, value in wrong.items() if name != "origin"} or {"rp": "evil"})
    if "origin" in wrong:
        other = Authenticator(wrong["origin"])
        with pytest.raises(Invalid):
            passkeys.register(named, vera, other.create(passkeys.to_register(named, vera)), name="Key")


def test_another_key_under_the_same_number_is_refused(named, vera):
    device = added(named, vera)
    with pytest.raises(Invalid):
        enter(named, Authenticator(BASE, number=device.number).get(passkeys.to_show(named, "sign-in")))
    with pytest.raises(Invalid):
        enter(named, Authenticator(BASE).get(passkeys.to_show(named, "sign-in")))


def test_a_challenge_is_for_one_purpose_one_login_and_ten_minutes(named, vera):
    device, other = added(named, vera), hired(named, "other@acme.example")
    mine = Caller(HOME.network, token=sign_in(named).token)
    for options in (
        passkeys.to_show(named, "prove", vera), passkeys.to_show(named, "sign-in", vera),
        json.dumps({"challenge": "bWFkZS11cA", "rpId": "desk.acme.example"}),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            enter(named, device.get(options))
    for options in (passkeys.to_show(named, "prove", other), passkeys.to_show(named, "sign-in")):
        with pytest.raises(Invalid):
            signing_in.prove_again(named, mine, passkey=device.get(options))
    late = device.get(passkeys.to_show(named, "sign-in"))
    clock_of(named).advance(timedelta(seconds=passkeys.LASTS + 1))
    with pytest.raises(Invalid):
        enter(named, late)


def test_nobody_proves_with_anothers_passkey(named, vera):
    device, other = added(named, vera), hired(named, "other@acme.example")
    with pytest.raises(Invalid):
        passkeys.read(named, device.get(passkeys.to_show(named, "prove", other)), "prove", other)


def test_a_passkey_proves_again(named, vera):
    device = added(named, vera)
    mine = Caller(HOME.network, token=sign_in(named).token)
    clock_of(named).advance(sessions.PROOF_LASTS)
    fresh = signing_in.prove_again(named, mine, passkey=device.get(passkeys.to_show(named, "prove", vera)))
    with named.unscoped("test", reads_only=True) as work:
        assert sessions.find(work, fresh).proved
    with pytest.raises(StartAgain):
        signing_in.prove_again(named, mine, passkey="{}")


WRONG = (None, 1, [], {}, "", "!!!", "\ud800", "A" * 30_000, "AAAA", "e30", "W10")
NOT_EVEN_JSON = ("", "{", "[]", "null", "1", '"x"', "{}", "[" * 15_000, "\x00", "{" * 30_000)


def broken(whole: dict, number: int) -> str | None:
    """The answer, broken in the way of that number; None when there are no more ways."""
    parts = [(name, None) for name in ("id", "rawId", "type", "response")]
    parts += [("response", name) for name in whole["response"]]
    ways = [(part, wrong) for part in parts for wrong in WRONG]
    if number >= len(ways):
        return None
    (name, inner), wrong = ways[number]
    value = {**whole["response"], inner: wrong} if inner else wrong
    return json.dumps({**whole, name: value})


def test_whatever_is_malformed_is_refused_in_the_same_words(named, vera):
    device, said, number = added(named, vera), set(), 0
    refused = [("sign-in", one) for one in NOT_EVEN_JSON]
    while (answer := broken(json.loads(device.get(passkeys.to_show(named, "sign-in"))), number)) is not None:
        refused.append(("sign-in", answer))
        number += 1
    number = 0
    while (
        answer := broken(json.loads(Authenticator(BASE).create(passkeys.to_register(named, vera))), number)
    ) is not None:
        refused.append(("register", answer))
        number += 1
    verbs = {"sign-in": partial(passkeys.read, purpose="sign-in")}
    verbs["register"] = partial(passkeys.register, login_id=vera, name="Key")
    for purpose, answer in refused:
        with pytest.raises(Invalid) as refusal:
            verbs[purpose](named, answer=answer)
        said |= set(map(str, refusal.value.fields.values()))
    assert len(refused) > 100
    assert len(said) == 1


def test_removing_disabling_and_a_lost_factor_end_it(named, vera):
    device = added(named, vera)
    with pytest.raises(NotFound):
        passkeys.remove(named, hired(named, "other@acme.example"), 1)
    with named.unscoped("test") as work:
        number = passkeys.of_login(work, vera)[0].number
        work.session.get_one(Login, vera).disabled_at = work.now
    with pytest.raises(Invalid):
        enter(named, device.get(passkeys.to_show(named, "sign-in")))
    with named.unscoped("test") as work:
        work.session.get_one(Login, vera).disabled_at = None
    passkeys.remove(named, vera, number)
    with pytest.raises(Invalid):
        enter(named, device.get(passkeys.to_show(named, "sign-in")))
    again = added(named, vera)
    lost_factors.reset_by_operator(named, EMAIL)
    with pytest.raises(Invalid):
        enter(named, again.get(passkeys.to_show(named, "sign-in")))


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "\u202ekey"])
def test_a_passkey_has_a_name_that_can_be_read(named, vera, name):
    with pytest.raises(Invalid) as refusal:
        passkeys.register(named, vera, "{}", name=name)
    assert list(refusal.value.fields) == ["name"]


def test_there_are_ten_at_most(named, vera):
    for _ in range(passkeys.MOST):
        added(named, vera)
    with pytest.raises(Invalid, match="another look"):
        added(named, vera)


def test_under_a_number_there_are_none(portal):
    assert not passkeys.possible(portal)
