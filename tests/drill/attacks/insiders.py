"""Who has something of staff: a password, an old code, a colleague's session, a role, a token of another house."""

from dataclasses import replace

from sqlalchemy import select

from app.models.people import Login
from app.services import passkeys, recovery, sessions, tokens
from tests.authenticator import Authenticator
from tests.drill.attack import Attack
from tests.drill.attacks.doors import walk
from tests.drill.scene import Scene, said
from tests.drill.somebody import Somebody
from tests.offices import PASSWORD, code_now

REFUSED = ("door:refused",)
CODE_REFUSED = ("login:code_refused",)
BASE = "https://desk.example"


def _email(name: str, slug: str = "acme") -> str:
    return f"{name}@{slug}.example.com"


def _desk(one: Somebody, scene: Scene) -> None:
    """Everything that a desk would show."""
    for rest in ("", f"cases/{scene.cases['open']}/", f"cases/{scene.cases['released']}/", "colleagues/"):
        one.get(f"/desk/acme/{rest}")


def guessed_password(scene: Scene) -> None:
    """Guesses from one network and from many; the owner comes in all the while, and reads that somebody tried."""
    scene.signed_in("dpo", network="192.0.2.9")
    mallory = scene.impostor()
    for number in range(30):
        mallory.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number // 3}"
        mallory.post("/signin/", {"email": _email("dpo"), "password": f"guess number {number} of many"})
    _desk(mallory, scene)
    scene.later(seconds=60)
    scene.signed_in("dpo", network="192.0.2.77")
    (entry,) = [one for one in scene.trail() if one.event == "login:signed_in"][-1:]
    assert entry.facts["failed_before"] >= 10, "the owner reads of the guesses"


def guessed_password_twin(scene: Scene) -> None:
    """Nobody is locked out by the guesses of others, not even from a new network."""
    mallory = scene.somebody(network="203.0.113.7")
    for number in range(15):
        mallory.post("/signin/", {"email": _email("dpo"), "password": f"guess number {number} of many"})
    one = scene.signed_in("dpo", network="192.0.2.80")
    assert f"{said('ana')}-wish".encode() in one.get(f"/desk/acme/cases/{scene.cases['open']}/").data


def password_alone(scene: Scene) -> None:
    """Mallory knows the password, and guesses the code of the app."""
    scene.can_sign_in("dpo")
    mallory = scene.impostor()
    mallory.post("/signin/", {"email": _email("dpo"), "password": PASSWORD})
    _desk(mallory, scene)
    for number in range(8):
        mallory.post("/signin/code/", {"code": f"{number * 111111 % 10**6:06d}"})
    _desk(mallory, scene)


def signs_in(scene: Scene) -> None:
    _sees(scene, scene.signed_in("dpo"))


def _sees(scene: Scene, one: Somebody) -> None:
    assert f"{said('ana')}-wish".encode() in one.get(f"/desk/acme/cases/{scene.cases['open']}/").data


def replayed_app_code(scene: Scene) -> None:
    """Password and a code that its owner has just used."""
    scene.signed_in("dpo")
    mallory = scene.impostor()
    mallory.post("/signin/", {"email": _email("dpo"), "password": PASSWORD})
    for steps in (0, -1):
        mallory.post("/signin/code/", {"code": code_now(scene.portal, steps=steps)})
    _desk(mallory, scene)


def next_app_code(scene: Scene) -> None:
    """The next code of the app, in a second browser."""
    scene.signed_in("dpo")
    scene.later(seconds=30)
    signs_in(scene)


def replayed_recovery(scene: Scene) -> None:
    """A recovery code from a sheet on which it is crossed out, and one of somebody else's."""
    login_id = scene.can_sign_in("dpo")
    other = recovery.renew(scene.portal, scene.can_sign_in("handler"))
    used = recovery.renew(scene.portal, login_id)[0]
    owner = scene.somebody(network="192.0.2.9")
    owner.post("/signin/", {"email": _email("dpo"), "password": PASSWORD})
    owner.post("/signin/code/", {"code": used})
    _sees(scene, owner)
    mallory = scene.impostor()
    mallory.post("/signin/", {"email": _email("dpo"), "password": PASSWORD})
    for code in (used, other[0], other[1]):
        mallory.post("/signin/code/", {"code": code})
    _desk(mallory, scene)


