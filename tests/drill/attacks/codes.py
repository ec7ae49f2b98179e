"""Who has no mailbox of Ana's: guesses, replays, and codes that were meant for something else."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.domain.codes import TRIES
from app.gateways.mail import MemoryMailer
from app.models.cases import Code
from tests.drill.attack import Attack, wrong
from tests.drill.scene import Scene, held
from tests.drill.somebody import CODE, REFERENCE, Somebody

FAILED = ("code:failed", "door:refused")
ADDRESS = "ana@example.com"


def _code_to_ana(scene: Scene) -> str:
    """The newest code that lies in Ana's mailbox; the play knows it, the impostor does not unless it is said."""
    scene.acme.run()
    assert isinstance(scene.portal.mailer, MemoryMailer)
    found = [code for mail in scene.portal.mailer.sent if mail.to == ADDRESS for code in CODE.findall(mail.text)]
    return str(found[-1])


def _is_out(one: Somebody, reference: str) -> None:
    """Whoever is let in sees the case; whoever is not, the door."""
    page = one.get(f"/case/{reference}/").get_data(as_text=True)
    assert "/leave" not in page, "let in"


def _confirm(one: Somebody, reference: str, code: str) -> int:
    """By page and by API."""
    one.confirms(reference, code)
    return one.api("POST", f"cases/{reference}/moves/confirm", {"code": code}).status_code


def replayed(scene: Scene) -> None:
    """The code was read over Ana's shoulder while she typed it."""
    ana, mallory = scene.ana(), scene.mallory()
    reference = ana.files("Ana Liepa", ADDRESS)
    code = ana.code()
    ana.confirms(reference, code)
    assert scene.case(reference).status == "open"
    assert _confirm(mallory, reference, code) == 422
    mallory.post(f"/case/{reference}/enter", {"code": code})
    ana.post(f"/case/{reference}/code")
    ana.post(f"/case/{reference}/enter", {"code": (second := ana.code())})
    mallory.post(f"/case/{reference}/enter", {"code": second})
    _is_out(mallory, reference)


def enters_again(scene: Scene) -> None:
    ana = scene.ana()
    reference = ana.files("Ana Liepa", ADDRESS)
    ana.confirms(reference)
    other = scene.ana()
    other.enters(reference)
    assert "/leave" in other.received[-1]


def expired(scene: Scene) -> None:
    """A code that nobody used, found eleven minutes later on a locked screen."""
    mallory = scene.mallory()
    reference = scene.ana().files("Ana Liepa", ADDRESS)
    code = _code_to_ana(scene)
    scene.later(minutes=11)
    assert _confirm(mallory, reference, code) == 422
    _is_out(mallory, reference)
    mallory.get(f"/case/{reference}/moves/withdraw/")


def expired_twin(scene: Scene) -> None:
    ana = scene.ana()
    reference = ana.files("Ana Liepa", ADDRESS)
    code = ana.code()
    scene.later(minutes=9)
    ana.confirms(reference, code)
    assert scene.case(reference).status == "open"


def guessed(scene: Scene) -> None:
    """Five guesses on the page and five through the API share one budget; then even the right code is worth nothing."""
    mallory = scene.mallory()
    reference = scene.ana().files("Ana Liepa", ADDRESS)
    code = _code_to_ana(scene)
    for number in range(TRIES):
        _confirm(mallory, reference, wrong(code) if number else "123" + code[:3][::-1])
    assert _confirm(mallory, reference, code) == 422
    assert scene.case(reference).status == "unverified"
    _is_out(mallory, reference)


def guessed_twin(scene: Scene) -> None:
    """Two slips, then a new code."""
    ana = scene.ana()
    reference = ana.files("Ana Liepa", ADDRESS)
    code = ana.code()
    for _ in range(TRIES):
        ana.confirms(reference, wrong(code))
    ana.post(f"/case/{reference}/code")
    ana.confirms(reference)
    assert scene.case(reference).status == "open"


def parallel(scene: Scene) -> None:
    """Twenty guesses at one moment, from twenty networks: no two count as one."""
    reference = scene.ana().files("Ana Liepa", ADDRESS)
    code = _code_to_ana(scene)
    guessers = [scene.impostor(network=f"203.0.113.{number}") for number in range(20)]
    tokens = [one.token() for one in guessers]

    def guess(at: int) -> int:
        typed = {"csrf_token": tokens[at], "code": f"{(int(code) + at + 1) % 10**6:06d}"}
        return guessers[at].send("POST", f"/case/{reference}/enter", data=typed).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, range(len(guessers)))) <= {422, 429, 503}
    with scene.acme.reading() as work:
        case = scene.case(reference)
        attempts = work.session.scalars(select(Code.attempts).where(Code.case_id == case.id)).all()
    assert max(attempts) == TRIES
    guessers[0].confirms(reference, code)
    assert scene.case(reference).status == "unverified", "the budget was spent"


def parallel_twin(scene: Scene) -> None:
    """A double click: the request is confirmed once, and the person is in."""
    ana = scene.ana()
    reference = ana.files("Ana Liepa", ADDRESS)
    code = ana.code()
    ana.confirms(reference, code)
    ana.confirms(reference, code)
    ana.get(f"/case/{reference}/")
    assert "/leave" in ana.received[-1]


