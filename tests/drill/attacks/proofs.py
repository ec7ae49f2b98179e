"""Who is asked to show more than a mailbox: two facts, the contact on file, a signed form, papers."""

import io
import re

from sqlalchemy import select

from app.domain.signed_form import read_code
from app.models.proof import FactQuestion
from app.queries import two_facts as views
from app.services import facts_drawing, signed_form
from tests import scans
from tests.drill.attack import Attack
from tests.drill.scene import CRM, PEOPLE, PROOF, Scene, held
from tests.drill.somebody import Somebody
from tests.factories import BILLING

FACTS = """\
    meta:
      two_facts:
        - {field: notes.text, ask: {en: "What was noted?", lv: "Kas pierakstīts?"}}
        - {field: customers.name, ask: {en: "Which name do we have?", lv: "Kāds vārds?"}}
"""
BILLS = """\
    meta:
      two_facts:
        - {field: invoices.total, ask: {en: "What was invoiced?", lv: "Kas rēķinā?"}}
"""
TWO_FACTS = {"access: {proof: [email_code],": "access: {proof: [{all_of: [email_code, two_facts]}, signed_form],"}
SIGNED = {"access: {proof: [email_code],": "access: {proof: [{all_of: [email_code, signed_form]}],"}
QUESTION = re.compile(r"What was noted\?|Which name do we have\?|What was invoiced\?")
NEW = "ana.new@example.net"
ACCEPT = {"method": "signed_form", "note": "Signed and dated; the words are unchanged.", "identities": "account_name"}


def _asks_for_facts(scene: Scene) -> None:
    scene.rules(
        TWO_FACTS, crm=CRM.replace("    collections:", f"{FACTS}    collections:", 1),
        billing=BILLING.replace("    collections:", f"{BILLS}    collections:", 1),
    )  # fmt: skip


def _filed(one: Somebody, email: str, account: str = "ana") -> str:
    """Confirmed at an address of one's own; more is asked for."""
    reference = one.files("Ana Liepa", email, account_name=account)
    one.confirms(reference)
    one.scene.acme.run()
    one.scene.acme.clock.advance(facts_drawing.BEAT)
    assert one.scene.case(reference).status == "proof_needed"
    return reference


def _places(scene: Scene, reference: str) -> list[str]:
    with scene.acme.reading() as work:
        rows = select(FactQuestion.place).where(FactQuestion.case_id == scene.case(reference).id)
        places = list(work.session.scalars(rows.order_by(FactQuestion.id)))
    assert len(places) == 2
    return places


def _right(scene: Scene, reference: str, who: str = "ana") -> dict[str, str]:
    note, invoice = f"{held(who)}-note", f"{held(who)}-invoice"
    known = {"notes.text": note, "customers.name": PEOPLE[who][3], "invoices.total": invoice}
    places = [place.partition(".")[2] for place in _places(scene, reference)]
    return {name: known[place] for name, place in zip(views.NAMES, places, strict=True)}


def _finishes(scene: Scene, one: Somebody, reference: str) -> None:
    """Staff help wherever the table lets them."""
    if scene.case(reference).status == "open":
        scene.answered(reference)
    one.downloads(reference)


def guessed_facts(scene: Scene) -> None:
    """Guesses, request after request, at two facts about Ana; the right ones of Mallory's own."""
    _asks_for_facts(scene)
    mallory = scene.mallory()
    for number in range(4):
        reference = _filed(mallory, "mallory@evil.example")
        for answers in (("Ana Liepa", "1"), ("ana@example.com", "K-1001"), ("", ""), (str(number), "x" * 300)):
            mallory.post(f"/case/{reference}/proof/two-facts", dict(zip(views.NAMES, answers, strict=True)))
        mallory.post(f"/case/{reference}/proof/two-facts", _right(scene, reference, "mallory"))
        assert scene.case(reference).status == "proof_needed"
    _finishes(scene, mallory, reference)


def knows_facts(scene: Scene) -> None:
    """Ana, from an address that is new: what both sides know opens the account that she names."""
    _asks_for_facts(scene)
    one = scene.somebody(NEW)
    reference = _filed(one, NEW)
    one.post(f"/case/{reference}/proof/two-facts", _right(scene, reference))
    _finishes(scene, one, reference)
    assert one.has(f"{held('ana')}-note", f"{held('ana')}-invoice")


