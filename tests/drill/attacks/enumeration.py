"""Who wants to know whether somebody is a customer, has a request, or works here: by page, status, mail and time."""

import re
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from tests.drill.attack import Attack
from tests.drill.attacks.doors import parts_of
from tests.drill.scene import Scene, held
from tests.drill.somebody import Somebody

NOBODYS = "7K2M-9QXF-4TRB"
NOBODY = "nobody@example.com"
SCRUBBED = re.compile(
    r"Content-Length: \d+|"
    r"nonce-\S+|nonce=\"[^\"]*\"|value=\"[^\"]*\"|X-Request-ID: \S+|\"request\": \"\w+\"|Set-Cookie: [^\n]*|ETag: \S+"
)
ROUNDS = 24


def _scrubbed(text: str, *words: str) -> str:
    for word in words:
        text = text.replace(word, "…")
    return SCRUBBED.sub("", text)


def _seen(one: Somebody, reference: str, play: Callable[[Somebody, str], None]) -> list[str]:
    before = len(one.received)
    play(one, reference)
    return [_scrubbed(text, reference) for text in one.received[before:]]


def by_page(scene: Scene) -> None:
    """Door, code, tries, and every address below: a request of Ana's and one that does not exist."""

    def knock(one: Somebody, reference: str) -> None:
        one.get(f"/case/{reference}/")
        one.post(f"/case/{reference}/code")
        for _ in range(7):
            one.post(f"/case/{reference}/enter", {"code": "123456"})
            one.api("POST", f"cases/{reference}/moves/confirm", {"code": "123456"})
        scene.acme.run()
        for _ in range(3):
            one.post(f"/case/{reference}/enter", {"code": "123456"})
        for page, said in (("on-file", {"mine": "yes"}), ("cosign", {"agrees": "see"})):
            one.get(f"/case/{reference}/{page}/")
            for _ in range(6):
                one.post(f"/case/{reference}/{page}/", {"code": "123456", **said})
            one.post(f"/case/{reference}/{page}/code")
        one.post("/case/", {"reference": reference})

    for number, name in enumerate(("open", "unverified", "proof"), start=2):
        known = _seen(scene.impostor(network=f"203.0.113.{number}"), scene.cases[name], knock)
        unknown = _seen(scene.impostor(network=f"198.51.100.{number}"), f"{NOBODYS[:-1]}{number}", knock)
        assert known == unknown, name
    scene.acme.run()


def by_page_twin(scene: Scene) -> None:
    """The owner of the request gets in on the same page."""
    ana = scene.ana()
    ana.enters(scene.cases["proof"])
    assert "/leave" in ana.received[-1]


def by_status(scene: Scene) -> None:
    """Every address with a reference in it, by every method: the numbers are the same."""
    for token in ("", "habeas_made-up"):
        known = _statuses(scene, scene.impostor(), scene.cases["released"], token)
        unknown = _statuses(scene, scene.impostor(network="203.0.113.8"), NOBODYS, token)
        assert known == unknown, [pair for pair in zip(known, unknown, strict=True) if pair[0] != pair[1]]


