"""Who wants into somebody's sign-in, or out of their own into more: people's own ones, and the organisation's."""

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import requests

from app.gateways.oidc import OidcSignOn
from tests import oidc
from tests.drill.attack import Attack
from tests.drill.scene import Scene, held, said
from tests.drill.somebody import Somebody
from tests.offices import PASSWORD

ANA = "ana@example.com"
OWN = ("door:refused",)


def _signs_in(one: Somebody, email: str) -> None:
    """A code to one's own address."""
    one.post("/you/signin/", {"email": email})
    code = one.code()
    if one.post(one.url, {"code": code}).status_code == 200 and one.url.startswith("/you/code/"):
        one.post(f"{one.url}age", {"code": code, "age": "older"})


def own_list(scene: Scene) -> None:
    """A sign-in of Mallory's own: Ana's requests are asked for by their reference."""
    mallory, ref = scene.mallory(), scene.cases["released"]
    _signs_in(mallory, "mallory@evil.example")
    assert mallory.url == "/you/welcome/", mallory.url
    for name in ("released", "open", "unverified", "proof"):
        assert mallory.post("/you/requests/", {"reference": scene.cases[name]}).status_code == 404
    mallory.get("/you/")
    for rest in ("", "moves/withdraw/", f"package/{scene.package_id}/"):
        mallory.get(f"/case/{ref}/{rest}")


def own_list_twin(scene: Scene) -> None:
    """Ana signs in within a day of asking, and finds what she asked as a guest."""
    ana = scene.ana()
    _signs_in(ana, ANA)
    ana.post("/you/requests/", {"reference": scene.cases["released"]})
    ana.downloads(scene.cases["released"])
    assert ana.has(f"{held('ana')}-note")


def own_filing(scene: Scene) -> None:
    """Signed in as herself, Mallory files for Ana's address: her session proves her own, not Ana's."""
    mallory = scene.mallory()
    _signs_in(mallory, "mallory@evil.example")
    reference = mallory.files("Ana Liepa", ANA, account_name="ana")
    assert scene.case(reference).status == "unverified"
    mallory.confirms(reference, "000000")
    own = mallory.files("Ana Liepa", "mallory@evil.example", account_name="ana", customer_number="K-1001")
    for one in (reference, own):
        if one and scene.case(one).status == "open":
            scene.answered(one)
            mallory.downloads(one)


def own_filing_twin(scene: Scene) -> None:
    """Signed in, Ana files for her own address without another code."""
    ana = scene.ana()
    _signs_in(ana, ANA)
    ana.post("/c/acme/access/", {"name": "Ana Liepa", "email": ANA, "scope": "everything"})
    ana.post("/c/acme/access/check/")
    reference = ana.url.split("/")[2]
    assert scene.case(reference).status == "open"
    scene.answered(reference)
    ana.downloads(reference)
    assert ana.has(f"{held('ana')}-note")


def own_guess(scene: Scene) -> None:
    """Guesses at the code and at the password of Ana's own sign-in; a code of Mallory's on the page of Ana's."""
    ana, mallory = scene.ana(), scene.mallory()
    _signs_in(ana, ANA)
    ana.post("/you/safety/password/", {"password": PASSWORD})
    mallory.post("/you/signin/", {"email": "mallory@evil.example"})
    own = mallory.code()
    mallory.post("/you/signin/", {"email": ANA})
    place = mallory.url
    for code in (own, "000000", "123456", "111111", "222222", "333333"):
        mallory.post(place, {"code": code})
    for number in range(12):
        mallory.post("/you/password/", {"email": ANA, "password": f"guess number {number} of many"})
    mallory.get("/you/")
    mallory.post("/you/requests/", {"reference": scene.cases["released"]})
    mallory.get(f"/case/{scene.cases['released']}/package/{scene.package_id}/")
    assert not mallory.url.startswith("/you/welcome")


def own_guess_twin(scene: Scene) -> None:
    """Ana is not locked out by the guesses of others."""
    first, mallory = scene.ana(), scene.somebody()
    _signs_in(first, ANA)
    first.post("/you/safety/password/", {"password": PASSWORD})
    for number in range(12):
        mallory.post("/you/password/", {"email": ANA, "password": f"guess number {number} of many"})
    ana = scene.somebody(ANA, network="198.51.100.77")
    ana.post("/you/password/", {"email": ANA, "password": PASSWORD})
    assert ana.url == "/you/", ana.url


def next_owner(scene: Scene) -> None:
    """A year later the mailbox belongs to somebody else, who signs in with a code that reaches it."""
    ana = scene.ana()
    _signs_in(ana, ANA)
    scene.later(days=365)
    other = scene.impostor(ANA)
    _signs_in(other, ANA)
    other.get("/you/")
    for name in ("released", "open", "refused"):
        other.post("/you/requests/", {"reference": scene.cases[name]})
        assert scene.cases[name] not in other.received[-1]
    other.get(f"/case/{scene.cases['released']}/package/{scene.package_id}/")