def facts_tell(scene: Scene) -> None:
    """The questions and the answers to them tell whether there is such an account."""
    _asks_for_facts(scene)
    seen = []
    for account in ("ana", "nobody-of-that-name"):
        mallory = scene.impostor(f"{account}@evil.example")
        reference = _filed(mallory, f"{account}@evil.example", account)
        before = len(mallory.received)
        mallory.get(f"/case/{reference}/")
        for _ in range(4):
            mallory.post(f"/case/{reference}/proof/two-facts", {"first": "Ana Liepa", "second": "1"})
        pages = mallory.received[before:]
        questions = [QUESTION.findall(page) for page in pages]
        said = [re.findall(r"govuk-error-message[^<]*<[^<]*<[^<]*<", page) for page in pages]
        # Which two of the three are asked hangs on the name; how many, and what is said to an answer, does not.
        seen.append(([len(one) for one in questions], said, [page.split("\n", 1)[0] for page in pages]))
    assert seen[0] == seen[1]


def objected(scene: Scene) -> None:
    """An ex-partner knows all facts, and asks from an address of his own; Ana, on file, is told and says no."""
    _asks_for_facts(scene)
    ana, partner = scene.ana(), scene.impostor("partner@evil.example")
    reference = _filed(partner, "partner@evil.example")
    code = ana.code()
    assert code, "the contact on file is told"
    partner.post(f"/case/{reference}/proof/two-facts", _right(scene, reference))
    ana.post(f"/case/{reference}/on-file/", {"code": code, "mine": "no"})
    _finishes(scene, partner, reference)
    assert scene.case(reference).status == "proof_needed"


def agreed(scene: Scene) -> None:
    """Ana asks from a new address, and says at her old one that it is hers."""
    _asks_for_facts(scene)
    old, new = scene.ana(), scene.somebody(NEW)
    reference = _filed(new, NEW)
    old.post(f"/case/{reference}/on-file/", {"code": old.code(), "mine": "yes"})
    new.post(f"/case/{reference}/proof/two-facts", _right(scene, reference))
    _finishes(scene, new, reference)
    assert new.has(f"{held('ana')}-note")


def forged_agreement(scene: Scene) -> None:
    """Mallory says for Ana that it is hers: with her own code, with guesses, at the page for the contact on file."""
    mallory, ana = scene.mallory(), scene.ana()
    reference = mallory.files("Ana Liepa", "mallory@evil.example", account_name="ana")
    own = mallory.code()
    mallory.confirms(reference)
    assert ana.mails(), "Ana is told at the address on file"
    for code in (own, "000000", "123456", ana.code()[::-1], "111111", "222222"):
        mallory.post(f"/case/{reference}/on-file/", {"code": code, "mine": "yes"})
    mallory.post(f"/case/{reference}/on-file/code")
    assert mallory.code() == own, "no code of the contact's reaches who asks"
    _finishes(scene, mallory, reference)
    assert {one.kind: one.proven_by for one in scene.acme.view(reference).identities}["account_name"] is None


def own_agreement(scene: Scene) -> None:
    """What is on file says yes: the account that was named is known."""
    new, old = scene.somebody(NEW), scene.ana()
    reference = new.files("Ana Liepa", NEW, account_name="ana")
    new.confirms(reference)
    old.post(f"/case/{reference}/on-file/", {"code": old.code(), "mine": "yes"})
    _finishes(scene, new, reference)
    assert new.has(f"{held('ana')}-note")


def _code_on(scene: Scene, one: Somebody, reference: str) -> str:
    page = one.post(f"/case/{reference}/proof/signed-form").data.decode("utf-8", "replace")
    return next(code for word in page.split() if (code := read_code(word)) and word.count("-") == 3)


def _scan(code: str, words: str = "I ask.") -> bytes:
    head = "<head><title>Form</title><style>svg { width: 44mm; height: 44mm }</style></head>"
    page = f'<!doctype html><html lang="en">{head}<body><p>{words}</p>{signed_form.square(code)}</body></html>'
    return scans.saved(scans.turned(scans.signed(scans.printer().print(page), dpi=100), 3), quality=60)


def _sends(one: Somebody, reference: str, scan: bytes) -> int:
    data = {"csrf_token": one.token(), "files": (io.BytesIO(scan), "form.jpg")}
    return one.send("POST", f"/case/{reference}/proof/signed-form/scan", data=data).status_code


def form_of_another(scene: Scene) -> None:
    """Ana's form, taken from her post and sent with a request of Mallory's in Ana's name; and hers sent as Ana's."""
    scene.rules(SIGNED)
    mallory, ana = scene.mallory(), scene.somebody(NEW)
    mine, hers = _filed(mallory, "mallory@evil.example"), _filed(ana, NEW)
    code, own = _code_on(scene, ana, hers), _code_on(scene, mallory, mine)
    before = scene.acme.events(hers)
    assert _sends(mallory, mine, _scan(code)) == 422
    assert "form:arrived" not in scene.acme.events(mine)
    assert scene.acme.events(hers) == before, "nothing is added to Ana's"
    assert _sends(mallory, hers, _scan(own)) == 404
    for reference in (mine, hers):
        assert scene.case(reference).status == "proof_needed"


