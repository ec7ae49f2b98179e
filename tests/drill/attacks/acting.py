"""Who says that they act for Ana: with a forged mandate, beyond it, after its end, as a parent, as her company."""

import io
import re

from app.domain.errors import HabeasError, Invalid, Refused
from app.queries.official_letter import look
from tests.drill.attack import Attack
from tests.drill.scene import Scene, held
from tests.drill.somebody import Somebody
from tests.samples_of_files import pdf

AGENT, HELPER = "agent@evil.example", "ilze@helper.example"
MANDATE = {"subject_name": "Ana Liepa", "stands_as": "organisation", "organisation": "Help SIA", "agrees": "yes",
           "until": "2026-12-31"}  # fmt: skip
CHILD = {"subject_name": "Ana Liepa", "stands_as": "parent", "subject_account": "ana", "agrees": "yes"}
ACCEPT = {"method": "representative", "note": "Saw the mandate.", "identities": "email"}


def _for_ana(
    one: Somebody, email: str, capacity: str, about: dict[str, str], *, right: str = "access", **more: str
) -> str:
    """Filed for somebody else, and confirmed at the address of who acts."""
    said = {"name": "Ilze Ozola", "email": email, "capacity": capacity, **more}
    one.post(f"/c/acme/{right}/", {**({"scope": "everything"} if right == "access" else {}), **said})
    one.post(f"/c/acme/{right}/who/", about)
    page = one.post(f"/c/acme/{right}/check/").get_data(as_text=True)
    if not one.url.endswith("/sent/"):
        return ""
    reference = re.findall(r"[2-9A-HJKMNP-TV-Z]{4}(?:-[2-9A-HJKMNP-TV-Z]{4}){2}", page)[0]
    one.confirms(reference)
    one.scene.acme.run()
    return reference


def _helped(scene: Scene, one: Somebody, reference: str) -> None:
    """Staff go on wherever the table lets them; the agent takes what there is."""
    for move in ("collect", "approve", "release"):
        try:
            scene.desk(reference, move)
        except HabeasError:
            break
    one.enters(reference)
    one.downloads(reference)
    for rest in ("", "cosign/", "moves/clarify/"):
        one.get(f"/case/{reference}/{rest}")


def _cosigns(one: Somebody, reference: str, said: str = "yes") -> None:
    one.post(f"/case/{reference}/cosign/", {"code": one.code(), "agrees": said})
    one.scene.acme.run()


def forged_mandate(scene: Scene) -> None:
    """The mandate names an accomplice's address as Ana's; the accomplice agrees; a forged paper is sent."""
    agent, accomplice = scene.impostor(AGENT), scene.impostor("accomplice@evil.example")
    about = {**MANDATE, "subject_email": "accomplice@evil.example", "subject_account": "ana"}
    reference = _for_ana(agent, AGENT, "agent", about)
    _cosigns(accomplice, reference)
    for code in (agent.code(), "000000", "123456"):
        agent.post(f"/case/{reference}/cosign/", {"code": code, "agrees": "yes"})
    upload = {"csrf_token": agent.token(), "purpose": "mandate", "files": (io.BytesIO(pdf()), "mandate.pdf")}
    agent.enters(reference)
    agent.send("POST", f"/case/{reference}/evidence", data=upload)
    _helped(scene, agent, reference)
    accomplice.get(f"/case/{reference}/")
    accomplice.downloads(reference)
    assert {one.proven_by for one in scene.acme.view(reference).identities if one.kind != "email"} == {None}


def cosigned(scene: Scene) -> None:
    """Ana agrees through her own mailbox, and the answer goes to her."""
    agent, ana = scene.somebody(HELPER), scene.ana()
    reference = _for_ana(agent, HELPER, "agent", {**MANDATE, "subject_email": "ana@example.com"})
    _cosigns(ana, reference)
    assert scene.case(reference).status == "open"
    scene.answered(reference)
    ana.post(f"/case/{reference}/cosign/code")
    ana.post(f"/case/{reference}/cosign/", {"code": ana.code(), "agrees": "see"})
    ana.downloads(reference)
    assert ana.has(f"{held('ana')}-note")


