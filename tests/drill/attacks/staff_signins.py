"""Who has something of a colleague's sign-in: a password, an old code, a passkey, an unlocked screen, a cookie."""

from dataclasses import replace

from app.services import passkeys, recovery, sessions
from tests.authenticator import Authenticator
from tests.drill.attack import Attack
from tests.drill.scene import Scene, said
from tests.drill.somebody import Somebody
from tests.offices import PASSWORD, code_now

REFUSED = ("door:refused",)
CODE_REFUSED = ("login:code_refused",)
BASE = "https://desk.example"


def email_of(name: str, slug: str = "acme") -> str:
    return f"{name}@{slug}.example.com"


def tries_desk(one: Somebody, scene: Scene) -> None:
    """Everything that a desk would show."""
    for rest in ("", f"cases/{scene.cases['open']}/", f"cases/{scene.cases['released']}/", "colleagues/"):
        one.get(f"/desk/acme/{rest}")


def guessed_password(scene: Scene) -> None:
    """Guesses from one network and from many; the owner comes in all the while, and reads that somebody tried."""
    scene.signed_in("dpo", network="192.0.2.9")
    mallory = scene.impostor()
    for number in range(30):
        mallory.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number // 3}"
        mallory.post("/signin/", {"email": email_of("dpo"), "password": f"guess number {number} of many"})
    tries_desk(mallory, scene)
    scene.later(seconds=60)
    scene.signed_in("dpo", network="192.0.2.77")
    (entry,) = [one for one in scene.trail() if one.event == "login:signed_in"][-1:]
    assert entry.facts["failed_before"] >= 10, "the owner reads of the guesses"


def guessed_password_twin(scene: Scene) -> None:
    """Nobody is locked out by the guesses of others, not even from a new network."""
    mallory = scene.somebody(network="203.0.113.7")
    for number in range(15):
        mallory.post("/signin/", {"email": email_of("dpo"), "password": f"guess number {number} of many"})
    one = scene.signed_in("dpo", network="192.0.2.80")
    assert f"{said('ana')}-wish".encode() in one.get(f"/desk/acme/cases/{scene.cases['open']}/").data


def password_alone(scene: Scene) -> None:
    """Mallory knows the password, and guesses the code of the app."""
    scene.can_sign_in("dpo")
    mallory = scene.impostor()
    mallory.post("/signin/", {"email": email_of("dpo"), "password": PASSWORD})
    tries_desk(mallory, scene)
    for number in range(8):
        mallory.post("/signin/code/", {"code": f"{number * 111111 % 10**6:06d}"})
    tries_desk(mallory, scene)


def signs_in(scene: Scene) -> None:
    sees_case(scene, scene.signed_in("dpo"))


def sees_case(scene: Scene, one: Somebody) -> None:
    assert f"{said('ana')}-wish".encode() in one.get(f"/desk/acme/cases/{scene.cases['open']}/").data


def replayed_app_code(scene: Scene) -> None:
    """Password and a code that its owner has just used."""
    scene.signed_in("dpo")
    mallory = scene.impostor()
    mallory.post("/signin/", {"email": email_of("dpo"), "password": PASSWORD})
    for steps in (0, -1):
        mallory.post("/signin/code/", {"code": code_now(scene.portal, steps=steps)})
    tries_desk(mallory, scene)


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
    owner.post("/signin/", {"email": email_of("dpo"), "password": PASSWORD})
    owner.post("/signin/code/", {"code": used})
    sees_case(scene, owner)
    mallory = scene.impostor()
    mallory.post("/signin/", {"email": email_of("dpo"), "password": PASSWORD})
    for code in (used, other[0], other[1]):
        mallory.post("/signin/code/", {"code": code})
    tries_desk(mallory, scene)


def recovery_twin(scene: Scene) -> None:
    codes = recovery.renew(scene.portal, scene.can_sign_in("dpo"))
    for code in codes[:2]:
        one = scene.somebody(network="192.0.2.9")
        one.post("/signin/", {"email": email_of("dpo"), "password": PASSWORD})
        one.post("/signin/code/", {"code": code})
        sees_case(scene, one)


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
    tries_desk(heard, scene)


def passkey_twin(scene: Scene) -> None:
    _reached_by_name(scene)
    device = _passkey(scene, "dpo")
    one = scene.somebody(network="192.0.2.9")
    one.post("/signin/passkey/", {"credential": device.get(passkeys.to_show(scene.portal, "sign-in"))})
    sees_case(scene, one)


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


def ended_session(scene: Scene) -> None:
    """The cookie of an officer who has signed out, and of one whose password was changed since."""
    officer = scene.signed_in("dpo")
    kept = officer.client.get_cookie("habeas")
    assert kept is not None
    officer.post("/signout/")
    thief = scene.impostor()
    thief.client.set_cookie("habeas", kept.value)
    tries_desk(thief, scene)
    thief.send("POST", f"/desk/acme/cases/{scene.cases['open']}/messages/", data={"body": "x"})
    scene.later(seconds=30)
    again = scene.signed_in("dpo")
    kept = again.client.get_cookie("habeas")
    assert kept is not None
    scene.can_sign_in("dpo")  # a new password ends every session
    thief.client.set_cookie("habeas", kept.value)
    tries_desk(thief, scene)


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
    sees_case(scene, second)


def led_away(scene: Scene) -> None:
    """A link that signs an officer in, and leads on to a page of Mallory's that looks like ours."""
    scene.can_sign_in("dpo")
    for target in ("//evil.example/desk/", "https://evil.example/", "/\\evil.example", "/%2f/evil.example",
                   "javascript:alert(1)", "/desk/../../evil", "\thttps://evil.example", "///evil.example"):  # fmt: skip
        officer = scene.impostor(network="192.0.2.9", knows=("CANARY-ana-said",))
        officer.post(f"/signin/?next={target}", {"email": email_of("dpo"), "password": PASSWORD})
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
    officer.post(f"/signin/?next={place}", {"email": email_of("dpo"), "password": PASSWORD})
    officer.post(f"/signin/code/?next={place}", {"code": code_now(scene.portal)})
    assert f"{said('ana')}-wish" in officer.received[-1]


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
    Attack("ended session", "cookies of a session that was ended", ended_session, two_browsers,
           ("login:signed_out", "login:password_set")),
    Attack("led away after sign-in", "a sign-in link that leads to another host",
           led_away, led_on, ("login:signed_in",)),
)  # fmt: skip