def _statuses(scene: Scene, one: Somebody, reference: str, token: str) -> list[tuple[str, str, int]]:
    found, proof = [], one.token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for rule in sorted(scene.stage.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "reference" not in rule.arguments:
            continue
        address, parts = rule.rule, parts_of(scene, reference)
        for name in rule.arguments:
            value = parts.get(name, ["1"])[0]
            address = re.sub(rf"<(?:[^<>:]+:)?{name}>", value, address)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            answer = one.send(
                method, address, headers=headers, data={"csrf_token": proof} if method == "POST" else None
            )
            found.append((method, rule.rule, answer.status_code))
    return found


def by_status_twin(scene: Scene) -> None:
    """Staff with a program of their own read the case."""
    one = scene.somebody()
    answer = one.api("GET", f"cases/{scene.cases['open']}", token=scene.token())
    assert answer.status_code == 200


def by_mail(scene: Scene) -> None:
    """Who is filed for gets the same mails and pages, customer or not; no more mails than that tell anybody."""
    seen = []
    for address in ("ana@example.com", NOBODY):
        mallory, reader = scene.impostor(), scene.somebody(address)
        before = len(mallory.received)
        reference = mallory.files("Ana Liepa", address)
        for _ in range(2):
            mallory.post(f"/case/{reference}/code")
        mails = reader.mails()
        pages = [_scrubbed(text, reference, address) for text in mallory.received[before:]]
        seen.append((pages, [(mail.subject.replace(reference, "…"), len(mail.text)) for mail in mails]))
        assert mails
    (known_pages, known_mails), (pages, mails) = seen
    assert known_pages == pages
    # An address is as long as it is; nothing else may differ.
    assert [one for one, _ in known_mails] == [one for one, _ in mails]


def by_mail_twin(scene: Scene) -> None:
    """Somebody about whom nothing is held gets a whole answer that says so."""
    one = scene.somebody(NOBODY)
    reference = one.asks("Nobody", NOBODY)
    assert scene.case(reference).outcome == "no_data"
    assert not one.has(held("ana"))


def _timed(plays: Sequence[Callable[[], None]]) -> list[float]:
    """The medians of plays that take turns, so that the machine's moods meet all of them."""
    times: list[list[float]] = [[] for _ in plays]
    for _ in range(ROUNDS):
        for at, play in enumerate(plays):
            begun = perf_counter()
            play()
            times[at].append(perf_counter() - begun)
    return [median(one) for one in times]


def alike(first: float, second: float, unknown: float) -> bool:
    """Whether the unknown one cannot be told from two known ones: by no more than they differ from each other, or than
    the network in between hides (a millisecond and a half, or a third of the time)."""
    noise = max(abs(first - second) * 2, 0.0015, (first + second) / 6)
    return abs((first + second) / 2 - unknown) <= noise


def by_time(scene: Scene) -> None:
    """Tries at a code, and addresses below a reference, measured in turns."""
    mallory = scene.impostor()
    proof = mallory.token()
    references = (scene.cases["open"], scene.cases["proof"], NOBODYS)

    def tries(reference: str) -> Callable[[], None]:
        data = {"csrf_token": proof, "code": "123456"}
        return lambda: _sent(mallory, f"/case/{reference}/enter", data)

    def looks(reference: str) -> Callable[[], None]:
        return lambda: _sent(mallory, f"/case/{reference}/moves/withdraw/", None)

    for what in (looks, tries):
        first, second, unknown = _timed([what(one) for one in references])
        assert alike(first, second, unknown), (
            f"{what.__name__}: {first:.4f} {second:.4f} and {unknown:.4f} for nobody's"
        )


def _sent(one: Somebody, address: str, data: dict[str, str] | None) -> None:
    # Each from a network of its own: what is slowed down tells nothing of what is behind.
    one.client.environ_base["REMOTE_ADDR"] = f"10.{len(one.received) // 250 % 250}.{len(one.received) % 250}.9"
    one.send("GET" if data is None else "POST", address, data=data)


def by_sign_in(scene: Scene) -> None:
    """Whether somebody works here: the words, the number and the time of a refused password."""
    scene.can_sign_in("handler")
    names = ("handler@acme.example.com", "dpo@acme.example.com", "nobody@acme.example.com")
    mallory = scene.impostor()
    pages = []
    for name in names:
        mallory.post("/signin/", {"email": name, "password": "four wrong words here"})
        pages.append(_scrubbed(mallory.received[-1], name))
    assert len(set(pages)) == 1
    scene.signed_in("handler")


def by_sign_in_twin(scene: Scene) -> None:
    """A slip of the fingers, then the right password."""
    scene.can_sign_in("handler")
    one = scene.somebody()
    one.post("/signin/", {"email": "handler@acme.example.com", "password": "four wrong words here"})
    scene.signed_in("handler")


ATTACKS = (
    Attack("enumeration by page", "the same steps at a known and an unknown reference", by_page, by_page_twin,
           ("code:failed", "door:refused")),
    Attack("enumeration by status code", "every address with a reference, known and unknown",
           by_status, by_status_twin),
    Attack("enumeration by mail", "what a customer and a stranger are sent", by_mail, by_mail_twin, ("case:filed",)),
    Attack("enumeration by timing", "how long an answer takes, in turns", by_time, by_page_twin,
           ("code:failed", "door:refused")),
    Attack("enumeration of staff", "who works here, by a refused password", by_sign_in, by_sign_in_twin,
           ("login:signed_in",)),
)  # fmt: skip
