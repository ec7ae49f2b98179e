"""Who knows a reference, an id, an address or a cookie of Ana's, and not her mailbox."""

import re
from itertools import product

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app.domain.lifecycle import TRANSITIONS
from tests.drill.attack import Attack
from tests.drill.scene import Scene, held, said
from tests.drill.somebody import Somebody
from tests.samples_of_files import EML

OWN = (said("ana"),)


def _parts(scene: Scene, reference: str) -> dict[str, list[str]]:
    """What addresses are made of, as somebody would fill them in who knows every id of Ana's."""
    return {
        "reference": [reference],
        "slug": ["acme"],
        "move": [move.name for move in TRANSITIONS],
        "package_id": [scene.package_id],
        "letter_id": [scene.letter_id],
        "evidence_id": [scene.stage.evidence_id],
        "collection": ["1"],
        "number": ["1"],
        "ticket": ["made-up"],
    }


def walk(scene: Scene, one: Somebody, *references: str, under: str = "/", token: str = "") -> int:
    """Every address below these requests, by every method, with this browser's own proof; gives how many."""
    proof, sent = one.token(), 0
    for rule in scene.stage.app.url_map.iter_rules():
        if "reference" not in rule.arguments or not rule.rule.startswith(under) or rule.rule.endswith("/code"):
            continue
        for reference in references:
            parts = _parts(scene, reference)
            names = sorted(rule.arguments)
            for values in product(*(parts.get(name, ["1"]) for name in names)):
                address = rule.rule
                for name, value in zip(names, values, strict=True):
                    address = re.sub(rf"<(?:[^<>:]+:)?{name}>", value, address)
                for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                    data = {"csrf_token": proof, "code": "000000", "body": "x", "confirm": "yes"}
                    given = {} if method in {"GET", "HEAD"} else {"data": data}
                    if address.startswith("/api/"):
                        given = {"headers": {"Authorization": f"Bearer {token}"} if token else {}}
                        given |= {"json": {"code": "000000"}} if method == "POST" else {}
                    one.send(method, address, **given)
                    sent += 1
    return sent


def known_reference(scene: Scene) -> None:
    """A reference read from a letter in the bin: every address below it, by every method."""
    before, mallory = scene.unharmed(), scene.mallory()
    assert walk(scene, mallory, scene.cases["released"]) > 50
    assert scene.unharmed() == before


def let_in_elsewhere(scene: Scene) -> None:
    """Let into a request of her own, Mallory exchanges its reference for Ana's."""
    before, mallory = scene.unharmed(), scene.let_in(scene.mallory())
    walk(scene, mallory, scene.cases["released"], scene.cases["open"], under="/case/")
    assert scene.unharmed() == before


def sees_own(scene: Scene) -> None:
    ana, released, refused = scene.ana(), scene.cases["released"], scene.cases["refused"]
    ana.enters(released)
    ana.downloads(released)
    assert ana.has(f"{held('ana')}-note", f"{said('ana')}-wish")
    ana.enters(refused)
    letter = ana.post(f"/case/{refused}/letter/{scene.letter_id}")
    assert letter.status_code == 200
    assert f"{said('ana')}-refusal".encode() in letter.data


def spelled(scene: Scene) -> None:
    """Spellings of the address that a proxy or a router might read in another way."""
    mallory, ref = scene.let_in(scene.mallory()), scene.cases["released"]
    own = scene.cases["mallory"]
    for address in (
        f"/case/{ref.lower()}/moves/withdraw/", f"/case/{own}/../{ref}/moves/withdraw/",
        f"/case/{ref}%00/moves/withdraw/",
        f"/case/{own}%2f..%2f{ref}/", f"//case/{ref}/moves/withdraw/", f"/case/{ref};{own}/moves/withdraw/",
        f"/case/{ref}?reference={own}", f"/case/{ref}/moves/withdraw/?reference={own}",
        f"/case/{ref.replace('-', '')}/moves/withdraw/", f"/CASE/{ref}/", f"/case/%20{ref}/moves/withdraw/",
        f"/api/v1/cases/{ref}?reference={own}", f"/case/{ref}/package/{scene.package_id}/",
    ):  # fmt: skip
        mallory.send("GET", address, headers={"X-Original-URL": f"/case/{own}/", "X-Rewrite-URL": f"/case/{own}/"})