def same_owner(scene: Scene) -> None:
    """Ana comes back after two months."""
    ana = scene.ana()
    _signs_in(ana, ANA)
    scene.later(days=60)
    again = scene.ana()
    _signs_in(again, ANA)
    assert scene.cases["open"] in again.get("/you/").get_data(as_text=True)


def own_at_desk(scene: Scene) -> None:
    """An officer's address has a sign-in of its own, made with a code: it is no way to the desk."""
    scene.can_sign_in("dpo")
    thief = scene.impostor("dpo@acme.example.com")  # reads the mailbox, has neither password nor app
    _signs_in(thief, "dpo@acme.example.com")
    for rest in ("", f"cases/{scene.cases['open']}/", "colleagues/"):
        thief.get(f"/desk/acme/{rest}")
    thief.get("/signin/safety/")
    thief.post(f"/desk/acme/cases/{scene.cases['open']}/messages/", {"body": "x"})
    thief.get(f"/case/{scene.cases['open']}/moves/withdraw/")


def staff_signs_in(scene: Scene) -> None:
    one = scene.signed_in("dpo")
    assert f"{said('ana')}-wish".encode() in one.get(f"/desk/acme/cases/{scene.cases['open']}/").data


def _by_provider(scene: Scene, provider: oidc.Provider) -> None:
    provider.clock = lambda: scene.portal.clock.real().timestamp()
    scene.portal = replace(scene.portal, sso=OidcSignOn(provider.issuer, oidc.CLIENT, oidc.SECRET))
    scene.stage.app.extensions["habeas"] = scene.portal


def _there(one: Somebody) -> dict[str, str]:
    """Off to the organisation's sign-in, and what it sends back with somebody."""
    address, _, query = one.send("GET", "/signin/sso/").headers["Location"].partition("?")
    page = requests.get(f"{address}?{query}", timeout=10).text
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page))
    back = requests.post(address, data=fields, allow_redirects=False, timeout=10).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query))


def _finish(one: Somebody, given: dict[str, str]) -> int:
    return one.post("/signin/sso/finish/", given).status_code


def other_account(scene: Scene) -> None:
    """Accounts that are not the officer's: an address that nobody verified, another's subject, a way back begun in
    another browser, one that was used, a token for somebody else."""
    with oidc.running() as provider:
        _by_provider(scene, provider)
        officer = {"sub": "dpo-1", "email": "dpo@acme.example.com", "email_verified": True, "amr": ["mfa"]}
        provider.person = officer
        honest = scene.somebody(network="192.0.2.9")
        first = _there(honest)
        _finish(honest, first)
        assert honest.get(f"/desk/acme/cases/{scene.cases['open']}/").status_code == 200
        own = {"sub": "mallory-1", "email": "mallory@evil.example", "email_verified": True, "amr": ["mfa"]}
        for person in ({**officer, "sub": "mallory-1"}, {**officer, "sub": "m", "email_verified": False}, own):
            mallory = scene.impostor()
            provider.person = person
            _finish(mallory, _there(mallory))
            _desk(mallory, scene)
        provider.person = officer
        begun, thief = _there(scene.somebody()), scene.impostor()
        for given in (begun, first, {**begun, "state": first["state"]}, {**begun, "iss": "https://evil.example"}):
            _finish(thief, given)
            _desk(thief, scene)
        for change in ({"nonce": "x"}, {"aud": "other"}, {"iss": "https://evil.example"}, {"exp": 1}):
            provider.changes = change
            one = scene.impostor()
            _finish(one, _there(one))
            _desk(one, scene)
        assert len(scene.cast) > 8


def _desk(one: Somebody, scene: Scene) -> None:
    for rest in ("", f"cases/{scene.cases['open']}/"):
        one.get(f"/desk/acme/{rest}")


def own_account(scene: Scene) -> None:
    with oidc.running() as provider:
        _by_provider(scene, provider)
        provider.person = {"sub": "dpo-1", "email": "dpo@acme.example.com", "email_verified": True, "amr": ["mfa"]}
        for _ in range(2):
            one = scene.somebody(network="192.0.2.9")
            _finish(one, _there(one))
            assert f"{said('ana')}-wish".encode() in one.get(f"/desk/acme/cases/{scene.cases['open']}/").data


ATTACKS = (
    Attack("own sign-in, others' requests", "Ana's references in Mallory's own sign-in", own_list, own_list_twin, OWN),
    Attack("own sign-in, other address", "signed in as oneself, filing for Ana's address",
           own_filing, own_filing_twin, ("case:filed",)),
    Attack("guessed own sign-in", "codes and passwords at Ana's own sign-in", own_guess, own_guess_twin, OWN),
    Attack("next owner of a mailbox", "a sign-in a year later, by whoever has the mailbox now",
           next_owner, same_owner, OWN, postgres=True),
    Attack("own sign-in at the desk", "an officer's mailbox without password and app",
           own_at_desk, staff_signs_in, OWN),
    Attack("another's account", "the organisation's sign-in with an account that is not the officer's",
           other_account, own_account, ("login:sso_refused", "login:sso_linked")),
)  # fmt: skip
