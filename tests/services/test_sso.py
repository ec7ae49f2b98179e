"""Staff sign in with their organisation's account, against a provider over HTTP: who is on the staff and nobody else,
by an answer that was signed for us, for this browser, just now, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select, update

from app.domain.errors import Invalid, Unavailable
from app.gateways.oidc import Claims, NoSignOn, OidcSignOn
from app.models.ledger import TrailEntry
from app.models.people import Login, SsoIdentity
from app.portal import Portal
from app.services import signing_in, sso
from app.services.signing_in import Caller
from app.services.sso import Come
from tests import oidc
from tests.offices import clock_of, code_now, hired, invited
from tests.services.own import signed_in as signed_in_as_a_person
from tests.services.test_recovery import subjects
from tests.services.test_staff import EMAIL, HOME, events_of, stage_of

MFA = {"amr": ["pwd", "mfa"]}


@pytest.fixture(scope="module")
def server() -> Iterator[oidc.Provider]:
    with oidc.running() as provider:
        yield provider


@pytest.fixture
def provider(server: oidc.Provider, portal: Portal) -> oidc.Provider:
    """A provider that keeps to everything, and knows Vera by a verified address."""
    server.person = {"sub": "vera-1", "email": EMAIL, "email_verified": True, **MFA}
    server.changes, server.dropped, server.forged, server.down = {}, set(), None, False
    server.clock = lambda: portal.clock.real().timestamp()
    return server


@pytest.fixture
def joined(portal: Portal, provider: oidc.Provider) -> Portal:
    """The portal with that provider."""
    return replace(portal, sso=OidcSignOn(provider.issuer, oidc.CLIENT, oidc.SECRET))


@pytest.fixture
def vera(joined: Portal) -> int:
    return hired(joined, EMAIL)


def agreed(portal: Portal, browser: str = "mark", *, wanted: str = "/desk/") -> dict[str, str]:
    """What the browser brings back from the provider."""
    address = sso.address(portal, browser, wanted=wanted)
    fields = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    answer = requests.post(address.partition("?")[0], data=fields, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == f"{portal.settings.base_url}/signin/sso/return/"
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def finish(portal: Portal, back: dict[str, str], browser: str = "mark", caller: Caller = HOME) -> Come:
    return sso.come_back(
        portal, caller, browser=browser, state=back["state"], code=back["code"], issuer=back.get("iss", "")
    )


def enter(portal: Portal) -> Come:
    return finish(portal, agreed(portal))


# In


def test_with_more_than_a_password_there_both_factors_are_shown(joined, vera):
    come = finish(joined, agreed(joined, wanted="/desk/acme/"))
    assert (stage_of(joined, come.entered.token), come.wanted) == ("full", "/desk/acme/")
    assert events_of(joined, vera)[-2:] == ["login:sso_linked", "login:signed_in"]
    assert subjects(joined) == ["Your organisation’s account was linked"]
    with joined.unscoped("the test looks", reads_only=True) as work:
        row = work.session.scalars(select(SsoIdentity)).one()
    assert (row.login_id, row.issuer, row.subject) == (vera, joined.sso.issuer, "vera-1")


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"amr": []}, {"acr": "0"}])
def test_with_a_password_alone_our_own_second_step_follows(joined, vera, provider, said):
    provider.person = {"sub": "vera-1", "email": EMAIL, "email_verified": True, **said}
    come = enter(joined)
    assert come.entered is None
    assert stage_of(joined, come.token) == "password"
    entered = signing_in.enter_code(joined, replace(HOME, token=come.token), code_now(joined))
    assert stage_of(joined, entered.token) == "full"


def test_who_was_invited_needs_no_password(joined, provider):
    login_id = invited(joined, EMAIL).login_id
    come = enter(joined)
    assert come.entered is not None
    assert events_of(joined, login_id)[-1] == "login:signed_in"


def test_the_challenge_and_the_nonce_are_new_each_time_and_the_verifier_stays_here(joined, vera, provider):
    before = len(provider.asked)
    enter(joined)
    enter(joined)
    first, second = provider.asked[before:]
    assert {first[name] == second[name] for name in ("state", "nonce", "code_challenge")} == {False}
    assert "code_verifier" not in first
    assert first["scope"] == "openid email"


# By the provider's own name for the person


def test_a_changed_address_does_not_matter_once_linked(joined, vera, provider):
    enter(joined)
    provider.person = {"sub": "vera-1", "email": "vera.new@acme.example", "email_verified": True, **MFA}
    assert enter(joined).entered
    provider.person = {"sub": "vera-1", **MFA}
    assert enter(joined).entered


def test_a_recycled_address_opens_nothing(joined, vera, provider):
    enter(joined)
    provider.person = {"sub": "newcomer-7", "email": EMAIL, "email_verified": True, **MFA}
    with pytest.raises(Invalid):
        enter(joined)


@pytest.mark.parametrize(
    "person",
    [
        {"email": EMAIL},
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "true"},
        {"email": "nobody@acme.example", "email_verified": True},
        {"email": "ver\uff41@acme.example", "email_verified": True},
        {"email": ["vera@acme.example"], "email_verified": True},
        {},
    ],
)
def test_who_is_not_on_the_staff_by_a_verified_address_is_refused(joined, vera, provider, person):
    provider.person = {"sub": "x", **MFA, **person}
    with pytest.raises(Invalid) as refused:
        enter(joined)
    assert "not on the staff" in str(refused.value.fields["sso"])
    with joined.unscoped("the test looks", reads_only=True) as work:
        assert not work.session.scalars(select(SsoIdentity)).all()
        (entry,) = work.session.scalars(select(TrailEntry).where(TrailEntry.chain == "sign-on"))
    assert (entry.event, entry.facts, entry.personal) == ("login:sso_refused", {}, None), "that somebody tried, not who"


def test_a_persons_own_sign_in_is_not_one_of_staff(joined, provider):
    signed_in_as_a_person(joined, EMAIL)
    with pytest.raises(Invalid):
        enter(joined)


def test_a_disabled_login_stays_out_and_the_trail_says_so(joined, vera):
    enter(joined)
    with joined.unscoped("the test") as work:
        work.session.execute(update(Login).where(Login.id == vera).values(disabled_at=work.real_now))
    with pytest.raises(Invalid):
        enter(joined)
    assert events_of(joined, vera)[-1] == "login:sso_refused"


# What comes back


def test_a_way_back_works_once_for_ten_minutes_in_the_same_browser(joined, vera):
    back = agreed(joined)
    for browser in ("another", ""):
        with pytest.raises(Invalid):
            finish(joined, back, browser)
    assert finish(joined, back).entered
    with pytest.raises(Invalid):
        finish(joined, back)
    late = agreed(joined)
    clock_of(joined).advance(timedelta(seconds=sso.LASTS + 1))
    with pytest.raises(Invalid):
        finish(joined, late)


def test_a_code_under_another_state_is_refused(joined, vera):
    """The code that an attacker got for themselves, in a victim's browser; and one that was used."""
    theirs, mine = agreed(joined, "theirs"), agreed(joined, "mine")
    with pytest.raises(Invalid):
        finish(joined, {**mine, "code": theirs["code"]}, "mine")
    used = agreed(joined)
    finish(joined, used)
    with pytest.raises(Invalid):
        finish(joined, {**agreed(joined), "code": used["code"]})