def spelled_twin(scene: Scene) -> None:
    """Ana types it small and without hyphens."""
    ana, ref = scene.ana(), scene.cases["released"]
    ana.enters(ref)
    ana.post("/case/", {"reference": ref.lower().replace("-", " ")})
    assert ana.url == f"/case/{ref}/"
    assert "/leave" in ana.received[-1]


def package_below_own(scene: Scene) -> None:
    """The id of Ana's package below a request of Mallory's own, and her own ticket with Ana's id."""
    mallory, own, ana_s = scene.let_in(scene.mallory()), scene.cases["mallory"], scene.package_id
    answer = mallory.downloads(own)
    assert answer is not None
    ticket = mallory.url.rstrip("/").rpartition("/")[2]
    for reference in (own, scene.cases["released"]):
        place = f"/case/{reference}/package/{ana_s}/"
        mallory.get(place)
        mallory.post(f"{place}code")
        mallory.post(f"{place}open", {"code": mallory.code()})
        mallory.get(f"{place}part/1/{ticket}/")
        mallory.get(f"{place}part/1/{ticket}/", headers={"Range": "bytes=0-99"})


def downloads(scene: Scene) -> None:
    ana = scene.ana()
    ana.enters(scene.cases["released"])
    whole = ana.downloads(scene.cases["released"])
    assert whole is not None
    assert ana.has(f"{held('ana')}-note")
    part = ana.get(ana.url, headers={"Range": "bytes=10-19"})
    assert part.data == whole.data[10:20]


def unopened_range(scene: Scene) -> None:
    """Parts of a package that was not opened, by Range, with tickets that were never given."""
    partner, released = scene.impostor(knows=OWN), scene.cases["released"]
    ana = scene.ana()
    ana.enters(released)
    partner.client = ana.client
    forged = URLSafeTimedSerializer("secret", salt="package-part").dumps([scene.package_id, ""])
    for ticket in (str(forged), "made-up", "1"):
        for header in ({"Range": "bytes=0-"}, {"Range": "bytes=-100"}, {"If-Range": '"x"', "Range": "bytes=0-9"}, {}):
            for number in (0, 1, 2):
                place = f"/case/{released}/package/{scene.package_id}/part/{number}/{ticket}/"
                partner.send("GET", place, headers=header)
                partner.send("HEAD", place, headers=header)


def stolen_address(scene: Scene) -> None:
    """The address of Ana's download, from her history, in another browser: let in elsewhere, or let in nowhere."""
    ana, mallory = scene.ana(), scene.let_in(scene.mallory())
    ana.enters(scene.cases["released"])
    ana.downloads(scene.cases["released"])
    for one in (mallory, scene.impostor()):
        one.get(ana.url)
        one.get(ana.url, headers={"Range": "bytes=0-99"})
        one.get(ana.url.replace(scene.cases["released"], scene.cases["mallory"]))


def letter_below_own(scene: Scene) -> None:
    mallory, own = scene.let_in(scene.mallory()), scene.cases["mallory"]
    for reference in (own, scene.cases["refused"]):
        assert mallory.post(f"/case/{reference}/letter/{scene.letter_id}").status_code == 404


def evidence_elsewhere(scene: Scene) -> None:
    """A file of Ana's below another case and at another organisation's desk; and one slipped under hers."""
    before, objects = scene.unharmed(), set(scene.acme.objects)
    mallory, own, proof = scene.let_in(scene.mallory()), scene.cases["mallory"], scene.cases["proof"]
    upload = {"csrf_token": mallory.token(), "purpose": "identity", "files": (_stream(), "me.eml")}
    assert mallory.send("POST", f"/case/{proof}/evidence", data=upload).status_code == 404
    next_door = scene.signed_in("dpo", scene.borealis)
    next_door.may_know = ()
    for slug, reference in (("borealis", scene.cases["elsewhere"]), ("borealis", proof), ("acme", proof)):
        for deed in ("open", "look", "note", "destroy"):
            place = f"/desk/{slug}/cases/{reference}/evidence/{scene.stage.evidence_id}/{deed}/"
            assert next_door.post(place, {"note": "x"}).status_code == 404
    mallory.get(f"/case/{own}/evidence")
    assert (scene.unharmed(), set(scene.acme.objects)) == (before, objects)


