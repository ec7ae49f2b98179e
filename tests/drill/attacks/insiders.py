"""Who is on the staff, here or next door, and reaches further than they may; programs too."""

from sqlalchemy import select

from app.models.people import Login
from app.services import tokens
from tests.drill.attack import Attack
from tests.drill.attacks.doors import walk
from tests.drill.attacks.staff_signins import email_of, sees_case, tries_desk
from tests.drill.scene import Scene

REFUSED = ("door:refused",)


def next_door(scene: Scene) -> None:
    """Staff of another organisation at acme's desk, by every address."""
    before, one = scene.unharmed(), scene.signed_in("dpo", scene.borealis)
    one.may_know = ()
    assert walk(scene, one, scene.cases["open"], under="/desk/") > 20
    for slug in ("acme", "ACME", "borealis"):
        one.get(f"/desk/{slug}/cases/{scene.cases['open']}/")
        one.get(f"/desk/{slug}/?q={scene.cases['open']}")
        one.get(f"/desk/{slug}/?q=ana@example.com")
    assert scene.unharmed() == before
    # What is Ana's at borealis is borealis' own; nothing of acme's may be among it.
    one.received = [page for page in one.received if scene.cases["elsewhere"] not in page]


def of_this_desk(scene: Scene) -> None:
    one = scene.signed_in("handler")
    sees_case(scene, one)
    assert scene.cases["open"].encode() in one.get("/desk/acme/?q=ana@example.com").data


def token_next_door(scene: Scene) -> None:
    """A program of another organisation."""
    before, mallory, token = scene.unharmed(), scene.impostor(), scene.token(house=scene.borealis)
    walk(scene, mallory, scene.cases["open"], scene.cases["released"], under="/api/", token=token)
    mallory.api("POST", f"packages/{scene.package_id}/open", token=token)
    mallory.api("GET", "cases?controller=acme", token=token)
    mallory.api("GET", f"cases?q={scene.cases['open']}", token=token)
    body = {"rights": ["access"], "name": "Ana", "identities": {"email": "ana@example.com"},
            "proof": {"method": "document_view", "note": "seen"}}  # fmt: skip
    assert mallory.api("POST", "controllers/acme/cases", body, token=token).status_code == 403
    assert scene.unharmed() == before


def token_twin(scene: Scene) -> None:
    one, token = scene.somebody(), scene.token()
    assert one.api("GET", f"cases/{scene.cases['open']}", token=token).status_code == 200
    opened = one.api("POST", f"packages/{scene.package_id}/open", token=token)
    assert opened.json is not None
    (part,) = opened.json["parts"]
    one.send("GET", part["url"], headers={"Authorization": f"Bearer {token}"})
    assert one.has("CANARY-ana-held-note")


def token_too_small(scene: Scene) -> None:
    """A token that may only read, and one that was ended, are made to open Ana's package."""
    with scene.acme.work() as work:
        small = tokens.create(work, email=email_of("dpo"), scopes=["cases:write"])
        ended = tokens.create(work, email=email_of("dpo"), scopes=list(tokens.SCOPES))
        work.flush()
        number = max(row.id for row in work.session.scalars(select(tokens.ApiToken)))
        tokens.revoke(work, number)
    mallory = scene.impostor()
    for token in (small, ended, small[:-1], "habeas_"):
        mallory.api("POST", f"packages/{scene.package_id}/open", token=token)
        mallory.api("GET", f"cases/{scene.cases['released']}", token=token)
        mallory.api("GET", f"cases/{scene.cases['released']}/letters/{scene.letter_id}", token=token)


def beyond_role(scene: Scene) -> None:
    """An admin looks for cases; an auditor opens evidence; a handler approves and releases."""
    before, reviewed, ready = scene.unharmed(), scene.acme.in_status("in_review"), scene.acme.in_status("ready")
    admin = scene.signed_in("admin")
    admin.may_know = ()
    walk(scene, admin, scene.cases["open"], under="/desk/")
    tries_desk(admin, scene)
    auditor, file = scene.signed_in("auditor"), scene.stage.evidence_id
    for deed in ("open", "look", "destroy"):
        assert auditor.post(f"/desk/acme/cases/{scene.cases['proof']}/evidence/{file}/{deed}/").status_code == 403
    handler = scene.signed_in("handler")
    for reference, move in ((reviewed, "approve"), (ready, "release")):
        version = str(scene.acme.view(reference).version)
        handler.post(f"/desk/acme/cases/{reference}/moves/{move}/", {"version": version, "step": "send"})
    assert (scene.case(reviewed).status, scene.case(ready).status) == ("in_review", "ready")
    assert scene.unharmed() == before