def signs(scene: Scene) -> None:
    """Made, printed, signed, scanned, sent, found complete."""
    scene.rules(SIGNED)
    one = scene.somebody(NEW)
    reference = _filed(one, NEW)
    assert _sends(one, reference, _scan(_code_on(scene, one, reference))) == 303
    scene.desk(reference, "accept_proof", **ACCEPT)
    _finishes(scene, one, reference)
    assert one.has(f"{held('ana')}-note")


def edited_form(scene: Scene) -> None:
    """The form was made in one name and edited to another: the desk lays the words as they were made beside it."""
    scene.rules(SIGNED)
    mallory = scene.mallory()
    reference = _filed(mallory, "mallory@evil.example", "mallory")
    code = _code_on(scene, mallory, reference)
    assert _sends(mallory, reference, _scan(code, "Ana Liepa, ana@example.com, account ana, asks.")) == 303
    officer = scene.signed_in("dpo")
    page = officer.get(f"/desk/acme/cases/{reference}/").get_data(as_text=True)
    file = re.findall(r"proof/signed-form/([\w-]+)/", page)[0]
    page = officer.post(f"/desk/acme/cases/{reference}/proof/signed-form/{file}/").get_data(as_text=True)
    assert "mallory@evil.example" in page, "the form as it was made"
    scene.desk(reference, "reject_proof", defects="incomplete_fields", doubt="Other words than those of the form.")
    _finishes(scene, mallory, reference)
    assert scene.case(reference).status == "proof_needed"


def code_for_papers(scene: Scene) -> None:
    """Staff asked for papers; Mallory types codes of her own address instead, and asks for more of them."""
    mallory = scene.mallory()
    reference = mallory.files("Ana Liepa", "mallory@evil.example", account_name="ana")
    mallory.confirms(reference)
    scene.desk(reference, "ask_proof", **PROOF)
    for _ in range(3):
        mallory.post(f"/case/{reference}/code")
        mallory.confirms(reference)
        mallory.api("POST", f"cases/{reference}/moves/confirm", {"code": mallory.code()})
    assert scene.case(reference).status == "proof_needed"
    _finishes(scene, mallory, reference)


def papers(scene: Scene) -> None:
    """Staff saw what they asked for."""
    ana = scene.ana()
    reference = scene.cases["proof"]
    scene.desk(reference, "accept_proof", method="document_view", note="Saw it.", identities="")
    ana.enters(reference)
    _finishes(scene, ana, reference)
    assert ana.has(f"{held('ana')}-note")


def reopened(scene: Scene) -> None:
    """Closed as nobody confirmed it, and taken up again on a telephone call: it still waits for its code."""
    mallory = scene.mallory()
    reference = mallory.files("Ana Liepa", "ana@example.com")
    scene.desk(reference, "close", reason="Nobody confirmed it.")
    mallory.post(f"/case/{reference}/messages", {"body": "I am Ana, please go on."})
    scene.desk(reference, "reopen", reason="She called.")
    assert scene.case(reference).status == "unverified"
    mallory.confirms(reference, "000000")
    assert scene.case(reference).status == "unverified"
    _finishes(scene, mallory, reference)


def reopened_twin(scene: Scene) -> None:
    """Ana's own confirmed request, referred by mistake and taken up again: she need not prove anything anew."""
    ana, reference = scene.ana(), scene.cases["open"]
    scene.desk(reference, "refer", responsible="Borealis, Riga", passed_on="Nothing.")
    scene.desk(reference, "reopen", reason="It was ours.")
    assert scene.case(reference).status == "open"
    ana.enters(reference)
    _finishes(scene, ana, reference)
    assert ana.has(f"{held('ana')}-note")


ATTACKS = (
    Attack("guessed facts", "guesses at two facts, request after request", guessed_facts, knows_facts,
           ("facts:wrong", "facts:used_up"), postgres=True),
    Attack("facts as an oracle", "questions about an account that is there, and one that is not",
           facts_tell, knows_facts, ("facts:wrong",)),
    Attack("known facts, other address", "an ex-partner who knows every answer",
           objected, agreed, ("contact:objected",)),
    Attack("forged agreement", "Mallory answers for the contact on file", forged_agreement, own_agreement,
           ("contact:told",), postgres=True),
    Attack("signed form of another case", "Ana's form with a request of Mallory's", form_of_another, signs,
           ("form:of_another",)),
    Attack("edited form", "a form made in one name and edited to another", edited_form, signs, ("form:defective",)),
    Attack("codes instead of papers", "codes where staff asked for papers", code_for_papers, papers,
           ("code:failed", "code:sent")),
    Attack("reopened request", "an unconfirmed request, closed and taken up again", reopened, reopened_twin,
           ("case:reopen",)),
)  # fmt: skip
