"""Who knows a reference, an id, an address or a cookie of Ana's, and not her mailbox."""

import re
from itertools import product

from itsdangerous import URLSafeTimedSerializer

from app.domain.lifecycle import TRANSITIONS
from tests.drill.attack import Attack
from tests.drill.scene import Scene, held, said
from tests.drill.somebody import Somebody
from tests.samples_of_files import EML

OWN = (said("ana"),)


def parts_of(scene: Scene, reference: str) -> dict[str, list[str]]:
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
            parts = parts_of(scene, reference)
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
    Attack("poisoned host name", "a link to another host in Ana's mail", poisoned_host, poisoned_host_twin,
           ("code:sent", "case:filed")),
)  # fmt: skip