def by_role(scene: Scene) -> None:
    reviewed = scene.acme.in_status("in_review")
    officer = scene.signed_in("dpo")
    version = str(scene.acme.view(reviewed).version)
    officer.post(f"/desk/acme/cases/{reviewed}/moves/approve/", {"version": version, "step": "send"})
    scene.acme.run()
    assert scene.case(reviewed).status == "ready"


def person_at_desk(scene: Scene) -> None:
    """The session of a person who was let into a request of their own is shown at the desk and to the API."""
    mallory = scene.let_in(scene.mallory())
    tries_desk(mallory, scene)
    walk(scene, mallory, scene.cases["open"], under="/desk/")
    walk(scene, mallory, scene.cases["open"], under="/api/")
    mallory.api("GET", "cases")


def colleague(scene: Scene) -> None:
    """An officer takes a colleague's second factor away alone, to come in with a password that they know."""
    number = str(scene.can_sign_in("handler"))
    scene.can_sign_in("admin")
    insider = scene.signed_in("dpo")
    insider.may_know = ("CANARY-ana-said",)
    for deed in ("ask", "confirm", "confirm"):
        insider.post("/desk/acme/colleagues/", {"deed": deed, "colleague": number})
    with scene.portal.unscoped("the drill looks", reads_only=True) as work:
        login = work.session.scalars(select(Login).where(Login.id == int(number))).one()
        assert login.totp_last_step is not None, "the factor is still there"


def colleague_twin(scene: Scene) -> None:
    """Two of them do it."""
    number = str(scene.can_sign_in("handler"))
    first, second = scene.signed_in("dpo"), scene.signed_in("admin")
    first.post("/desk/acme/colleagues/", {"deed": "ask", "colleague": number})
    second.post("/desk/acme/colleagues/", {"deed": "confirm", "colleague": number})
    assert "login:factor_reset" in scene.events()


def shared_key(scene: Scene) -> None:
    """The Idempotency-Key that Ana's program used: a second call with it must not give what the first one was given."""
    ana, mallory = scene.ana(), scene.mallory()
    body = {"rights": ["access"], "name": "Ana Liepa", "identities": {"email": "ana@example.com"},
            "details": {"access": {"scope": "everything"}}}  # fmt: skip
    first = ana.api("POST", "controllers/acme/cases", body, Idempotency_Key="1")
    assert first.json is not None
    (reference,) = first.json["cases"]
    for changed in ({**body, "identities": {"email": "mallory@evil.example"}}, {**body, "name": "Mallory"}, {}):
        answer = mallory.api("POST", "controllers/acme/cases", changed, Idempotency_Key="1")
        assert reference not in answer.get_data(as_text=True)


def shared_key_twin(scene: Scene) -> None:
    """The same call twice, since the answer was lost: one request."""
    ana = scene.ana()
    body = {"rights": ["access"], "name": "Ana Liepa", "identities": {"email": "ana@example.com"},
            "details": {"access": {"scope": "everything"}}}  # fmt: skip
    answers = [ana.api("POST", "controllers/acme/cases", body, Idempotency_Key="1").json for _ in range(2)]
    assert answers[0] == answers[1]


ATTACKS = (
    Attack("desk of another organisation", "staff of borealis at acme's desk", next_door, of_this_desk, REFUSED),
    Attack("token of another organisation", "a program of borealis at acme's cases",
           token_next_door, token_twin, REFUSED),
    Attack("token beyond its scope", "a token that may not read, and one that was ended",
           token_too_small, token_twin, REFUSED),
    Attack("beyond one's role", "admin, auditor and handler, each a step too far", beyond_role, by_role, REFUSED),
    Attack("person at the desk", "a person's session where staff work", person_at_desk, of_this_desk, REFUSED),
    Attack("a colleague's second factor", "an officer resets it alone", colleague, colleague_twin,
           ("login:reset_asked",)),
    Attack("another's Idempotency-Key", "a key that Ana's program used", shared_key, shared_key_twin, ("case:filed",)),
)  # fmt: skip