def _stream() -> object:
    import io

    return io.BytesIO(EML)


def evidence_twin(scene: Scene) -> None:
    """Ana sends a file to her own request; a handler of acme opens it."""
    ana, proof = scene.ana(), scene.cases["proof"]
    ana.enters(proof)
    sent = {"csrf_token": ana.token(), "purpose": "identity", "files": (_stream(), "me.eml")}
    assert ana.send("POST", f"/case/{proof}/evidence", data=sent).status_code == 303
    handler = scene.signed_in("handler")
    opened = handler.post(f"/desk/acme/cases/{proof}/evidence/{scene.stage.evidence_id}/open/")
    assert f"{said('ana')}-passport".encode() in opened.data


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


def poisoned_host(scene: Scene) -> None:
    """The code should come with a link to Mallory's own page."""
    mallory, ana = scene.mallory(), scene.ana()
    names = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
             "Forwarded": "host=evil.example"}  # fmt: skip
    data = {"csrf_token": mallory.token()}
    mallory.send("POST", f"/case/{scene.cases['open']}/code", data=data, headers=names)
    mallory.send("POST", f"/case/{scene.cases['open']}/code", data=data, headers={"X-Forwarded-Host": "evil.example"})
    mallory.send("GET", "/case/", headers=names)
    mallory.files("Ana Liepa", "ana@example.com")
    body = {"rights": ["access"], "name": "Ana", "identities": {"email": "ana@example.com"},
            "details": {"access": {"scope": "everything"}}}  # fmt: skip
    mallory.api("POST", "controllers/acme/cases", body, **{"X-Forwarded-Host": "evil.example", "Host": "evil.example"})
    mails = ana.mails()
    assert mails
    assert not [mail for mail in mails if b"evil.example" in mail.as_bytes()]


def poisoned_host_twin(scene: Scene) -> None:
    """The link in Ana's own mail leads to her request's page."""
    ana, open_ = scene.ana(), scene.cases["open"]
    ana.post(f"/case/{open_}/code")
    link = f"{scene.portal.settings.base_url}/case/{open_}/"
    assert link in ana.mails()[-1].text
    ana.post(f"/case/{open_}/enter", {"code": ana.code()})
    assert "/leave" in ana.received[-1]


ATTACKS = (
    Attack("another person's reference", "every address below a known reference, by every method",
           known_reference, sees_own, postgres=True),
    Attack("own request, other reference", "let into one request, every page of another",
           let_in_elsewhere, sees_own),
    Attack("spellings of an address", "addresses that a proxy might read otherwise", spelled, spelled_twin),
    Attack("package of another case", "Ana's package id below Mallory's own request", package_below_own, downloads),
    Attack("Range on an unopened package", "parts without the code that opens it", unopened_range, downloads),
    Attack("stolen download address", "the address of Ana's download in another browser", stolen_address, downloads),
    Attack("letter of another case", "the id of Ana's letter below Mallory's own request", letter_below_own, sees_own),
    Attack("evidence of another case", "Ana's file elsewhere, and a file slipped under hers",
           evidence_elsewhere, evidence_twin),
    Attack("old device", "an ex-partner with the tablet where Ana was let in", old_device, old_device_twin,
           ("code:failed",)),
    Attack("device that was left", "cookies kept from a computer where Ana has left", left_device, old_device_twin),
    Attack("session fixation", "a session of Mallory's in Ana's browser", fixation, fixation_twin),
    Attack("forged cookie", "cookies that claim to be somebody", forged_cookie, fixation_twin),
    Attack("stolen draft", "the cookie of a draft that was sent since", stolen_draft, stolen_draft_twin),
    Attack("another site's form", "posts that Ana's browser is made to send", other_site, other_site_twin),
    Attack("poisoned host name", "a link to another host in Ana's mail", poisoned_host, poisoned_host_twin,
           ("code:sent", "case:filed")),
)  # fmt: skip