def beyond_scope(scene: Scene) -> None:
    """Ana agreed that somebody asks for her; the agent wants to read the answer as well."""
    agent, ana = scene.impostor(AGENT), scene.ana()
    reference = _for_ana(agent, AGENT, "agent", {**MANDATE, "subject_email": "ana@example.com"})
    _cosigns(ana, reference)
    scene.answered(reference)
    agent.enters(reference)
    package = scene.acme.view(reference).packages[0].id
    for rest in ("", "code", "open", "part/1/made-up/"):
        place = f"/case/{reference}/package/{package}/{rest}"
        (agent.post if rest in {"code", "open"} else agent.get)(place)
    agent.post(f"/case/{reference}/package/{package}/open", {"code": agent.code()})
    agent.downloads(reference)


def denied_mandate(scene: Scene) -> None:
    """Ana says that she asked nobody; the agent, let in a moment ago, goes on."""
    agent, ana = scene.impostor(AGENT), scene.ana()
    reference = _for_ana(agent, AGENT, "agent", {**MANDATE, "subject_email": "ana@example.com"})
    _cosigns(ana, reference, "no")
    _helped(scene, agent, reference)
    agent.post(f"/case/{reference}/messages", {"body": "Go on."})
    assert scene.case(reference).status != "closed"


def ended_mandate(scene: Scene) -> None:
    """The mandate ends with the year; in January the agent comes back for the answer."""
    agent, ana = scene.impostor(AGENT), scene.ana()
    reference = _for_ana(agent, AGENT, "agent", {**MANDATE, "subject_email": "ana@example.com"})
    _cosigns(ana, reference)
    scene.later(days=45)
    agent.post(f"/case/{reference}/code")
    agent.post(f"/case/{reference}/enter", {"code": agent.code() or "000000"})
    assert "/leave" not in agent.received[-1], "let in"
    for rest in ("", "moves/withdraw/", "cosign/"):
        agent.get(f"/case/{reference}/{rest}")


def no_parent(scene: Scene) -> None:
    """Ana is grown up; Mallory calls her a child of ten, and then one who is nearly of age."""
    mallory = scene.mallory()
    assert not _for_ana(mallory, "mallory@evil.example", "guardian", {**CHILD, "born_on": "1990-01-01"})
    reference = _for_ana(mallory, "mallory@evil.example", "guardian", {**CHILD, "born_on": "2016-05-05"})
    for code in (mallory.code(), "000000"):
        mallory.post(f"/case/{reference}/cosign/", {"code": code, "agrees": "yes"})
    _helped(scene, mallory, reference)
    assert scene.case(reference).status == "proof_needed"


def parent(scene: Scene) -> None:
    """A parent whose authority staff saw, and which covers receiving the answer."""
    one = scene.somebody(HELPER)
    reference = _for_ana(one, HELPER, "guardian", {**CHILD, "born_on": "2016-05-05"})
    scene.desk(reference, "accept_proof", **{**ACCEPT, "identities": "account_name"})
    officer = scene.signed_in("dpo")
    officer.post(f"/desk/acme/cases/{reference}/proof/representative/answer", {"note": "A birth record."})
    scene.answered(reference)
    one.enters(reference)
    one.downloads(reference)
    assert one.has(f"{held('ana')}-note")


def grown_up(scene: Scene) -> None:
    """A parent's request; the child comes of age before it is answered, and the parent wants it all the same."""
    parent_, reference = scene.impostor(HELPER), ""
    reference = _for_ana(parent_, HELPER, "guardian", {**CHILD, "born_on": "2008-12-01"})
    assert reference
    scene.desk(reference, "accept_proof", **{**ACCEPT, "identities": "account_name"})
    scene.later(days=20)
    _helped(scene, parent_, reference)


def harvest(scene: Scene) -> None:
    """One agent files for everybody whose name can be bought."""
    agent, going_on = scene.impostor(AGENT), 0
    for number in range(22):
        agent.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        body = {
            "rights": ["access"], "name": f"Person {number}", "identities": {"email": f"person{number}@example.com"},
            "details": {"access": {"scope": "everything"}}, "capacity": "agent",
            "representation": {"name": "Ilze", "stands_as": "person", "email": AGENT, "agrees": True},
        }  # fmt: skip
        answer = agent.api("POST", "controllers/acme/cases", body)
        if answer.status_code == 201 and answer.json is not None:
            (reference,) = answer.json["cases"]
            agent.confirms(reference, agent.code() or "000000")
            going_on += scene.case(reference).status != "unverified"
    assert 0 < going_on <= 20, f"{going_on} on one day"