def recovery_twin(scene: Scene) -> None:
    codes = recovery.renew(scene.portal, scene.can_sign_in("dpo"))
    for code in codes[:2]:
        one = scene.somebody(network="192.0.2.9")
        one.post("/signin/", {"email": _email("dpo"), "password": PASSWORD})
        one.post("/signin/code/", {"code": code})
        _sees(scene, one)


def _reached_by_name(scene: Scene) -> None:
    """Browsers make passkeys only for a portal that has a name."""
    scene.portal = replace(scene.portal, settings=replace(scene.portal.settings, base_url=BASE))
    scene.stage.app.extensions["habeas"] = scene.portal


def _passkey(scene: Scene, name: str) -> Authenticator:
    login_id = scene.can_sign_in(name)
    device = Authenticator(BASE)
    asked = passkeys.to_register(scene.portal, login_id)
    passkeys.register(scene.portal, login_id, device.create(asked), name="Key")
    return device


def other_passkey(scene: Scene) -> None:
    """An auditor's passkey, shown as the proof that the officer's session is asked for; one made up; one twice."""
    _reached_by_name(scene)
    mine = _passkey(scene, "auditor")
    officer = scene.signed_in("dpo")
    scene.later(minutes=16)
    officer.get("/desk/")
    login_id = scene.acme.staff("dpo").login_id or 0
    mallory = scene.impostor()
    mallory.client = officer.client  # an unlocked screen
    mallory.may_know = ("CANARY-ana-said",)
    view = scene.acme.view(scene.cases["open"])
    place = f"/desk/acme/cases/{scene.cases['open']}/moves/refer/"
    typed = {"version": str(view.version), "step": "send", "to": "x", "responsible": "x", "reason": "x"}
    asked = passkeys.to_show(scene.portal, "prove", login_id)
    stranger = Authenticator(BASE)
    for shown in (mine.get(asked), stranger.get(asked), Authenticator("https://evil.example", number=mine.number,
                  key=mine.key).get(asked), mine.get(passkeys.to_show(scene.portal, "sign-in"))):  # fmt: skip
        before = scene.unharmed("open")
        mallory.post("/signin/safety/recovery/", {"proof_passkey": shown})
        mallory.post(place, {**typed, "proof_passkey": shown})
        assert scene.unharmed("open") == before
        assert "recovery codes" not in mallory.received[-1] or mallory.status != 200
    heard = scene.impostor()
    for _ in range(2):
        heard.post("/signin/passkey/", {"credential": stranger.get(passkeys.to_show(scene.portal, "sign-in"))})
    _desk(heard, scene)


def passkey_twin(scene: Scene) -> None:
    _reached_by_name(scene)
    device = _passkey(scene, "dpo")
    one = scene.somebody(network="192.0.2.9")
    one.post("/signin/passkey/", {"credential": device.get(passkeys.to_show(scene.portal, "sign-in"))})
    _sees(scene, one)


def around_sudo(scene: Scene) -> None:
    """An officer's unlocked screen, an hour later: what cannot be taken back asks for the second factor, and takes no
    other."""
    ready = scene.acme.in_status("ready")
    officer = scene.signed_in("dpo")
    for _ in range(3):
        scene.later(minutes=20)
        officer.get("/desk/")
    mallory = scene.impostor(knows=("CANARY-ana-said",))
    mallory.client = officer.client
    place = f"/desk/acme/cases/{ready}/moves/release/"
    version = str(scene.acme.view(ready).version)
    for more in ({}, {"proof_code": ""}, {"proof_code": "000000"}, {"proof_passkey": "{}"}, {"proved": "1"},
                 {"step": "send", "proof_code": "123456"}):  # fmt: skip
        mallory.post(place, {"version": version, "step": "send", **more})
    assert scene.case(ready).status == "ready"


def sudo_twin(scene: Scene) -> None:
    ready = scene.acme.in_status("ready")
    officer = scene.signed_in("dpo")
    scene.later(minutes=20)
    officer.get("/desk/")
    sent = {"version": str(scene.acme.view(ready).version), "step": "send", "proof_code": code_now(scene.portal)}
    officer.post(f"/desk/acme/cases/{ready}/moves/release/", sent)
    assert scene.case(ready).status == "closed"


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
    _sees(scene, one)
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
        small = tokens.create(work, email=_email("dpo"), scopes=["cases:write"])
        ended = tokens.create(work, email=_email("dpo"), scopes=list(tokens.SCOPES))
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
    _desk(admin, scene)
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
    _desk(mallory, scene)
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