@pytest.mark.parametrize("state", ["", "x", "1.2.3.4", "99999999999.aa.bb.cc", "\ud800", "…", "1" * 4000])
def test_made_up_states_are_refused(joined, vera, state):
    with pytest.raises(Invalid):
        finish(joined, {**agreed(joined), "state": state})


def test_another_providers_answer_is_refused(joined, vera):
    with pytest.raises(Invalid):
        finish(joined, {**agreed(joined), "iss": "https://evil.example"})


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"}, {"aud": "another"}, {"aud": ["another"]}, {"iss": "https://evil.example"},
        {"aud": [oidc.CLIENT, "another"]}, {"aud": [oidc.CLIENT, "another"], "azp": "another"},
        {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"exp": "soon"}, {"iat": "now"}, {"nonce": ["x"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_something_else_is_refused(joined, vera, provider, changes):
    provider.changes = changes
    with pytest.raises(Invalid):
        enter(joined)


@pytest.mark.parametrize("name", ["nonce", "aud", "iss", "sub", "exp", "iat"])
def test_a_token_that_lacks_something_is_refused(joined, vera, provider, name):
    provider.dropped = {name}
    with pytest.raises(Invalid):
        enter(joined)


@pytest.mark.parametrize(
    ("seconds", "lets_in"), [(-400, False), (-340, True), (0, True), (50, True), (70, False), (100_000, False)]
)
def test_clocks_may_be_a_minute_apart(joined, vera, provider, seconds, lets_in):
    """A token lives five minutes, and a minute more."""
    provider.clock = lambda: joined.clock.real().timestamp() + seconds
    if lets_in:
        assert enter(joined).entered
    else:
        with pytest.raises(Invalid):
            enter(joined)


def test_a_token_not_signed_by_the_provider_is_refused(joined, vera, provider):
    another = RSAKey.generate_key(2048)
    with_secret = OctKey.import_key(oidc.SECRET)
    known = {"kid": provider.key.kid}
    for forged in (
        oidc.unsigned,
        lambda claims: jwt.encode({"alg": "RS256", **known}, claims, another, algorithms=["RS256"]),
        lambda claims: jwt.encode({"alg": "HS256"}, claims, with_secret, algorithms=["HS256"]),
        lambda claims: provider_token(provider, claims)[:-8] + "AAAAAAAA",
        lambda _: "not.a.token",
        lambda _: "",
    ):
        provider.forged = forged
        with pytest.raises(Invalid):
            enter(joined)


def provider_token(provider: oidc.Provider, claims: dict[str, object]) -> str:
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key, algorithms=["RS256"])


def test_new_keys_of_the_provider_are_fetched(joined, vera, provider, monkeypatch):
    assert enter(joined).entered
    provider.new_keys()
    monkeypatch.setattr("app.gateways.oidc.ASKED_AGAIN_SECONDS", -1)
    assert enter(joined).entered


def test_a_provider_that_is_down_is_said_so_and_the_password_stays(joined, vera, provider):
    provider.down = True
    with pytest.raises(Unavailable, match="password"):
        sso.address(joined, "mark", wanted="/desk/")
    nowhere = replace(joined, sso=OidcSignOn("http://127.0.0.1:1", oidc.CLIENT, oidc.SECRET))
    with pytest.raises(Unavailable):
        sso.address(nowhere, "mark", wanted="/desk/")
    assert signing_in.check_password(joined, HOME, email=EMAIL, password="four words in a row")


def test_a_provider_that_speaks_for_another_is_not_believed(joined, provider):
    with pytest.raises(Unavailable):
        sso.address(
            replace(joined, sso=OidcSignOn(f"{provider.issuer}/", oidc.CLIENT, oidc.SECRET)), "mark", wanted="/desk/"
        )


def test_the_twin_knows_whom_it_was_told(portal):
    login_id = hired(portal, EMAIL)
    twin = NoSignOn({"a code": Claims("https://id.example", "vera", EMAIL, True)})
    assert not NoSignOn().offered
    known = replace(portal, sso=twin)
    state = parse_qs(urlsplit(sso.address(known, "mark", wanted="/desk/")).query)["state"][0]
    come = finish(known, {"state": state, "code": "a code"})
    assert come.entered
    assert events_of(portal, login_id)[-1] == "login:signed_in"