LETTER = {"method": "official_letter", "note": "The letter is theirs."}


def _for_company(scene: Scene, one: Somebody, email: str) -> str:
    """A company asks, confirmed at the address of whoever writes; then its letter comes."""
    scene.rules({"  erasure: {}": "  erasure: {}\n  instruction: {}"})
    body = {
        "rights": ["instruction"], "name": "Bea Berzina", "identities": {"email": email, "customer_number": "K-1001"},
        "details": {"instruction": {"wish": "Send us all that you keep."}}, "capacity": "customer",
        "company": {"name": "Liepa SIA", "role": "Managing director"},
    }  # fmt: skip
    answer = one.api("POST", "controllers/acme/cases", body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.json is not None
    (reference,) = answer.json["cases"]
    one.confirms(reference)
    scene.acme.run()
    assert scene.case(reference).status == "proof_needed"
    upload = {"csrf_token": one.token(), "purpose": "mandate", "files": (io.BytesIO(pdf()), "letter.pdf")}
    assert one.send("POST", f"/case/{reference}/evidence", data=upload).status_code == 303
    return str(reference)


def _contact(scene: Scene, reference: str) -> str:
    with scene.acme.reading("dpo") as work:
        found = look(work, reference)
    assert found is not None
    return str(found.registered[0].id)


def _is_refused(scene: Scene, reference: str, move: str, **data: str) -> None:
    try:
        scene.desk(reference, move, **data)
    except (Refused, Invalid):
        return
    raise AssertionError(f"{move} went through")


def letterhead(scene: Scene) -> None:
    """A letterhead of Ana's company with a telephone of Mallory's: staff may call what is on file, and nothing else."""
    mallory = scene.mallory()
    reference = _for_company(scene, mallory, "mallory@evil.example")
    for method in ("official_letter", "document_view", "email_code"):
        _is_refused(scene, reference, "accept_proof", **{**LETTER, "method": method})
    called = {"result": "confirmed", "note": "The number on the letter: a Ms Mallory confirmed."}
    for contact in ("", "+371 26999999", "0"):
        _is_refused(scene, reference, "call_back", contact=contact, **called)
    denied = {"result": "denied", "note": "They know of no such letter."}
    scene.desk(reference, "call_back", contact=_contact(scene, reference), **denied)
    _is_refused(scene, reference, "accept_proof", **LETTER)
    _helped(scene, mallory, reference)
    assert scene.case(reference).status == "proof_needed"


def called_back(scene: Scene) -> None:
    """The director wrote from a private address; the company confirms it at its contact on file."""
    one = scene.somebody("director@example.net")
    reference = _for_company(scene, one, "director@example.net")
    confirmed = {"result": "confirmed", "note": "The switchboard put me through: yes."}
    scene.desk(reference, "call_back", contact=_contact(scene, reference), **confirmed)
    scene.desk(reference, "accept_proof", **LETTER)
    assert scene.case(reference).status == "open"


ATTACKS = (
    Attack("forged mandate", "an accomplice agrees in Ana's place, a forged paper", forged_mandate, cosigned,
           ("representation:typed_yes", "code:failed"), postgres=True),
    Attack("agent beyond the mandate", "the answer is Ana's, the agent wants it", beyond_scope, cosigned,
           ("door:refused", "code:failed")),
    Attack("denied mandate", "Ana asked nobody", denied_mandate, cosigned, ("representation:denied",)),
    Attack("ended mandate", "an agent comes back after its last day", ended_mandate, cosigned,
           ("door:refused", "code:failed")),
    Attack("no parent", "a grown-up is called a child", no_parent, parent, ("case:filed",)),
    Attack("child of age", "a parent goes on after the eighteenth birthday", grown_up, parent,
           ("door:refused", "code:failed")),
    Attack("forged letterhead", "a company's letter with a telephone of Mallory's", letterhead, called_back,
           ("case:call_back",)),
    Attack("harvest by one agent", "one address files for everybody", harvest, cosigned, ("case:filed",)),
)  # fmt: skip