def ended_session(scene: Scene) -> None:
    """The cookie of an officer who has signed out, and of one whose password was changed since."""
    officer = scene.signed_in("dpo")
    kept = officer.client.get_cookie("habeas")
    assert kept is not None
    officer.post("/signout/")
    thief = scene.impostor()
    thief.client.set_cookie("habeas", kept.value)
    _desk(thief, scene)
    thief.send("POST", f"/desk/acme/cases/{scene.cases['open']}/messages/", data={"body": "x"})
    scene.later(seconds=30)
    again = scene.signed_in("dpo")
    kept = again.client.get_cookie("habeas")
    assert kept is not None
    scene.can_sign_in("dpo")  # a new password ends every session
    thief.client.set_cookie("habeas", kept.value)
    _desk(thief, scene)


def two_browsers(scene: Scene) -> None:
    """Signing out in one browser leaves the other one signed in."""
    first = scene.signed_in("dpo")
    scene.later(seconds=30)
    with scene.portal.unscoped("the drill signs somebody in") as work:
        token = sessions.start(work, login_id=scene.acme.staff("dpo").login_id, stage="full")
    second = scene.somebody()
    with second.client.session_transaction() as session:
        session["_user_id"] = token
    first.post("/signout/")
    _sees(scene, second)


def led_away(scene: Scene) -> None:
    """A link that signs an officer in, and leads on to a page of Mallory's that looks like ours."""
    scene.can_sign_in("dpo")
    for target in ("//evil.example/desk/", "https://evil.example/", "/\\evil.example", "/%2f/evil.example",
                   "javascript:alert(1)", "/desk/../../evil", "\thttps://evil.example", "///evil.example"):  # fmt: skip
        officer = scene.impostor(network="192.0.2.9", knows=("CANARY-ana-said",))
        officer.post(f"/signin/?next={target}", {"email": _email("dpo"), "password": PASSWORD})
        scene.later(seconds=31)
        officer.post(f"/signin/code/?next={target}", {"code": code_now(scene.portal)})
        assert "evil.example" not in officer.url.split("?")[0], officer.url
        officer.post("/signout/")


def led_on(scene: Scene) -> None:
    """A link to a case, from a mail, leads there after signing in."""
    scene.can_sign_in("dpo")
    officer = scene.somebody(network="192.0.2.9")
    place = f"/desk/acme/cases/{scene.cases['open']}/"
    officer.get(place)
    officer.post(f"/signin/?next={place}", {"email": _email("dpo"), "password": PASSWORD})
    officer.post(f"/signin/code/?next={place}", {"code": code_now(scene.portal)})
    assert f"{said('ana')}-wish" in officer.received[-1]


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
    Attack("guessed password", "guesses from one network and from many",
           guessed_password, guessed_password_twin, ("login:signed_in",)),
    Attack("password alone", "a known password, and guesses at the second factor",
           password_alone, signs_in, CODE_REFUSED),
    Attack("replayed app code", "a code of the app that its owner has used",
           replayed_app_code, next_app_code, CODE_REFUSED, postgres=True),
    Attack("replayed recovery code", "a used one, and a colleague's", replayed_recovery, recovery_twin, CODE_REFUSED),
    Attack("passkey of another login", "a colleague's passkey as the officer's proof",
           other_passkey, passkey_twin, CODE_REFUSED),
    Attack("around the second proof", "an unlocked screen, and what cannot be taken back",
           around_sudo, sudo_twin, CODE_REFUSED),
    Attack("desk of another organisation", "staff of borealis at acme's desk", next_door, of_this_desk, REFUSED),
    Attack("token of another organisation", "a program of borealis at acme's cases",
           token_next_door, token_twin, REFUSED),
    Attack("token beyond its scope", "a token that may not read, and one that was ended",
           token_too_small, token_twin, REFUSED),
    Attack("beyond one's role", "admin, auditor and handler, each a step too far", beyond_role, by_role, REFUSED),
    Attack("person at the desk", "a person's session where staff work", person_at_desk, of_this_desk, REFUSED),
    Attack("a colleague's second factor", "an officer resets it alone", colleague, colleague_twin,
           ("login:reset_asked",)),
    Attack("ended session", "cookies of a session that was ended", ended_session, two_browsers,
           ("login:signed_out", "login:password_set")),
    Attack("led away after sign-in", "a sign-in link that leads to another host",
           led_away, led_on, ("login:signed_in",)),
    Attack("another's Idempotency-Key", "a key that Ana's program used", shared_key, shared_key_twin, ("case:filed",)),
)  # fmt: skip
