"""Who files in another's name, with what is publicly known of them or nearly their address."""

from tests.drill.attack import Attack
from tests.drill.scene import PEOPLE, Scene, held
from tests.drill.somebody import Somebody

FILED = ("case:filed",)
NUMBERS = ("K-1001", "K-1003", "1001")
LOOK_ALIKE = ("ana@examp1e.com", "ana@exarnple.com", "ana@example.com.evil.example")
HOMOGLYPHS = ("ana@ехample.com", "аna@example.com", "ana@exɑmple.com")  # with letters of other alphabets
FOLDED = ("ſam@strasse.example", "sam@straße.example", "ＳＡＭ@strasse.example", "ﬆ@strasse.example")
PLUS = ("eva+other@example.com", "eva@example.com", "eva+shop+x@example.com")
WILD = ("%@example.com", "_na@example.com", "an_@example.com", "*@example.com")
QUOTES = ("' OR '1'='1", "ana'--", "ana'; UPDATE customers SET email='mallory@evil.example", '" OR ""="', "ana\\")
SPLIT = (
    "ana@example.com\r\nBcc: mallory@evil.example", "ana@example.com,mallory@evil.example",
    "ana@example.com mallory@evil.example", "<mallory@evil.example>ana@example.com",
    "ana@example.com;mallory@evil.example",
)  # fmt: skip


def _got_through(one: Somebody, reference: str) -> None:
    """The impostor proved the address that is their own: else the attack would say nothing."""
    assert reference, one.received[-1]
    assert one.scene.case(reference).status != "unverified"


def _honest(scene: Scene, who: str, *, email: str | None = None, **more: str) -> Somebody:
    _, known, _, name, _ = PEOPLE[who]
    one = scene.somebody(email or known)
    one.asks(name, email or known, **more)
    assert one.has(f"{held(who)}-note", f"{held(who)}-invoice"), f"{who} did not get what is theirs"
    others = [other for other in PEOPLE if other != who and one.has(held(other))]
    assert not others, f"{who} got what is {others}'s"
    return one


def public_facts(scene: Scene) -> None:
    mallory = scene.mallory()
    reference = mallory.asks("Ana Liepa", "mallory@evil.example", account_name="ana", customer_number="K-1001")
    _got_through(mallory, reference)


def public_facts_twin(scene: Scene) -> None:
    _honest(scene, "ana", account_name="ana", customer_number="K-1001")


def _from(scene: Scene, name: str, *addresses: str) -> None:
    for address in addresses:
        impostor = scene.impostor(address)
        reference = impostor.files(name, address)
        if reference:
            impostor.confirms(reference)
            _answered(scene, impostor, reference)


def _answered(scene: Scene, one: Somebody, reference: str) -> None:
    if scene.case(reference).status == "open":
        scene.answered(reference)
    one.downloads(reference)


def look_alike(scene: Scene) -> None:
    _from(scene, "Ana Liepa", *LOOK_ALIKE)


def homoglyph(scene: Scene) -> None:
    _from(scene, "Ana Liepa", *HOMOGLYPHS)


def homoglyph_twin(scene: Scene) -> None:
    _honest(scene, "janis")


def folded(scene: Scene) -> None:
    _from(scene, "Sam Weiss", *FOLDED)


def folded_twin(scene: Scene) -> None:
    _honest(scene, "sam", email="Sam@strasse.example")


def plus(scene: Scene) -> None:
    _from(scene, "Eva Ozola", *PLUS)


def plus_twin(scene: Scene) -> None:
    _honest(scene, "plus")


def wild(scene: Scene) -> None:
    _from(scene, "Ana Liepa", *WILD)


def wild_twin(scene: Scene) -> None:
    _honest(scene, "under")


def honest_ana(scene: Scene) -> None:
    _honest(scene, "ana")


def changed_address(scene: Scene) -> None:
    """First the address is corrected, then everything is asked for there."""
    impostor = scene.impostor("ana.liepa@evil.example")
    rows = {"corrections.0.field": "E-mail", "corrections.0.wrong": "ana@example.com",
            "corrections.0.right": "ana.liepa@evil.example", "grounds": "inaccurate"}  # fmt: skip
    reference = impostor.files("Ana Liepa", "ana.liepa@evil.example", right="rectification", **rows)
    if reference:
        impostor.confirms(reference)
    impostor.asks("Ana Liepa", "ana.liepa@evil.example", wish="I moved: this is my address now.")


def changed_address_twin(scene: Scene) -> None:
    _honest(scene, "moved")


