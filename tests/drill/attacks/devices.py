"""Who has a device, a cookie or a page of Ana's browser, and not her mailbox."""

from flask.sessions import SecureCookieSessionInterface

from tests.drill.attack import Attack
from tests.drill.scene import Scene, held, said

OWN = (said("ana"),)


def old_device(scene: Scene) -> None:
    """An ex-partner with the tablet on which Ana once opened her request: no code reaches it, and it forgets."""
    ana, released = scene.ana(), scene.cases["released"]
    ana.enters(released)
    partner = scene.impostor(knows=OWN)
    partner.client = ana.client
    assert partner.downloads(released) is not None
    for code in ("", "000000", "123456", "000000"):
        partner.post(f"/case/{released}/package/{scene.package_id}/open", {"code": code})
    scene.later(minutes=31)
    stranger = scene.impostor()
    stranger.client = ana.client
    for rest in ("", f"package/{scene.package_id}/", "moves/withdraw/"):
        stranger.get(f"/case/{released}/{rest}")


def old_device_twin(scene: Scene) -> None:
    """Twenty minutes of reading do not shut Ana out."""
    ana, released = scene.ana(), scene.cases["released"]
    ana.enters(released)
    scene.later(minutes=20)
    ana.downloads(released)
    assert ana.has(f"{held('ana')}-note")


def left_device(scene: Scene) -> None:
    """A computer in a library, after Ana pressed the button that closes her request; its cookies were kept."""
    ana, released = scene.ana(), scene.cases["released"]
    ana.enters(released)
    kept = ana.client.get_cookie("habeas")
    assert kept is not None
    ana.post(f"/case/{released}/leave")
    reader = scene.impostor()
    reader.client.set_cookie("habeas", kept.value)
    for rest in ("", f"package/{scene.package_id}/", "moves/withdraw/"):
        reader.get(f"/case/{released}/{rest}")


def fixation(scene: Scene) -> None:
    """Mallory plants her own session in Ana's browser, and waits until Ana comes in with it."""
    mallory, ana, released = scene.let_in(scene.mallory()), scene.ana(), scene.cases["released"]
    planted = mallory.client.get_cookie("habeas")
    assert planted is not None
    ana.client.set_cookie("habeas", planted.value)
    ana.enters(released)
    assert "/leave" in ana.received[-1]
    for rest in ("", f"package/{scene.package_id}/", "moves/withdraw/"):
        mallory.get(f"/case/{released}/{rest}")


def fixation_twin(scene: Scene) -> None:
    """One browser, two requests of one's own: both stay open."""
    ana = scene.ana()
    for name in ("released", "open"):
        ana.enters(scene.cases[name])
    for name in ("released", "open"):
        ana.get(f"/case/{scene.cases[name]}/")
        assert "/leave" in ana.received[-1]


def forged_cookie(scene: Scene) -> None:
    """A cookie that says who one is, signed with keys that people leave in examples."""
    released, mallory = scene.cases["released"], scene.let_in(scene.mallory())
    real = mallory.client.get_cookie("habeas")
    assert real is not None
    claims = {"_user_id": "1", "references": [released], "login_id": 1, "stage": "full"}
    cookies = [real.value[:-2] + "xx", real.value.replace(".", "..", 1), "e30.e30.e30"]
    for key in ("secret", "dev", "habeas", "changeme", ""):
        app = type("App", (), {"secret_key": key or None, "config": {"SECRET_KEY_FALLBACKS": None}})()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)  # type: ignore[arg-type]
        cookies += [str(signer.dumps(claims))] if signer else []
    for cookie in cookies:
        one = scene.impostor()
        one.client.set_cookie("habeas", cookie)
        one.get(f"/case/{released}/")
        one.get(f"/case/{released}/package/{scene.package_id}/")
        one.send("GET", f"/desk/acme/cases/{released}/")


def stolen_draft(scene: Scene) -> None:
    """The cookie of Ana's draft, kept from a shared computer: after she sent and confirmed it, it shows nothing."""
    ana, thief = scene.ana(), scene.impostor()
    wish = f"{said('ana')}-draft"
    reference = ana.files("Ana Liepa", "ana@example.com", scope="some", wish=wish)
    cookie = ana.client.get_cookie("habeas-draft", path="/c/acme/access/")
    assert cookie is not None
    ana.confirms(reference)
    for value in (cookie.value, cookie.value[:-3] + "abc"):
        for slug, right in (("acme", "access"), ("borealis", "access"), ("acme", "erasure")):
            thief.client.set_cookie("habeas-draft", value, path=f"/c/{slug}/{right}/")
            for rest in ("", "check/", "sent/"):
                thief.get(f"/c/{slug}/{right}/{rest}")
    thief.get(f"/case/{reference}/moves/withdraw/")


def stolen_draft_twin(scene: Scene) -> None:
    """Ana goes back to her draft an hour later, in the same browser."""
    ana = scene.ana()
    ana.post("/c/acme/access/", {"name": "Ana Liepa", "email": "ana@example.com", "scope": "some", "wish": "Bills."})
    scene.later(hours=1)
    assert "Bills." in ana.get("/c/acme/access/check/").get_data(as_text=True)
    ana.post("/c/acme/access/check/")
    assert ana.url.endswith("/sent/")


def other_site(scene: Scene) -> None:
    """A page of Mallory's makes Ana's browser send what Ana never pressed."""
    ana, mallory, open_ = scene.ana(), scene.mallory(), scene.cases["open"]
    ana.enters(open_)
    ana.enters(scene.cases["released"])
    before, stolen = scene.unharmed("open", "released"), mallory.token()
    forms = (
        (f"/case/{open_}/moves/withdraw/", {}), (f"/case/{open_}/messages", {"body": "Send it to me."}),
        (f"/case/{open_}/leave", {}), (f"/case/{scene.cases['released']}/package/{scene.package_id}/code", {}),
        (f"/case/{open_}/evidence", {"purpose": "identity"}),
    )  # fmt: skip
    for address, body in forms:
        for extra, site in (({}, "cross-site"), ({"csrf_token": stolen}, "none"), ({}, "same-site"), ({}, "none")):
            answer = ana.send("POST", address, data={**body, **extra}, headers={"Sec-Fetch-Site": site})
            assert answer.status_code in {400, 422}, address
        ana.send("GET", address, query_string={**body, "csrf_token": stolen})
    assert scene.unharmed("open", "released") == before
    ana.get(f"/case/{open_}/")
    assert "/leave" in ana.received[-1], "still let in"
    mallory.get(f"/case/{open_}/")


def other_site_twin(scene: Scene) -> None:
    ana, open_ = scene.ana(), scene.cases["open"]
    ana.enters(open_)
    ana.post(f"/case/{open_}/messages", {"body": "A word."})
    ana.post(f"/case/{open_}/moves/withdraw/")
    assert scene.case(open_).outcome == "withdrawn"


ATTACKS = (
    Attack("old device", "an ex-partner with the tablet where Ana was let in", old_device, old_device_twin,
           ("code:failed",)),
    Attack("device that was left", "cookies kept from a computer where Ana has left", left_device, old_device_twin),
    Attack("session fixation", "a session of Mallory's in Ana's browser", fixation, fixation_twin),
    Attack("forged cookie", "cookies that claim to be somebody", forged_cookie, fixation_twin),
    Attack("stolen draft", "the cookie of a draft that was sent since", stolen_draft, stolen_draft_twin),
    Attack("another site's form", "posts that Ana's browser is made to send", other_site, other_site_twin),
)  # fmt: skip