def of_another_purpose(scene: Scene) -> None:
    """The code for Ana's download opens no door; the code for the door opens no download."""
    released = scene.cases["released"]
    ana, mallory = scene.ana(), scene.mallory()
    ana.enters(released)
    ana.post(f"/case/{released}/package/{scene.package_id}/code")
    mallory.post(f"/case/{released}/enter", {"code": ana.code()})
    _is_out(mallory, released)
    # Her browser was left open: the partner has the device and a code from the door, but no mailbox.
    partner = scene.impostor(knows=("CANARY-ana-said",))
    partner.client = ana.client
    ana.post(f"/case/{released}/code")
    partner.post(f"/case/{released}/package/{scene.package_id}/open", {"code": ana.code()})


def downloads(scene: Scene) -> None:
    ana = scene.ana()
    ana.enters(scene.cases["released"])
    ana.downloads(scene.cases["released"])
    assert ana.has(f"{held('ana')}-note")


def of_another_case(scene: Scene) -> None:
    """Mallory's own code, typed where Ana's is asked for."""
    mallory = scene.mallory()
    mallory.post(f"/case/{scene.cases['mallory']}/code")
    code = mallory.code()
    assert code
    for name in ("released", "open", "unverified", "proof"):
        _confirm(mallory, scene.cases[name], code)
        mallory.post(f"/case/{scene.cases[name]}/enter", {"code": code})
        _is_out(mallory, scene.cases[name])
    scene.let_in(scene.somebody("mallory@evil.example"))


def of_another_case_twin(scene: Scene) -> None:
    """What was asked for together has one code."""
    ana = scene.ana()
    ana.post("/c/acme/several/", {"rights": ["access", "objection"]})
    ana.post("/c/acme/several/ask/access/", {"scope": "everything"})
    ana.post("/c/acme/several/ask/objection/", {"grounds": "direct_marketing"})
    ana.post("/c/acme/several/you/", {"name": "Ana Liepa", "email": ADDRESS})
    page = ana.post("/c/acme/several/check/").get_data(as_text=True)
    references = sorted(set(REFERENCE.findall(page)))
    assert len(references) == 2
    ana.confirms(references[1])
    assert {scene.case(one).status for one in references} == {"open"}


def resent(scene: Scene) -> None:
    """A code is asked for again and again: new tries for the impostor, a full mailbox for Ana."""
    mallory, ana = scene.mallory(), scene.ana()
    reference = scene.cases["open"]
    for number in range(12):
        mallory.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        mallory.post(f"/case/{reference}/code", headers={"X-Forwarded-For": f"10.0.0.{number}"})
        mallory.post(f"/case/{reference}/enter", {"code": "123456"})
    assert len(ana.mails()) <= 6
    _is_out(mallory, reference)


def resent_twin(scene: Scene) -> None:
    """The first code did not come, nor the second."""
    ana = scene.ana()
    for _ in range(3):
        ana.post(f"/case/{scene.cases['open']}/code")
    ana.post(f"/case/{scene.cases['open']}/enter", {"code": ana.code()})
    assert "/leave" in ana.received[-1]


def bombed(scene: Scene) -> None:
    """Ana's mailbox is to be filled: by form and by API, from many networks, in many spellings."""
    mallory, ana = scene.mallory(), scene.ana()
    body = {"rights": ["access"], "name": "A", "details": {"access": {"scope": "everything"}}}
    for number in range(8):
        mallory.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        mallory.files("Ana Liepa", ADDRESS)
        for spelling in (ADDRESS, "ana@EXAMPLE.com"):
            mallory.api("POST", "controllers/acme/cases", {**body, "identities": {"email": spelling}})
    assert 1 <= len(ana.mails()) <= 10


def bombed_twin(scene: Scene) -> None:
    """Three requests on one day are nobody's flood."""
    ana = scene.ana()
    references = [ana.files("Ana Liepa", ADDRESS) for _ in range(3)]
    assert all(references)
    ana.confirms(references[-1])
    assert scene.case(references[-1]).status == "open"


def inherited(scene: Scene) -> None:
    """Ana's request is proven and open; a second one in her name gets nothing of that, nor does it stand in hers."""
    mallory = scene.mallory()
    reference = mallory.files("Ana Liepa", ADDRESS)
    assert scene.case(reference).status == "unverified"
    mallory.confirms(reference, "000000")
    for rest in ("", "moves/withdraw/", f"package/{scene.package_id}/"):
        mallory.get(f"/case/{reference}/{rest}")
    view = scene.acme.view(reference)
    assert view.status == "unverified"
    assert [one.proven_by for one in view.identities] == [None]


def inherited_twin(scene: Scene) -> None:
    """The false request does not stand in the way of Ana's own."""
    scene.mallory().files("Ana Liepa", ADDRESS)
    ana = scene.ana()
    ana.asks("Ana Liepa", ADDRESS)
    assert ana.has(f"{held('ana')}-note")


ATTACKS = (
    Attack("replayed code", "a code that Ana has used already", replayed, enters_again, FAILED, postgres=True),
    Attack("old code", "an unused code, eleven minutes later", expired, expired_twin, FAILED),
    Attack("guessed code", "guesses by page and API, then the right one", guessed, guessed_twin, FAILED),
    Attack("parallel guesses", "twenty guesses at one moment from twenty networks",
           parallel, parallel_twin, FAILED, postgres=True),
    Attack("code of another purpose", "the download's code at the door, the door's at the download",
           of_another_purpose, downloads, FAILED),
    Attack("code of another case", "Mallory's own code at Ana's door", of_another_case, of_another_case_twin, FAILED),
    Attack("codes without end", "new codes for new guesses", resent, resent_twin, ("code:sent",)),
    Attack("mail bombing", "filings in Ana's name to fill her mailbox", bombed, bombed_twin, ("case:filed",)),
    Attack("inherited proof", "a second request beside Ana's proven one", inherited, inherited_twin,
           FAILED, postgres=True),
)  # fmt: skip