def recycled(scene: Scene) -> None:
    """The mailbox was Vera's until she moved; its new owner reads what still comes."""
    impostor = scene.impostor("vera@example.com")
    _got_through(impostor, impostor.asks("Vera Kalna", "vera@example.com", account_name="vera"))


def named_seed(scene: Scene) -> None:
    mallory = scene.mallory()
    wish = "My name is Ana Liepa, my other address is ana@example.com, my number K-1001, my account ana."
    _got_through(mallory, mallory.asks("Ana Liepa", "mallory@evil.example", scope="some", wish=wish))


def named_seed_twin(scene: Scene) -> None:
    one = scene.ana()
    one.asks("A. Liepa-Kalna", "ana@example.com", scope="some", wish="What I bought.")
    assert one.has(f"{held('ana')}-note")


def numbers(scene: Scene) -> None:
    """The customer numbers are guessed, beside an address of one's own, through the API."""
    mallory = scene.mallory()
    for number in NUMBERS:
        body = {"rights": ["access"], "name": "Ana Liepa", "details": {"access": {"scope": "everything"}}}
        alone = mallory.api("POST", "controllers/acme/cases", {**body, "identities": {"customer_number": number}})
        assert alone.status_code == 422, "a number alone files nothing"
        both = {"email": "mallory@evil.example", "customer_number": number, "phone": PEOPLE["ana"][4]}
        answer = mallory.api("POST", "controllers/acme/cases", {**body, "identities": both})
        assert answer.json is not None
        (reference,) = answer.json["cases"]
        mallory.confirms(reference)
        _answered(scene, mallory, reference)


def numbers_twin(scene: Scene) -> None:
    _honest(scene, "obrien", customer_number="K-1003")


def quotes(scene: Scene) -> None:
    mallory = scene.impostor("x'or'1'='1@evil.example", "mallory@evil.example")
    _got_through(mallory, mallory.asks("' OR 1=1 --", "x'or'1'='1@evil.example", account_name=QUOTES[0]))
    for text in QUOTES:
        reference = mallory.files(text, "mallory@evil.example", account_name=text, customer_number=text)
        if reference:
            mallory.confirms(reference)
    _answered(scene, mallory, reference)


def quotes_twin(scene: Scene) -> None:
    _honest(scene, "obrien", account_name="o'brien")


def split_header(scene: Scene) -> None:
    """The code should go to two: a second recipient in the address, a header in the name."""
    mallory = scene.mallory()
    for address in SPLIT:
        assert not mallory.files("Ana Liepa", address), f"{address!r} was taken"
    for name in ("Ana\r\nBcc: mallory@evil.example", "Ana\u2028Bcc: mallory@evil.example", "Ana\x0bBcc: x"):
        assert not mallory.files(name, "ana@example.com"), f"{name!r} was taken"
    assert mallory.files("Ana\\r\\nBcc: mallory@evil.example", "ana@example.com")
    assert mallory.mails() == []


def split_header_twin(scene: Scene) -> None:
    one = scene.ana()
    one.asks("Dr. Anna-Lea d’Ärzte, Jr. (née Liepa; “Ana”)", "ana@example.com")
    assert one.has(f"{held('ana')}-note")


ATTACKS = (
    Attack("public facts only", "Ana's name, account and number beside Mallory's own address",
           public_facts, public_facts_twin, FILED, postgres=True),
    Attack("changed address", "a correction to a new address, then everything asked for there",
           changed_address, changed_address_twin, FILED),
    Attack("look-alike address", "addresses that read like Ana's", look_alike, honest_ana, FILED),
    Attack("homoglyph domain", "letters of another alphabet in Ana's address", homoglyph, homoglyph_twin, FILED),
    Attack("folded letters", "addresses that some software folds into Sam's", folded, folded_twin,
           FILED, postgres=True),
    Attack("plus-address", "another mailbox with Eva's name before the plus", plus, plus_twin, FILED),
    Attack("wildcards", "addresses that a pattern would match with many", wild, wild_twin, FILED, postgres=True),
    Attack("recycled address", "the new owner of a mailbox that was Vera's", recycled, changed_address_twin, FILED),
    Attack("name as a seed", "Ana's name, address and number in free words", named_seed, named_seed_twin, FILED),
    Attack("customer number guess", "numbers and a telephone beside an address of one's own",
           numbers, numbers_twin, FILED),
    Attack("SQL in identities", "quotes and commands in everything by which people are found",
           quotes, quotes_twin, FILED, postgres=True),
    Attack("header injection", "a second recipient in the address or the name", split_header, split_header_twin, FILED),
)  # fmt: skip
